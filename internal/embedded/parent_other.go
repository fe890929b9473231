//go:build unix && !linux

package embedded

import (
	"context"
	"os"
	"syscall"
	"time"
)

// EndWithParent can do nothing here: no other kernel tells a child.
func EndWithParent(*syscall.SysProcAttr) {}

// watchParent ends a child whose parent has changed, which is that it has ended.
func watchParent(ctx context.Context, cancel context.CancelFunc) {
	parent := os.Getppid()
	go func() {
		for ctx.Err() == nil && os.Getppid() == parent {
			time.Sleep(200 * time.Millisecond)
		}
		cancel()
	}()
}
