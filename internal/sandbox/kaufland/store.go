package kaufland

import "waybill/internal/sandbox/wire"

// store is one of Kaufland's storefronts.
type store struct {
	code     string
	currency string
	euro     int64 // in minor units of the currency, to scale prices
	whole    bool  // prices are whole units, though written in minor ones
	home     *wire.Country
	abroad   *wire.Country  // some ship across the border
	vat      []string       // rates, the common one first
	pickup   pickupLocation // of the providers that the specification names
}

// shares says how often each of the stores comes up.
var shares = []int{52, 16, 8, 9, 6, 4, 5}

var stores = []*store{
	{
		code: "de", currency: "EUR", euro: 100, home: wire.Germany, abroad: wire.Austria, vat: []string{"19", "7", "19.0"},
		pickup: pickupLocation{ID: "260", Provider: "DHL", Carrier: "DHL"},
	},
	{
		code: "cz", currency: "CZK", euro: 2500, whole: true, home: wire.Czechia, abroad: wire.Slovakia, vat: []string{"21", "12"},
		pickup: pickupLocation{ID: "13417", Provider: "Packeta", Carrier: "Packeta"},
	},
	{
		code: "sk", currency: "EUR", euro: 100, home: wire.Slovakia, abroad: wire.Czechia, vat: []string{"23", "19"},
		pickup: pickupLocation{ID: "9", Provider: "Packeta", Carrier: "Packeta"},
	},
	{
		code: "pl", currency: "PLN", euro: 430, home: wire.Poland, abroad: wire.Germany, vat: []string{"23", "8"},
		pickup: pickupLocation{ID: "POZ08A", Provider: "InPost", Carrier: "InPost", Services: "inpost_locker_standard"},
	},
	{
		code: "at", currency: "EUR", euro: 100, home: wire.Austria, abroad: wire.Germany, vat: []string{"20", "10"},
	},
	{
		code: "fr", currency: "EUR", euro: 100, home: wire.France, abroad: wire.France, vat: []string{"20", "5.5"},
	},
	{
		code: "it", currency: "EUR", euro: 100, home: wire.Italy, abroad: wire.Italy, vat: []string{"22", "4"},
	},
}
