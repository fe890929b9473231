package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// compare tells how each call stands that comes of a rereading: by its ledger, or by the outbox, on which what is live waits for its gateway.
func (s *stack) compare(ctx context.Context, f *foresight) error {
	by := map[string]map[string]*foreseen{}
	for _, c := range f.calls {
		if by[c.party] == nil {
			by[c.party] = map[string]*foreseen{}
		}
		by[c.party][c.task.TaskID] = c
	}
	for party, calls := range by {
		if err := s.compareAt(ctx, party, calls); err != nil {
			return err
		}
	}
	return nil
}

func (s *stack) compareAt(ctx context.Context, party string, calls map[string]*foreseen) error {
	for _, c := range calls {
		c.standing, c.approved = neverMade, false
	}
	left := len(calls)
	err := s.pairs(ctx, topics.Ledger(party), func(key string) bool { return calls[strings.TrimPrefix(key, tokenPrefix)] != nil }, func(key string, value any) error {
		row := value.(*schemas.LedgerRow)
		c := calls[strings.TrimPrefix(key, tokenPrefix)]
		if strings.HasPrefix(key, tokenPrefix) {
			c.approved = row.State == schemas.TaskPermitted
			return nil
		}
		c.standing = standingOf(row.State)
		left--
		return nil
	})
	if err != nil && !errors.Is(err, kerr.UnknownTopicOrPartition) || left == 0 {
		return err
	}
	err = s.readTopic(ctx, topics.Outbox(party), func(r *kgo.Record) error {
		c := calls[string(r.Key)]
		if c == nil || c.standing != neverMade {
			return nil
		}
		d, isDeed := deed.Of(r)
		switch {
		case isDeed:
			c.approved = c.approved || d.Party == deed.Permit // its gateway may not have read that yet
		case isAskedLive(r):
			c.standing = underWay
		}
		return nil
	})
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return usage("party %s: nobody makes calls there, it has no %s", party, topics.OutboxName(party))
	}
	return err
}

// tokenPrefix is in front of the id of a task where its ledger keeps its token.
const tokenPrefix = "token "

func isAskedLive(r *kgo.Record) bool {
	for _, h := range r.Headers {
		if h.Key == topics.HeaderMode {
			return string(h.Value) == topics.ModeLive
		}
	}
	return true
}

// standingOf is the state of a call in the words of a preview.
func standingOf(state string) string {
	switch state {
	case schemas.TaskDone:
		return stands
	case schemas.TaskDropped:
		return overtaken
	case schemas.TaskTrashed, schemas.TaskDoubt:
		return forPeople
	}
	return underWay
}

// foreseenRow is how many calls of one kind at one party come of a rereading, and how they stand.
type foreseenRow struct {
	Party     string `json:"party"`
	Kind      string `json:"kind"`
	Calls     int    `json:"calls"`
	Stand     int    `json:"stand"`
	UnderWay  int    `json:"under_way"`
	Needless  int    `json:"needless"`
	ForPeople int    `json:"for_people"`
	Never     int    `json:"never_made"`
}

// rows count the calls by party and kind.
func (f *foresight) rows() (all []*foreseenRow) {
	at := map[string]*foreseenRow{}
	for _, c := range f.calls {
		key := c.party + " " + c.task.Kind
		r := at[key]
		if r == nil {
			r = &foreseenRow{Party: c.party, Kind: c.task.Kind}
			at[key] = r
			all = append(all, r)
		}
		r.Calls++
		*map[string]*int{stands: &r.Stand, underWay: &r.UnderWay, overtaken: &r.Needless, forPeople: &r.ForPeople, neverMade: &r.Never}[c.standing]++
	}
	return all
}

// inWords is a call as a person reads it.
func (c *foreseen) inWords() string {
	about := "about " + c.task.OrderID
	if c.task.OrderID == "" {
		about = "about no order"
	}
	return fmt.Sprintf("%s: %s %s (%s)", c.party, c.task.Kind, about, c.task.TaskID)
}
