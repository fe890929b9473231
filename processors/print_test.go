package processors

import (
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// paper is the printer of a carrier's labels, and what dispatch remembers.
type paper struct {
	*testing.T
	state schemas.OrderDispatch
}

// calls are those that the printer gets of a word about a shipment, as kind:label@generation.
func (p *paper) calls(s *schemas.Shipment) (tasks []*schemas.Task) {
	p.Helper()
	topics.Print([]string{"pack-1"})
	p.Cleanup(func() { topics.Print(nil) })
	step := Dispatch(Sources{Terms: func(string) Terms { return Terms{Carriage: &Carriage{Carrier: "dhl", Printer: "pack-1"}} }})
	result, err := step.Handle(&topics.Event{Topic: topics.Shipments, Key: s.OrderID, Value: s}, &p.state)
	if err != nil {
		p.Fatal(err)
	}
	for _, m := range result.Messages {
		if m.Topic == topics.Named("outbox.pack-1") {
			tasks = append(tasks, m.Value.(*schemas.Task))
		}
	}
	return tasks
}

func (p *paper) want(want string, s *schemas.Shipment) []*schemas.Task {
	p.Helper()
	tasks := p.calls(s)
	var got []string
	for _, task := range tasks {
		got = append(got, strings.TrimPrefix(task.TaskID, "pack-1/"))
	}
	if strings.Join(got, " ") != want {
		p.Errorf("got %q, want %q", got, want)
	}
	return tasks
}

func labelled(generation int64, numbers ...string) *schemas.Shipment {
	s := &schemas.Shipment{
		ShipmentID: "allegro/1#17", OrderID: "allegro/1", Ref: "17", State: schemas.ShipmentLabelled, Generation: generation, Part: 1, Parts: 1, Carrier: "dhl", OrderRef: "SO1", At: 3,
		To: &schemas.Person{Name: "Ana"},
	}
	for _, number := range numbers {
		s.Parcels = append(s.Parcels, schemas.ShipmentParcel{Number: number, LabelSHA256: "a" + number, LabelFormat: schemas.LabelZPL})
	}
	return s
}

func TestALabelIsPrintedOnceAsSoonAsItIsThereUnlessItIsTakenBackBefore(t *testing.T) {
	p := &paper{T: t}
	printed := p.want("print:allegro/1#17.1.1@1 print:allegro/1#17.1.2@1", labelled(1, "N1", "N2"))
	p.want("", labelled(1, "N1", "N2"))
	if strings.Contains(string(printed[0].Payload.Bytes), "Ana") || printed[0].Lane == printed[1].Lane {
		t.Errorf("got %+v", printed[0])
	}
	voided := labelled(1)
	voided.State = schemas.ShipmentVoided
	withdrawn := p.want("withdraw:allegro/1#17.1.1@1 withdraw:allegro/1#17.1.2@1", voided)
	if withdrawn[1].Lane != printed[1].Lane || withdrawn[1].Sequence <= printed[1].Sequence {
		t.Errorf("%+v does not overtake %+v", withdrawn[1], printed[1])
	}
	again := p.want("print:allegro/1#17.1.1@2", labelled(2, "N3"))
	if again[0].Lane != printed[0].Lane || again[0].Sequence <= withdrawn[0].Sequence {
		t.Errorf("%+v comes behind %+v", again[0], withdrawn[0])
	}
}

// Whoever prints a label elsewhere while its printer is jammed gets one label, and not another as soon as that is mended.
func TestWhatAPersonHasPrintedMeanwhileIsNotPrintedAgain(t *testing.T) {
	p := &paper{T: t}
	task := p.calls(labelled(1, "N1", "N2"))[1]
	byHand := labelled(1, "N2")
	byHand.State, byHand.By = schemas.ShipmentPrinted, "ben"
	p.want("withdraw:allegro/1#17.1.2@1", byHand)
	said, err := PrintThen(task, 5)
	if err != nil {
		t.Fatal(err)
	}
	s := said[0].Value.(*schemas.Shipment)
	if s.State != schemas.ShipmentPrinted || s.By != "pack-1" || s.At != 5 || s.Parcels[0].Number != "N2" || s.To != nil {
		t.Errorf("said %+v", s)
	}
	p.want("", s) // the printer's own word
	s.By, s.Generation = "ben", 7
	p.want("", s)
}

func TestAPrinterThatIsNotConfiguredWaitsForAPerson(t *testing.T) {
	step := Dispatch(Sources{Terms: func(string) Terms { return Terms{Carriage: &Carriage{Printer: "pack-9"}} }})
	_, err := step.Handle(&topics.Event{Topic: topics.Shipments, Key: "allegro/1", Value: labelled(1, "N1")}, new(schemas.OrderDispatch))
	if dead, _ := Outcome(err); dead == nil || !strings.Contains(err.Error(), "parties.pack-9.printer") {
		t.Errorf("got %v", err)
	}
}
