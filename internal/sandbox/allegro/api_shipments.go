package allegro

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

type carrier struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// otherCarrier is for those that Allegro does not know, under a name of the seller's.
const otherCarrier = "OTHER"

// carriers are some of those that GET /order/carriers lists.
var carriers = []carrier{
	{"ALLEGRO", "Allegro"},
	{"DHL", "DHL"},
	{"DPD", "DPD"},
	{"GLS", "GLS"},
	{"INPOST", "InPost"},
	{"POCZTA_POLSKA", "Poczta Polska"},
	{"UPS", "UPS"},
	{"WEDO", "WE|DO"},
	{otherCarrier, ""},
}

func listCarriers(*party.Call) party.Reply {
	return answered(http.StatusOK, map[string]any{"carriers": carriers})
}

// What a shipment may be (CheckoutFormAddWaybillRequest). How many there may be is not documented.
const (
	waybillMax     = 64
	carrierNameMax = 30
	shipmentsMax   = 100 // of an order
	waybillUsesMax = 10  // orders that name one waybill
)

type lineRef struct {
	ID string `json:"id"`
}

// shipment is CheckoutFormAddWaybillCreated. Its id is base64 of carrier and waybill, as in the specification's example.
type shipment struct {
	ID          string    `json:"id"`
	Waybill     string    `json:"waybill"`
	CarrierID   string    `json:"carrierId"`
	CarrierName string    `json:"carrierName,omitempty"`
	LineItems   []lineRef `json:"lineItems"`
	CreatedAt   string    `json:"createdAt"`
}

func (a *API) listShipments(c *party.Call) party.Reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, known := a.forms[c.PathValue("id")]
	if !known {
		return notFound(c.PathValue("id"))
	}
	return answered(http.StatusOK, map[string]any{"shipments": append([]shipment{}, h.shipments...)})
}

// addShipment adds a parcel to an order. Whether that makes it SENT is a setting of the seller's: here it does not.
func (a *API) addShipment(c *party.Call) party.Reply {
	var asked struct {
		CarrierID   string    `json:"carrierId"`
		Waybill     string    `json:"waybill"`
		CarrierName *string   `json:"carrierName"`
		LineItems   []lineRef `json:"lineItems"`
	}
	if err := c.Read(&asked); err != nil {
		return *refusedAs(http.StatusBadRequest, codeError, "Bad Request")
	}
	parcel := shipment{
		ID: base64.StdEncoding.EncodeToString([]byte(asked.CarrierID + ":" + asked.Waybill)), Waybill: asked.Waybill, CarrierID: asked.CarrierID,
		CreatedAt: wire.Instant(a.now()),
	}
	if parcel.CarrierID == otherCarrier && asked.CarrierName != nil {
		parcel.CarrierName = *asked.CarrierName
	}
	if bad := parcel.check(); bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h, known := a.forms[c.PathValue("id")]
	if !known {
		return notFound(c.PathValue("id"))
	}
	return a.ship(c, h, parcel, asked.LineItems)
}

// check is what does not need the order.
func (s *shipment) check() *party.Reply {
	refused := func(code, message string) *party.Reply { return refusedAs(http.StatusBadRequest, code, message) }
	switch {
	case !slices.ContainsFunc(carriers, func(c carrier) bool { return c.ID == s.CarrierID }):
		return refused(codeValidation, "Unknown carrier id")
	case s.Waybill == "" || utf8.RuneCountInString(s.Waybill) > waybillMax:
		return refused(codeValidation, "Waybill number must have 1 to 64 characters")
	case utf8.RuneCountInString(s.CarrierName) > carrierNameMax:
		return refused(codeValidation, "Carrier name must be no longer than 30 characters")
	case s.CarrierID == "DPD" && len(s.Waybill) > len("0000123456789U"), // one of another country's DPD (ALL#7673)
		s.CarrierID == "WEDO" && strings.Contains(s.Waybill, "*"): // ALL#10424
		return refused(codeWaybill, "Invalid tracking number structure")
	}
	return nil
}

// ship adds the parcel, with those lines or with all. The same parcel may have more lines added.
func (a *API) ship(c *party.Call, h *held, parcel shipment, lines []lineRef) party.Reply {
	ofOrder := a.sale(h).form.LineItems
	if len(lines) == 0 {
		for i := range ofOrder {
			lines = append(lines, lineRef{ofOrder[i].ID})
		}
	}
	for _, line := range lines {
		if !slices.ContainsFunc(ofOrder, func(l lineItem) bool { return l.ID == line.ID }) {
			return *invalid("Line item does not belong to the order")
		}
	}
	parcel.LineItems = lines
	at := slices.IndexFunc(h.shipments, func(s shipment) bool { return s.ID == parcel.ID })
	if at < 0 && (a.waybills[parcel.ID] >= waybillUsesMax || len(h.shipments) >= shipmentsMax) {
		return *refusedAs(http.StatusConflict, codeError, "Maximum waybill usage exceeded")
	}
	created := answered(http.StatusCreated, parcel)
	subject := h.ref + " " + parcel.CarrierID + ":" + parcel.Waybill
	if c.Pretend(subject) {
		return created
	}
	if at < 0 {
		a.waybills[parcel.ID]++
		h.shipments = append(h.shipments, parcel)
	} else {
		h.shipments[at] = parcel
	}
	a.mark(h, a.revision(h))
	c.Done(subject, parcel.ID)
	return created
}

// sent says how many of the lines have a parcel that was added here; empty: none has.
func (h *held) sent(lines []lineItem) string {
	with := 0
	for i := range lines {
		if slices.ContainsFunc(h.shipments, func(s shipment) bool { return slices.Contains(s.LineItems, lineRef{lines[i].ID}) }) {
			with++
		}
	}
	switch with {
	case 0:
		return ""
	case len(lines):
		return "ALL"
	}
	return "SOME"
}
