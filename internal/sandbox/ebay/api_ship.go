package ebay

import (
	"net/http"
	"regexp"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/shelf"
)

func (a *API) listParcels(c *party.Call) party.Reply {
	a.Lock()
	defer a.Unlock()
	o := a.Find(c.PathValue("orderId"))
	if o == nil {
		return *refused(http.StatusNotFound, 32100, "REQUEST", "Invalid Order Id")
	}
	list := []any{}
	for _, p := range o.Parcels {
		lines := []any{}
		for line, n := range p.Pieces {
			lines = append(lines, map[string]any{"lineItemId": line, "quantity": n})
		}
		list = append(list, map[string]any{
			"fulfillmentId": p.ID, "shipmentTrackingNumber": p.Number, "shippingCarrierCode": p.Carrier, "shippedDate": p.At, "lineItems": lines,
		})
	}
	return party.JSON(http.StatusOK, map[string]any{"fulfillments": list, "total": len(list)})
}

// number is one that eBay takes: letters and digits.
var number = regexp.MustCompile(`^[0-9A-Za-z]{1,50}$`)

// ship adds a parcel to an order, which can be neither changed nor taken back: the same once more is another parcel.
func (a *API) ship(c *party.Call) party.Reply {
	var asked struct {
		Lines []struct {
			Ref      string `json:"lineItemId"`
			Quantity int    `json:"quantity"`
		} `json:"lineItems"`
		Date    string `json:"shippedDate"`
		Carrier string `json:"shippingCarrierCode"`
		Number  string `json:"trackingNumber"`
	}
	if err := c.Read(&asked); err != nil {
		return *refused(http.StatusBadRequest, 32600, "REQUEST", "Invalid input")
	}
	_, noDate := time.Parse(time.RFC3339, asked.Date)
	switch {
	case (asked.Carrier == "") != (asked.Number == "") || asked.Number != "" && !number.MatchString(asked.Number):
		return *refused(http.StatusBadRequest, 32300, "REQUEST", "Invalid shipment tracking number or carrier")
	case asked.Date != "" && noDate != nil:
		return *refused(http.StatusBadRequest, 32500, "REQUEST", "Invalid shipped date")
	}
	a.Lock()
	defer a.Unlock()
	o := a.Find(c.PathValue("orderId"))
	if o == nil {
		return *refused(http.StatusNotFound, 32100, "REQUEST", "Invalid order ID")
	}
	s, _ := a.market.at(o.Number, o.Version)
	p := shelf.Parcel{ID: asked.Number, Carrier: asked.Carrier, Number: asked.Number, At: asked.Date, Pieces: map[string]int{}}
	if p.ID == "" {
		p.ID = "999"
	}
	left := map[string]int{}
	for i := range s.lines {
		left[s.lines[i].id] = s.left(i, o)
	}
	for _, l := range asked.Lines {
		pieces, known := left[l.Ref]
		switch {
		case !known || s.cancel == canceled:
			return *refused(http.StatusBadRequest, 32200, "REQUEST", "Invalid line item ID")
		case l.Quantity < 1 || l.Quantity > pieces:
			return *refused(http.StatusBadRequest, 32600, "REQUEST", "Invalid quantity")
		}
		left[l.Ref] -= l.Quantity
		p.Pieces[l.Ref] += l.Quantity
	}
	created := party.Reply{Status: http.StatusCreated, Header: http.Header{"Location": {c.Base(a.Name()) + c.URL.Path + "/" + p.ID}}}
	subject := o.Ref + " " + p.Number
	if c.Pretend(subject) {
		return created
	}
	o.Parcels = append(o.Parcels, p)
	a.Touch(o)
	c.Done(subject, p.ID)
	return created
}
