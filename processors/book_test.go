package processors

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// desk is what book asks of a carrier for one order.
type desk struct {
	t     *testing.T
	state schemas.OrderBooking
}

func newDesk(t *testing.T) *desk {
	topics.Carry([]string{"dhl"})
	t.Cleanup(func() { topics.Carry(nil) })
	return &desk{t: t}
}

// hear is what a word about a shipment leads to, as kinds and parts.
func (d *desk) hear(s *schemas.Shipment) (tasks []*schemas.Task, said string) {
	d.t.Helper()
	step := Book(Sources{Terms: func(party string) Terms {
		if party != "dhl" {
			return Terms{}
		}
		return Terms{Carriage: &Carriage{From: schemas.Person{Name: "Lager", Country: "DE"}, Format: schemas.LabelZPL, ParcelsMax: 2}}
	}})
	result, err := step.Handle(&topics.Event{Topic: topics.Shipments, Key: s.OrderID, Value: s}, &d.state)
	if err != nil {
		d.t.Fatal(err)
	}
	var each []string
	for _, m := range result.Messages {
		task := m.Value.(*schemas.Task)
		if m.Topic.Name != "outbox.dhl" || m.Key != task.TaskID {
			d.t.Errorf("%s goes to %s", task.TaskID, m.Topic.Name)
		}
		tasks, each = append(tasks, task), append(each, strings.TrimPrefix(task.TaskID, "dhl/"))
	}
	return tasks, strings.Join(each, " ")
}

func (d *desk) want(want string, s *schemas.Shipment) []*schemas.Task {
	d.t.Helper()
	tasks, got := d.hear(s)
	if got != want {
		d.t.Errorf("%s: got %q, want %q", s.State, got, want)
	}
	return tasks
}

// requested is a shipment of three parcels.
func requested(generation int64) *schemas.Shipment {
	return &schemas.Shipment{
		ShipmentID: "allegro/1#17", OrderID: "allegro/1", Party: "allegro", Ref: "17", State: schemas.ShipmentRequested, Generation: generation, Carrier: "dhl", Service: "V01PAK",
		Parcels: []schemas.ShipmentParcel{{Ref: "a", Grams: 1200}, {Ref: "b", Grams: 800}, {Ref: "c", Grams: 5}}, To: &schemas.Person{Name: "Ana Ć", Country: "PL"},
		Goods: &schemas.Money{Minor: 2000, Currency: "EUR"}, ShipBy: new(schemas.Millis(9)),
	}
}

func partly(state string, generation, part int64) *schemas.Shipment {
	return &schemas.Shipment{ShipmentID: "allegro/1#17", OrderID: "allegro/1", Party: "allegro", Ref: "17", State: state, Generation: generation, Part: part, Parts: 2, BookingRef: "B1", Carrier: "dhl"}
}

var ourReference = regexp.MustCompile(`^[A-Z0-9-]{8,35}$`)

func TestAShipmentIsBookedOnceInAsManyBookingsAsItTakes(t *testing.T) {
	d := newDesk(t)
	tasks := d.want("book:allegro/1#17.1@1 book:allegro/1#17.2@1", requested(1))
	d.want("", requested(1))
	seen := map[string]bool{}
	for i, task := range tasks {
		c, err := schemas.ParseCarriage(task.Payload)
		if err != nil {
			t.Fatal(err)
		}
		b := c.Booking
		if !ourReference.MatchString(b.Reference) || seen[b.Reference] || c.Shipment.Reference != b.Reference {
			t.Errorf("the reference is %q", b.Reference)
		}
		seen[b.Reference] = true
		if want := []int{2, 1}[i]; len(b.Parcels) != want || len(c.Shipment.Parcels) != want || b.To.Name != "Ana Ć" || b.From.Name != "Lager" || b.Format != schemas.LabelZPL || b.Service != "V01PAK" || b.Goods.Minor != 1000 {
			t.Errorf("booked %+v", b)
		}
		if c.Shipment.To != nil || task.Deadline == nil || task.OrderID != "allegro/1" || strings.Contains(task.TaskID+task.Lane, "Ana") {
			t.Errorf("task %+v", task)
		}
	}
	again := d.want("book:allegro/1#17.1@2 book:allegro/1#17.2@2", requested(2))
	if c, _ := schemas.ParseCarriage(again[0].Payload); seen[c.Booking.Reference] {
		t.Error("two bookings have one reference")
	}
	if again[0].Lane != tasks[0].Lane || again[0].Sequence <= tasks[0].Sequence+1 {
		t.Error("the second generation does not come behind the recall of the first")
	}
}

