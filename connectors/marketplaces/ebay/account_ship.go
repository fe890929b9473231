package ebay

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// fulfillment is a parcel that eBay knows (ShippingFulfillment).
type fulfillment struct {
	ID      string `json:"fulfillmentId"`
	Number  string `json:"shipmentTrackingNumber"`
	Carrier string `json:"shippingCarrierCode"`
	Lines   []sent `json:"lineItems"`
}

type sent struct {
	Ref      string `json:"lineItemId"`
	Quantity int64  `json:"quantity"`
}

// dispatch is a parcel as eBay is told of it (ShippingFulfillmentDetails). Carrier and number go together.
type dispatch struct {
	Lines   []sent `json:"lineItems"`
	Date    string `json:"shippedDate"`
	Carrier string `json:"shippingCarrierCode"`
	Number  string `json:"trackingNumber"`
}

func fulfillmentsPath(ref string) string { return orderPath(ref) + "/shipping_fulfillment" }

// Ship says that a parcel has left (createShippingFulfillment), unless eBay has one of that number: what it was told once can be neither
// changed nor taken back.
func (a *Account) Ship(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	known, found, err := a.parcels(ctx, s)
	if err != nil || found != nil {
		return found, err
	}
	d := dispatch{Date: instant(time.UnixMilli(int64(s.At))), Carrier: cmp.Or(carriers[s.Carrier], otherCarrier), Number: plain(s.Number)}
	if d.Lines, err = a.in(ctx, s, known); err != nil {
		return nil, err
	}
	if _, err := a.client.Send(ctx, http.MethodPost, fulfillmentsPath(s.Ref), nil, d); err != nil {
		return nil, understood(err)
	}
	return json.Marshal(d)
}

// Shipped looks whether eBay has a parcel of that number.
func (a *Account) Shipped(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	_, found, err := a.parcels(ctx, s)
	if err == nil && found == nil {
		err = remote.ErrAbsent
	}
	return found, err
}

// parcels are those that eBay has of an order, and the one that is meant, if it is among them. The id of one with a number is its number.
func (a *Account) parcels(ctx context.Context, s schemas.Shipping) (known []fulfillment, found []byte, err error) {
	var list struct {
		Fulfillments []fulfillment `json:"fulfillments"`
		Total        *int          `json:"total"`
	}
	if _, err = a.client.Get(ctx, fulfillmentsPath(s.Ref), nil, &list); err != nil {
		return nil, nil, understood(err)
	}
	if list.Total == nil && list.Fulfillments == nil {
		return nil, nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and it is no list of parcels"}
	}
	for _, f := range list.Fulfillments {
		if number := plain(s.Number); plain(f.Number) == number || f.ID == number {
			found, err = json.Marshal(f)
		}
	}
	return list.Fulfillments, found, err
}

// in are the lines in a parcel: those that it names, or all that has left in none.
func (a *Account) in(ctx context.Context, s schemas.Shipping, known []fulfillment) (in []sent, err error) {
	for _, l := range s.Lines {
		in = append(in, sent{l.LineRef, l.Quantity})
	}
	if len(in) > 0 {
		return in, nil
	}
	var order struct {
		Lines []sent `json:"lineItems"`
	}
	if _, err := a.client.Get(ctx, orderPath(s.Ref), nil, &order); err != nil {
		return nil, understood(err)
	}
	gone := map[string]int64{}
	for _, f := range known {
		for _, l := range f.Lines {
			gone[l.Ref] += l.Quantity
		}
	}
	for _, l := range order.Lines {
		if l.Quantity -= gone[l.Ref]; l.Quantity > 0 {
			in = append(in, l)
		}
	}
	if len(in) == 0 {
		return nil, &remote.Failure{Class: remote.Business, Code: "nothing_left", Reason: "everything of the order has left already, under other numbers"}
	}
	return in, nil
}

// plain is a number as eBay takes it: letters and digits alone (createShippingFulfillment, trackingNumber).
func plain(number string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, number)
}

// carriers are eBay's codes (Trading API, ShippingCarrierCodeType).
var carriers = map[string]string{
	"brt": "BRT", "chronopost": "Chronopost", "colissimo": "Colissimo", "correos": "Correos", "deutsche-post": "DeutschePost", "dhl": "DHL", "dhl-express": "DHLEXPRESS",
	"dpd": "DPD", "evri": "Hermes", "fedex": "FedEx", "gls": "GLS", "hermes": "Hermes", "inpost": "InPost", "poczta-polska": "PocztaPolska", "postnl": "TNTPost",
	"poste-italiane": "PosteItaliane", "royal-mail": "RoyalMail", "seur": "SEUR", "ups": "UPS", "usps": "USPS",
}

// otherCarrier is the code of all others.
const otherCarrier = "Other"
