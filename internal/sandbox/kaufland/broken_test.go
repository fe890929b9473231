package kaufland

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/wire"
)

// refuse is the least that a careful reader checks, written without a look at the faults.
func refuse(o map[string]any) string {
	if id, _ := o["id_order"].(string); id == "" {
		return "no id"
	}
	created, _ := o["ts_created_iso"].(string)
	if _, err := time.Parse(time.RFC3339, created); err != nil {
		return "time of the order"
	}
	units, _ := o["order_units"].([]any)
	if len(units) == 0 {
		return "no units"
	}
	ids, currency, toSend := map[string]bool{}, "", false
	for _, value := range units {
		unit, isUnit := value.(map[string]any)
		id, _ := unit["id_order_unit"].(json.Number)
		if whole, err := id.Int64(); !isUnit || err != nil || whole <= 0 || ids[id.String()] {
			return "unit without an id of its own"
		}
		ids[id.String()] = true
		if why := refuseUnit(unit, &currency); why != "" {
			return why
		}
		toSend = toSend || unit["status"] == "need_to_be_sent"
	}
	if toSend {
		return refuseAddress(o["shipping_address"])
	}
	return ""
}

func refuseUnit(unit map[string]any, currency *string) string {
	for _, field := range []string{"price", "shipping_rate"} {
		number, _ := unit[field].(json.Number)
		if minor, err := number.Int64(); err != nil || minor < 0 {
			return field
		}
	}
	code, _ := unit["currency"].(string)
	if *currency == "" {
		*currency = code
	}
	if !slices.Contains([]string{"EUR", "CZK", "PLN"}, code) || code != *currency {
		return "currency"
	}
	if status, _ := unit["status"].(string); status == "" {
		return "status"
	}
	updated, _ := unit["ts_updated_iso"].(string)
	if _, err := time.Parse(time.RFC3339, updated); err != nil {
		return "time of the unit"
	}
	return ""
}

func refuseAddress(value any) string {
	address, _ := value.(map[string]any)
	for _, field := range []string{"first_name", "last_name", "street", "postcode", "city"} {
		if text, _ := address[field].(string); strings.TrimSpace(text) == "" {
			return "no " + field
		}
	}
	if code, _ := address["country"].(string); !slices.Contains([]string{"DE", "AT", "CZ", "SK", "PL", "FR", "IT"}, code) {
		return "country"
	}
	return ""
}

func TestNoCarefulReaderAcceptsABrokenOrderOrRefusesAGoodOne(t *testing.T) {
	for n := range uint64(1500) {
		broken := Market(12).Broken(n)
		if why := refuse(wire.Open(broken.Body).In("data")); why == "" {
			t.Errorf("%q is accepted: %s", broken.Fault, broken.Body)
		}
		for version := 1; version <= 3; version++ {
			good := Market(12).Order(n, version)
			if why := refuse(wire.Open(good.Body).In("data")); why != "" {
				t.Errorf("a good order is refused for its %s: %s", why, good.Body)
			}
		}
	}
}

func TestOnlyTheMissingReferenceIsMissing(t *testing.T) {
	for n := range uint64(2 * len(faults)) {
		broken := Market(13).Broken(n)
		id, _ := wire.Open(broken.Body).In("data")["id_order"].(string)
		if id != broken.Ref || (broken.Ref == "") != (broken.Fault == "id_order missing" || broken.Fault == "id_order empty") {
			t.Errorf("%q names %q, the body %q", broken.Fault, broken.Ref, id)
		}
	}
}
