package tryton

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Later states of a sale, and those of a shipment in which nobody has taken anything from a shelf (modules sale and stock).
const (
	stateConfirmed = "confirmed"
	stateCancelled = "cancelled"
)

var untouched = []string{"draft", "waiting", "assigned"}

// CancelOrder takes back the sale that carries our id. Tryton cancels a sale only until it is processed; of a later one, the shipments are
// cancelled, as long as nothing was picked for them, and the sale says so to whoever sees to its invoice.
func (e *ERP) CancelOrder(ctx context.Context, orderID string) (ref string, said []byte, err error) {
	b, _, err := e.find(ctx, orderID)
	if err != nil {
		return "", nil, err
	}
	switch ids := []any{b.ID}; b.State {
	case stateConfirmed:
		if _, err := e.do(ctx, "model.sale.sale.draft", nil, ids); err != nil {
			return "", nil, err
		}
		fallthrough
	case stateDraft, stateQuotation:
		if _, err := e.do(ctx, "model.sale.sale.cancel", nil, ids); err != nil {
			return "", nil, err
		}
	}
	if b, said, err = e.find(ctx, orderID); err != nil || b.State == stateCancelled {
		return refOf(b), said, err
	}
	return b.ID.String(), said, e.stopShipments(ctx, b, "cancelled by the channel")
}

// stopShipments cancels those of a sale.
func (e *ERP) stopShipments(ctx context.Context, b *booked, why string) error {
	shipments, err := e.untouchedShipments(ctx, b, why)
	if err != nil {
		return err
	}
	if len(shipments) > 0 {
		if _, err := e.do(ctx, "model.stock.shipment.out.cancel", nil, idsOf(shipments)); err != nil {
			return err
		}
	}
	_, err = e.do(ctx, "model.sale.sale.write", nil, []any{b.ID}, map[string]any{"description": "Its shipments are stopped: " + why})
	return err
}

// untouchedShipments are those of a sale, if nobody has begun with any of them.
func (e *ERP) untouchedShipments(ctx context.Context, b *booked, why string) ([]parcelled, error) {
	shipments, err := e.shipmentsOf(ctx, b.ID.String())
	for _, s := range shipments {
		if !slices.Contains(untouched, s.State) {
			return nil, &remote.Failure{
				Class: remote.TooLate, Code: "too_late", Reason: fmt.Sprintf("shipment %s of sale %s is %s already, and it is %s: stop it by hand", s.ID, b.ID, s.State, why),
			}
		}
	}
	return shipments, err
}

func idsOf(shipments []parcelled) (ids []any) {
	for _, s := range shipments {
		ids = append(ids, s.ID)
	}
	return ids
}

// AmendOrder makes the sale what the order is now. As long as Tryton has not processed it, it is written anew; of a later one, only where
// its shipments go can be another, until somebody has begun with them. Where somebody at Tryton has them go elsewhere, that stays.
func (e *ERP) AmendOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	ref, said, kept, err = e.amend(ctx, p)
	return ref, said, kept, unnamed(err, personalIn(p)...)
}

func (e *ERP) amend(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	b, said, err := e.find(ctx, p.Order.OrderID)
	if err != nil {
		return "", nil, nil, err
	}
	var now sold
	if now, err = e.soldIn(ctx, b); err != nil {
		return "", nil, nil, err
	}
	of := *p
	of.CustomerRef = now.Party.String()
	at, to, err := e.keeping(ctx, p, b)
	if err != nil {
		return "", nil, nil, err
	}
	if to != nil {
		kept, of.Order.ShipTo = []string{schemas.OwnedDestination}, to.Redirected(p.Order.ShipTo)
	}
	record, err := e.saleOf(ctx, &of)
	if err != nil {
		return "", nil, nil, harmless(err)
	}
	if to != nil {
		record["shipment_address"] = at
	}
	switch b.State {
	case stateCancelled:
		return "", nil, nil, &remote.Failure{Class: remote.Business, Code: "is_cancelled", Reason: "sale " + b.ID.String() + " is cancelled in Tryton"}
	case stateDraft, stateQuotation, stateConfirmed:
		ref, said, err = e.rewrite(ctx, &of, b, now, record)
		return ref, said, kept, err
	}
	if !now.hasLines(record) {
		return "", nil, nil, &remote.Failure{
			Class: remote.TooLate, Code: "too_late", Reason: "sale " + b.ID.String() + " is processed already, and other goods are wanted: change it by hand",
		}
	}
	if to != nil { // nothing of it is left to be written
		return b.ID.String(), said, kept, nil
	}
	return b.ID.String(), said, nil, e.redirect(ctx, b, record["shipment_address"])
}

