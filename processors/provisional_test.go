package processors

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

// standing are the words that an order stands as provisional.
func standing(r Result) (said []*schemas.Acknowledgement) {
	for _, m := range r.Messages {
		if ack, is := m.Value.(*schemas.Acknowledgement); is && ack.State == schemas.AckProvisional {
			said = append(said, ack)
		}
	}
	return said
}

// secondsOn is when it hears of a wake-up, so many seconds after the order was ready.
func (c *clerk) secondsOn(seconds schemas.Millis) Result {
	c.Helper()
	return c.hears(topics.Event{Topic: topics.StepAcknowledge, At: heardAt + seconds*1000})
}

// An order that waits for our word for more than three seconds is said to be provisional, why and until when; after its time that is told, until it
// is accepted or rejected after all (item 53).
func TestAnOrderThatWaitsForOurWordStandsAsProvisional(t *testing.T) {
	told := &schemas.Acknowledgement{State: schemas.AckAccepted}
	for name, c := range map[string]struct {
		terms  Acceptance
		placed bool
		reason string
		ends   any // what ends it
	}{
		"the ERP is slow":              {Acceptance{}, false, "the ERP does not have it yet", told},
		"the channel is slow":          {Acceptance{}, true, "has not said yet that it knows", told},
		"a person decides":             {Acceptance{Manual: true}, true, "a person decides", &schemas.Acknowledgement{State: schemas.AckRejected}},
		"it is cancelled in the while": {Acceptance{}, false, "the ERP does not have it yet", bought(schemas.StatusCancelled)},
	} {
		t.Run(name, func(t *testing.T) {
			terms := c.terms
			terms.Within, terms.Settled = 24*time.Hour, 15*time.Minute
			k := &clerk{T: t, terms: terms}
			wake := k.of(bought(schemas.StatusReady)).Wake
			if c.placed {
				wake = k.of(inERP(bought(schemas.StatusReady))).Wake
			}
			if !c.terms.Manual && (wake == nil || wake.At != heardAt+3000) {
				t.Fatalf("it wants to be woken at %+v", wake)
			}
			if early := standing(k.secondsOn(2)); len(early) > 0 {
				t.Errorf("after two seconds it says %+v", early[0])
			}
			first := k.secondsOn(3)
			said := standing(first)
			if len(said) != 1 || !strings.Contains(said[0].Reason, c.reason) || said[0].ETA == nil || *said[0].ETA != heardAt+15*60_000 {
				t.Fatalf("after three seconds it says %+v", said)
			}
			if first.Wake == nil || first.Wake.At != heardAt+15*60_000 {
				t.Errorf("then it wants to be woken at %+v", first.Wake)
			}
			if again := k.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: said[0]}); !again.Repeat {
				t.Errorf("of its own word it makes %+v", again)
			}
			late := k.woken(15)
			if !cmp.Equal(missingIn(late), []int64{100}) || len(standing(late)) > 0 {
				t.Errorf("after its time it says %+v", late.Messages)
			}
			if end := k.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: c.ends, At: heardAt + 20*60_000}); !cmp.Equal(missingIn(end), []int64{0}) || end.Wake != nil {
				t.Errorf("when it is settled it says %+v", end)
			}
		})
	}
}

// What is settled within seconds never was provisional; nor is what was ready long ago, or whose channel is not told.
func TestNothingIsSaidOfAnOrderThatIsSettledAtOnceOrLongAgo(t *testing.T) {
	settled := &clerk{T: t, terms: Acceptance{Within: time.Hour, Settled: 15 * time.Minute}}
	settled.of(bought(schemas.StatusReady))
	settled.of(inERP(bought(schemas.StatusReady)))
	settled.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: &schemas.Acknowledgement{State: schemas.AckAccepted}})
	silent := &clerk{T: t, terms: Acceptance{Within: time.Hour, Settled: 15 * time.Minute, WhyNot: "it wants no word"}}
	silent.of(bought(schemas.StatusReady))
	old := &clerk{T: t, terms: Acceptance{Within: time.Hour, Settled: 15 * time.Minute}}
	old.of(bought(schemas.StatusReady))
	for name, result := range map[string]Result{"settled": settled.secondsOn(3), "not told": silent.secondsOn(3), "of last week": old.woken(7 * 24 * 60)} {
		if said := standing(result); len(said) > 0 {
			t.Errorf("%s: %+v", name, said[0])
		}
	}
}
