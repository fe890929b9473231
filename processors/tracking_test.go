package processors_test

import (
	"testing"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func TestALaterStatusOfAParcelIsInItsLaneWithAHigherSequence(t *testing.T) {
	task := func(tr schemas.Tracking) *schemas.Task {
		t.Helper()
		m, err := processors.TrackingCall("allegro/1", tr)
		if err != nil || m.Topic != topics.OutboxERP {
			t.Fatal(m.Topic, err)
		}
		return m.Value.(*schemas.Task)
	}
	first := schemas.Tracking{OrderRef: "O-1", Carrier: "dhl", Number: "0034", Status: "in_transit", At: 1000}
	later, other := first, first
	later.Status, later.At = "delivered", 2000
	other.Number = "00341"
	a, b, c := task(first), task(later), task(other)
	if a.Lane == "" || a.Lane != b.Lane || a.Sequence >= b.Sequence || a.TaskID == b.TaskID || c.Lane == a.Lane {
		t.Errorf("%+v\n%+v\n%+v", a, b, c)
	}
	if again := task(first); again.TaskID != a.TaskID {
		t.Errorf("said twice it is two tasks: %s and %s", a.TaskID, again.TaskID)
	}
	if len(a.Holds) != 0 || a.OrderID != "allegro/1" || a.Party != topics.ERP || a.Kind != processors.KindTracking {
		t.Errorf("%+v", a)
	}
	if read, err := schemas.ParseTracking(a.Payload); err != nil || read != first {
		t.Errorf("read back: %+v %v", read, err)
	}
	if _, err := schemas.ParseTracking(schemas.Body{Bytes: []byte(`{"carier":"dhl"}`)}); err == nil {
		t.Error("what was mistyped was passed over")
	}
}

func TestTrackingWithoutWhatItIsAboutIsRefused(t *testing.T) {
	whole := schemas.Tracking{Carrier: "dhl", Number: "1", At: 1}
	for name, change := range map[string]func(*schemas.Tracking){
		"no carrier": func(t *schemas.Tracking) { t.Carrier = "" }, "no number": func(t *schemas.Tracking) { t.Number = "" }, "no time": func(t *schemas.Tracking) { t.At = 0 },
	} {
		lacking := whole
		change(&lacking)
		if _, err := processors.TrackingCall("allegro/1", lacking); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	if _, err := processors.TrackingCall("", whole); err == nil {
		t.Error("of no order: it was taken")
	}
}
