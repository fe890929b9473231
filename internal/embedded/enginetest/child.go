package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"waybill/internal/embedded/engine"
)

const configVariable = "WAYBILL_ENGINETEST_CONFIG"

func isChild() bool { return os.Getenv(configVariable) != "" }

// serveAsChild is the engine's whole process: it ends by SIGTERM, or when its parent has ended.
func serveAsChild() (exitCode int) {
	var config engine.Config
	if err := json.Unmarshal([]byte(os.Getenv(configVariable)), &config); err != nil {
		fmt.Fprintln(os.Stderr, "read", configVariable+":", err)
		return 2
	}
	config.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ctx, parentEnded := context.WithCancel(ctx)
	defer parentEnded()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the parent holds the other end, and says nothing
		parentEnded()
	}()
	err := engine.Serve(ctx, config, func(address string) { fmt.Println(address) })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
