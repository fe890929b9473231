package allegro

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"unicode/utf8"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// fulfilmentSent is the seller's word that everything has left.
const fulfilmentSent = "SENT"

// isSent tells that it has left; what it became since then says so too.
func (s standing) isSent() bool {
	switch s.Fulfillment.Status {
	case fulfilmentSent, "READY_FOR_PICKUP", "PICKED_UP", "RETURNED":
		return true
	}
	return false
}

// waybill is a shipment of a form (CheckoutFormAddWaybillRequest). Without lines it is of all of them.
type waybill struct {
	Carrier string     `json:"carrierId"`
	Number  string     `json:"waybill"`
	Name    string     `json:"carrierName,omitempty"`
	Lines   []formLine `json:"lineItems,omitempty"`
}

type formLine struct {
	ID string `json:"id"`
}

// parcels are those that Allegro knows of a form, and its lines.
type parcels struct {
	Shipments []waybill  `json:"shipments"`
	Lines     []formLine `json:"lineItems"`
}

func (a *Account) parcelsOf(ctx context.Context, ref string) (p parcels, err error) {
	if _, err = a.client.Get(ctx, formPath(ref)+"/shipments", nil, &p); err == nil {
		_, err = a.client.Get(ctx, formPath(ref), nil, &p)
	}
	return p, understood(err)
}

func (p parcels) has(number string) bool {
	return slices.ContainsFunc(p.Shipments, func(w waybill) bool { return w.Number == number })
}

// complete tells whether each line has a parcel.
func (p parcels) complete() bool {
	return !slices.ContainsFunc(p.Lines, func(l formLine) bool {
		return !slices.ContainsFunc(p.Shipments, func(w waybill) bool { return slices.Contains(w.Lines, l) })
	})
}

// Ship adds a parcel to a form, if it does not have it, and says that the form is sent when no line is left without one.
func (a *Account) Ship(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	p, err := a.parcelsOf(ctx, s.Ref)
	if err == nil && !p.has(s.Number) {
		if err = a.add(ctx, s); err == nil {
			p, err = a.parcelsOf(ctx, s.Ref)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case !p.has(s.Number):
		return nil, &remote.Failure{Class: remote.Transient, Code: "not_added", Reason: "Allegro took the parcel and does not show it", Perhaps: true}
	case p.complete():
		return a.set(ctx, s.Ref, fulfilmentSent, standing.isSent)
	}
	return json.Marshal(p)
}

// Shipped looks whether the form has the parcel, and is sent if it is the last.
func (a *Account) Shipped(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	p, err := a.parcelsOf(ctx, s.Ref)
	switch {
	case err != nil:
		return nil, err
	case !p.has(s.Number):
		return nil, remote.ErrAbsent
	case p.complete():
		return a.look(ctx, s.Ref, standing.isSent)
	}
	return json.Marshal(p)
}

// add adds a parcel. A number that Allegro does not take as one of its carrier, as it takes none of a DPD abroad (ALL#7673), goes under the
// carrier's name.
func (a *Account) add(ctx context.Context, s schemas.Shipping) error {
	w := waybill{Carrier: carriers[s.Carrier], Number: s.Number}
	for _, l := range s.Lines {
		w.Lines = append(w.Lines, formLine{l.LineRef})
	}
	if w.Carrier == "" {
		w = w.other(s)
	}
	err := a.post(ctx, s.Ref, w)
	var f *remote.Failure
	if errors.As(err, &f) && f.Code == carrierWaybill && w.Carrier != otherCarrier {
		err = a.post(ctx, s.Ref, w.other(s))
	}
	return err
}

func (a *Account) post(ctx context.Context, ref string, w waybill) error {
	_, err := a.client.Send(ctx, http.MethodPost, formPath(ref)+"/shipments", nil, w)
	err = understood(err)
	var f *remote.Failure
	if errors.As(err, &f) && f.Status == http.StatusConflict {
		f.Class = remote.Business // the number is used for too many orders, or the order has too many
	}
	return err
}

// carrierWaybill is that the number has not the form of the carrier's.
const carrierWaybill = "CarrierWaybillValidationException"

// carriers are some of Allegro's (GET /order/carriers).
var carriers = map[string]string{
	"dhl": "DHL", "dpd": "DPD", "gls": "GLS", "inpost": "INPOST", "poczta-polska": "POCZTA_POLSKA", "ups": "UPS", "wedo": "WEDO",
}

const (
	otherCarrier   = "OTHER"
	carrierNameMax = 30 // characters
)

// other is the parcel under the name of its carrier.
func (w waybill) other(s schemas.Shipping) waybill {
	w.Carrier, w.Name = otherCarrier, cmp.Or(s.CarrierName, s.Carrier)
	for utf8.RuneCountInString(w.Name) > carrierNameMax {
		_, size := utf8.DecodeLastRuneInString(w.Name)
		w.Name = w.Name[:len(w.Name)-size]
	}
	return w
}
