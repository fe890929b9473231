package silence

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

func TestWhatIsNotConfirmedIsToldOnceThoughItHasNotLandedAndThatItCameToo(t *testing.T) {
	found := []Unconfirmed{{OrderID: "allegro/1", Party: "erp", Facts: "tracking rejected", AskedAt: midnight}}
	var said []*schemas.Missing
	deaf := errors.New("deaf")
	tell := func(_ context.Context, messages []topics.Message) error {
		if deaf != nil {
			return deaf
		}
		for _, m := range messages {
			if said = append(said, m.Value.(*schemas.Missing)); m.Topic != topics.Missing || m.Key != "allegro/1" {
				t.Errorf("said on %s under %s", m.Topic.Name, m.Key)
			}
		}
		return nil
	}
	late := func(_ context.Context, from, until time.Time) ([]Unconfirmed, error) {
		if until.Sub(from) != history {
			t.Errorf("asked for what is between %s and %s", from, until)
		}
		return found, nil
	}
	told := NewTold(schemas.MissingConfirmed, time.Hour, late, tell, slog.New(slog.DiscardHandler))
	look := func(after time.Duration) error { return told.look(t.Context(), midnight.Add(time.Hour+after)) }
	if look(0) == nil {
		t.Error("what could not be said is taken for said")
	}
	deaf = nil
	for range 3 {
		if err := look(time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	found[0].Came = true
	for range 2 {
		if err := look(2 * time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	found[0].Came = false // it was let go again, and is late once more
	if err := look(3 * time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := look(3*time.Minute + 2*saidTime); err != nil { // what was said got lost
		t.Fatal(err)
	}
	var states []string
	for _, m := range said {
		states = append(states, m.State)
		if m.What != schemas.MissingConfirmed || m.Since != schemas.At(midnight) || m.Due != schemas.At(midnight.Add(time.Hour)) || m.Reason != "tracking rejected" {
			t.Errorf("said: %+v", m)
		}
	}
	if len(states) != 4 || states[0] != schemas.StateMissing || states[1] != schemas.StateCame || states[2] != schemas.StateMissing || states[3] != schemas.StateMissing {
		t.Errorf("said: %q", states)
	}
}

func TestWhoWaitsForNoConfirmationNeverAsks(t *testing.T) {
	late := func(context.Context, time.Time, time.Time) ([]Unconfirmed, error) { panic("asked") }
	if err := NewTold(schemas.MissingConfirmed, 0, late, nil, slog.New(slog.DiscardHandler)).Run(context.Background()); err != nil {
		t.Error(err)
	}
}
