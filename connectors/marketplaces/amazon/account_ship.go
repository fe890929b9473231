package amazon

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// dispatched is how far the goods of an order are, without persons.
type dispatched struct {
	Ref   string `json:"orderId"`
	Sales struct {
		Site string `json:"marketplaceId"`
	} `json:"salesChannel"`
	Items []struct {
		Ref         string `json:"orderItemId"`
		Fulfillment struct {
			Left int64 `json:"quantityUnfulfilled"`
		} `json:"fulfillment"`
	} `json:"orderItems"`
	Packages []struct {
		Ref     string `json:"packageReferenceId"`
		Carrier string `json:"carrier"`
		Number  string `json:"trackingNumber"`
	} `json:"packages"`
}

// has tells whether one of the order's packages is the parcel: of a number, whoever told Amazon of it.
func (d dispatched) has(s schemas.Shipping) bool {
	for _, p := range d.Packages {
		if p.Number == s.Number {
			return true
		}
	}
	return false
}

func (a *Account) dispatchedOf(ctx context.Context, ref string) (d dispatched, err error) {
	var answer struct{ Order dispatched }
	if _, err = a.client.Get(ctx, ordersPath+"/"+url.PathEscape(ref), url.Values{"includedData": {"FULFILLMENT,PACKAGES"}}, &answer); err != nil {
		return d, understood(err)
	}
	if answer.Order.Ref != ref {
		return d, &remote.Failure{Class: remote.Transient, Code: "unexpected_answer", Reason: "another order was answered than was asked for"}
	}
	return answer.Order, nil
}

// confirmation is ConfirmShipmentRequest (ordersV0.json).
type confirmation struct {
	Site    string        `json:"marketplaceId"`
	Package packageDetail `json:"packageDetail"`
}

type packageDetail struct {
	Ref         string         `json:"packageReferenceId"` // a text: since 2026-01 a number is refused (amzn/selling-partner-api-models#5094)
	Carrier     string         `json:"carrierCode"`
	CarrierName string         `json:"carrierName,omitempty"`
	Method      string         `json:"shippingMethod,omitempty"`
	Number      string         `json:"trackingNumber"`
	Date        string         `json:"shipDate"`
	Items       []confirmedRef `json:"orderItems"`
}

type confirmedRef struct {
	Ref      string `json:"orderItemId"`
	Quantity int64  `json:"quantity"`
}

// codeNoPackage is what a second confirmation of an order is answered that is shipped already (amzn/selling-partner-api-models#5037).
const codeNoPackage = "PackageToUpdateNotFound"

// Ship confirms that a parcel has left (confirmShipment, v0). The parcel's number is its packageReferenceId: to confirm the same one again
// puts it in its own place.
func (a *Account) Ship(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	d, err := a.dispatchedOf(ctx, s.Ref)
	if err != nil {
		return nil, err
	}
	if d.has(s) {
		return json.Marshal(d)
	}
	request := confirmation{Site: d.Sales.Site, Package: packageDetail{
		Ref: strconv.FormatInt(s.Parcel, 10), Method: s.Service, Number: s.Number, Date: time.UnixMilli(int64(s.At)).UTC().Format(time.RFC3339), Items: itemsOf(s, d),
	}}
	request.Package.Carrier, request.Package.CarrierName = carrierOf(s)
	if len(request.Package.Items) == 0 {
		return nil, &remote.Failure{Class: remote.Business, Code: "nothing_left", Reason: "everything of the order has left already, under other numbers"}
	}
	_, err = a.client.Send(ctx, http.MethodPost, "/orders/v0/orders/"+url.PathEscape(s.Ref)+"/shipmentConfirmation", nil, request)
	err = understood(err)
	var f *remote.Failure
	if errors.As(err, &f) && f.Code == codeNoPackage {
		if said, looked := a.Shipped(ctx, s); looked == nil {
			return said, nil
		}
		f.Class = remote.Business
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(request)
}

// Shipped looks whether Amazon has a package of that number.
func (a *Account) Shipped(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	d, err := a.dispatchedOf(ctx, s.Ref)
	if err != nil {
		return nil, err
	}
	if !d.has(s) {
		return nil, remote.ErrAbsent
	}
	return json.Marshal(d)
}

// itemsOf are the items in a parcel.
func itemsOf(s schemas.Shipping, d dispatched) (items []confirmedRef) {
	for _, l := range s.Lines {
		items = append(items, confirmedRef{l.LineRef, l.Quantity})
	}
	if len(s.Lines) > 0 {
		return items
	}
	for _, i := range d.Items {
		if i.Fulfillment.Left > 0 {
			items = append(items, confirmedRef{i.Ref, i.Fulfillment.Left})
		}
	}
	return items
}

// carriers are Amazon's codes, each an exact text (developer-docs.amazon.com/sp-api, carrier codes of confirmShipment).
var carriers = map[string]string{
	"brt": "BRT", "bpost": "bpost", "chronopost": "Chronopost", "colissimo": "Colissimo", "correos": "Correos", "deutsche-post": "Deutsche Post", "dhl": "DHL",
	"dpd": "DPD", "evri": "Evri", "fedex": "FedEx", "gls": "GLS", "hermes": "Hermes Logistik Gruppe", "inpost": "InPost", "mondial-relay": "Mondial Relay",
	"poczta-polska": "Poczta Polska", "postnl": "PostNL", "postnord": "PostNord", "poste-italiane": "Poste Italiane", "royal-mail": "Royal Mail", "seur": "SEUR",
	"ups": "UPS", "usps": "USPS",
}

// otherCarrier is the code of those that have none, and need a name.
const otherCarrier = "Other"

// carrierOf is the code of a carrier, and the name of one that has none.
func carrierOf(s schemas.Shipping) (code, name string) {
	if code = carriers[s.Carrier]; code != "" {
		return code, ""
	}
	return otherCarrier, cmp.Or(s.CarrierName, s.Carrier)
}
