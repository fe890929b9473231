package shopify

import (
	"cmp"
	"strconv"

	"github.com/shopspring/decimal"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// itemize says what was bought. A tip is a line of its own at Shopify, and none of ours.
func (f *form) itemize(found *reading.Findings) {
	numbers := []int{}
	for i := range f.lines {
		l := &f.lines[i]
		l.Title = cmp.Or(l.Title, l.title)
		if l.tip {
			f.addTip(i, found)
			continue
		}
		l.name(i)
		found.Require(l.SKU != "", reading.MissingOffer, reading.At("$.line_items[%d].sku", i), "nothing says what was bought")
		found.Require(l.Quantity > 0, reading.MissingQuantity, reading.At("$.line_items[%d].quantity", i), "nothing says how many were bought")
		l.FulfilledBy = l.fulfiller()
		l.taxed(i, found)
		f.value(i, found)
		f.Lines, numbers = append(f.Lines, l.Line), append(numbers, i)
	}
	found.Require(len(f.Lines) > 0, reading.MissingLines, "$.line_items", "an order of nothing")
	for j := range reading.Twins(f.Lines, func(l *schemas.Line) string { return l.LineRef }) {
		found.Add(reading.DuplicateLine, reading.At("$.line_items[%d].id", numbers[j]), "the reference of an earlier line")
	}
	f.FulfilledBy = f.fulfiller()
}

// name says which line it is, and of what: a variant without a SKU is known by its id, and of what was deleted only the product is left.
func (l *line) name(i int) {
	l.LineRef = cmp.Or(l.LineRef, strconv.Itoa(i+1))
	l.OfferRef = cmp.Or(l.variant, l.ProductRef)
	l.SKU = cmp.Or(l.SKU, l.OfferRef)
}

// fulfiller is who ships a line: "manual" is the seller, and all else the name of a service that has the goods.
func (l *line) fulfiller() string {
	switch {
	case l.download:
		return schemas.FulfilledByDownload
	case l.service != "" && l.service != "manual":
		return schemas.FulfilledByChannel
	}
	return schemas.FulfilledBySeller
}

// fulfiller is who ships: the seller, if he does so with any line.
func (f *form) fulfiller() string {
	for i := range f.shippings {
		switch f.shippings[i].category {
		case "pickup", "pick-up", "local_pickup":
			return schemas.FulfilledByPickup
		}
	}
	by := schemas.FulfilledByDownload
	for i := range f.Lines {
		switch f.Lines[i].FulfilledBy {
		case schemas.FulfilledBySeller:
			return schemas.FulfilledBySeller
		case schemas.FulfilledByChannel:
			by = schemas.FulfilledByChannel
		}
	}
	if len(f.Lines) == 0 {
		return schemas.FulfilledBySeller
	}
	return by
}

// taxed says at which rate a line is taxed: a state, a county and a city each add theirs.
func (l *line) taxed(i int, found *reading.Findings) {
	rate := decimal.Zero
	for j, tax := range l.taxes {
		if tax.channel {
			l.TaxCollectedBy = taxCollectedByChannel
		}
		if tax.rate == "" {
			continue
		}
		one, ok := readRate(tax.rate)
		if !ok {
			found.Add(reading.BadTaxRate, reading.In("$.line_items[%d].tax_lines[%d].rate", i, j).String(), "not a share from 0 to 1, such as 0.19")
			continue
		}
		rate = rate.Add(one)
	}
	if len(l.taxes) > 0 {
		l.TaxRate = rate.Shift(2).String()
	}
}

const taxCollectedByChannel = "channel"

// rateBytesMax is longer than any share is written.
const rateBytesMax = 24

func readRate(text string) (rate decimal.Decimal, ok bool) {
	if len(text) > rateBytesMax {
		return rate, false
	}
	rate, err := decimal.NewFromString(text)
	if err != nil || rate.IsNegative() || rate.Exponent() < -rateBytesMax || rate.Exponent() > 0 || rate.GreaterThan(decimal.NewFromInt(1)) {
		return decimal.Zero, false
	}
	return rate, true
}
