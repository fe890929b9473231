package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// LibraryVersion is the version of the npm package that build/libchdb pins.
const LibraryVersion = "26.7.3-stable.1"

// LibraryPath finds the engine's library in the cache folder, $WAYBILL_CACHE or ~/.cache/waybill.
func LibraryPath() (string, error) {
	cache := os.Getenv("WAYBILL_CACHE")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the cache folder of the ClickHouse engine: %w; set WAYBILL_CACHE", err)
		}
		cache = filepath.Join(home, ".cache", "waybill")
	}
	path := filepath.Join(cache, "libchdb", LibraryVersion, "libchdb.so")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the ClickHouse engine is not at %s: run `make fetch`, or set WAYBILL_CACHE to the folder that holds it", path)
	} else if err != nil {
		return "", fmt.Errorf("look for the ClickHouse engine: %w", err)
	}
	return path, nil
}
