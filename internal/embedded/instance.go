package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"waybill/internal/embedded/lock"
)

// Instance is what a command needs to talk to the instance that runs on a data folder.
type Instance struct {
	PID        int       `json:"pid"`
	StartedAt  time.Time `json:"started_at"`
	Listen     string    `json:"listen,omitempty"` // URL of the doors
	Ops        string    `json:"ops,omitempty"`    // URL of metrics and health
	Brokers    []string  `json:"brokers"`
	Registry   string    `json:"registry"`
	ClickHouse string    `json:"clickhouse"`
	Called     []string  `json:"called,omitempty"`   // parties whose channels are called
	Carriers   []string  `json:"carriers,omitempty"` // parties that book parcels
	Printers   []string  `json:"printers,omitempty"` // parties that print
}

// ErrNotRunning says that no instance has announced itself on a folder and still lives.
var ErrNotRunning = errors.New("no instance is running")

// Announce lets other commands find this instance, by its Listen and Ops; what the stack knows itself is filled in. The
// owner calls it when everything is ready.
func (s *Stack) Announce(instance Instance) error {
	instance.PID, instance.StartedAt = os.Getpid(), s.started.UTC().Truncate(time.Second)
	instance.Brokers, instance.Registry, instance.ClickHouse = s.Brokers, s.Registry, s.ClickHouse
	text, err := json.MarshalIndent(instance, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(instanceFile(s.config.Dir), append(text, '\n')); err != nil {
		return fmt.Errorf("announce this instance: %w", err)
	}
	return nil
}

// Find returns the instance that runs on a folder, or ErrNotRunning. What a killed one has left behind is ignored.
func Find(dir string) (*Instance, error) {
	holder, held, err := lock.HeldBy(lockFile(dir))
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, fmt.Errorf("%w on %s", ErrNotRunning, dir)
	}
	text, err := os.ReadFile(instanceFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w on %s: %q (pid %d) holds it", ErrNotRunning, dir, holder.Purpose, holder.PID)
	}
	if err != nil {
		return nil, fmt.Errorf("find the instance that runs on %s: %w", dir, err)
	}
	var instance Instance
	if err := json.Unmarshal(text, &instance); err != nil {
		return nil, fmt.Errorf("find the instance that runs on %s: read %s: %w", dir, instanceFile(dir), err)
	}
	if instance.PID != holder.PID {
		return nil, fmt.Errorf("%w on %s: %q (pid %d) holds it", ErrNotRunning, dir, holder.Purpose, holder.PID)
	}
	return &instance, nil
}

func lockFile(dir string) string     { return filepath.Join(dir, "lock") }
func instanceFile(dir string) string { return filepath.Join(dir, "instance.json") }

func removeInstance(dir string) error {
	if err := os.Remove(instanceFile(dir)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// replaceFile leaves the old file or the new one, whenever it is interrupted.
func replaceFile(path string, content []byte) error {
	file, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // it holds the engine's password
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
