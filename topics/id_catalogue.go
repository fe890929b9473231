package topics

import (
	"fmt"

	"waybill/schemas"
)

// IDCatalogue is what each offer at each party is in the warehouse. All of it is everywhere.
var IDCatalogue = &Topic{
	Name:         "id.catalogue",
	Doc:          "offer to article: SKU, price, unit, bundle",
	Schema:       schemas.CatalogueEntrySchema,
	Key:          "party/offer",
	Compacted:    true,
	MessageBytes: 256 * kib,
	Lands:        true,
	Removed: func(tombstone *Event) any {
		return &schemas.CatalogueEntry{At: tombstone.At, By: Find(tombstone.Headers, HeaderBy), Reason: Find(tombstone.Headers, HeaderReason)}
	},
	Line: func(value any) Line {
		e := value.(*schemas.CatalogueEntry)
		return Line{Party: e.Party, Kind: "paired", Summary: fmt.Sprintf("offer %s is %s", e.OfferRef, what(e))}
	},
}

func what(e *schemas.CatalogueEntry) string {
	if len(e.Components) > 0 {
		return "a bundle of " + count(len(e.Components), "article")
	}
	return fmt.Sprintf("%s %s of %s", e.Quantity, e.Unit, e.SKU)
}
