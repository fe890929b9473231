package broker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// dangling is a transaction in one partition that a killed broker left without an end.
type dangling struct {
	topic     string
	partition int32
	producer  int64
	epoch     int16
}

// repair makes the files of the former broker fit to be opened. Producers, sessions and group members of its life are
// forgotten: their clients are gone, or must begin anew. After a kill, what it knew by heart is read off the log.
func (b *Broker) repair() (left []dangling, err error) {
	wasClean, err := wasClosedCleanly(b.config.Dir)
	if err != nil {
		return nil, err
	}
	if !wasClean {
		if left, err = readLog(b.logDir()); err != nil {
			return nil, err
		}
		b.config.Log.Warn("the broker was not stopped cleanly: its log was checked", "open_transactions", len(left))
	}
	for _, name := range []string{"pids.log", "seq_windows.json", "session_state.json"} {
		if err := removeIfThere(filepath.Join(b.logDir(), name)); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// readLog reads all partitions, removes their outdated snapshots and repairs their indexes.
func readLog(logDir string) (left []dangling, err error) {
	folders, err := filepath.Glob(filepath.Join(logDir, "partitions", "*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		topic, partition, err := partitionOf(folder)
		if err != nil {
			return nil, err
		}
		// It is right for a clean stop only: with it, an open transaction would hold the partition up for ever.
		if err := removeIfThere(filepath.Join(folder, "snapshot.json")); err != nil {
			return nil, err
		}
		open, err := readPartition(folder)
		if err != nil {
			return nil, fmt.Errorf("read the log of %s/%d: %w", topic, partition, err)
		}
		for producer, epoch := range open {
			left = append(left, dangling{topic, partition, producer, epoch})
		}
	}
	return left, nil
}

// partitionOf reads a folder's name, `<topic>-<partition>`.
func partitionOf(folder string) (topic string, partition int32, err error) {
	name := filepath.Base(folder)
	dash := strings.LastIndexByte(name, '-')
	if dash < 0 {
		return "", 0, fmt.Errorf("%s is not the folder of a partition: move it away", folder)
	}
	number, err := strconv.ParseInt(name[dash+1:], 10, 32)
	if err != nil {
		return "", 0, fmt.Errorf("%s is not the folder of a partition: move it away", folder)
	}
	topic, err = url.PathUnescape(name[:dash])
	return topic, int32(number), err
}

// A broker that stopped cleanly leaves a file named "closed", which the next one takes away.
func closedFile(dir string) string { return filepath.Join(dir, "closed") }

func markClean(dir string) error { return writeFile(closedFile(dir), nil) }

func wasClosedCleanly(dir string) (bool, error) {
	if _, err := os.Stat(filepath.Join(dir, "log", "meta.json")); errors.Is(err, fs.ErrNotExist) {
		return true, nil // a new folder
	}
	err := os.Remove(closedFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// nameCluster gives the log its new cluster id: kfake prefers the one on disk to the one that it is told.
func nameCluster(logDir, id string) error {
	path := filepath.Join(logDir, "meta.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var meta map[string]any
	if err := json.Unmarshal(text, &meta); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	meta["cluster_id"] = id
	if text, err = json.Marshal(meta); err != nil {
		return err
	}
	return writeFile(path, text)
}
