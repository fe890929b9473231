package processors

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

// clerk is acknowledge with the memory of one order.
type clerk struct {
	*testing.T
	terms   Acceptance
	refusal schemas.Refusal
	state   schemas.OrderAcceptance
}

const heardAt = schemas.Millis(1_750_000_000_000)

func (c *clerk) hears(event topics.Event) Result {
	c.Helper()
	topics.Call([]string{"allegro"})
	c.Cleanup(func() { topics.Call(nil) })
	event.Key, event.At = "allegro/9007199254740993", max(event.At, heardAt)
	step := Acknowledge(Sources{Terms: func(string) Terms { return Terms{Acceptance: c.terms, Refusal: c.refusal} }})
	result, err := step.Handle(&event, &c.state)
	if err != nil {
		c.Fatal(err)
	}
	return result
}

func (c *clerk) of(order *schemas.Order) Result {
	c.Helper()
	return c.hears(topics.Event{Topic: topics.OrdersNormalized, Value: order})
}

// woken is when it hears of a wake-up, so many minutes after the order was ready.
func (c *clerk) woken(minutes schemas.Millis) Result {
	c.Helper()
	return c.hears(topics.Event{Topic: topics.StepAcknowledge, At: heardAt + minutes*60_000})
}

// missingIn are the shares of its time at which something was said to be missing, 0 for what came.
func missingIn(r Result) (shares []int64) {
	for _, m := range r.Messages {
		if missing, is := m.Value.(*schemas.Missing); is && missing.State == schemas.StateCame {
			shares = append(shares, 0)
		} else if is {
			shares = append(shares, missing.Share)
		}
	}
	return shares
}

func callsIn(r Result) (calls []*schemas.Task) {
	for _, m := range r.Messages {
		if task, is := m.Value.(*schemas.Task); is {
			calls = append(calls, task)
		}
	}
	return calls
}

func TestAnOrderIsAcceptedOnceTheERPHasItHoweverTheNewsCome(t *testing.T) {
	ready, placed := bought(schemas.StatusReady), inERP(bought(schemas.StatusReady))
	for name, turns := range map[string][]*schemas.Order{
		"in their order": {bought(schemas.StatusPending), ready, placed, placed, ready},
		"the wrong way":  {placed, ready, placed},
	} {
		c := &clerk{T: t, terms: Acceptance{Within: time.Hour}}
		var calls []*schemas.Task
		for _, order := range turns {
			calls = append(calls, callsIn(c.of(order))...)
		}
		if len(calls) != 1 || calls[0].Kind != KindAccept || calls[0].Party != "allegro" || *calls[0].Deadline != heardAt+3_600_000 {
			t.Fatalf("%s: called %+v", name, calls)
		}
		messages, err := AcceptThen(calls[0], "9007199254740993", heardAt+5)
		if err != nil || len(messages) != 1 {
			t.Fatal(messages, err)
		}
		ack := messages[0].Value.(*schemas.Acknowledgement)
		if ack.State != schemas.AckAccepted || *ack.Due != heardAt+3_600_000 || ack.At != heardAt+5 || messages[0].Key != ready.OrderID {
			t.Errorf("%s: %+v", name, ack)
		}
	}
}

func TestAnOrderIsAcceptedInTimeThoughTheERPIsDown(t *testing.T) {
	c := &clerk{T: t, terms: Acceptance{Within: time.Hour, Provisional: true}}
	if wake := c.of(bought(schemas.StatusReady)).Wake; wake == nil || wake.At != heardAt+30*60_000 {
		t.Fatalf("it wants to be woken at %+v", wake)
	}
	half := c.woken(30)
	if len(callsIn(half)) != 0 || !cmp.Equal(missingIn(half), []int64{50}) || half.Wake.At != heardAt+48*60_000 {
		t.Fatalf("after half of the time: %+v", half)
	}
	calls := callsIn(c.woken(48))
	if len(calls) != 1 || !strings.Contains(string(calls[0].Payload.Bytes), `"provisional":true`) {
		t.Fatalf("called %+v", calls)
	}
	if calls := callsIn(c.of(inERP(bought(schemas.StatusReady)))); len(calls) != 0 {
		t.Errorf("and again: %+v", calls[0])
	}
	held := &clerk{T: t, terms: Acceptance{Within: time.Hour}}
	held.of(bought(schemas.StatusReady))
	if len(callsIn(held.woken(55))) != 0 {
		t.Error("one that is to wait for the ERP is accepted without it")
	}
}

