package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The load is large enough that every kill falls into it: a kill waits for a random share of what feeding it takes.
const (
	killOrders = 20_000
	killRounds = 5
)

func TestNothingIsLostOrDoubledByKillingItUnderLoad(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "orders.ndjson")
	if err := os.WriteFile(file, []byte(ask(t, "simulate", "--orders", fmt.Sprint(killOrders), "--seed", "5")), 0o600); err != nil {
		t.Fatal(err)
	}
	for range killRounds {
		u := startUp(t, data)
		stop := feedOverAndOver(t, data, file)
		time.Sleep(100*time.Millisecond + time.Duration(random.Int64N(int64(2500*time.Millisecond))))
		u.kill()
		stop()
	}
	u := startUp(t, data)
	ask(t, "feed", "--party", "allegro", "--data", data, file)
	for _, r := range rows[map[string]any](t, ask(t, "verify", "--data", data, "-o", "json")) {
		if r["missing"] != 0.0 || r["doubled"] != 0.0 || r["faults"] != nil {
			t.Errorf("verify: %v", r)
		}
	}
	count := ask(t, "sql", "--data", data, "-o", "json", "SELECT toUInt32(count()) AS n, toUInt32(uniqExact(order_id)) AS ids FROM orders_normalized FINAL")
	if want := fmt.Sprintf(`{"n":%d,"ids":%d}`+"\n", killOrders, killOrders); count != want {
		t.Errorf("got %swant %s", count, want)
	}
	if code := u.stop(t); code != exitDone {
		t.Errorf("up ended with %d", code)
	}
}

// feedOverAndOver feeds the file without end, until stop is called: whatever a kill cut off is fed again.
func feedOverAndOver(t *testing.T, data, file string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	dir := t.TempDir()
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			cmd := exec.CommandContext(ctx, os.Args[0], "feed", "--party", "allegro", "--data", data, file)
			cmd.Env, cmd.Dir = asProgram(), dir
			_ = cmd.Run() // it fails when the instance is killed
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
