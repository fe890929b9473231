package kaufland

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// unitsSent are the statuses of units that have left (v2.27.0, OrderUnitStatus).
var unitsSent = []string{"sent", "sent_and_autopaid", "received", "returned", "returned_paid"}

func isSent(u unitState) bool { return slices.Contains(unitsSent, u.Status) }

// sending is the body of SendOrderUnit. Both are required.
type sending struct {
	Numbers string `json:"tracking_numbers"`
	Carrier string `json:"carrier_code"`
}

// Ship says of each piece in a parcel that it is sent. A piece that is sent stays as it is: Kaufland takes another number of it as another
// parcel. One that is still open is put in fulfilment first.
func (a *Account) Ship(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	units, said, err := a.inParcel(ctx, s)
	if err != nil {
		return nil, err
	}
	body := sending{Numbers: s.Number, Carrier: carrierOf(s)}
	for _, u := range units {
		if isSent(u) {
			continue
		}
		if u.Status == unitOpen {
			err = a.act(ctx, u.ID, "fulfil", nil)
		}
		if err == nil {
			err = a.act(ctx, u.ID, "send", body)
		}
		if err != nil {
			return nil, err
		}
	}
	return said, nil
}

// Shipped looks whether all the pieces in a parcel are sent. Under which number, Kaufland does not say.
func (a *Account) Shipped(ctx context.Context, s schemas.Shipping) ([]byte, error) {
	units, said, err := a.inParcel(ctx, s)
	if err == nil && slices.ContainsFunc(units, func(u unitState) bool { return !isSent(u) }) {
		return nil, remote.ErrAbsent
	}
	return said, err
}

// inParcel are the units in a parcel as they stand: those that it names, or all that are not cancelled.
func (a *Account) inParcel(ctx context.Context, s schemas.Shipping) (in []unitState, said []byte, err error) {
	units, _, err := a.unitsOf(ctx, s.Ref)
	if err != nil {
		return nil, nil, err
	}
	var named []string
	for _, l := range s.Lines {
		named = append(named, l.UnitRefs...)
		if len(l.UnitRefs) == 0 {
			named = append(named, l.LineRef)
		}
	}
	for _, u := range units {
		meant := slices.Contains(named, strconv.FormatInt(u.ID, 10))
		switch {
		case meant && u.Status == unitCancelled:
			return nil, nil, &remote.Failure{Class: remote.Business, Code: "cancelled", Reason: "a piece that has left is cancelled at Kaufland"}
		case meant, len(named) == 0 && u.Status != unitCancelled:
			in = append(in, u)
		}
	}
	if len(in) == 0 || len(in) < len(named) {
		return nil, nil, &remote.Failure{Class: remote.Business, Code: "unknown_unit", Reason: "the parcel holds a piece that the order does not have"}
	}
	said, err = json.Marshal(in)
	return in, said, err
}

// carriers are Kaufland's codes, each an exact text (GET /carriers). "DPD" and "GLS" alone are those of Germany.
var carriers = map[string]string{
	"brt": "BRT Bartolini", "deutsche-post": "Deutsche Post", "dhl": "DHL", "dhl-express": "DHL Express", "dpd": "DPD", "dpd-at": "DPD Austria",
	"dpd-cz": "DPD Czech Republic", "dpd-pl": "DPD Poland", "dpd-sk": "DPD Slovakia", "fedex": "Fedex", "gls": "GLS", "gls-cz": "GLS Czech Republic",
	"gls-it": "GLS Italy", "gls-pl": "GLS Poland", "hermes": "Hermes", "inpost": "InPost", "mondial-relay": "Mondial Relay", "orlen": "Orlen Paczka",
	"packeta": "Packeta", "poczta-polska": "Poland Post", "poste-italiane": "Post Italiane", "postnl": "PostNL", "ppl": "PPL", "seur": "Seur", "tnt": "TNT",
	"trans-o-flex": "trans-o-flex", "ups": "UPS", "wedo": "WeDo Logistics",
}

func carrierOf(s schemas.Shipping) string { return cmp.Or(carriers[s.Carrier], "Other") }
