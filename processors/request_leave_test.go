package processors

import (
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// missed is what is said to be missing, or to have come, when an event comes; nil is a wake-up.
func (s *shipping) missed(at schemas.Millis, value any) (said string, wake *Wake) {
	s.t.Helper()
	event := &topics.Event{Topic: topics.StepRequest, Key: s.order.OrderID, Value: value, At: at}
	result, err := s.step.Handle(event, &s.state)
	if err != nil {
		s.t.Fatal(err)
	}
	var words []string
	for _, m := range result.Messages {
		if v, is := m.Value.(*schemas.Missing); is {
			words = append(words, strings.TrimSpace(fmt.Sprint(v.What, " ", v.State, " ", v.Share, " ", v.Reason)))
		}
	}
	return strings.Join(words, ", "), result.Wake
}

func (s *shipping) wantMissed(want string, at schemas.Millis, value any) *Wake {
	s.t.Helper()
	got, wake := s.missed(at, value)
	if got != want {
		s.t.Errorf("got %q, want %q", got, want)
	}
	return wake
}

const hour = schemas.Millis(3_600_000)

func (s *shipping) word(state string) *schemas.Shipment {
	return &schemas.Shipment{OrderID: s.order.OrderID, Ref: "17", State: state, Generation: 1, Part: 1, Parts: 1}
}

func TestWhatHasToLeaveSoonIsMissedWithWhatItLacks(t *testing.T) {
	s := newShipping(t)
	due := *s.order.ShipBy
	if wake := s.wantMissed("", due-9*hour, s.order); wake == nil || wake.At != due-4*hour {
		t.Fatalf("it is looked after at %+v", wake)
	}
	if wake := s.wantMissed("handed_over missing 20 not_packed", due-4*hour, nil); wake == nil || wake.At != due-hour {
		t.Fatalf("it is looked after at %+v", wake)
	}
	s.wantMissed("", due-3*hour, s.order) // it was said
	s.erp(schemas.ERPReady, "17", "r1", aParcel)
	if wake := s.wantMissed("handed_over missing 80 no_label", due-hour, nil); wake == nil || wake.At != due {
		t.Fatalf("it is looked after at %+v", wake)
	}
	s.part(schemas.ShipmentLabelled, "17", 1)
	if wake := s.wantMissed("handed_over missing 100 no_pickup", due, nil); wake != nil {
		t.Errorf("and at %+v", wake)
	}
	s.wantMissed("handed_over came 100", due+hour, s.word(schemas.ShipmentHandedOver))
	s.wantMissed("", due+hour, nil)
}

func TestWhatLeavesInTimeOrNeverIsNotMissed(t *testing.T) {
	for name, change := range map[string]func(s *shipping){
		"left": func(s *shipping) {
			s.erp(schemas.ERPReady, "17", "r1", aParcel)
			s.part(schemas.ShipmentLabelled, "17", 1)
			s.erp(schemas.ERPGone, "17", "r2", aParcel)
		},
		"left with another label": func(s *shipping) { s.erp(schemas.ERPGone, "17", "r1", aParcel) },
		"cancelled":               func(s *shipping) { s.amend(func(o *schemas.Order) { o.Status = schemas.StatusCancelled }) },
		"nobody says when":        func(s *shipping) { s.amend(func(o *schemas.Order) { o.ShipBy = nil }) },
		"sent by the channel":     func(s *shipping) { s.amend(func(o *schemas.Order) { o.FulfilledBy = schemas.FulfilledByChannel }) },
	} {
		s := newShipping(t)
		due := *s.order.ShipBy
		change(s)
		if got, wake := s.missed(due-hour, nil); got != "" || wake != nil {
			t.Errorf("%s: %q, %+v", name, got, wake)
		}
	}
	s := newShipping(t)
	s.wantMissed("", *s.order.ShipBy+30*24*hour, nil) // history
	half := newShipping(t)
	half.amend(func(o *schemas.Order) { o.Lines[0].Quantity = 3 })
	half.erp(schemas.ERPReady, "17", "r1", schemas.Readied{Grams: 500, Articles: []schemas.PackedArticle{{SKU: "MUG", Quantity: 2}}})
	half.part(schemas.ShipmentLabelled, "17", 1)
	half.part(schemas.ShipmentHandedOver, "17", 1)
	half.wantMissed("handed_over missing 20 not_packed", *half.order.ShipBy-4*hour, nil)
}
