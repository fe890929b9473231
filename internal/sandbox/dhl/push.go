package dhl

import (
	"net/http"
	"time"

	"waybill/internal/sandbox/parcel"
)

// PushHeader carries the secret of a push: its name is the subscriber's choice (Unified Push, hook.authentication).
const PushHeader = "X-Push-Token"

// Teller posts a parcel with all its events, of which the first is new. DHL publishes no message of a push; the form of Unified's answer stands
// for it. What is not taken is sent again after an hour and six more, then dropped (DHL eCommerce Americas, webhooks: the one division that says).
func (d *DHL) Teller() parcel.Teller {
	return parcel.Teller{
		Book: d.parcels, Pauses: []time.Duration{time.Hour, 6 * time.Hour},
		Tell: func(p parcel.Parcel, _ uint64) parcel.Message {
			return parcel.Message{JSON: map[string]any{"shipments": []any{unifiedOf(p)}}, Header: http.Header{PushHeader: {d.options.PushSecret}}}
		},
	}
}
