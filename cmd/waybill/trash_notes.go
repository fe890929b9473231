package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/schemas"
	"waybill/topics"
)

// nobody is the owner of what nobody has.
const nobody = "nobody"

// standing is how entries stand with people: whose each is, and whether it is late.
type standing struct {
	*deadlines
	now    time.Time
	owners map[string]*schemas.TrashNote // by trash id; the last word
}

// standing reads who owns what.
func (s *stack) standing(ctx context.Context) (*standing, error) {
	st := &standing{deadlines: deadlinesOf(&s.config.Trash), now: time.Now(), owners: map[string]*schemas.TrashNote{}}
	isOwner := func(key string) bool { return strings.HasSuffix(key, "/owner") }
	err := s.notes(ctx, isOwner, func(n *schemas.TrashNote) { st.owners[n.TrashID] = n })
	return st, err
}

// notes are those whose key the filter takes, of each entry the oldest first. Before 'waybill provision' has made their topic there are
// none.
func (s *stack) notes(ctx context.Context, filter func(key string) bool, each func(*schemas.TrashNote)) error {
	err := s.pairs(ctx, topics.TrashNotes, filter, func(_ string, value any) error {
		each(value.(*schemas.TrashNote))
		return nil
	})
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil
	}
	return err
}

// owner is whose an entry is, "" if nobody's.
func (st *standing) owner(id string) string {
	if n := st.owners[id]; n != nil {
		return n.Owner
	}
	return ""
}

// isOverdue tells whether an entry should have been closed by now. One that waits is late like any other: its order does not leave.
func (st *standing) isOverdue(t *trashItem) bool {
	return t.isOpen() && st.of(t.TrashEntry).Time().Before(st.now)
}

// entryStanding is how one entry stands, as it is printed.
type entryStanding struct {
	Owner       string         `json:"owner"`        // "" if nobody's
	Due         schemas.Millis `json:"due,omitzero"` // by when it has to be closed; none once it is
	Overdue     bool           `json:"overdue"`
	EscalatedTo string         `json:"escalated_to"` // who is responsible by now; "" while that is its owner
}

// view is how an entry stands.
func (st *standing) view(t *trashItem) entryStanding {
	v := entryStanding{Owner: st.owner(t.TrashID)}
	if !t.isOpen() {
		return v
	}
	v.Due, v.Overdue = st.of(t.TrashEntry), st.isOverdue(t)
	if v.Overdue {
		v.EscalatedTo = st.escalated(st.now.Sub(v.Due.Time()))
	}
	return v
}

// responsible names the owner, and whom the chain names by now.
func (v entryStanding) responsible() string {
	if v.EscalatedTo == "" {
		return v.Owner
	}
	return strings.TrimSpace(v.Owner + " → " + v.EscalatedTo)
}

// by is when an entry has to be closed, and whether that is over.
func (v entryStanding) by() string {
	switch {
	case v.Due == 0:
		return ""
	case v.Overdue:
		return v.Due.Time().Format(time.DateTime) + " overdue"
	}
	return v.Due.Time().Format(time.DateTime)
}