// rewrite puts the sale back to a draft, writes it anew, and brings it through again.
func (e *ERP) rewrite(ctx context.Context, p *schemas.Placing, b *booked, now sold, record map[string]any) (ref string, said []byte, err error) {
	if b.State != stateDraft {
		if _, err := e.do(ctx, "model.sale.sale.draft", nil, []any{b.ID}); err != nil {
			return "", nil, err
		}
	}
	lines := record["lines"].([]any)
	if len(now.Lines) > 0 {
		lines = append([]any{[]any{"delete", now.Lines}}, lines...)
	}
	change := map[string]any{"lines": lines, "description": record["description"]}
	for _, field := range []string{"invoice_address", "shipment_address"} {
		change[field] = record[field]
	}
	if _, err := e.do(ctx, "model.sale.sale.write", nil, []any{b.ID}, change); err != nil {
		return "", nil, err
	}
	return e.bring(ctx, p)
}

// redirect lets the shipments of a sale go to another address, which Tryton allows of drafts only.
func (e *ERP) redirect(ctx context.Context, b *booked, address any) error {
	shipments, err := e.untouchedShipments(ctx, b, "to go to another address")
	if err != nil {
		return err
	}
	if len(shipments) == 0 {
		return &remote.Failure{Class: remote.TooLate, Code: "too_late", Reason: "sale " + b.ID.String() + " has no shipment that could go to another address"}
	}
	ids := idsOf(shipments)
	for _, button := range []string{"wait", "draft", "", "wait"} { // one that is assigned goes back by "wait"
		method, arguments := "model.stock.shipment.out."+button, []any{ids}
		if button == "" {
			method, arguments = "model.stock.shipment.out.write", append(arguments, map[string]any{"delivery_address": address})
		}
		if _, err := e.do(ctx, method, nil, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// sold is what stands in a sale.
type sold struct {
	Party json.Number   `json:"party"`
	Lines []json.Number `json:"lines"`
	texts []string      // its lines, as they can be compared
}

func (e *ERP) soldIn(ctx context.Context, b *booked) (sold, error) {
	var found []sold
	if _, err := e.ask(ctx, "model.sale.sale.read", &found, []any{b.ID}, []string{"party", "lines"}); err != nil {
		return sold{}, err
	}
	if len(found) == 0 {
		return sold{}, remote.ErrAbsent
	}
	var lines []struct {
		Description string  `json:"description"`
		Quantity    float64 `json:"quantity"`
		UnitPrice   number  `json:"unit_price"`
	}
	if _, err := e.ask(ctx, "model.sale.line.read", &lines, found[0].Lines, []string{"description", "quantity", "unit_price"}); err != nil {
		return sold{}, err
	}
	for _, l := range lines {
		found[0].texts = append(found[0].texts, lineText(l.Description, l.Quantity, l.UnitPrice))
	}
	return found[0], nil
}

// hasLines tells whether the lines of a record are those of the sale.
func (s *sold) hasLines(record map[string]any) bool {
	var wanted []string
	for _, one := range record["lines"].([]any)[0].([]any)[1].([]map[string]any) {
		description, _ := one["description"].(string)
		quantity, _ := one["quantity"].(float64)
		price, _ := one["unit_price"].(number)
		wanted = append(wanted, lineText(description, quantity, price))
	}
	there := slices.Clone(s.texts)
	slices.Sort(there)
	slices.Sort(wanted)
	return slices.Equal(there, wanted)
}

func lineText(description string, quantity float64, price number) string {
	amount := price.Decimal
	if strings.Contains(amount, ".") {
		amount = strings.TrimRight(strings.TrimRight(amount, "0"), ".")
	}
	return fmt.Sprintf("%g × %s: %s", quantity, amount, description)
}

func refOf(b *booked) string {
	if b == nil {
		return ""
	}
	return b.ID.String()
}
