package engine

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const sharedMemory = "/dev/shm"

// spool is a folder for the bodies of inserts while the engine reads them: in shared memory where there is some, so
// that they cost no disk, else beside the data.
type spool struct{ dir string }

func openSpool(dataDir string) (*spool, error) {
	sweepSpools(sharedMemory)
	dir, err := os.MkdirTemp(sharedMemory, "waybill-engine-"+strconv.Itoa(os.Getpid())+"-")
	if err == nil {
		return &spool{dir}, nil
	}
	dir = filepath.Join(dataDir, "spool")
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("empty the folder for insert bodies: %w", err)
	}
	return &spool{dir}, makeFolder(dir)
}

// sweepSpools removes what killed engines have left.
func sweepSpools(parent string) {
	left, _ := filepath.Glob(filepath.Join(parent, "waybill-engine-*"))
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), "waybill-engine-"), "-")
		if owner, err := strconv.Atoi(pid); err == nil && syscall.Kill(owner, 0) == syscall.ESRCH {
			os.RemoveAll(dir)
		}
	}
}

// put writes all of data to a new file and returns its path and size. The caller removes it.
func (s *spool) put(data io.Reader) (path string, size int64, err error) {
	file, err := os.CreateTemp(s.dir, "insert-")
	if err != nil {
		return "", 0, fmt.Errorf("make a file for the insert's data: %w", err)
	}
	defer file.Close()
	size, err = io.Copy(file, data)
	if err != nil {
		os.Remove(file.Name())
		return "", 0, bodyError(err)
	}
	return file.Name(), size, nil
}

func (s *spool) remove() { os.RemoveAll(s.dir) }
