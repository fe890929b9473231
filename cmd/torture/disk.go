package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// diskBytes is the size of the disk that an instance keeps its tables and views on.
const diskBytes = 192 << 20

// mountDisk makes a folder a disk of its own, in memory (tmpfs(5)).
func mountDisk(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskBytes)); err != nil {
		return fmt.Errorf("make a small disk at %s: %w", dir, err)
	}
	return nil
}

// unmountDisk takes it away; what has it open keeps it until it ends.
func unmountDisk(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }

// fillUp writes a file until the disk has no room left.
func fillUp(dir string) (file string, err error) {
	file = filepath.Join(dir, "full")
	f, err := os.Create(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	piece := make([]byte, 64<<10)
	for err == nil {
		_, err = f.Write(piece)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return "", errors.Join(fmt.Errorf("fill a disk: %w", err), os.Remove(file))
	}
	return file, nil
}
