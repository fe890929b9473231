package processors

import (
	"fmt"
	"slices"
	"strconv"

	"waybill/schemas"
	"waybill/topics"
)

// KindPrint is the call that has a label printed. It is not repeated: two parcels with one label are a parcel lost.
const KindPrint = "print"

// printCalls have the labels of a part printed as soon as there are any, where its carrier's account names a printer.
func (s *Sources) printCalls(shipment *schemas.Shipment) (calls []topics.Message, err error) {
	c := s.terms(shipment.Carrier).Carriage
	if c == nil || c.Printer == "" {
		return nil, nil
	}
	for i, p := range shipment.Parcels {
		if p.LabelSHA256 == "" {
			continue
		}
		one := *shipment
		one.To, one.Parcels = nil, []schemas.ShipmentParcel{p}
		payload, err := schemas.Printing{Shipment: one}.Body()
		if err != nil {
			return nil, fmt.Errorf("write down that the label of parcel %s is to be printed: %w", p.Number, err)
		}
		call, err := printerCall(c.Printer, KindPrint, shipment, i, payload)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// printedByHand withdraws what a printer still has to print of a label that somebody has printed meanwhile.
func (s *Sources) printedByHand(shipment *schemas.Shipment, told *schemas.OrderDispatch) ([]topics.Message, error) {
	at := slices.IndexFunc(told.Parts, func(p schemas.DispatchedPart) bool { return p.Ref == shipment.Ref && p.Part == shipment.Part })
	if at < 0 || told.Parts[at].Generation != shipment.Generation || slices.Contains(topics.Printers(), shipment.By) {
		return nil, nil
	}
	var numbers []string
	for _, p := range shipment.Parcels {
		numbers = append(numbers, p.Number)
	}
	return s.withdrawn(shipment, &told.Parts[at], numbers)
}

// withdrawn have labels of a part not printed any more.
func (s *Sources) withdrawn(shipment *schemas.Shipment, part *schemas.DispatchedPart, numbers []string) (calls []topics.Message, err error) {
	c := s.terms(part.Carrier).Carriage
	if c == nil || c.Printer == "" {
		return nil, nil
	}
	for i, number := range part.Numbers {
		if !slices.Contains(numbers, number) {
			continue
		}
		call, err := printerCall(c.Printer, KindWithdraw, shipment, i, schemas.Body{})
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// printerCall is a call about the label of a parcel, in a lane in which a withdrawal overtakes what is not begun.
func printerCall(printer, kind string, shipment *schemas.Shipment, parcel int, payload schemas.Body) (topics.Message, error) {
	outbox := topics.Named(topics.OutboxName(printer))
	if outbox == nil {
		return topics.Message{}, fmt.Errorf("printer %s of carrier %s is not configured: give parties.%s.printer, and its settings", printer, shipment.Carrier, printer)
	}
	label := shipment.ShipmentID + "." + strconv.FormatInt(shipment.Part, 10) + "." + strconv.Itoa(parcel+1)
	sequence := 2 * shipment.Generation
	if kind == KindWithdraw {
		sequence++
	}
	task := &schemas.Task{
		TaskID: fmt.Sprintf("%s/%s:%s@%d", printer, kind, label, shipment.Generation), Party: printer, Kind: kind, OrderID: shipment.OrderID,
		Lane: KindPrint + ":" + label, Sequence: sequence, Deadline: shipment.ShipBy, Payload: payload,
	}
	return topics.Message{Topic: outbox, Key: task.TaskID, Value: task, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(shipment.OrderID)}}}, nil
}

// PrintThen is what follows once a printer has a label.
func PrintThen(task *schemas.Task, at schemas.Millis) ([]topics.Message, error) {
	p, err := schemas.ParsePrinting(task.Payload)
	if err != nil {
		return nil, err
	}
	s := p.Shipment
	s.State, s.Reason, s.Text, s.At, s.By, s.Warnings = schemas.ShipmentPrinted, "", "at "+task.Party+", as soon as it came", at, task.Party, nil
	return []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: &s}}, nil
}
