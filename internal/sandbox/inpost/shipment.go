package inpost

import (
	"fmt"
	"strconv"
	"time"

	"waybill/internal/sandbox/wire"
)

// kept is a shipment that was made.
type kept struct {
	id        int
	order     order
	at        time.Time
	unpaid    bool // there was no money when it was to be bought
	cancelled bool

	// How long after it was made it reached each state, and lists show it.
	prepared, selected, bought, listed time.Duration
}

// newKept throws the dice for how long everything takes, within what was seen.
func newKept(seed uint64, n int, o order, at time.Time, unpaid bool) *kept {
	d := wire.Throw(seed, 0x1A907, uint64(n))
	milliseconds := func(low, high int) time.Duration { return time.Duration(d.Between(low, high)) * time.Millisecond }
	k := &kept{id: 14_588_000 + n, order: o, at: at, unpaid: unpaid, prepared: milliseconds(50, 200), listed: milliseconds(0, 5400)}
	k.selected = k.prepared + milliseconds(50, 300)
	k.bought = k.selected + milliseconds(200, 700)
	return k
}

// status is how far it is.
func (k *kept) status(now time.Time) string {
	switch age := now.Sub(k.at); {
	case k.cancelled:
		return "canceled"
	case age < k.prepared:
		return "created"
	case age < k.selected:
		return "offers_prepared"
	case age < k.bought || k.unpaid:
		return "offer_selected"
	}
	return "confirmed"
}

// number is what it is tracked by: 24 digits, when it is bought.
func (k *kept) number(now time.Time) any {
	if k.status(now) != "confirmed" {
		return nil
	}
	return k.trackedBy()
}

func (k *kept) trackedBy() string { return fmt.Sprintf("6649206176%014d", k.id) }

// idOf is the shipment of such a number.
func idOf(trackedBy string) int { return number(trackedBy[len(trackedBy)-14:]) }

// shown is the shipment as InPost shows it, also in lists.
func (k *kept) shown(base string, now time.Time) map[string]any {
	status, at := k.status(now), k.at.Format("2006-01-02T15:04:05.000Z07:00")
	shown := map[string]any{
		"href": base + "/v1/shipments/" + strconv.Itoa(k.id), "id": k.id, "status": status, "tracking_number": k.number(now), "return_tracking_number": nil,
		"service": k.order.Service, "reference": k.order.Reference, "is_return": false, "application_id": 7742, "created_by_id": nil, "external_customer_id": nil,
		"sending_method": k.order.Attributes.SendingMethod, "additional_services": []any{}, "custom_attributes": k.order.Attributes,
		"receiver": k.order.Receiver, "selected_offer": nil, "offers": []any{}, "transactions": []any{}, "created_at": at, "updated_at": at,
		"parcels": []any{map[string]any{"id": k.id + 1_000_000, "identify_number": nil, "tracking_number": k.number(now), "is_non_standard": false}},
	}
	if status == "created" || status == "canceled" {
		return shown
	}
	offer := map[string]any{"id": k.id + 2_000_000, "status": "available", "expires_at": nil, "rate": 16.99, "currency": "PLN", "unavailability_reasons": nil}
	switch {
	case status == "confirmed":
		offer["status"] = "bought"
		shown["transactions"] = []any{map[string]any{"id": k.id + 3_000_000, "status": "success", "offer_id": offer["id"], "details": map[string]any{}}}
	case status == "offer_selected":
		offer["status"] = "selected"
		if k.unpaid && now.Sub(k.at) >= k.bought {
			shown["transactions"] = []any{map[string]any{"id": k.id + 3_000_000, "status": "failure", "offer_id": offer["id"], "details": map[string]any{
				"status": 422, "error": "debt_collection", "message": "debt_collection", "details": map[string]any{},
			}}}
		}
	}
	if shown["offers"] = []any{offer}; status != "offers_prepared" {
		shown["selected_offer"] = offer
	}
	return shown
}
