package embedded

import (
	"context"
	"syscall"
)

// EndWithParent has the kernel send the child SIGTERM when the thread that started it ends, even by kill -9.
func EndWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGTERM }

// watchParent has nothing to do: the signal comes.
func watchParent(context.Context, context.CancelFunc) {}
