package kaufland

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// The vector of Kaufland's documentation (sellerapi.kaufland.com, REST API, Signing a request), with the
// key that is printed there.
func TestTheSignatureIsThatOfTheDocumentation(t *testing.T) {
	const documented = "a7d0cb1da1ddbc86c96ee5fedd341b7d8ebfbb2f5c83cfe0909f4e57f05dd403"
	const want = "da0b65f51c0716c1d3fa658b7eaf710583630a762a98c9af8e9b392bd9df2e2a"
	if got := Sign(documented, "POST", "https://sellerapi.kaufland.com/v2/units/", nil, 1411055926); got != want {
		t.Errorf("signed %s, the documentation says %s", got, want)
	}
}

func TestEverythingThatIsSignedCounts(t *testing.T) {
	signed := map[string]bool{
		Sign("secret", "POST", "https://example.com/a", []byte("{}"), 1):  true,
		Sign("secrets", "POST", "https://example.com/a", []byte("{}"), 1): true,
		Sign("secret", "PUT", "https://example.com/a", []byte("{}"), 1):   true,
		Sign("secret", "POST", "https://example.com/b", []byte("{}"), 1):  true,
		Sign("secret", "POST", "https://example.com/a", []byte("{} "), 1): true,
		Sign("secret", "POST", "https://example.com/a", []byte("{}"), 2):  true,
	}
	if len(signed) != 6 {
		t.Errorf("six different requests have %d signatures", len(signed))
	}
}

func TestAPushNamesItsOrderOrOneOfItsUnits(t *testing.T) {
	ids, events := map[string]bool{}, map[string]int{}
	resource := regexp.MustCompile(`^https://sellerapi\.kaufland\.com/v2/(orders|order-units)/([^/]+)/$`)
	for n := range uint64(1000) {
		order, push := Market(8).Order(n, 1), Market(8).Push(n)
		var message map[string]string
		if err := json.Unmarshal(push.Body, &message); err != nil || len(message) != 4 {
			t.Fatalf("%v in %s", err, push.Body)
		}
		named := resource.FindStringSubmatch(message["resource"])
		ofUnit := strings.HasPrefix(message["event_name"], "order_unit_")
		if named == nil || named[2] != push.Ref || (named[1] == "order-units") != ofUnit || message["event_name"] != push.Status {
			t.Fatalf("%+v does not fit %s", push, push.Body)
		}
		if ofUnit && !strings.Contains(string(order.Body), `"id_order_unit":`+push.Ref+"}") || !ofUnit && push.Ref != order.Ref {
			t.Fatalf("%s is not of order\n%s", push.Body, order.Body)
		}
		if message["id_message"] == "" || ids[message["id_message"]] {
			t.Fatalf("%s has the id of another", push.Body)
		}
		ids[message["id_message"]] = true
		events[push.Status]++
	}
	if len(events) != 3 {
		t.Errorf("pushes of %v alone", events)
	}
}
