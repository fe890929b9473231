package schemas

import _ "embed"

// CatalogueEntry is what an offer at a party is in the seller's own warehouse: an article, or a bundle of them.
type CatalogueEntry struct {
	Party      string       `avro:"party"`
	OfferRef   string       `avro:"offer_ref"`
	SKU        string       `avro:"sku"`
	Quantity   string       `avro:"quantity"` // how much of the article one sold piece is, decimal text
	Unit       string       `avro:"unit"`
	StockUnit  string       `avro:"stock_unit"` // in which the warehouse counts it; "" is the same
	Components []BundlePart `avro:"components"` // empty for an article of its own
	Price      *Money       `avro:"price"`      // that the seller asks
	Title      string       `avro:"title"`
	EANs       []string     `avro:"eans"`
	At         Millis       `avro:"at"`
	By         string       `avro:"by"`
	Reason     string       `avro:"reason"`
	Grams      int64        `avro:"grams"` // what one sold piece weighs; 0: nobody says
}

// BundlePart is an article within a bundle.
type BundlePart struct {
	SKU       string `avro:"sku"`
	Quantity  string `avro:"quantity"` // in one bundle, decimal text
	Unit      string `avro:"unit"`
	StockUnit string `avro:"stock_unit"`
	Price     *Money `avro:"price"` // of all of it in one bundle, alone; the bundle's price is shared out in that proportion
}

// UnitPiece is the unit of what is counted.
const UnitPiece = "piece"

//go:embed catalogue_entry.avsc
var catalogueEntryText string

// CatalogueEntrySchema is the schema of id.catalogue.
var CatalogueEntrySchema = parse[CatalogueEntry]("catalogue_entry", catalogueEntryText)
