package amazon

// site is what is known of one of Amazon's marketplaces.
type site struct {
	currency string
	net      bool // tax comes on top of its prices
}

// sites are by their ids those that developer-docs.amazon.com/sp-api/docs/marketplace-ids lists. Whether their prices are without
// tax is inferred from the samples, and from what sellers saw (SPM#4858).
var sites = map[string]site{
	"ATVPDKIKX0DER": {"USD", true}, "A2EUQ1WTGCTBG2": {"CAD", true},
	"A1AM78C64UM0Y8": {currency: "MXN"}, "A2Q3Y263D00KWC": {currency: "BRL"},
	"A1PA6795UKMFR9": {currency: "EUR"}, "A13V1IB3VIYZZH": {currency: "EUR"}, "APJ6JRA9NG5V4": {currency: "EUR"},
	"A1RKKUPIHCS9HS": {currency: "EUR"}, "A1805IZSGTT6HS": {currency: "EUR"}, "AMEN7PMS3EDWL": {currency: "EUR"},
	"A28R8C7NBKEWEA": {currency: "EUR"}, "A1F83G8C2ARO7P": {currency: "GBP"}, "A1C3SOZRARQ6R3": {currency: "PLN"},
	"A2NODRKZP88ZB9": {currency: "SEK"}, "A33AVAJ2PDY3EV": {currency: "TRY"}, "AE08WJ6YKNBMC": {currency: "ZAR"},
	"ARBP9OOSHTCHU": {currency: "EGP"}, "A17E79C6D8DWNP": {currency: "SAR"}, "A2VIGQ35RCS4UG": {currency: "AED"},
	"A21TJRUUN4KGV": {currency: "INR"}, "A19VAU5U5O7RUS": {currency: "SGD"}, "A39IBJ37TRP1C6": {currency: "AUD"},
	"A1VC38T7YXB528": {currency: "JPY"},
}

// noCurrency is ISO 4217 for none at all: of an order that states no amount, from a site we do not know.
const noCurrency = "XXX"
