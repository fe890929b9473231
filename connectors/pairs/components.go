package pairs

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"

	"waybill/schemas"
)

// component is an article of a bundle, as a cell of a file has it: [{"sku":"A","quantity":"2"}].
type component struct {
	SKU       string `json:"sku"`
	Quantity  string `json:"quantity,omitempty"`
	Unit      string `json:"unit,omitempty"`
	StockUnit string `json:"stock_unit,omitempty"`
	Price     string `json:"price,omitempty"`
	Currency  string `json:"currency,omitempty"`
}

func (c *cells) components() ([]schemas.BundlePart, error) {
	text := strings.TrimSpace(c.named["components"])
	if text == "" {
		return nil, nil
	}
	var all []component
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil || d.More() {
		return nil, c.fault("components", "bad_components", `is not of the form [{"sku":"A","quantity":"2"}]`)
	}
	parts := make([]schemas.BundlePart, len(all))
	for i, of := range all {
		price, err := c.money("components", of.Price, of.Currency)
		if err != nil {
			return nil, err
		}
		parts[i] = schemas.BundlePart{SKU: of.SKU, Quantity: of.Quantity, Unit: of.Unit, StockUnit: of.StockUnit, Price: price}
		if parts[i].Quantity == "" {
			parts[i].Quantity = "1"
		}
		if parts[i].Unit == "" {
			parts[i].Unit = schemas.UnitPiece
		}
	}
	return parts, nil
}

func componentsText(parts []schemas.BundlePart) string {
	if len(parts) == 0 {
		return ""
	}
	all := make([]component, len(parts))
	for i, p := range parts {
		all[i] = component{SKU: p.SKU, Quantity: p.Quantity, Unit: p.Unit, StockUnit: p.StockUnit}
		if p.Price != nil {
			all[i].Price, all[i].Currency = p.Price.String(), p.Price.Currency
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(all) // texts only
	return strings.TrimSpace(b.String())
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
