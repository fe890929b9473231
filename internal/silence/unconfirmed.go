package silence

import (
	"context"
	"log/slog"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Unconfirmed is what a party was told of an order and has not confirmed in its time, or has confirmed after that was said.
type Unconfirmed struct {
	OrderID, Party string
	Facts          string    // what it was told, and how that stands: ship rejected, status pending
	AskedAt        time.Time // when the first of it was asked for
	Came           bool      // all is confirmed, or needless
}

// Late tells what was asked for within a span of time and is not confirmed, as far as that was not said; and what was said to be missing, and
// of which nothing is open any more that was asked for before the span's end.
type Late func(ctx context.Context, from, until time.Time) ([]Unconfirmed, error)

// Told looks for calls that no party has confirmed. It asks what lies in ClickHouse, which hears of every party: a gateway that stands still,
// or does not run, says nothing of itself.
type Told struct {
	what   string // what missing words call it
	within time.Duration
	late   Late
	tell   func(context.Context, []topics.Message) error
	log    *slog.Logger
	said   map[words]time.Time // lately: what was said has to land before it is seen there
	failed bool
}

// words are what was said of an order and a party.
type words struct {
	orderID, party string
	came           bool
}

// NewTold is one that has not looked yet, for what missing words call so and what has so much time from when it was asked for.
func NewTold(what string, within time.Duration, late Late, tell func(context.Context, []topics.Message) error, log *slog.Logger) *Told {
	return &Told{what: what, within: within, late: late, tell: tell, log: log, said: map[words]time.Time{}}
}

const (
	// toldTime is at most between two looks: what is late is to be said within a minute, and has to land first.
	toldTime = 30 * time.Second
	// toldShare of the time that something has is between two looks, where that is less.
	toldShare = 6
	// saidTime is how long what was said may take to land.
	saidTime = 10 * time.Minute
	// history is how long ago something was late that nobody wants to hear of any more, as in a pipeline that begins to look.
	history = 24 * time.Hour
)

// Run looks until ctx ends; never, if there is no time after which anything is late.
func (t *Told) Run(ctx context.Context) error {
	if t.within <= 0 {
		return nil
	}
	tick := time.NewTicker(t.between())
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err := t.look(ctx, time.Now())
			if err != nil && ctx.Err() == nil && !t.failed {
				t.log.Warn("what no party has confirmed can not be told, trying again", "error", err)
			}
			t.failed = err != nil
		}
	}
}

// between is the time between two looks.
func (t *Told) between() time.Duration {
	return min(toldTime, max(t.within/toldShare, time.Second))
}

func (t *Told) look(ctx context.Context, now time.Time) error {
	until := now.Add(-t.within)
	late, err := t.late(ctx, until.Add(-history), until)
	if err != nil {
		return err
	}
	for w, at := range t.said {
		if now.Sub(at) > saidTime {
			delete(t.said, w)
		}
	}
	var messages []topics.Message
	var saying []words
	for _, u := range late {
		w := words{u.OrderID, u.Party, u.Came}
		if _, lately := t.said[w]; lately {
			continue
		}
		saying, messages = append(saying, w), append(messages, t.about(u, now))
	}
	if messages == nil {
		return nil
	}
	if err := t.tell(ctx, messages); err != nil {
		return err
	}
	for _, w := range saying {
		t.said[w] = now
		delete(t.said, words{w.orderID, w.party, !w.came})
	}
	return nil
}

func (t *Told) about(u Unconfirmed, now time.Time) topics.Message {
	m := &schemas.Missing{
		OrderID: u.OrderID, Party: u.Party, What: t.what, State: schemas.StateMissing, Share: 100, Since: schemas.At(u.AskedAt),
		Due: schemas.At(u.AskedAt.Add(t.within)), At: schemas.At(now), Reason: u.Facts,
	}
	if u.Came {
		m.State = schemas.StateCame
	}
	return topics.Message{Topic: topics.Missing, Key: u.OrderID, Value: m}
}
