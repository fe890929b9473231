package inpost

import (
	"net/http"
	"strings"
	"time"

	lives "waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

const (
	trackingPath = "/v1/tracking"
	moment       = "2006-01-02T15:04:05.000Z07:00"
)

// track answers a parcel's states, the newest first (dokumentacja-inpost.atlassian.net, Shipment Tracking).
func (i *InPost) track(c *party.Call) party.Reply {
	i.mu.Lock()
	k := i.byNumber[c.PathValue("number")]
	bought := k != nil && k.status(i.options.Now()) == "confirmed"
	i.mu.Unlock()
	p, found := i.lives.Find(c.PathValue("number"))
	if !bought || !found {
		return notThere()
	}
	details := []any{}
	for _, s := range p.Scans {
		status := saysOf(s, p.Point)
		details = append([]any{map[string]any{"status": status, "origin_status": origins[status], "agency": agency(s), "datetime": momentOf(s)}}, details...)
	}
	shown := map[string]any{
		"tracking_number": p.Number, "type": k.order.Service, "service": k.order.Service, "custom_attributes": map[string]any{}, "status": saysOf(p.Last(), p.Point),
		"created_at": k.at.In(lives.Warsaw).Format(moment), "updated_at": momentOf(p.Last()), "tracking_details": details, "expected_flow": []any{},
	}
	if p.Point {
		shown["custom_attributes"] = map[string]any{"size": "A", "target_machine_id": k.order.Attributes.TargetPoint}
	}
	return party.JSON(http.StatusOK, shown)
}

func momentOf(s lives.Scan) string { return s.At.In(lives.Warsaw).Format(moment) }

// agency is a depot's short name; nothing is done in one before the parcel is there.
func agency(s lives.Scan) any {
	if s.Kind == lives.Announced {
		return nil
	}
	return strings.ToUpper(string([]rune(s.Place.City)[:3]))
}

// origins are symbols of states; InPost tells them only for some.
var origins = map[string]any{"delivered": "DOR"}

var scans = map[lives.Kind]string{
	lives.Announced: "confirmed", lives.PickedUp: "collected_from_sender", lives.InTransit: "adopted_at_sorting_center", lives.Out: "out_for_delivery",
	lives.Failed: "pickup_reminder_sent_address", lives.AtPoint: "ready_to_pickup_from_pok", lives.NotCollected: "pickup_time_expired", lives.TurnedBack: "undelivered",
	lives.Damaged: "delay_in_delivery", lives.Held: "delay_in_delivery", lives.Missing: "missing",
	lives.Delivered: "delivered", lives.Neighbour: "delivered", lives.Collected: "delivered", lives.Returned: "returned_to_sender",
}

// saysOf is the state that a scan brings about. What waits in a locker is called otherwise than in a shop.
func saysOf(s lives.Scan, locker bool) string {
	switch {
	case s.Left:
		return "sent_from_source_branch"
	case s.Kind == lives.InTransit && s.Back:
		return "sent_from_sorting_center"
	case s.Kind == lives.AtPoint && locker:
		return "ready_to_pickup"
	}
	return scans[s.Kind]
}

// Teller posts each state as a webhook of ShipX does, unsigned: shipment_confirmed, which has none, then shipment_status_changed. How often it
// tries again is not published; three times within two hours is chosen.
func (i *InPost) Teller() lives.Teller {
	return lives.Teller{
		Book: i.lives, Pauses: []time.Duration{5 * time.Minute, 30 * time.Minute, 90 * time.Minute},
		Tell: func(p lives.Parcel, _ uint64) lives.Message {
			payload := map[string]any{"shipment_id": idOf(p.Number), "tracking_number": p.Number}
			event := "shipment_confirmed"
			if s := p.Last(); s.Kind != lives.Announced {
				event, payload["status"] = "shipment_status_changed", saysOf(s, p.Point)
			}
			return lives.Message{JSON: map[string]any{
				"event_ts": p.Last().At.In(lives.Warsaw).Format("2006-01-02 15:04:05 -0700"), "event": event, "organization_id": number(i.options.Organization), "payload": payload,
			}}
		},
	}
}
