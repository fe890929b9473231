package amazon

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/wire"
)

var statuses = []string{"PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"}

// refuse is the least that a careful reader checks, written without a look at the faults.
func refuse(o map[string]any) string {
	if id, _ := o["orderId"].(string); id == "" {
		return "no id"
	}
	f, _ := o["fulfillment"].(map[string]any)
	status, _ := f["fulfillmentStatus"].(string)
	if !slices.Contains(statuses, status) {
		return "status"
	}
	for _, field := range []string{"createdTime", "lastUpdatedTime"} {
		moment, _ := o[field].(string)
		if _, err := time.Parse(time.RFC3339, moment); err != nil {
			return field
		}
	}
	currency := ""
	if proceeds, told := o["proceeds"].(map[string]any); told {
		if why := refuseMoney(proceeds["grandTotal"], &currency); why != "" {
			return "total " + why
		}
	}
	if why := refuseItems(o, status, &currency); why != "" {
		return why
	}
	if f["fulfilledBy"] == "MERCHANT" && (status == "UNSHIPPED" || status == "PARTIALLY_SHIPPED") {
		return refuseAddress(o)
	}
	return ""
}

func refuseItems(o map[string]any, status string, currency *string) string {
	items, _ := o["orderItems"].([]any)
	if len(items) == 0 {
		return "no items"
	}
	ids := map[string]bool{}
	for _, value := range items {
		item, isItem := value.(map[string]any)
		id, _ := item["orderItemId"].(string)
		if !isItem || id == "" || ids[id] {
			return "item without an id of its own"
		}
		ids[id] = true
		quantity, _ := item["quantityOrdered"].(json.Number)
		if pieces, err := quantity.Int64(); err != nil || pieces < 0 || pieces == 0 && status != "CANCELLED" {
			return "quantity"
		}
		price, told := item["product"].(map[string]any)["price"].(map[string]any)
		if !told {
			continue
		}
		if why := refuseMoney(price["unitPrice"], currency); why != "" {
			return "price " + why
		}
	}
	return ""
}

var decimals = map[string]*regexp.Regexp{
	"JPY": regexp.MustCompile(`^\d{1,12}$`),
	"EUR": twoDecimals, "GBP": twoDecimals, "USD": twoDecimals, "PLN": twoDecimals,
}

var twoDecimals = regexp.MustCompile(`^\d{1,12}(\.\d{1,2})?$`)

func refuseMoney(value any, currency *string) string {
	money, _ := value.(map[string]any)
	amount, _ := money["amount"].(string)
	code, _ := money["currencyCode"].(string)
	if *currency == "" {
		*currency = code
	}
	if form, known := decimals[code]; !known || code != *currency || !form.MatchString(amount) {
		return "amount or currency"
	}
	return ""
}

func refuseAddress(o map[string]any) string {
	recipient, _ := o["recipient"].(map[string]any)
	address, _ := recipient["deliveryAddress"].(map[string]any)
	for _, field := range []string{"city", "postalCode"} {
		if text, _ := address[field].(string); strings.TrimSpace(text) == "" {
			return "no " + field
		}
	}
	if code, _ := address["countryCode"].(string); !slices.Contains([]string{"DE", "AT", "FR", "IT", "ES", "GB", "US", "JP", "PL"}, code) {
		return "country"
	}
	return ""
}

func TestNoCarefulReaderAcceptsABrokenOrderOrRefusesAGoodOne(t *testing.T) {
	for n := range uint64(1500) {
		broken := Market(12).Broken(n)
		if why := refuse(wire.Open(broken.Body).In("order")); why == "" {
			t.Errorf("%q is accepted: %s", broken.Fault, broken.Body)
		}
		for version := 1; version <= 3; version++ {
			good := Market(12).Order(n, version)
			if why := refuse(wire.Open(good.Body).In("order")); why != "" {
				t.Errorf("a good order is refused for its %s: %s", why, good.Body)
			}
		}
	}
}

func TestOnlyTheMissingReferenceIsMissing(t *testing.T) {
	for n := range uint64(2 * len(faults)) {
		broken := Market(13).Broken(n)
		id, _ := wire.Open(broken.Body).In("order")["orderId"].(string)
		if id != broken.Ref || (broken.Ref == "") != strings.HasPrefix(broken.Fault, "orderId ") {
			t.Errorf("%q names %q, the body %q", broken.Fault, broken.Ref, id)
		}
	}
}
