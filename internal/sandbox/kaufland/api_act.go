package kaufland

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/party"
)

// deed is something that a seller does to a unit.
type deed struct {
	from    []string // in which of these it can be done
	already []string // in which of these it has been done before
	refusal string   // the problem in any other
	status  int      // with which that is refused
	of      string   // for the books, what of the unit it is done to; empty: the unit
	result  string   // for the books
	check   func(u *heldUnit) *party.Reply
	do      func(h *held, u *heldUnit, now time.Time)
}

// perform does it to the unit of the path, if it can be done.
func (a *API) perform(c *party.Call, id string, d deed) party.Reply {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return *invalid("id_order_unit", "must be an integer")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at, known := a.units[number]
	if !known {
		return notFound()
	}
	u := &at.order.units[at.unit]
	switch {
	case at.order.byKaufland:
		return *refused(d.status, d.problem(problemNotAllowed), "Kaufland fulfils this order")
	case slices.Contains(d.already, u.status):
		return *refused(http.StatusForbidden, problemDuplicate, "this has been done already")
	case !slices.Contains(d.from, u.status):
		return *refused(d.status, d.refusal, "a unit that is "+u.status+" does not allow it")
	}
	if d.check != nil {
		if bad := d.check(u); bad != nil {
			return *bad
		}
	}
	subject := strings.TrimSpace(id + " " + d.of)
	if c.Pretend(subject) {
		return done
	}
	before, now := u.status, a.now()
	d.do(at.order, u, now)
	u.acted = true
	u.updated, at.order.updated = now, now
	c.Done(subject, d.result)
	if u.status != before {
		a.announce("order_unit_status_changed", at.order, at.unit)
	}
	return done
}

// problem is one that goes with the status: 403 has the type that is given.
func (d deed) problem(forbidden string) string {
	if d.status == http.StatusForbidden {
		return forbidden
	}
	return d.refusal
}

func (a *API) fulfil(c *party.Call) party.Reply {
	return a.perform(c, c.PathValue("id_order_unit"), deed{
		from: []string{open}, already: []string{needToBeSent}, refusal: problemNotAllowed, status: http.StatusForbidden, result: needToBeSent,
		do: func(h *held, u *heldUnit, now time.Time) {
			u.status = needToBeSent
			if h.released.IsZero() {
				h.released = now
			}
		},
	})
}

func (a *API) sendUnit(c *party.Call) party.Reply {
	var asked struct {
		TrackingNumbers *string `json:"tracking_numbers"`
		CarrierCode     *string `json:"carrier_code"`
	}
	if bad := readBody(c, &asked); bad != nil {
		return *bad
	}
	switch {
	case asked.TrackingNumbers == nil:
		return *invalid("tracking_numbers", "missing")
	case asked.CarrierCode == nil:
		return *invalid("carrier_code", "missing")
	}
	if bad := trackable("carrier_code", *asked.CarrierCode, "tracking_numbers", *asked.TrackingNumbers); bad != nil {
		return *bad
	}
	return a.perform(c, c.PathValue("id_order_unit"), deed{
		from: []string{needToBeSent}, already: afterSending, refusal: problemNotAllowed, status: http.StatusForbidden,
		result: *asked.CarrierCode + " " + *asked.TrackingNumbers,
		do:     func(_ *held, u *heldUnit, _ time.Time) { u.status = sent },
	})
}

// afterSending are the statuses of units that have been sent.
var afterSending = []string{sent, autopaid, received, returned, returnedPaid}

func (a *API) cancelUnit(c *party.Call) party.Reply {
	var asked struct {
		Reason string `json:"reason"`
	}
	if bad := readBody(c, &asked); bad != nil {
		return *bad
	}
	if !slices.Contains(reasons, asked.Reason) {
		return *invalid("reason", "not valid")
	}
	return a.perform(c, c.PathValue("id_order_unit"), deed{
		from: []string{open, needToBeSent}, already: []string{cancelled}, refusal: problemNoCancel, status: http.StatusForbidden, result: asked.Reason,
		do: func(_ *held, u *heldUnit, _ time.Time) { u.status, u.reason = cancelled, asked.Reason },
	})
}

// refundReasons are the specification's (OrderUnitRefundReason).
var refundReasons = []string{
	"delivery_damage", "delivery_delay", "incomplete_delivery", "incorrect_delivery", "refund_postage_fee", "defect", "other_refund",
	"refund_return_postage_fee",
}

func (a *API) refund(c *party.Call) party.Reply {
	var asked struct {
		Amount int64  `json:"amount"`
		Reason string `json:"reason"`
	}
	if bad := readBody(c, &asked); bad != nil {
		return *bad
	}
	if !slices.Contains(refundReasons, asked.Reason) {
		return *invalid("reason", "not valid")
	}
	return a.perform(c, c.PathValue("id_order_unit"), deed{
		from: afterSending, refusal: problemBadRequest, status: http.StatusBadRequest, result: strconv.FormatInt(asked.Amount, 10) + " " + asked.Reason,
		check: func(u *heldUnit) *party.Reply {
			if asked.Amount <= 0 || asked.Amount > u.price-u.refunded {
				return invalid("amount", "must be from 1 to what is left of the price")
			}
			return nil
		},
		do: func(_ *held, u *heldUnit, _ time.Time) { u.refunded += asked.Amount },
	})
}

// shipmentsMax bounds what can be added to a unit.
const shipmentsMax = 50

func (a *API) addShipment(c *party.Call) party.Reply {
	var asked struct {
		IDOrderUnit json.Number `json:"id_order_unit"` // the specification's example is a text
		Shipment    struct {
			CarrierCode    string `json:"carrier_code"`
			TrackingNumber string `json:"tracking_number"`
		} `json:"shipment_information"`
	}
	if bad := readBody(c, &asked); bad != nil {
		return *bad
	}
	parcel := asked.Shipment
	if bad := trackable("shipment_information.carrier_code", parcel.CarrierCode, "shipment_information.tracking_number", parcel.TrackingNumber); bad != nil {
		return *bad
	}
	return a.perform(c, asked.IDOrderUnit.String(), deed{
		from: afterSending, refusal: problemNotAllowed, status: http.StatusForbidden, of: parcel.TrackingNumber,
		result: parcel.CarrierCode + " " + parcel.TrackingNumber,
		check: func(u *heldUnit) *party.Reply {
			if u.shipments >= shipmentsMax {
				return refused(http.StatusForbidden, problemNotAllowed, "the unit has too many shipments")
			}
			return nil
		},
		do: func(_ *held, u *heldUnit, _ time.Time) { u.shipments++ },
	})
}

func readBody(c *party.Call, into any) *party.Reply {
	if err := c.Read(into); err != nil {
		return refused(http.StatusBadRequest, problemBadRequest, "the body is not as it must be: "+err.Error())
	}
	return nil
}
