package erp

import (
	"fmt"
	"net/http"
	"slices"

	"waybill/internal/sandbox/party"
)

// Parcel is what was packed, in grams and millimetres.
type Parcel struct {
	Weight int `json:"weight_grams"`
	Length int `json:"length_mm"`
	Width  int `json:"width_mm"`
	Height int `json:"height_mm"`
}

// Tracking is what is known of a parcel on its way; of one carrier's number there is one.
type Tracking struct {
	Carrier  string `json:"carrier"`
	Number   string `json:"number"`
	URL      string `json:"url,omitempty"`
	LabelURL string `json:"label_url,omitempty"`
	Status   string `json:"status,omitempty"` // in the carrier's words
}

// trackingMax bounds the parcels of an order.
const trackingMax = 100

// packOrder is the warehouse's: from then on it is ready to ship, and can neither be amended nor cancelled.
func (e *ERP) packOrder(c *party.Call) party.Reply {
	var asked Parcel
	if err := c.Read(&asked); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	if asked.Weight <= 0 || asked.Length <= 0 || asked.Width <= 0 || asked.Height <= 0 {
		return invalid("weight_grams", "give the weight and all three measures, above 0")
	}
	return e.alter(c, func(o *Order) { o.Status, o.Parcel = packed, &asked })
}

// unpackOrder is the warehouse's too: something is wrong with it, and it is booked again.
func (e *ERP) unpackOrder(c *party.Call) party.Reply {
	return e.keep(c, func(o *Order) *party.Reply {
		if o.Status == packed {
			o.Status, o.Parcel = booked, nil
		}
		return nil
	}, func(o *Order) string { return o.ID })
}

// trackOrder writes down what is known of a parcel. What stands there already is no change: the order keeps its version.
func (e *ERP) trackOrder(c *party.Call) party.Reply {
	var asked Tracking
	if err := c.Read(&asked); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	switch {
	case asked.Carrier == "" || len(asked.Carrier) > textMax:
		return invalid("carrier", fmt.Sprintf("give a carrier in at most %d bytes", textMax))
	case asked.Number == "" || len(asked.Number) > textMax:
		return invalid("number", fmt.Sprintf("give a number of at most %d bytes", textMax))
	case len(asked.Status) > textMax:
		return invalid("status", fmt.Sprintf("give a status in at most %d bytes", textMax))
	case len(asked.URL) > linkMax || len(asked.LabelURL) > linkMax:
		return invalid("url", fmt.Sprintf("give a link of at most %d bytes", linkMax))
	}
	return e.keep(c, func(o *Order) *party.Reply {
		o.Tracking = slices.Clone(o.Tracking)
		at := slices.IndexFunc(o.Tracking, func(t Tracking) bool { return t.Carrier == asked.Carrier && t.Number == asked.Number })
		switch {
		case at >= 0:
			o.Tracking[at] = asked
		case len(o.Tracking) >= trackingMax:
			r := problem(http.StatusConflict, "too_many_parcels", "", fmt.Sprintf("an order has at most %d parcels", trackingMax))
			return &r
		default:
			o.Tracking = append(o.Tracking, asked)
		}
		return nil
	}, func(o *Order) string { return o.ID + " " + asked.Number })
}

// linkMax bounds a link, in bytes.
const linkMax = 2048

// Pack packs up to so many orders that are booked, each in one parcel, and is how many that were.
func (e *ERP) Pack(most int) (packedNow int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.options.Now().UTC()
	for _, o := range e.orders {
		if o.Status == booked && packedNow < most {
			o.Status, o.Parcel = packed, &Parcel{Weight: 300 + 50*(len(o.ID)+int(o.ID[len(o.ID)-1]))%2000, Length: 300, Width: 200, Height: 100}
			e.changed(o, now)
			packedNow++
		}
	}
	return packedNow
}

// Packed is how many orders are packed.
func (e *ERP) Packed() (all int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, o := range e.orders {
		if o.Status == packed {
			all++
		}
	}
	return all
}

// Trackings are what is known of all parcels.
func (e *ERP) Trackings() (all []Tracking) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, o := range e.orders {
		all = append(all, o.Tracking...)
	}
	return all
}
