package tryton

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// WriteTracking writes a parcel's number into the reference of the order's shipments, behind those of other parcels, and what is known
// of it into a note on each: Tryton has no field for a carrier's status (stock.shipment.out ends with done, which it becomes once each of its parcels is delivered). An order without a
// shipment has the note itself. What stands there already is not written again, so a repeated call changes nothing; a note holds
// the last status. Two writers at once: one is refused as transient.
func (e *ERP) WriteTracking(ctx context.Context, t schemas.Tracking) error {
	shipments, err := e.shipmentsOf(ctx, t.OrderRef)
	if err != nil {
		return err
	}
	noted := []string{"sale.sale," + t.OrderRef}
	for i, s := range shipments {
		if i == 0 {
			noted = nil
		}
		if err := e.writeReference(ctx, s, t.Number); err != nil {
			return err
		}
		noted = append(noted, "stock.shipment.out,"+s.ID.String())
	}
	for _, resource := range noted {
		if err := e.writeNote(ctx, resource, t); err != nil {
			return err
		}
	}
	for _, s := range shipments {
		if t.Done && s.ID.String() == t.ShipmentRef {
			return e.finish(ctx, s)
		}
	}
	return nil
}

// finish says that a shipment is done, which Tryton takes of one that is packed. A button that is pressed in another state answers null and does
// nothing, so it is looked at afterwards.
func (e *ERP) finish(ctx context.Context, s parcelled) error {
	if s.State != "packed" {
		return nil // it is done already, or was never packed: that is the warehouse's to say
	}
	if _, err := e.do(ctx, "model.stock.shipment.out.done", nil, []any{s.ID}); err != nil {
		return err
	}
	var now []parcelled
	if _, err := e.ask(ctx, "model.stock.shipment.out.read", &now, []any{s.ID}, []string{"state"}); err != nil {
		return err
	}
	if len(now) != 1 || now[0].State != "done" {
		return &remote.Failure{Class: remote.Transient, Code: "not_done", Reason: "Tryton was told that shipment " + s.ID.String() + " is done, and does not have it so", Perhaps: true}
	}
	return nil
}

// parcelled is a shipment, and by what it is locked against who writes at the same time.
type parcelled struct {
	ID        json.Number `json:"id"`
	Reference string      `json:"reference"`
	State     string      `json:"state"`
	Timestamp string      `json:"_timestamp"`
}

// shipmentsOf are those of a sale that are not cancelled.
func (e *ERP) shipmentsOf(ctx context.Context, orderRef string) ([]parcelled, error) {
	var sales []struct {
		Shipments []json.Number `json:"shipments"`
	}
	_, err := e.ask(ctx, "model.sale.sale.search_read", &sales, all(where("id", "=", json.Number(orderRef))), 0, 1, nil, []string{"shipments"})
	if err != nil {
		return nil, err
	}
	if len(sales) == 0 {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "unknown_order", Reason: "Tryton has no sale " + orderRef + ": it was deleted, or this is another database"}
	}
	if len(sales[0].Shipments) == 0 {
		return nil, nil
	}
	var shipments []parcelled
	_, err = e.ask(ctx, "model.stock.shipment.out.search_read", &shipments,
		all(where("id", "in", sales[0].Shipments), where("state", "!=", "cancelled")), 0, nil, oldestFirst, []string{"reference", "state", "_timestamp"})
	return shipments, err
}

// between stands between the numbers of several parcels.
const between = ", "

func (e *ERP) writeReference(ctx context.Context, s parcelled, number string) error {
	numbers := strings.FieldsFunc(s.Reference, func(r rune) bool { return strings.ContainsRune(between, r) })
	if number == "" || slices.Contains(numbers, number) {
		return nil
	}
	lock := map[string]any{"_timestamp": map[string]string{"stock.shipment.out," + s.ID.String(): s.Timestamp}}
	return e.write(ctx, "stock.shipment.out", s.ID, map[string]any{"reference": strings.Join(append(numbers, number), between)}, lock)
}

// writeNote keeps one note a parcel, which begins with its number.
func (e *ERP) writeNote(ctx context.Context, resource string, t schemas.Tracking) error {
	title := strings.TrimSpace(t.Carrier + " " + t.Number)
	lines := slices.DeleteFunc([]string{title, t.Status, t.URL, t.LabelURL}, func(line string) bool { return line == "" })
	message := strings.Join(lines, "\n")
	var notes []struct {
		ID        json.Number `json:"id"`
		Message   string      `json:"message"`
		Timestamp string      `json:"_timestamp"`
	}
	if _, err := e.ask(ctx, "model.ir.note.search_read", &notes,
		all(where("resource", "=", resource), where("message", "like", literally(title)+"%")), 0, nil, oldestFirst, []string{"message", "_timestamp"}); err != nil {
		return err
	}
	for _, n := range notes {
		if first, _, _ := strings.Cut(n.Message, "\n"); first != title {
			continue
		}
		if n.Message == message {
			return nil
		}
		lock := map[string]any{"_timestamp": map[string]string{"ir.note," + n.ID.String(): n.Timestamp}}
		return e.write(ctx, "ir.note", n.ID, map[string]any{"message": message}, lock)
	}
	_, _, err := e.create(ctx, "ir.note", map[string]any{"resource": resource, "message": message})
	return err
}

// write changes one record, in a context with more in it.
func (e *ERP) write(ctx context.Context, model string, id json.Number, values, more map[string]any) error {
	_, err := e.doWith(ctx, more, "model."+model+".write", nil, []any{id}, values)
	return err
}
