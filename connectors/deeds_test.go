package connectors

import (
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func keyed(i int) (key digest) {
	binary.BigEndian.PutUint64(key[:], uint64(i))
	return key
}

func TestWhatADoorRemembersIsBounded(t *testing.T) {
	d := newDeeds[int]()
	for i := range deedsMax + 1000 {
		if got, repeated, err := d.once(noon, keyed(i), digest{}, func() (int, error) { return i, nil }); got != i || repeated || err != nil {
			t.Fatalf("%d: got %d, %v, %v", i, got, repeated, err)
		}
	}
	if len(d.done) > deedsMax || len(d.oldest) > deedsMax || len(d.doing) != 0 {
		t.Errorf("remembers %d, in a line of %d", len(d.done), len(d.oldest))
	}
	again := func() (int, error) { return -1, nil }
	if got, _, _ := d.once(noon, keyed(0), digest{}, again); got != -1 {
		t.Error("the oldest was not forgotten first")
	}
	if got, repeated, _ := d.once(noon, keyed(deedsMax+999), digest{}, again); got != deedsMax+999 || !repeated {
		t.Error("the newest was forgotten")
	}
	if got, _, _ := d.once(noon.Add(deedsAge+time.Second), keyed(deedsMax+999), digest{}, again); got != -1 || len(d.done) != 1 {
		t.Errorf("after a day: got %d, remembers %d", got, len(d.done))
	}
}

func TestWhatFailedIsNotRemembered(t *testing.T) {
	d := newDeeds[int]()
	failed := errors.New("it failed")
	if _, _, err := d.once(noon, keyed(1), digest{}, func() (int, error) { return 0, failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	if got, repeated, err := d.once(noon, keyed(1), digest{}, func() (int, error) { return 2, nil }); got != 2 || repeated || err != nil {
		t.Errorf("got %d, %v, %v", got, repeated, err)
	}
}

func TestWorkThatPanicsLeavesNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeeds[int]()
		begun, panics := make(chan struct{}), make(chan struct{})
		go func() {
			defer func() { _ = recover() }()
			_, _, _ = d.once(noon, keyed(1), digest{}, func() (int, error) {
				close(begun)
				<-panics
				panic("a fault of ours")
			})
		}()
		<-begun
		answers := make(chan error, 1)
		go func() {
			_, _, err := d.once(noon, keyed(1), digest{}, func() (int, error) { return 0, nil })
			answers <- err
		}()
		synctest.Wait()
		close(panics)
		if err := <-answers; !errors.Is(err, errAbandoned) {
			t.Errorf("who waited got %v", err)
		}
	})
}
