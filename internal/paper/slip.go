package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waybill/schemas"
)

// Content is what is in a shipment; of an order that has none yet, what is to be.
type Content struct {
	ShipmentID string // "": the order has no shipment yet
	Lines      []schemas.ShipmentLine
}

// Slips are the packing slips of shipments of an order, each on pages of its own. What is a gift shows no prices; nor does anything else, if
// none are wanted.
func Slips(o *schemas.Order, contents []Content, withoutPrices bool) ([]byte, error) {
	country := ""
	if o.ShipTo != nil {
		country = o.ShipTo.Country
	}
	w := wordsOf(country)
	s := newSheet(w.slip+" "+o.OrderID, time.UnixMilli(int64(o.PlacedAt)))
	for _, content := range contents {
		s.AddPage()
		if err := s.slip(o, content, w, withoutPrices || IsGift(o)); err != nil {
			return nil, err
		}
	}
	return s.bytes()
}

// Whole is all that is ordered and not cancelled.
func Whole(o *schemas.Order) Content {
	var c Content
	for _, l := range o.Lines {
		if left := l.Quantity - l.Cancelled; left > 0 {
			c.Lines = append(c.Lines, schemas.ShipmentLine{LineRef: l.LineRef, SKU: l.SKU, Quantity: left})
		}
	}
	return c
}

// IsGift tells whether an order is for somebody who is not to know what it cost.
func IsGift(o *schemas.Order) bool {
	for _, l := range o.Lines {
		if l.GiftWrap != "" || l.GiftNote != nil {
			return true
		}
	}
	return o.GiftNote != nil
}

func (s sheet) slip(o *schemas.Order, content Content, w words, withoutPrices bool) error {
	s.bold(16)
	s.say(w.slip)
	s.Ln(2)
	if err := s.barcode(o.OrderID); err != nil {
		return err
	}
	s.plain(10)
	s.say(w.order + ": " + o.OrderID)
	if content.ShipmentID != "" {
		s.say(w.shipment + ": " + content.ShipmentID)
	}
	s.say(w.placed + ": " + placedOn(o).Format(w.date))
	s.address(o.ShipTo, w)
	s.Ln(4)
	s.lines(o, content, w, withoutPrices)
	for _, note := range giftNotes(o) {
		s.Ln(4)
		s.say(note)
	}
	return nil
}

// placedOn is the day on which an order was placed, where the seller counts days.
func placedOn(o *schemas.Order) time.Time {
	at := time.UnixMilli(int64(o.PlacedAt)).UTC()
	if zone, err := time.LoadLocation(o.Zone); err == nil {
		return at.In(zone)
	}
	return at
}

func (s sheet) address(to *schemas.Person, w words) {
	if to == nil {
		return
	}
	s.Ln(4)
	s.bold(10)
	s.say(w.to)
	s.plain(10)
	for _, line := range []string{to.Name, to.Company, to.Street, strings.TrimSpace(to.PostalCode + " " + to.City), to.Region, to.Country} {
		if line != "" {
			s.say(line)
		}
	}
}

// lines are the table of what is in it, and how many pieces that are together.
func (s sheet) lines(o *schemas.Order, content Content, w words, withoutPrices bool) {
	columns := []column{{w.article, 40, false}, {w.what, 90, false}, {w.quantity, 20, true}, {w.price, 30, true}}
	if withoutPrices {
		columns = []column{{w.article, 45, false}, {w.what, 110, false}, {w.quantity, 25, true}}
	}
	s.heads(columns)
	var pieces int64
	for _, in := range content.Lines {
		cells := []string{in.SKU, "", strconv.FormatInt(in.Quantity, 10)}
		price := ""
		for _, l := range o.Lines {
			if l.LineRef == in.LineRef {
				cells[1], price = l.Title, l.UnitPrice.String()+" "+l.UnitPrice.Currency
				if len(l.EANs) > 0 {
					cells[0] = strings.TrimSpace(in.SKU + " " + l.EANs[0])
				}
			}
		}
		if !withoutPrices {
			cells = append(cells, price)
		}
		s.row(columns, cells)
		pieces += in.Quantity
	}
	s.Ln(2)
	s.bold(10)
	s.say(fmt.Sprintf("%d %s", pieces, w.pieces))
	s.plain(10)
}

// giftNotes are what is to go with a gift.
func giftNotes(o *schemas.Order) (notes []string) {
	bodies := []*schemas.Body{o.GiftNote}
	for i := range o.Lines {
		bodies = append(bodies, o.Lines[i].GiftNote)
	}
	for _, b := range bodies {
		if b != nil && len(b.Bytes) > 0 {
			notes = append(notes, string(b.Bytes))
		}
	}
	return notes
}
