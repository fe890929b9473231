package processors

import (
	"errors"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// cared is the step with what it remembers of one order.
type cared struct {
	*testing.T
	step  Processor
	known schemas.OrderCare
}

func startCare(t *testing.T, troubles ...string) *cared {
	return &cared{T: t, step: Care(Sources{Terms: func(string) Terms { return Terms{Watch: Watch{Care: troubles}} }})}
}

// hear is what somebody is told to look at, "" for nothing, and whether what was wrong with the order is over.
func (c *cared) hear(value any) (wrong string, isOver bool) {
	c.Helper()
	result, err := c.step.Handle(&topics.Event{Key: "allegro/1", Value: value, At: trackedAt}, &c.known)
	if err == nil {
		return "", !result.Repeat && !result.Partial
	}
	dead, _ := Outcome(err)
	var faults schemas.Faults
	if dead == nil || dead.Class != schemas.ClassTrouble || !errors.As(dead.Err, &faults) {
		c.Fatal(err)
	}
	for _, f := range faults {
		if f.Text == "" {
			c.Errorf("nobody says what can be done about %s", f.Code)
		}
		wrong += f.Path + " " + f.Code + "; "
	}
	return wrong, false
}

func troubled(number, trouble string) *schemas.ParcelEvent {
	e := stands("allegro/1", number, schemas.ParcelException, 1)
	e.Trouble = trouble
	return e
}

func TestEachTroubleOfAParcelIsToldOnceAndIsOverWhenTheParcelsAreAtTheirEnd(t *testing.T) {
	for _, trouble := range schemas.Troubles {
		if trouble == schemas.TroublePromise {
			continue
		}
		c := startCare(t, schemas.Troubles...)
		if wrong, _ := c.hear(stands("allegro/1", "A", schemas.ParcelInTransit, 1)); wrong != "" {
			t.Errorf("of a parcel on its way: %q", wrong)
		}
		if wrong, _ := c.hear(troubled("A", trouble)); wrong != "dhl A "+trouble+"; " {
			t.Errorf("%s: %q", trouble, wrong)
		}
		if wrong, isOver := c.hear(troubled("A", trouble)); wrong != "" || isOver {
			t.Errorf("%s said again: %q, over %v", trouble, wrong, isOver)
		}
		if wrong, isOver := c.hear(stands("allegro/1", "A", schemas.ParcelDelivered, 2)); wrong != "" || !isOver {
			t.Errorf("%s and delivered: %q, over %v", trouble, wrong, isOver)
		}
	}
}

func TestWhatIsWrongWithTwoParcelsOfAnOrderStandsInOneEntry(t *testing.T) {
	c := startCare(t, schemas.TroubleDamaged, schemas.TroubleRefused)
	c.hear(troubled("A", schemas.TroubleDamaged))
	if wrong, _ := c.hear(troubled("B", schemas.TroubleRefused)); wrong != "dhl A damaged; dhl B refused; " {
		t.Errorf("%q", wrong)
	}
	if _, isOver := c.hear(stands("allegro/1", "A", schemas.ParcelReturned, 2)); isOver {
		t.Error("one is still in trouble")
	}
	if _, isOver := c.hear(stands("allegro/1", "B", schemas.ParcelReturned, 2)); !isOver {
		t.Error("none is in trouble any more")
	}
}

func TestNobodyIsToldOfATroubleThatPassesByItself(t *testing.T) {
	c := startCare(t, schemas.TroubleLost)
	if wrong, _ := c.hear(troubled("A", schemas.TroubleAttempt)); wrong != "" || len(c.known.Parcels) > 0 {
		t.Errorf("%q, %+v", wrong, c.known)
	}
}

func TestAParcelThatIsExpectedAfterItWasPromisedIsInTroubleBeforeThat(t *testing.T) {
	c := startCare(t, schemas.TroublePromise)
	promised := schemas.Millis(1000)
	c.hear(&schemas.Shipment{OrderID: "allegro/1", DeliverBy: &promised})
	expected := func(at schemas.Millis) *schemas.ParcelEvent {
		e := stands("allegro/1", "A", schemas.ParcelInTransit, 1)
		e.ExpectedAt = &at
		return e
	}
	if wrong, _ := c.hear(expected(1000)); wrong != "" {
		t.Errorf("in time: %q", wrong)
	}
	if wrong, _ := c.hear(expected(1001)); wrong != "dhl A promise; " {
		t.Errorf("late: %q", wrong)
	}
	if wrong, _ := c.hear(expected(2000)); wrong != "" {
		t.Errorf("later still: %q", wrong)
	}
}