// At half of the time, at four fifths and when it is over; each once, and once more when it comes.
func TestAnAcceptanceThatDoesNotComeIsMissed(t *testing.T) {
	c := &clerk{T: t, terms: Acceptance{Within: time.Hour}}
	c.of(bought(schemas.StatusReady))
	for _, turn := range []struct {
		minutes schemas.Millis
		want    []int64
		next    schemas.Millis
	}{{30, []int64{50}, 48}, {31, nil, 48}, {48, []int64{80}, 60}, {60, []int64{100}, 0}, {61, nil, 0}} {
		r := c.woken(turn.minutes)
		if !cmp.Equal(missingIn(r), turn.want) || (r.Wake != nil) != (turn.next > 0) || r.Wake != nil && r.Wake.At != heardAt+turn.next*60_000 {
			t.Errorf("after %d minutes: said %v, next %+v", turn.minutes, missingIn(r), r.Wake)
		}
	}
	accepted := &schemas.Acknowledgement{OrderID: "allegro/9007199254740993", Party: "allegro", State: schemas.AckAccepted}
	if r := c.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: accepted, At: heardAt + 70*60_000}); !cmp.Equal(missingIn(r), []int64{0}) {
		t.Errorf("when it comes: %+v", r)
	}
	if r := c.woken(80); len(r.Messages) != 0 || r.Wake != nil {
		t.Errorf("and then: %+v", r)
	}
	old := &clerk{T: t, terms: Acceptance{Within: time.Hour}}
	old.of(bought(schemas.StatusReady))
	if r := old.woken(26 * 60); len(r.Messages) != 0 || r.Wake != nil {
		t.Errorf("of what is history: %+v", r)
	}
	if r := old.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: accepted, At: heardAt + 27*60*60_000}); len(r.Messages) != 0 {
		t.Errorf("and when that comes: %+v", r)
	}
	soon := &clerk{T: t, terms: Acceptance{Within: time.Hour}}
	soon.of(bought(schemas.StatusReady))
	if r := soon.hears(topics.Event{Topic: topics.OrdersAcknowledged, Value: accepted}); len(r.Messages) != 0 {
		t.Errorf("what came in time: %+v", r)
	}
}

func TestWhatIsCancelledIsNotAcceptedAnyMore(t *testing.T) {
	c := &clerk{T: t, terms: Acceptance{Within: time.Hour, Provisional: true}}
	c.of(bought(schemas.StatusReady))
	accepted := callsIn(c.of(inERP(bought(schemas.StatusReady))))[0]
	withdrawn := callsIn(c.of(bought(schemas.StatusCancelled)))
	if len(withdrawn) != 1 || withdrawn[0].Kind != KindWithdraw || withdrawn[0].Lane != accepted.Lane || withdrawn[0].Sequence <= accepted.Sequence {
		t.Fatalf("accepted by %+v, withdrawn by %+v", accepted, withdrawn)
	}
	early := &clerk{T: t, terms: c.terms}
	for _, status := range []string{schemas.StatusCancelled, schemas.StatusReady} {
		if calls := callsIn(early.of(bought(status))); len(calls) != 0 {
			t.Errorf("called %+v", calls[0])
		}
	}
	if calls := append(callsIn(early.of(inERP(bought(schemas.StatusReady)))), callsIn(early.woken(50))...); len(calls) != 0 {
		t.Errorf("called %+v", calls[0])
	}
}

func TestWhyNothingWasSaidStandsThere(t *testing.T) {
	c := &clerk{T: t, terms: Acceptance{Within: time.Hour, WhyNot: "there is no call for it"}}
	said := c.of(bought(schemas.StatusReady)).Messages
	if ack := said[0].Value.(*schemas.Acknowledgement); len(said) != 1 || ack.State != schemas.AckNotAsked || ack.Reason != "there is no call for it" {
		t.Errorf("said %+v", ack)
	}
	if more := c.of(inERP(bought(schemas.StatusReady))).Messages; len(more) != 0 {
		t.Errorf("and then %+v", more[0])
	}
	manual := &clerk{T: t, terms: Acceptance{Within: time.Hour, Manual: true, Provisional: true}}
	if r := manual.of(bought(schemas.StatusReady)); len(r.Messages)+len(callsIn(manual.woken(59)))+len(callsIn(manual.of(inERP(bought(schemas.StatusReady))))) != 0 {
		t.Error("what a person decides about is accepted without them")
	}
}

func TestWhatWasSettledAboutAcceptanceIsRead(t *testing.T) {
	if a, err := NewAcceptance(nil); err != nil || a.Within != time.Hour || a.Manual || !a.Provisional {
		t.Errorf("of nothing: %+v, %v", a, err)
	}
	a, err := NewAcceptance(map[string]string{SettingAccept: "manual", SettingAcceptWithin: "30", SettingAcceptInNeed: "hold"})
	if err != nil || a.Within != 30*time.Minute || !a.Manual || a.Provisional {
		t.Errorf("got %+v, %v", a, err)
	}
	for name, value := range map[string]string{SettingAccept: "yes", SettingAcceptWithin: "0", SettingAcceptInNeed: "never"} {
		if _, err := NewAcceptance(map[string]string{name: value}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s %q: %v", name, value, err)
		}
	}
}
