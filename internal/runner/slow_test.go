package runner

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// Seen in a rush: a step that took 20 ms for each order took all that waited at once, and for half a minute nobody could say how far it
// was.
func TestASlowStepIsSeenToMoveThoughMuchWaitsForIt(t *testing.T) {
	r := newRig(t)
	var begun atomic.Int64
	step := r.toyTopics(&toy{before: func(string, string) {
		begun.Add(1)
		time.Sleep(10 * time.Millisecond)
	}})
	const waiting = 600
	for i := range waiting {
		r.put(toyMessage(toyIn, key(1), fmt.Sprint(i)))
	}
	r.limits.HandleTimeMax = 200 * time.Millisecond
	r.start(step, "1")
	taken := int64(0)
	r.await("some are out", func() bool {
		taken = begun.Load()
		return len(r.said()) > 0
	})
	if taken > waiting/2 {
		t.Errorf("%d of %d were taken before the first could be read", taken, waiting)
	}
}
