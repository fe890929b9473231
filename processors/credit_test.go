package processors

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// creditor is book, where labels that are taken back are to be settled within two weeks.
type creditor struct {
	*testing.T
	state schemas.OrderBooking
}

const creditedIn = 14 * 24 * time.Hour

// hear is what is said of missing credits, and the wake that is asked for.
func (c *creditor) hear(s *schemas.Shipment, at schemas.Millis) (said []string, wake *Wake) {
	c.Helper()
	event := &topics.Event{Topic: topics.Shipments, Key: "allegro/1", At: at}
	if event.Topic = topics.StepBook; s != nil {
		event.Topic, event.Value, s.At = topics.Shipments, s, at
	}
	step := Book(Sources{Terms: func(string) Terms {
		return Terms{Carriage: &Carriage{From: schemas.Person{Name: "Lager", Country: "DE"}, ParcelsMax: 2, Credits: creditedIn}}
	}})
	result, err := step.Handle(event, &c.state)
	if err != nil {
		c.Fatal(err)
	}
	for _, m := range result.Messages {
		if missing, is := m.Value.(*schemas.Missing); is {
			said = append(said, fmt.Sprint(missing.Party, " ", missing.What, " ", missing.State))
		}
	}
	return said, result.Wake
}

// takenBack has both parts of a shipment bought and voided.
func takenBack(t *testing.T) *creditor {
	topics.Carry([]string{"dhl"})
	t.Cleanup(func() { topics.Carry(nil) })
	c := &creditor{T: t}
	c.hear(requested(1), heardAt)
	for part := int64(1); part <= 2; part++ {
		c.hear(partly(schemas.ShipmentLabelled, 1, part), heardAt)
	}
	c.hear(&schemas.Shipment{ShipmentID: "allegro/1#17", OrderID: "allegro/1", Ref: "17", State: schemas.ShipmentRecalled, Generation: 1, Carrier: "dhl"}, heardAt)
	for part := int64(1); part <= 2; part++ {
		for range 2 { // said twice, it is owed once
			if said, wake := c.hear(partly(schemas.ShipmentVoided, 1, part), heardAt); len(said) > 0 || wake == nil || wake.At != heardAt+schemas.Millis(creditedIn.Milliseconds()) {
				t.Fatalf("taken back: %v, to be woken at %+v", said, wake)
			}
		}
	}
	return c
}

func (c *creditor) want(want []string, s *schemas.Shipment, at schemas.Millis) *Wake {
	c.Helper()
	said, wake := c.hear(s, at)
	if !slices.Equal(said, want) {
		c.Errorf("%v is said, want %v", said, want)
	}
	return wake
}

// A label that was taken back is followed until its money is back, for each part apart; what is late is told once, and that it came when nothing
// else is missed.
func TestTheMoneyForALabelThatWasTakenBackIsFollowed(t *testing.T) {
	due := heardAt + schemas.Millis(creditedIn.Milliseconds())
	missing, came := []string{"dhl credit missing"}, []string{"dhl credit came"}
	c := takenBack(t)
	if wake := c.want(nil, partly(schemas.ShipmentCredited, 1, 1), due-1); wake == nil || wake.At != due {
		t.Errorf("the other part is to be woken for at %+v", wake)
	}
	c.want(missing, nil, due)
	c.want(nil, nil, due+1)
	if wake := c.want(came, partly(schemas.ShipmentCharged, 1, 2), due+2); wake != nil {
		t.Errorf("all is settled, and it wants to be woken at %+v", wake)
	}
	c.want(nil, partly(schemas.ShipmentCharged, 1, 2), due+3)

	both := takenBack(t)
	both.want(slices.Concat(missing, missing), nil, due)
	both.want(nil, partly(schemas.ShipmentCredited, 1, 1), due+1)
	both.want(came, partly(schemas.ShipmentCredited, 1, 2), due+2)
}

// Another label that is bought meanwhile changes nothing about what is owed for the first.
func TestWhatIsOwedOutlivesTheNextLabel(t *testing.T) {
	due := heardAt + schemas.Millis(creditedIn.Milliseconds())
	c := takenBack(t)
	if wake := c.want(nil, requested(2), heardAt+1); wake == nil || wake.At != due {
		t.Errorf("behind the next label it is to be woken at %+v", wake)
	}
	c.want([]string{"dhl credit missing", "dhl credit missing"}, nil, due)
	c.want(nil, partly(schemas.ShipmentCredited, 2, 1), due+1) // of the other label nothing is owed
	c.want(nil, partly(schemas.ShipmentCredited, 1, 1), due+2)
	c.want([]string{"dhl credit came"}, partly(schemas.ShipmentCharged, 1, 2), due+3)
}
