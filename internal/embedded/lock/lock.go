// Package lock keeps a data folder for one process at a time.
//
// A lock is an flock on a file that says who holds it. The kernel drops it when its holder ends, however it ends, so a
// lock is never stale; the file itself stays, because removing it would let two processes hold "the" lock at once.
package lock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Holder says who holds a lock, for the message that the next one reads.
type Holder struct {
	Purpose string    `json:"purpose"` // what the process does, as its user typed it: "waybill up"
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
}

// InUse is the error of a folder that a living process holds.
type InUse struct {
	Path   string // the lock file
	Holder Holder // zero if it has not yet written its name
}

func (e *InUse) Error() string {
	folder := filepath.Dir(e.Path)
	if e.Holder.PID == 0 {
		return fmt.Sprintf("%s is in use by another process that is just starting", folder)
	}
	return fmt.Sprintf("%s is in use by %q (pid %d) since %s",
		folder, e.Holder.Purpose, e.Holder.PID, e.Holder.Since.Local().Format(time.DateTime))
}

const askAgain = 50 * time.Millisecond

// Lock is held until Release, or until the process ends.
type Lock struct{ file *os.File }

// Take locks path, which is created if need be. While another process holds it, Take asks again until patience says that
// it has waited long enough for that holder, or ctx ends; the error is then an *InUse.
func Take(ctx context.Context, path, purpose string, patience func(Holder) time.Duration) (*Lock, error) {
	// Close-on-exec, as all files that Go opens: a child must not keep its parent's lock alive.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of a data folder: %w", err)
	}
	started := time.Now()
	for {
		err := flock(file, syscall.LOCK_EX)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
		holder := read(path)
		if time.Since(started) >= patience(holder) {
			return nil, errors.Join(&InUse{Path: path, Holder: holder}, file.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(&InUse{Path: path, Holder: holder}, ctx.Err(), file.Close())
		case <-time.After(askAgain):
		}
	}
	if err := sign(file, purpose); err != nil {
		return nil, errors.Join(fmt.Errorf("sign the lock %s: %w", path, err), file.Close())
	}
	return &Lock{file: file}, nil
}

// Release gives the folder free.
func (l *Lock) Release() error { return l.file.Close() }

// HeldBy tells who holds the lock at path now. It is false if nobody does, whatever the file says.
func HeldBy(path string) (Holder, bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, fmt.Errorf("look at the lock of a data folder: %w", err)
	}
	defer file.Close()
	// A shared lock cannot be had while somebody holds the exclusive one.
	switch err := flock(file, syscall.LOCK_SH); {
	case err == nil:
		return Holder{}, false, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return read(path), true, nil
	default:
		return Holder{}, false, fmt.Errorf("look at the lock %s: %w", path, err)
	}
}

func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func sign(file *os.File, purpose string) error {
	name, err := json.Marshal(Holder{Purpose: purpose, PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(append(name, '\n'), 0)
	return err
}

// read is lenient: a lock taken a moment ago may not be signed yet.
func read(path string) Holder {
	var holder Holder
	if text, err := os.ReadFile(path); err != nil || json.Unmarshal(text, &holder) != nil {
		return Holder{}
	}
	return holder
}
