package amazon

import "waybill/internal/sandbox/wire"

// site is one of Amazon's marketplaces.
type site struct {
	id       string // marketplaceId
	name     string
	currency string
	decimals int   // of the currency
	euro     int64 // in minor units of the currency, to scale prices
	home     *wire.Country
	abroad   *wire.Country // some ship across the border
	prefixes []string      // of its order ids
	union    bool          // VAT of the European Union, within the prices
	carriers []carrier
}

type carrier struct{ name, service, number string } // a tracking number begins so

// shares says how often each of the sites comes up.
var shares = []int{34, 14, 20, 8, 6, 6, 7, 5}

// The ids are those of developer-docs.amazon.com/sp-api/docs/marketplace-ids.
var sites = []*site{
	{
		id: "A1PA6795UKMFR9", name: "Amazon.de", currency: "EUR", decimals: 2, euro: 100, home: wire.Germany, abroad: wire.Austria, union: true,
		prefixes: []string{"028", "302", "303", "304", "305", "306"},
		carriers: []carrier{{"DHL", "DHL Paket", "003404341"}, {"DPD", "DPD Classic", "0150"}, {"Hermes", "", "H10"}},
	},
	{
		id: "A1F83G8C2ARO7P", name: "Amazon.co.uk", currency: "GBP", decimals: 2, euro: 86, home: wire.Britain, abroad: wire.Britain,
		prefixes: []string{"026", "202", "203", "204", "205", "206"},
		carriers: []carrier{{"Royal Mail", "Royal Mail Tracked 48", "RR"}, {"DPD", "DPD Next Day Delivery", "1550"}, {"Evri", "", "T00"}},
	},
	{
		id: "ATVPDKIKX0DER", name: "Amazon.com", currency: "USD", decimals: 2, euro: 108, home: wire.America, abroad: wire.America,
		prefixes: []string{"111", "112", "113", "114"},
		carriers: []carrier{{"UPS", "UPS Ground", "1Z999AA1"}, {"USPS", "Priority Mail", "9400"}, {"FedEx", "FedEx Home Delivery", "61"}},
	},
	{
		id: "A1VC38T7YXB528", name: "Amazon.co.jp", currency: "JPY", decimals: 0, euro: 160, home: wire.Japan, abroad: wire.Japan,
		prefixes: []string{"249", "250", "503"},
		carriers: []carrier{{"ヤマト運輸", "宅急便", "4"}, {"Sagawa", "", "3"}, {"Japan Post", "ゆうパック", "1"}},
	},
	{
		id: "A1C3SOZRARQ6R3", name: "Amazon.pl", currency: "PLN", decimals: 2, euro: 430, home: wire.Poland, abroad: wire.Germany, union: true,
		prefixes: []string{"407", "408"},
		carriers: []carrier{{"InPost", "Paczkomat", "6"}, {"DPD", "", "1000"}},
	},
	{
		id: "APJ6JRA9NG5V4", name: "Amazon.it", currency: "EUR", decimals: 2, euro: 100, home: wire.Italy, abroad: wire.France, union: true,
		prefixes: []string{"402", "403", "404"},
		carriers: []carrier{{"BRT", "", "0"}, {"Poste Italiane", "Crono Standard", "5P"}},
	},
	{
		id: "A13V1IB3VIYZZH", name: "Amazon.fr", currency: "EUR", decimals: 2, euro: 100, home: wire.France, abroad: wire.Italy, union: true,
		prefixes: []string{"171", "402", "406"},
		carriers: []carrier{{"La Poste", "Colissimo", "6A"}, {"Chronopost", "", "XY"}},
	},
	{
		id: "A1RKKUPIHCS9HS", name: "Amazon.es", currency: "EUR", decimals: 2, euro: 100, home: wire.Spain, abroad: wire.France, union: true,
		prefixes: []string{"404", "405"},
		carriers: []carrier{{"Correos", "Paq 48", "PK"}, {"SEUR", "", "0"}},
	},
}
