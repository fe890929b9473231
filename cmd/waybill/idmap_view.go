package main

import (
	"fmt"
	"strings"

	"waybill/schemas"
)

// offerView is an entry of id.catalogue as it is printed.
type offerView struct {
	Party      string         `json:"party"`
	OfferRef   string         `json:"offer_ref"`
	SKU        string         `json:"sku"`
	Quantity   string         `json:"quantity"`
	Unit       string         `json:"unit"`
	StockUnit  string         `json:"stock_unit,omitempty"`
	Components []partView     `json:"components,omitempty"`
	Price      string         `json:"price,omitempty"`
	Currency   string         `json:"currency,omitempty"`
	Title      string         `json:"title,omitempty"`
	EANs       []string       `json:"eans,omitempty"`
	Grams      int64          `json:"grams,omitempty"`
	At         schemas.Millis `json:"at"`
	By         string         `json:"by"`
	Reason     string         `json:"reason,omitempty"`
}

// partView is an article of a bundle as it is printed.
type partView struct {
	SKU       string `json:"sku"`
	Quantity  string `json:"quantity"`
	Unit      string `json:"unit"`
	StockUnit string `json:"stock_unit,omitempty"`
	Price     string `json:"price,omitempty"`
	Currency  string `json:"currency,omitempty"`
}

// linkView is a link of id.map as it is printed.
type linkView struct {
	Party  string         `json:"party"`
	Kind   string         `json:"kind"`
	Ref    string         `json:"ref"`
	OurID  string         `json:"our_id"`
	At     schemas.Millis `json:"at"`
	By     string         `json:"by"`
	Reason string         `json:"reason,omitempty"`
}

func viewOffer(e *schemas.CatalogueEntry) offerView {
	v := offerView{
		Party: e.Party, OfferRef: e.OfferRef, SKU: e.SKU, Quantity: e.Quantity, Unit: e.Unit, StockUnit: e.StockUnit,
		Title: e.Title, EANs: e.EANs, Grams: e.Grams, At: e.At, By: e.By, Reason: e.Reason,
	}
	if e.Price != nil {
		v.Price, v.Currency = e.Price.String(), e.Price.Currency
	}
	for _, p := range e.Components {
		part := partView{SKU: p.SKU, Quantity: p.Quantity, Unit: p.Unit, StockUnit: p.StockUnit}
		if p.Price != nil {
			part.Price, part.Currency = p.Price.String(), p.Price.Currency
		}
		v.Components = append(v.Components, part)
	}
	return v
}

// article is the entry in a few words.
func (v offerView) article() string {
	if len(v.Components) == 0 {
		return strings.TrimSpace(fmt.Sprintf("%s × %s %s", v.Quantity, v.SKU, notPiece(v.Unit)))
	}
	parts := make([]string, len(v.Components))
	for i, p := range v.Components {
		parts[i] = strings.TrimSpace(fmt.Sprintf("%s × %s %s", p.Quantity, p.SKU, notPiece(p.Unit)))
	}
	return strings.Join(parts, " + ")
}

func notPiece(unit string) string {
	if unit == schemas.UnitPiece {
		return ""
	}
	return unit
}

func (a *app) printPair(value any) error {
	switch value := value.(type) {
	case *schemas.CatalogueEntry:
		v := viewOffer(value)
		if a.output == "json" {
			return a.json(v)
		}
		_, err := fmt.Fprintf(a.stdout, "%s/%s  is  %s  %s  since %s by %s %s\n", v.Party, v.OfferRef, v.article(), v.Title, v.At, v.By, v.Reason)
		return err
	case *schemas.Link:
		if a.output == "json" {
			return a.json(linkView(*value))
		}
		_, err := fmt.Fprintf(a.stdout, "%s %s/%s  is  %s  since %s by %s %s\n", value.Kind, value.Party, value.Ref, value.OurID, value.At, value.By, value.Reason)
		return err
	}
	return fmt.Errorf("print a pair: %T is none", value)
}
