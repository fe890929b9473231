package landingtest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

// killsVariable says how often the engine is killed. Two hundred times take some five minutes:
//
//	WAYBILL_KILLS=200 go test ./cmd/waybill/landingtest -run TestNothingIsLost -timeout 30m -v
const killsVariable = "WAYBILL_KILLS"

const (
	engineKills       = 8 // where the variable says nothing
	engineKillWaitMax = 400 * time.Millisecond

	// Each block is a few records, so that an insert is in flight at nearly every kill.
	loadRecords = 100
	loadPause   = 100 * time.Millisecond
)

// The engine is a process that nobody tells the landing about, as a server elsewhere is: killed under load, and back at its address.
func TestNothingIsLostByKillingAnEngineThatNobodyWatches(t *testing.T) {
	kills, seed := killsWanted(t), uint64(time.Now().UnixNano())
	t.Logf("%d kills, seed %d", kills, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	config := engine.Config{Dir: t.TempDir()}
	process := enginetest.Launch(t, config)
	w := open(t, process.DSN())
	config.Listen = process.Address
	w.start(w.table)
	landed := w.load()
	for range kills {
		time.Sleep(time.Duration(random.Int64N(int64(engineKillWaitMax))))
		process.Kill()
		process = enginetest.Launch(t, config)
	}
	n := landed()
	w.verified(map[string]int64{"orders.raw": n, "trash": n})
	w.counted(n)
	t.Logf("seed %d: %d records of each of two topics, all landed, once", seed, n)
}

// load produces until stop, which says how many records of each topic were committed.
func (w *world) load() (stop func() int64) {
	var records atomic.Int64
	var ended atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !ended.Load() && !w.Failed() {
			w.produce(loadRecords)
			records.Add(loadRecords)
			time.Sleep(loadPause)
		}
	}()
	return func() int64 {
		ended.Store(true)
		<-done
		return records.Load()
	}
}

// counted is that the tables and the charts say so too, whom verify does not ask.
func (w *world) counted(n int64) {
	w.Helper()
	for what, query := range map[string]string{
		"rows":       "SELECT toInt64(count()) FROM orders_raw FINAL",
		"positions":  "SELECT toInt64(uniqExact(_partition, _offset)) FROM orders_raw",
		"audit":      "SELECT toInt64(count()) FROM audit FINAL WHERE topic = 'trash'",
		"by minutes": "SELECT toInt64(sum(events)) FROM minute_events FINAL WHERE topic = 'orders.raw'",
	} {
		err := w.table.Query(w.Context(), query, func(_ []string, values []any) error {
			if values[0] != n {
				w.Errorf("%s: %v, of %d records", what, values[0], n)
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

func killsWanted(t *testing.T) int {
	t.Helper()
	wanted := os.Getenv(killsVariable)
	if wanted == "" {
		return engineKills
	}
	kills, err := strconv.Atoi(wanted)
	if err != nil || kills < 1 {
		t.Fatalf("%s is %q: give how often the engine is to be killed", killsVariable, wanted)
	}
	return kills
}
