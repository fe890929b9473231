package lock_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/internal/embedded/lock"
)

func atOnce(lock.Holder) time.Duration  { return 0 }
func aMinute(lock.Holder) time.Duration { return time.Minute }

func TestTheSecondLearnsWhoTheFirstIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := lock.Take(t.Context(), path, "waybill up", atOnce)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	_, err = lock.Take(t.Context(), path, "waybill sql", atOnce)
	var inUse *lock.InUse
	if !errors.As(err, &inUse) || inUse.Holder.Purpose != "waybill up" || inUse.Holder.PID != os.Getpid() || inUse.Holder.Since.IsZero() {
		t.Errorf("the second one gets %v", err)
	}
	if !strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Errorf("the folder is not named: %v", err)
	}
}

func TestTheSecondGetsItWhenTheFirstLetsGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := lock.Take(t.Context(), path, "first", atOnce)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	got := make(chan error)
	go func() {
		second, err := lock.Take(t.Context(), path, "second", func(lock.Holder) time.Duration {
			select {
			case <-asked:
			default:
				close(asked)
			}
			return time.Minute
		})
		if err == nil {
			err = second.Release()
		}
		got <- err
	}()
	<-asked
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestALockIsHeldByItsHolderAndNotByItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if _, held, err := lock.HeldBy(path); held || err != nil {
		t.Errorf("without a file: %t, %v", held, err)
	}
	l, err := lock.Take(t.Context(), path, "waybill up", aMinute)
	if err != nil {
		t.Fatal(err)
	}
	if holder, held, err := lock.HeldBy(path); !held || err != nil || holder.Purpose != "waybill up" {
		t.Errorf("while it is held: %+v, %t, %v", holder, held, err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if _, held, err := lock.HeldBy(path); held || err != nil {
		t.Errorf("after it was released: %t, %v", held, err)
	}
}
