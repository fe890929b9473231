//go:build !linux

package engine

// signalActions would be what the process does at each signal. No engine is pinned for other systems yet; whoever pins
// one has to save and restore them here.
type signalActions struct{}

func currentSignalActions() signalActions { return signalActions{} }

func (*signalActions) restore() {}
