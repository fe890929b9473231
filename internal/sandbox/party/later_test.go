package party

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsDoneLaterIsDoneThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, began := NewLater(), time.Now()
		done := make(chan time.Duration, 1)
		l.After(5*time.Second, func() { done <- time.Since(began) })
		if took := <-done; took != 5*time.Second {
			t.Errorf("after %v", took)
		}
		if !l.Wait(time.Second) || time.Since(began) != 6*time.Second {
			t.Errorf("waited until %v", time.Since(began))
		}
		l.Close()
	})
}

func TestClosingForgetsWhatIsToComeAndWaitsForWhatIsBeingDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLater()
		var never, ended atomic.Bool
		l.After(time.Hour, func() { never.Store(true) })
		l.After(0, func() {
			time.Sleep(time.Minute)
			ended.Store(true)
		})
		l.Go(func() { <-l.Done() })
		waited := make(chan bool)
		go func() { waited <- l.Wait(time.Hour) }()
		synctest.Wait()
		l.Close()
		if !ended.Load() || <-waited {
			t.Error("it was closed before what was being done had ended, or a wait went on")
		}
		l.After(0, func() { never.Store(true) })
		l.Go(func() { never.Store(true) })
		l.Close()
		time.Sleep(2 * time.Hour)
		if never.Load() {
			t.Error("something was done after the end")
		}
	})
}
