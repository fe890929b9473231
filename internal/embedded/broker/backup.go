package broker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// While compacted topics are cleaned, the folder "cleaning" holds the log as it was: hard links to the segments, which
// cost nothing, and the topics' settings. If it is there at a start, the cleaning was interrupted and never happened.

func backupDir(dir string) string { return filepath.Join(dir, "cleaning") }

func (b *Broker) backUp(topics []topic) error {
	half := backupDir(b.config.Dir) + ".tmp"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	folders, err := b.partitionFolders(topics)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if err := linkFiles(folder, filepath.Join(half, "partitions", filepath.Base(folder))); err != nil {
			return err
		}
	}
	settings, err := os.ReadFile(filepath.Join(b.logDir(), "topics.json"))
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(half, "topics.json"), settings); err != nil {
		return err
	}
	if err := os.Rename(half, backupDir(b.config.Dir)); err != nil {
		return err
	}
	return syncFolder(b.config.Dir)
}

// dropBackup says that the log is right as it is. The rename makes it so at one instant.
func dropBackup(dir string) error {
	done := backupDir(dir) + ".done"
	if err := os.Rename(backupDir(dir), done); err != nil {
		return err
	}
	return errors.Join(syncFolder(dir), os.RemoveAll(done))
}

// restoreInterruptedCleaning puts the log back. It can itself be interrupted, and repeated.
func restoreInterruptedCleaning(dir string) error {
	for _, leftover := range []string{".tmp", ".done"} {
		if err := os.RemoveAll(backupDir(dir) + leftover); err != nil {
			return err
		}
	}
	saved, logDir := backupDir(dir), filepath.Join(dir, "log")
	settings, err := os.ReadFile(filepath.Join(saved, "topics.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(saved, "partitions", "*"))
	if err != nil {
		return err
	}
	for _, folder := range folders {
		home := filepath.Join(logDir, "partitions", filepath.Base(folder))
		if err := os.RemoveAll(home); err != nil {
			return err
		}
		if err := linkFiles(folder, home); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(logDir, "topics.json"), settings); err != nil {
		return err
	}
	return dropBackup(dir)
}

func linkFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Link(filepath.Join(from, file.Name()), filepath.Join(to, file.Name())); err != nil {
			return err
		}
	}
	return syncFolder(to)
}
