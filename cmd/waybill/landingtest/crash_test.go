package landingtest

import (
	"math/rand/v2"
	"os"
	"strconv"
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
	engineKills   = 8 // where the variable says nothing
	killedPieces  = 6 // of what is fed while one kill comes
	pieceRecords  = 50
	piecePause    = 30 * time.Millisecond
	roundWaitMax  = 2 * time.Minute // until all that was fed has landed; busy machines need some of it
	roundWaitStep = 20 * time.Millisecond
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
	var n, lost int64
	for range kills {
		fed := w.feed()
		time.Sleep(time.Duration(random.Int64N(int64(killedPieces * piecePause))))
		process.Kill()
		process = enginetest.Launch(t, config)
		<-fed
		n += killedPieces * pieceRecords
		if missing := n - lost - w.landed(n-lost); missing > 0 {
			lost += missing
			t.Errorf("seed %d: %d records of orders.raw have not landed %s after a kill", seed, missing, roundWaitMax)
		}
	}
	w.verified(map[string]int64{"orders.raw": n, "trash": n})
	w.counted(n)
	t.Logf("seed %d: %d records of each of two topics, %d lost", seed, n, lost)
}

// feed produces a few records at a time: then an insert is in flight at nearly every instant.
func (w *world) feed() (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		for range killedPieces {
			w.produce(pieceRecords)
			time.Sleep(piecePause)
		}
	}()
	return done
}

// landed waits for so many rows, and says how many there are.
func (w *world) landed(want int64) (rows int64) {
	w.Helper()
	for end := time.Now().Add(roundWaitMax); rows < want && time.Now().Before(end); time.Sleep(roundWaitStep) {
		_ = w.table.Query(w.Context(), "SELECT toInt64(count()) FROM orders_raw", func(_ []string, values []any) error {
			rows = values[0].(int64)
			return nil
		})
	}
	return rows
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
