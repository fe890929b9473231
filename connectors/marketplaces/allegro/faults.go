package allegro

import (
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
)

// Codes of what is wrong with a form. They are stable: others group, count and filter by them. README.md explains each.
const (
	notJSON          = "not_json"
	notUTF8          = "not_utf8"
	notAnOrder       = "not_an_order"
	wrongType        = "wrong_type"
	duplicateKey     = "duplicate_key"
	missingID        = "missing_id"
	badID            = "bad_id"
	missingStatus    = "missing_status"
	unknownStatus    = "unknown_status"
	missingTime      = "missing_time"
	badTime          = "bad_time"
	missingLines     = "missing_lines"
	tooManyLines     = "too_many_lines"
	missingOffer     = "missing_offer"
	duplicateLine    = "duplicate_line"
	missingQuantity  = "missing_quantity"
	badQuantity      = "bad_quantity"
	badPackages      = "bad_packages"
	missingPrice     = "missing_price"
	negativePrice    = "negative_price"
	missingAmount    = "missing_amount"
	badAmount        = "bad_amount"
	tooPrecise       = "too_precise"
	amountOutOfRange = "amount_out_of_range"
	missingCurrency  = "missing_currency"
	unknownCurrency  = "unknown_currency"
	mixedCurrencies  = "mixed_currencies"
	missingTotal     = "missing_total"
	negativeTotal    = "negative_total"
	missingAddress   = "missing_address"
	missingStreet    = "missing_street"
	missingCity      = "missing_city"
	missingPostCode  = "missing_postal_code"
	missingCountry   = "missing_country"
	unknownCountry   = "unknown_country"
	tooManyItems     = "too_many_items"
)

// Codes of what is odd with a form, but keeps nobody from shipping it.
const (
	totalDisagrees     = "total_disagrees"
	noDeliveryAddress  = "no_delivery_address"
	noRecipient        = "no_recipient"
	noBuyer            = "no_buyer"
	noInvoiceAddress   = "no_invoice_address"
	noTitle            = "no_title"
	unknownPaymentType = "unknown_payment_type"
	unknownProvider    = "unknown_fulfillment_provider"
	paymentCurrency    = "payment_in_another_currency"
	deliveryCancelled  = "delivery_cancelled"
	suspended          = "suspended_by_seller"
	lateBeforeBought   = "ship_by_before_purchase"
	windowReversed     = "delivery_window_reversed"
)

// findings collects faults. What stands beneath a place that already has one is not reported again: a price that is no object
// is not also a price without an amount.
type findings struct{ all schemas.Faults }

func (f *findings) add(code, path, text string) {
	for _, known := range f.all {
		if beneath(path, known.Path) {
			return
		}
	}
	f.all.Add(code, path, "%s", text)
}

func (f *findings) has(code string) bool {
	return slices.ContainsFunc(f.all, func(known schemas.Fault) bool { return known.Code == code })
}

// only is one fault of the whole document.
func only(code, text string) *findings {
	return &findings{all: schemas.Faults{{Code: code, Path: "$", Text: text}}}
}

// beneath is also true of the place itself.
func beneath(path, above string) bool {
	rest, inside := strings.CutPrefix(path, above)
	return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// place is where a value stands in the form. It is spelled out only when something is wrong there: path has a %d for each index.
type place struct {
	path string
	i, j int
}

func (p place) String() string {
	switch strings.Count(p.path, "%d") {
	case 0:
		return p.path
	case 1:
		return at(p.path, p.i)
	}
	return fmt.Sprintf(p.path, p.i, p.j)
}

func at(path string, i int) string { return fmt.Sprintf(path, i) }