func TestWhatIsRecalledIsWithdrawnAndWhatWasBoughtIsVoided(t *testing.T) {
	d := newDesk(t)
	booked := d.want("book:allegro/1#17.1@1 book:allegro/1#17.2@1", requested(1))
	d.want("", partly(schemas.ShipmentLabelled, 1, 1))
	recalled := d.want("void:allegro/1#17.1@1 withdraw:allegro/1#17.2@1", partly(schemas.ShipmentRecalled, 1, 0))
	if recalled[1].Sequence <= booked[1].Sequence || recalled[1].Lane != booked[1].Lane {
		t.Error("a booking that is not begun is not overtaken by its recall")
	}
	if c, _ := schemas.ParseCarriage(recalled[0].Payload); c.Ref != "B1" {
		t.Errorf("voided is %q", c.Ref)
	}
	d.want("void:allegro/1#17.2@1", partly(schemas.ShipmentLabelled, 1, 2)) // it was bought all the same
	d.want("", partly(schemas.ShipmentWithdrawn, 1, 2))
	d.want("", partly(schemas.ShipmentVoided, 1, 1))
	d.want("", partly(schemas.ShipmentRecalled, 7, 0)) // of a generation that nobody asked for
}

func TestACarrierThatIsNotConfiguredAndAPartThatIsNotThereWaitForAPerson(t *testing.T) {
	d := newDesk(t)
	other := requested(1)
	other.Carrier = "gls"
	_, err := Book(Sources{}).Handle(&topics.Event{Value: other}, new(schemas.OrderBooking))
	if dead, _ := Outcome(err); dead == nil || !strings.Contains(err.Error(), "parties.gls.carrier") {
		t.Errorf("got %v", err)
	}
	d.hear(requested(1))
	_, err = Book(Sources{}).Handle(&topics.Event{Value: partly(schemas.ShipmentVoided, 1, 3)}, &d.state)
	if dead, _ := Outcome(err); dead == nil {
		t.Errorf("got %v", err)
	}
}

func TestWhatACarrierSaysFollowsAsAPartOfItsShipment(t *testing.T) {
	d := newDesk(t)
	task := d.want("book:allegro/1#17.1@1 book:allegro/1#17.2@1", requested(1))[0]
	said := func(b schemas.Bought) []topics.Message {
		document, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := BookThen(task, "B1", document, 5)
		if err != nil {
			t.Fatal(err)
		}
		return messages
	}
	made := said(schemas.Bought{Ref: "B1", Parcels: []schemas.BoughtParcel{{Number: "N1", SHA256: "00", Format: "pdf", Bytes: 5}, {Number: "N2"}}, Cost: &schemas.Money{Minor: 499, Currency: "EUR"}})
	s := made[0].Value.(*schemas.Shipment)
	if s.State != schemas.ShipmentLabelled || s.Part != 1 || s.Parts != 2 || s.Parcels[0].Number != "N1" || s.Parcels[0].LabelSHA256 != "00" || s.Parcels[1].Number != "N2" ||
		s.Parcels[0].Grams != 1200 || s.BookingRef != "B1" || s.Cost.Minor != 499 || s.By != "dhl" || s.At != 5 {
		t.Errorf("said %+v", s)
	}
	var keys []string
	for _, m := range made[1:] {
		keys = append(keys, m.Key)
	}
	if got := strings.Join(keys, " "); got != "dhl/shipment/B1 dhl/tracking/N1 dhl/tracking/N2" {
		t.Errorf("links: %s", got)
	}
	pending := said(schemas.Bought{Ref: "B1", Pending: true})
	if s := pending[0].Value.(*schemas.Shipment); s.State != schemas.ShipmentBooked || s.BookingRef != "B1" {
		t.Errorf("said %+v", s)
	}
	complete := pending[2].Value.(*schemas.Task)
	if c, _ := schemas.ParseCarriage(complete.Payload); complete.Kind != KindComplete || complete.Lane != task.Lane || c.Ref != "B1" || c.Booking.Reference == "" {
		t.Errorf("then %+v", complete)
	}
	byWord, err := BookThen(task, "B2", nil, 5) // a person said that it was done
	if err != nil || byWord[0].Value.(*schemas.Shipment).State != schemas.ShipmentBooked || byWord[2].Value.(*schemas.Task).Kind != KindComplete {
		t.Errorf("by the word of a person: %v %v", byWord, err)
	}
	refused, err := RefusedThen(task, "zip", "the postcode is none of PL", 5)
	if s := refused[0].Value.(*schemas.Shipment); err != nil || s.State != schemas.ShipmentRefused || s.Reason != "zip" || s.To != nil {
		t.Errorf("refused: %+v %v", s, err)
	}
}
