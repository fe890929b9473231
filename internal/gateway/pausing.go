package gateway

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
)

// pauseKey is where the ledger keeps the last word about the whole party, so that it survives whoever has the party now.
const pauseKey = "word pause"

// hearWord takes an operator's word about the whole party. One that was read before changes nothing.
func (t *tenure) hearWord(n *turn, r *kgo.Record, d deed.Deed) {
	last := t.word
	if n.word != nil {
		last = n.word
	}
	state := map[string]string{deed.Pause: schemas.TaskPaused, deed.Resume: schemas.TaskResumed}[d.Party]
	if state == "" || last != nil && r.Offset <= last.Offset {
		return
	}
	row := schemas.LedgerRow{State: state, Offset: r.Offset, Did: d.Party, By: d.By, Why: d.Why, At: schemas.At(t.now())}
	row.Task.Party = t.config.Name
	n.word = &row
	n.steps = append(n.steps, change{step: step{row: row}, key: pauseKey})
}

// isPaused tells whether nothing is to be sent.
func (t *tenure) isPaused() bool { return t.word != nil && t.word.State == schemas.TaskPaused }

// recall reads the last word about the party.
func (t *tenure) recall() error {
	row, ok, err := t.row([]byte(pauseKey))
	if err != nil {
		return fmt.Errorf("read whether %s is paused: %w", t.config.Name, err)
	}
	if ok {
		t.word = &row
	}
	return nil
}
