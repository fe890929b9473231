package embeddedtest

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// InBubble plays a story in a time of its own. Libraries keep what they have made in pools for whoever comes next, channels among it; a
// channel that is of a bubble ends the process of whoever touches it outside. Two collections empty every pool (sync.Pool).
func InBubble(t *testing.T, story func(*testing.T)) {
	defer func() {
		runtime.GC()
		runtime.GC()
	}()
	synctest.Test(t, story)
}
