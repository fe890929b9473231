package broker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// compact runs kfake's cleaner once. That cleaner deletes a partition's files before it writes them anew, and applies
// retention to compacted topics, too: so it works on a log of which there is a copy, in which no topic has a retention.
func (b *Broker) compact(ctx context.Context, admin *kadm.Client, topics []topic, before int64) error {
	if err := b.backUp(topics); err != nil {
		return fmt.Errorf("back the log up before it is compacted: %w", err)
	}
	started := time.Now()
	if err := retain(ctx, admin, topics, func(string) string { return "-1" }); err != nil {
		return err
	}
	b.cluster.Compact()
	for _, t := range topics {
		if err := retain(ctx, admin, []topic{t}, func(key string) string { return t.keep[key] }); err != nil {
			return err
		}
	}
	after, err := b.compactedBytes(topics)
	if err != nil {
		return err
	}
	b.config.Log.Info("compacted topics were cleaned", "bytes_before", before, "bytes_after", after,
		"elapsed_ms", time.Since(started).Milliseconds())
	return errors.Join(b.noteCleaned(after), dropBackup(b.config.Dir))
}

// retain writes the retention settings that topics have of their own.
func retain(ctx context.Context, admin *kadm.Client, topics []topic, value func(key string) string) error {
	for _, t := range topics {
		var changes []kadm.AlterConfig
		for key := range t.keep {
			v := value(key)
			changes = append(changes, kadm.AlterConfig{Op: kadm.SetConfig, Name: key, Value: &v})
		}
		if len(changes) == 0 {
			continue
		}
		answers, err := admin.AlterTopicConfigs(ctx, changes, t.name)
		for _, a := range answers {
			err = errors.Join(err, a.Err)
		}
		if err != nil {
			return fmt.Errorf("set the retention of %s: %w", t.name, err)
		}
	}
	return nil
}

func (b *Broker) partitionFolders(topics []topic) (folders []string, err error) {
	all, err := filepath.Glob(filepath.Join(b.logDir(), "partitions", "*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range all {
		name, _, err := partitionOf(folder)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(topics, func(t topic) bool { return t.name == name && t.isCompacted() }) {
			folders = append(folders, folder)
		}
	}
	return folders, nil
}

func (b *Broker) compactedBytes(topics []topic) (bytes int64, err error) {
	folders, err := b.partitionFolders(topics)
	if err != nil {
		return 0, err
	}
	for _, folder := range folders {
		segments, err := segmentsIn(folder)
		if err != nil {
			return 0, err
		}
		for _, path := range segments {
			info, err := os.Stat(path)
			if err != nil {
				return 0, err
			}
			bytes += info.Size()
		}
	}
	return bytes, nil
}

// cleaned is how large the compacted topics were after the last cleaning.
type cleaned struct {
	Bytes int64     `json:"bytes"`
	At    time.Time `json:"at"`
}

func (b *Broker) cleanedFile() string { return filepath.Join(b.config.Dir, "cleaned.json") }

func (b *Broker) lastCleaned() int64 {
	var c cleaned
	text, err := os.ReadFile(b.cleanedFile())
	if errors.Is(err, fs.ErrNotExist) || json.Unmarshal(text, &c) != nil {
		return 0 // cleaning once too often does no harm
	}
	return c.Bytes
}

func (b *Broker) noteCleaned(bytes int64) error {
	text, err := json.Marshal(cleaned{Bytes: bytes, At: time.Now().UTC()})
	if err != nil {
		return err
	}
	return writeFile(b.cleanedFile(), text)
}
