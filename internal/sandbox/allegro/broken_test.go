package allegro

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/wire"
)

// refuse is the least that a careful reader checks, written without a look at the faults.
func refuse(form map[string]any) string {
	id, _ := form["id"].(string)
	if id == "" {
		return "no id"
	}
	status, _ := form["status"].(string)
	if !slices.Contains([]string{"BOUGHT", "FILLED_IN", "READY_FOR_PROCESSING", "CANCELLED"}, status) {
		return "status"
	}
	updated, _ := form["updatedAt"].(string)
	if _, err := time.Parse(time.RFC3339, updated); err != nil {
		return "date"
	}
	total, _ := form["summary"].(map[string]any)["totalToPay"].(map[string]any)
	if why := refuseMoney(total, total); why != "" {
		return "total " + why
	}
	lines, _ := form["lineItems"].([]any)
	if len(lines) == 0 {
		return "no lines"
	}
	for _, line := range lines {
		if why := refuseLine(line, total); why != "" {
			return "line " + why
		}
	}
	if status == "READY_FOR_PROCESSING" {
		return refuseAddress(form["delivery"].(map[string]any)["address"])
	}
	return ""
}

func refuseLine(value any, total map[string]any) string {
	line, isLine := value.(map[string]any)
	if !isLine {
		return "is none"
	}
	quantity, _ := line["quantity"].(json.Number)
	if pieces, err := quantity.Int64(); err != nil || pieces < 1 {
		return "quantity"
	}
	bought, _ := line["boughtAt"].(string)
	if _, err := time.Parse(time.RFC3339, bought); err != nil {
		return "date"
	}
	amount, _ := line["price"].(map[string]any)
	return refuseMoney(amount, total)
}

// decimals of all currencies here are two.
var decimals = regexp.MustCompile(`^\d+(\.\d{1,2})?$`)

func refuseMoney(money, total map[string]any) string {
	amount, _ := money["amount"].(string)
	if !decimals.MatchString(amount) {
		return "amount"
	}
	currency, _ := money["currency"].(string)
	if !slices.Contains([]string{"PLN", "CZK", "EUR", "HUF"}, currency) || currency != total["currency"] {
		return "currency"
	}
	return ""
}

func refuseAddress(value any) string {
	address, there := value.(map[string]any)
	if !there {
		return "no address"
	}
	for _, field := range []string{"firstName", "lastName", "street", "city", "zipCode"} {
		if text, _ := address[field].(string); strings.TrimSpace(text) == "" {
			return "no " + field
		}
	}
	if code, _ := address["countryCode"].(string); !slices.Contains([]string{"PL", "CZ", "SK", "HU", "DE"}, code) {
		return "country"
	}
	return ""
}

func TestNoCarefulReaderAcceptsABrokenOrderOrRefusesAGoodOne(t *testing.T) {
	for n := range uint64(1000) {
		broken := Market(12).Broken(n)
		if why := refuse(wire.Open(broken.Body)); why == "" {
			t.Errorf("%q is accepted: %s", broken.Fault, broken.Body)
		}
		for version := 1; version <= 3; version++ {
			good := Market(12).Order(n, version)
			if why := refuse(wire.Open(good.Body)); why != "" {
				t.Errorf("a good order is refused for its %s: %s", why, good.Body)
			}
		}
	}
}

func TestOnlyTheMissingReferenceIsMissing(t *testing.T) {
	for n := range uint64(2 * len(faults)) {
		broken := Market(13).Broken(n)
		form := wire.Open(broken.Body)
		id, _ := form["id"].(string)
		if id != broken.Ref || (broken.Ref == "") != (broken.Fault == "id missing") {
			t.Errorf("%q names %q, the body %q", broken.Fault, broken.Ref, id)
		}
	}
}
