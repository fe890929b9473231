package gateway

import (
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

func TestWhatFollowsFromATaskThatGoesToTheTrashFollowsOnce(t *testing.T) {
	said := func(_ *schemas.Task, code, reason string, _ time.Time) ([]topics.Message, error) {
		return []topics.Message{{Key: code + ": " + reason}}, nil
	}
	holder := &tenure{Gateway: &Gateway{kinds: map[string]Kind{"book": {Else: said}, "void": {}}}}
	for _, c := range []struct {
		kind, before, state string
		want                int
	}{
		{"book", schemas.TaskIntent, schemas.TaskTrashed, 1},
		{"book", schemas.TaskTrashed, schemas.TaskTrashed, 0},
		{"book", schemas.TaskIntent, schemas.TaskDone, 0},
		{"void", schemas.TaskIntent, schemas.TaskTrashed, 0},
		{"unknown", "", schemas.TaskTrashed, 0},
	} {
		s := step{row: schemas.LedgerRow{Task: schemas.Task{Kind: c.kind}, State: c.state, Code: "zip", Reason: "none of PL"}}
		if err := holder.refused(c.before, &s); err != nil || len(s.messages) != c.want {
			t.Errorf("%+v: %v %v", c, s.messages, err)
		}
		if c.want > 0 && s.messages[0].Key != "zip: none of PL" {
			t.Errorf("it follows %+v", s.messages)
		}
	}
}
