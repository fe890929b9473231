package gateway

import (
	"log/slog"
	"testing"
	"time"

	"waybill/schemas"
)

// Thirty names in letters that a carrier can not print once held back all that went to Japan, for a quarter of an hour.
func TestWhatIsRefusedHereBeforeAnybodyIsCalledHoldsNothingBack(t *testing.T) {
	for _, unsent := range []bool{true, false} {
		g := newGate(New(Config{Name: simParty, Log: slog.New(slog.DiscardHandler), Limits: DefaultLimits()}, nil, toyKinds, nil), time.Now())
		entry := &task{row: schemas.LedgerRow{Task: schemas.Task{Kind: "blind"}}, parts: []string{"country JP"}}
		held := false
		for range 50 {
			now := time.Now()
			g.begin(entry, now)
			g.end(&result{task: entry, began: now, err: &Failure{Class: Business, Code: "glyph", Reason: "it can not be printed", Unsent: unsent}}, now)
			_, _, is := g.breaker.Held("blind", entry.parts, now)
			held = held || is
		}
		if held == unsent {
			t.Errorf("refused here: %v, and others are held back: %v", unsent, held)
		}
	}
}
