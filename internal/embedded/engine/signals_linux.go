package engine

import (
	"syscall"
	"unsafe"
)

const lastSignal = 64

// kernelAction is the kernel's struct sigaction, carried whole and never read.
type kernelAction [32]byte

// signalActions is what the process does at each signal.
type signalActions [lastSignal + 1]kernelAction

// currentSignalActions reads the actions from the kernel.
func currentSignalActions() (actions signalActions) {
	for signal := 1; signal <= lastSignal; signal++ {
		rtSigaction(signal, nil, &actions[signal])
	}
	return actions
}

// restore puts back every action that differs. libchdb sets the deadly signals to their default when it is told to
// install no handlers, and again with every connection; the Go runtime needs its own.
func (actions *signalActions) restore() {
	for signal := 1; signal <= lastSignal; signal++ {
		var now kernelAction
		rtSigaction(signal, nil, &now)
		if now != actions[signal] {
			rtSigaction(signal, &actions[signal], nil)
		}
	}
}

func rtSigaction(signal int, set, get *kernelAction) {
	const maskBytes = 8
	// It can only fail for numbers that are no signals, and for SIGKILL and SIGSTOP, which nobody can change.
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION,
		uintptr(signal), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), maskBytes, 0, 0)
}
