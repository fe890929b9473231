package processors

import (
	"strings"
	"testing"

	"waybill/schemas"
)

func goodEntry() *schemas.CatalogueEntry {
	return &schemas.CatalogueEntry{
		Party: "allegro", OfferRef: "123", Price: priced(500), Title: "Zażółć", EANs: []string{"4006381333931"},
		Components: []schemas.BundlePart{{SKU: "A", Quantity: "2", Unit: "case/12", StockUnit: "piece", Price: priced(1)}, {SKU: "ąę 1"}},
	}
}

func TestEveryFaultOfAnEntryIsFound(t *testing.T) {
	if faults := CheckEntry(goodEntry()); faults != nil {
		t.Fatalf("a good entry: %v", faults)
	}
	article := &schemas.CatalogueEntry{Party: "allegro", OfferRef: "1", SKU: "A", Quantity: "0.5", Unit: "kg", StockUnit: "g"}
	if faults := CheckEntry(article); faults != nil {
		t.Fatalf("a good article: %v", faults)
	}
	for want, change := range map[string]func(e *schemas.CatalogueEntry){
		"missing_article at $.sku":                       func(e *schemas.CatalogueEntry) { e.Components = nil },
		"missing_reference at $.party":                   func(e *schemas.CatalogueEntry) { e.Party = "" },
		"missing_reference at $.offer_ref":               func(e *schemas.CatalogueEntry) { e.OfferRef = "" },
		"missing_reference at $.components[1].sku":       func(e *schemas.CatalogueEntry) { e.Components[1].SKU = "" },
		"missing_reference at $.eans[0]":                 func(e *schemas.CatalogueEntry) { e.EANs[0] = "" },
		"reference_too_long at $.offer_ref":              func(e *schemas.CatalogueEntry) { e.OfferRef = strings.Repeat("1", entryRefBytesMax+1) },
		"unprintable_reference at $.sku":                 func(e *schemas.CatalogueEntry) { e.SKU = "a\x00b" },
		"unprintable_reference at $.offer_ref":           func(e *schemas.CatalogueEntry) { e.OfferRef = "1 " },
		"unprintable_reference at $.components[0].sku":   func(e *schemas.CatalogueEntry) { e.Components[0].SKU = "\xff" },
		"unprintable_reference at $.eans[0]":             func(e *schemas.CatalogueEntry) { e.EANs[0] = "400\u200b6" },
		"faulty_text at $.title":                         func(e *schemas.CatalogueEntry) { e.Title = strings.Repeat("x", entryTextBytesMax+1) },
		"faulty_text at $.reason":                        func(e *schemas.CatalogueEntry) { e.Reason = "\xff" },
		"too_many_eans at $.eans":                        func(e *schemas.CatalogueEntry) { e.EANs = make([]string, eansMax+1) },
		"too_many_components at $.components":            func(e *schemas.CatalogueEntry) { e.Components = make([]schemas.BundlePart, partsMax+1) },
		"bundle_with_quantity at $.quantity":             func(e *schemas.CatalogueEntry) { e.Quantity = "2" },
		"unknown_unit at $.components[1].unit":           func(e *schemas.CatalogueEntry) { e.Components[1].Unit = "crate" },
		"unknown_unit at $.components[1].stock_unit":     func(e *schemas.CatalogueEntry) { e.Components[1].StockUnit = "crate" },
		"unlike_units at $.components[1].stock_unit":     func(e *schemas.CatalogueEntry) { e.Components[1].StockUnit = "kg" },
		"inexact_quantity at $.components[1].stock_unit": func(e *schemas.CatalogueEntry) { e.Components[1].StockUnit = "case/12" },
		"faulty_quantity at $.components[1].quantity":    func(e *schemas.CatalogueEntry) { e.Components[1].Quantity = "0" },
		"faulty_quantity at $.components[0].quantity":    func(e *schemas.CatalogueEntry) { e.Components[0].Quantity = "-1" },
		"part_of_a_piece at $.components[1].quantity":    func(e *schemas.CatalogueEntry) { e.Components[1].Quantity = "0.5" },
		"two_currencies at $.components[0].price":        func(e *schemas.CatalogueEntry) { e.Price.Currency = "PLN" },
		"unknown_currency at $.price":                    func(e *schemas.CatalogueEntry) { e.Price.Currency = "EURO"; e.Components[0].Price = nil },
		"amount_out_of_range at $.components[0].price":   func(e *schemas.CatalogueEntry) { e.Components[0].Price.Minor = -1 },
	} {
		entry := goodEntry()
		change(entry)
		faults := CheckEntry(entry)
		if len(faults) != 1 || !strings.HasPrefix(faults[0].String(), want+": ") {
			t.Errorf("got %v, want %s", faults, want)
		}
	}
}

func TestAnEntryWithoutFaultsWorksOut(t *testing.T) {
	for _, pieces := range []int64{1, 7, 1_000_000} {
		if _, err := explode(sold(pieces, 100), goodEntry()); err != nil {
			t.Error(err)
		}
	}
}

func TestAHostileEntryIsRefusedBriefly(t *testing.T) {
	entry := goodEntry()
	huge := strings.Repeat("9", 1<<20)
	for i := range entry.Components {
		entry.Components[i] = schemas.BundlePart{SKU: huge, Quantity: huge, Unit: huge, StockUnit: huge}
	}
	if faults := CheckEntry(entry); len(faults) != 4 || len(faults.Error()) > 1000 {
		t.Errorf("%d faults in %d bytes", len(faults), len(faults.Error()))
	}
}
