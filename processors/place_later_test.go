package processors

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

// inERP is the order as it comes on orders.placed.
func inERP(order *schemas.Order) *schemas.Order {
	order.Placement = &schemas.Placement{Party: "erp", CustomerRef: "C-1", OrderRef: "O-1", By: placedBy}
	return order
}

// moved is the order with another address.
func moved(city string) *schemas.Order {
	order := bought(schemas.StatusReady)
	order.ShipTo.City = city
	return order
}

func TestACancellationOvertakesWhatPlacesTheOrder(t *testing.T) {
	var state schemas.OrderPlacing
	placing := place(t, &state, bought(schemas.StatusReady))[0]
	cancels := place(t, &state, bought(schemas.StatusCancelled))
	if len(cancels) != 1 || cancels[0].Kind != KindCancel || cancels[0].Lane != placing.Lane || cancels[0].Sequence <= placing.Sequence {
		t.Fatalf("placed by %+v, cancelled by %+v", placing, cancels)
	}
	messages, err := CustomerThen(placing, "C-1", 5)
	if err != nil {
		t.Fatal(err)
	}
	if next := messages[0].Value.(*schemas.Task); next.Lane != placing.Lane || next.Sequence != placing.Sequence {
		t.Errorf("what follows is not overtaken: %+v", next)
	}
	for _, later := range []*schemas.Order{bought(schemas.StatusCancelled), moved("Kraków"), inERP(bought(schemas.StatusReady))} {
		if tasks := place(t, &state, later); len(tasks) != 0 {
			t.Errorf("after it was cancelled: %+v", tasks[0])
		}
	}
}

func TestTheERPHearsOfAnAmendmentOnceItHasTheOrder(t *testing.T) {
	var state schemas.OrderPlacing
	place(t, &state, bought(schemas.StatusReady))
	for _, city := range []string{"Kraków", "Gdańsk"} {
		if tasks := place(t, &state, moved(city)); len(tasks) != 0 {
			t.Errorf("amended before it stands there: %+v", tasks[0])
		}
	}
	tasks := place(t, &state, inERP(bought(schemas.StatusReady)))
	if len(tasks) != 1 || tasks[0].Kind != KindAmend {
		t.Fatalf("got %+v", tasks)
	}
	if p, err := schemas.ParsePlacing(tasks[0].Payload); err != nil || p.Order.ShipTo.City != "Gdańsk" {
		t.Errorf("amended to %+v, %v", p, err)
	}
	later := place(t, &state, moved("Sopot"))
	if len(later) != 1 || later[0].TaskID == tasks[0].TaskID || later[0].Lane != tasks[0].Lane || later[0].Sequence <= tasks[0].Sequence {
		t.Errorf("amended again by %+v", later)
	}
	messages, err := OrderThen(later[0], "O-1", 5)
	if err != nil || len(messages) != 1 {
		t.Fatal(messages, err)
	}
	if p := messages[0].Value.(*schemas.Order).Placement; *p != *inERP(bought(schemas.StatusReady)).Placement {
		t.Errorf("once it is amended, it stands there as %+v", p)
	}
	same := moved("Sopot")
	same.ChannelStatus, same.Revision, same.Lines[0].Shipped = "PROCESSING", "r9", 1
	if tasks := place(t, &state, same); len(tasks) != 0 {
		t.Errorf("nothing is another for the ERP, but %+v", tasks[0])
	}
}

// An order that nobody says is paid, and one that the ERP does not take, are missed; and heard of again when they come.
func TestWhatDoesNotComeIsMissedOnce(t *testing.T) {
	step := Place(Sources{Terms: func(string) Terms {
		return Terms{Expectations: Expectations{Ready: 24 * time.Hour, Placed: 15 * time.Minute}}
	}})
	var state schemas.OrderPlacing
	hears := func(minutes schemas.Millis, order *schemas.Order) Result {
		t.Helper()
		event := &topics.Event{Topic: topics.OrdersNormalized, Key: "allegro/9007199254740993", At: heardAt + minutes*60_000}
		if order != nil {
			event.Value = order
		}
		r, err := step.Handle(event, &state)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := hears(0, bought(schemas.StatusPending)); r.Wake == nil || r.Wake.At != heardAt+24*60*60_000 {
		t.Fatalf("of one that is not ready: %+v", r)
	}
	if r := hears(24*60, nil); !cmp.Equal(missingIn(r), []int64{100}) || r.Wake != nil {
		t.Errorf("a day later: %+v", r)
	}
	r := hears(25*60, bought(schemas.StatusReady))
	if !cmp.Equal(missingIn(r), []int64{0}) || r.Wake == nil || r.Wake.At != heardAt+(25*60+15)*60_000 {
		t.Errorf("once it is ready: %+v", r)
	}
	if r := hears(25*60+15, nil); !cmp.Equal(missingIn(r), []int64{100}) {
		t.Errorf("not in the ERP: %+v", r)
	}
	if r := hears(25*60+16, nil); len(r.Messages) != 0 {
		t.Errorf("and again: %+v", r)
	}
	if r := hears(25*60+20, inERP(bought(schemas.StatusReady))); !cmp.Equal(missingIn(r), []int64{0}) || r.Wake != nil {
		t.Errorf("once it is there: %+v", r)
	}
	state = schemas.OrderPlacing{}
	hears(0, bought(schemas.StatusReady))
	hears(1, bought(schemas.StatusCancelled))
	if r := hears(15, nil); len(r.Messages) != 0 {
		t.Errorf("of one that was cancelled: %+v", r)
	}
}
