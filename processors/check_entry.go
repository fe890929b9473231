package processors

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"waybill/schemas"
)

// What bounds the texts of an entry, in bytes.
const (
	entryRefBytesMax  = 200 // of a party, an offer, a SKU, an EAN
	entryTextBytesMax = 2000
	eansMax           = 100

	gramsMax = 30_000_000 // a piece that is heavier goes by no parcel or pallet
)

// CheckEntry is everything that is wrong with an entry of id.catalogue, by its fields. An entry without faults works out for every
// line whose numbers are within bounds.
func CheckEntry(entry *schemas.CatalogueEntry) schemas.Faults {
	c := &entryCheck{}
	c.texts(entry)
	switch {
	case len(entry.Components) > 0:
		c.bundle(entry)
	case entry.SKU == "":
		c.faults.Add("missing_article", "$.sku", "neither a SKU nor components: nothing says what leaves the warehouse")
	default:
		c.quantity("$", &partsOf(entry)[0])
	}
	c.prices(entry)
	if entry.Grams < 0 || entry.Grams > gramsMax {
		c.faults.Add("bad_weight", "$.grams", "%d, must be from 0 to %d", entry.Grams, gramsMax)
	}
	return c.faults
}

type entryCheck struct{ faults schemas.Faults }

func (c *entryCheck) texts(e *schemas.CatalogueEntry) {
	c.needed("$.party", e.Party)
	c.needed("$.offer_ref", e.OfferRef)
	c.reference("$.sku", e.SKU)
	for _, text := range [][2]string{{"$.title", e.Title}, {"$.by", e.By}, {"$.reason", e.Reason}} {
		if len(text[1]) > entryTextBytesMax || !utf8.ValidString(text[1]) {
			c.faults.Add("faulty_text", text[0], "longer than %d bytes, or no UTF-8", entryTextBytesMax)
		}
	}
	if len(e.EANs) > eansMax {
		c.faults.Add("too_many_eans", "$.eans", "%d, %d are allowed", len(e.EANs), eansMax)
		return
	}
	for i, ean := range e.EANs {
		c.needed(fmt.Sprintf("$.eans[%d]", i), ean)
	}
}

func (c *entryCheck) needed(path, ref string) {
	if ref == "" {
		c.faults.Add("missing_reference", path, "it is empty")
	}
	c.reference(path, ref)
}

// reference refuses what nobody could read or type again.
func (c *entryCheck) reference(path, ref string) {
	switch {
	case len(ref) > entryRefBytesMax:
		c.faults.Add("reference_too_long", path, "%d bytes, %d are allowed", len(ref), entryRefBytesMax)
	case !utf8.ValidString(ref) || strings.ContainsFunc(ref, func(r rune) bool { return !unicode.IsPrint(r) }):
		c.faults.Add("unprintable_reference", path, "it holds a character that does not print")
	case strings.TrimSpace(ref) != ref:
		c.faults.Add("unprintable_reference", path, "it begins or ends with a space")
	}
}

func (c *entryCheck) bundle(e *schemas.CatalogueEntry) {
	if (e.Quantity != "" && e.Quantity != "1") || (e.Unit != "" && e.Unit != schemas.UnitPiece) || (e.StockUnit != "" && e.StockUnit != schemas.UnitPiece) {
		c.faults.Add("bundle_with_quantity", "$.quantity", "a bundle is one piece; its components say how much of each is in it")
	}
	if len(e.Components) > partsMax {
		c.faults.Add("too_many_components", "$.components", "%d, %d are allowed", len(e.Components), partsMax)
		return
	}
	for i := range e.Components {
		path := fmt.Sprintf("$.components[%d]", i)
		c.needed(path+".sku", e.Components[i].SKU)
		c.quantity(path, &e.Components[i])
	}
}

// quantity checks how much of an article one piece is, and that it is that exactly in the unit of the warehouse.
func (c *entryCheck) quantity(path string, part *schemas.BundlePart) {
	one, err := quantityOf(part)
	if err != nil {
		c.refuse(path+".quantity", path+".unit", err)
		return
	}
	if piece, err := one.Convert(schemas.UnitPiece); err == nil && strings.Contains(piece.Number(), ".") {
		c.faults.Add("part_of_a_piece", path+".quantity", "%s is no whole number of pieces", one)
	}
	if _, err := inStock(part, 1); err != nil {
		c.refuse(path+".stock_unit", path+".stock_unit", err)
	}
}

func (c *entryCheck) refuse(path, unitPath string, err error) {
	code := "faulty_quantity"
	switch {
	case errors.Is(err, schemas.ErrUnit):
		code, path = "unknown_unit", unitPath
	case errors.Is(err, schemas.ErrDimension):
		code = "unlike_units"
	case errors.Is(err, schemas.ErrInexact):
		code = "inexact_quantity"
	}
	c.faults.Add(code, path, "%v", err)
}

// prices of one entry are in one currency, and none is below zero.
func (c *entryCheck) prices(e *schemas.CatalogueEntry) {
	currency := ""
	check := func(path string, price *schemas.Money) {
		if price == nil {
			return
		}
		if currency == "" {
			currency = price.Currency
		}
		_, known := schemas.Exponent(price.Currency)
		switch {
		case !known:
			c.faults.Add("unknown_currency", path, "not a currency of ISO 4217")
		case price.Currency != currency:
			c.faults.Add("two_currencies", path, "%s, where another price is in %s", price.Currency, currency)
		case price.Minor < 0 || price.Minor > schemas.MinorMax:
			c.faults.Add("amount_out_of_range", path, "less than nothing, or beyond any price")
		}
	}
	check("$.price", e.Price)
	for i := range min(len(e.Components), partsMax) {
		check(fmt.Sprintf("$.components[%d].price", i), e.Components[i].Price)
	}
}
