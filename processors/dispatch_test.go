package processors

import (
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// toldERP is what the ERP is told, as number status, in order.
func toldERP(t *testing.T, state *schemas.OrderDispatch, s *schemas.Shipment) string {
	t.Helper()
	step := Dispatch(Sources{Terms: func(string) Terms { return Terms{Carriage: &Carriage{LabelLink: "https://labels.example/"}} }})
	result, err := step.Handle(&topics.Event{Topic: topics.Shipments, Key: s.OrderID, Value: s}, state)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, m := range result.Messages {
		task := m.Value.(*schemas.Task)
		told, err := schemas.ParseTracking(task.Payload)
		if err != nil || m.Topic != topics.OutboxERP || task.Kind != KindTracking || told.OrderRef != "SO1" {
			t.Errorf("%s: %+v %v", task.TaskID, told, err)
		}
		said = append(said, strings.TrimSpace(fmt.Sprintf("%s %s %s", told.Number, told.Status, told.LabelURL)))
	}
	return strings.Join(said, ", ")
}

func TestTheERPHearsOfEachParcelOnceAndThatAReplacedNumberIsGoodNoMore(t *testing.T) {
	var state schemas.OrderDispatch
	part := func(state string, generation, part int64, at schemas.Millis, numbers ...string) *schemas.Shipment {
		s := &schemas.Shipment{ShipmentID: "allegro/1#17", OrderID: "allegro/1", OrderRef: "SO1", Ref: "17", State: state, Generation: generation, Part: part, Parts: 2, Carrier: "dhl", At: at}
		for _, number := range numbers {
			s.Parcels = append(s.Parcels, schemas.ShipmentParcel{Number: number, LabelSHA256: "a" + number})
		}
		return s
	}
	for i, c := range []struct {
		said *schemas.Shipment
		want string
	}{
		{part(schemas.ShipmentRequested, 1, 0, 1), ""},
		{part(schemas.ShipmentLabelled, 1, 1, 2, "N1", "N2"), "N1 labelled https://labels.example/aN1, N2 labelled https://labels.example/aN2"},
		{part(schemas.ShipmentLabelled, 1, 1, 2, "N1", "N2"), ""},
		{part(schemas.ShipmentLabelled, 1, 2, 3, "N3"), "N3 labelled https://labels.example/aN3"},
		{part(schemas.ShipmentVoided, 1, 1, 4), "N1 voided, N2 voided"},
		{part(schemas.ShipmentVoided, 1, 1, 4), ""},
		{part(schemas.ShipmentLabelled, 2, 1, 5, "N4"), "N4 labelled https://labels.example/aN4"},
		{part(schemas.ShipmentLabelled, 2, 2, 6, "N5"), "N3 voided, N5 labelled https://labels.example/aN5"},
		{part(schemas.ShipmentVoided, 1, 2, 7), ""}, // of a generation that is over
	} {
		if got := toldERP(t, &state, c.said); got != c.want {
			t.Errorf("%d: got %q, want %q", i, got, c.want)
		}
	}
}

// shipsOf is what the channel is told of a part, as parcel number pieces.
func shipsOf(t *testing.T, s *schemas.Shipment, state *schemas.OrderDispatch) (said []string, tasks []*schemas.Task) {
	t.Helper()
	topics.Call([]string{"allegro"})
	t.Cleanup(func() { topics.Call(nil) })
	step := Dispatch(Sources{Terms: func(party string) Terms { return Terms{Ships: party == "allegro", Carriage: &Carriage{Carrier: "dhl"}} }})
	result, err := step.Handle(&topics.Event{Topic: topics.Shipments, Key: s.OrderID, Value: s}, state)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range result.Messages {
		task := m.Value.(*schemas.Task)
		if task.Kind != KindShip {
			continue
		}
		told, err := schemas.ParseShipping(task.Payload)
		if err != nil || m.Topic.Name != "outbox.allegro" || told.Ref != "1" || told.Carrier != "dhl" {
			t.Errorf("%s: %+v %v", task.TaskID, told, err)
		}
		pieces := ""
		for _, l := range told.Lines {
			pieces += fmt.Sprintf(" %d×%s%v", l.Quantity, l.LineRef, l.UnitRefs)
		}
		said, tasks = append(said, fmt.Sprintf("%d %s%s", told.Parcel, told.Number, pieces)), append(tasks, task)
	}
	return said, tasks
}

// Nobody is told twice that a piece has left, and a replaced number takes the place of the first.
func TestTheChannelHearsOfEachParcelWithItsPieces(t *testing.T) {
	var state schemas.OrderDispatch
	part := func(generation, n int64, number string) *schemas.Shipment {
		return &schemas.Shipment{
			ShipmentID: "allegro/1#17", OrderID: "allegro/1", Party: "allegro", Ref: "17", State: schemas.ShipmentLabelled, Generation: generation, Part: n, Parts: 3, Carrier: "dhl-2", At: 5,
			Lines:   []schemas.ShipmentLine{{LineRef: "a", Quantity: 3, UnitRefs: []string{"u1", "u2", "u3"}}, {LineRef: "b", Quantity: 1}},
			Parcels: []schemas.ShipmentParcel{{Number: number}},
		}
	}
	var lanes []string
	for i, want := range []string{"1 N1 1×a[u1] 1×b[]", "2 N2 1×a[u2]", "3 N3 1×a[u3]"} {
		said, tasks := shipsOf(t, part(1, int64(i+1), fmt.Sprintf("N%d", i+1)), &state)
		if got := strings.Join(said, ", "); got != want {
			t.Errorf("part %d: got %q, want %q", i+1, got, want)
		}
		lanes = append(lanes, tasks[0].Lane)
	}
	said, tasks := shipsOf(t, part(2, 2, "N9"), &state)
	if strings.Join(said, ", ") != "2 N9 1×a[u2]" || tasks[0].Lane != lanes[1] || tasks[0].Sequence != 2 || lanes[0] == lanes[1] {
		t.Errorf("the replaced one: %v in %s", said, tasks[0].Lane)
	}
}
