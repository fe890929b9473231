package amazon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/specification"
)

// ready is an order that the seller is to ship, in more than one piece, with all of its items.
func (s *shop) ready() (number uint64, v view, site string) {
	s.t.Helper()
	for n := uint64(1); n < 500; n++ {
		v := look(s.t, s.api.market.Order(n, 1).Body)
		if v.Order.Fulfillment.FulfillmentStatus == unshipped && v.Order.Fulfillment.FulfilledBy == "MERCHANT" && len(v.Order.OrderItems) > 1 {
			if err := s.api.Show(n, 1); err != nil {
				s.t.Fatal(err)
			}
			return n, v, v.Order.SalesChannel.MarketplaceID
		}
	}
	s.t.Fatal("no order is ready")
	return 0, v, ""
}

func (s *shop) confirm(ref, body string) answer {
	s.t.Helper()
	return s.do(s.request("POST", "/orders/v0/orders/"+ref+"/shipmentConfirmation", body))
}

func parcel(site, reference, tracking string, items ...itemView) string {
	var content []string
	for _, i := range items {
		content = append(content, fmt.Sprintf(`{"orderItemId":%q,"quantity":%d}`, i.OrderItemID, i.QuantityOrdered))
	}
	return fmt.Sprintf(`{"marketplaceId":%q,"packageDetail":{"packageReferenceId":%q,"carrierCode":"DHL","trackingNumber":%q,"shipDate":"2026-11-22T10:00:00Z","orderItems":[%s]}}`,
		site, reference, tracking, strings.Join(content, ","))
}

func TestAParcelThatIsConfirmedIsShownAndEditedByItsReference(t *testing.T) {
	s := openShop(t, Options{})
	rules, err := specification.Read("testdata/order.txt")
	if err != nil {
		t.Fatal(err)
	}
	number, v, site := s.ready()
	ref, items := v.Order.OrderID, v.Order.OrderItems
	var marks []time.Time
	shows := func(status string, parcels int, tracking string) {
		t.Helper()
		body := s.get(ref)
		now := look(t, body)
		if err := rules.Check(body); err != nil || now.Order.Fulfillment.FulfillmentStatus != status || len(now.Order.Packages) != parcels || !strings.Contains(string(body), tracking) {
			t.Fatalf("%v: %s", err, body)
		}
		mark, err := time.Parse(time.RFC3339, now.Order.LastUpdatedTime)
		if len(marks) > 0 && !mark.After(marks[len(marks)-1]) || err != nil {
			t.Errorf("%v is no later revision than %v, %v", mark, marks, err)
		}
		marks = append(marks, mark)
	}
	must := func(body string, status int, code string) {
		t.Helper()
		if a := s.confirm(ref, body); a.status != status || a.code != code {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
	}
	shows(unshipped, 0, ref)
	must(parcel(site, "1", "0034", items[0]), 204, "")
	shows(partlyShipped, 1, `"trackingNumber":"0034"`)
	must(parcel(site, "1", "0099", items[0]), 204, "")
	shows(partlyShipped, 1, `"trackingNumber":"0099"`)
	must(parcel(site, "2", "0100", items[0]), 400, "InvalidInput") // is in the first
	must(parcel(site, "2", "0100", items[1:]...), 204, "")
	shows(shipped, 2, `"trackingNumber":"0100"`)
	must(parcel(site, "3", "0200", items[0]), 400, "PackageToUpdateNotFound")
	must(parcel(site, "2", "0100", items[1:]...), 204, "")
	if err := s.api.Show(number, 2); err != nil {
		t.Fatal(err)
	}
	shows(look(t, s.get(ref)).Order.Fulfillment.FulfillmentStatus, 2, "0100")
	b := s.books.Books().Operations[ConfirmOperation]
	if b.Effects != 4 || b.Subjects != 2 || b.Repeated != 2 || s.books.Times(ConfirmOperation, ref+" 2") != 2 {
		t.Errorf("the books say %+v", b)
	}
	s.chance.Use([]fault.Rule{{Party: "amazon", Operation: ConfirmOperation, Fault: fault.Ignore, Probability: 1}})
	must(parcel(site, "1", "0777", items[0]), 204, "")
	if strings.Contains(string(s.get(ref)), "0777") {
		t.Error("what was ignored is there")
	}
}

func TestAConfirmationThatIsNotRightIsRefused(t *testing.T) {
	s := openShop(t, Options{})
	_, v, site := s.ready()
	ref, items := v.Order.OrderID, v.Order.OrderItems
	good := parcel(site, "1", "0034", items[0])
	replaced := func(old, by string) string {
		changed := strings.Replace(good, old, by, 1)
		if changed == good {
			t.Fatalf("%s is not in %s", old, good)
		}
		return changed
	}
	for _, body := range []string{
		"", "{}", "[]", good + "{}", replaced(`"1"`, `1`), replaced(`"1"`, `"0"`), replaced(`"1"`, `"-1"`), replaced(`"1"`, `"first"`), replaced(site, "A0"), replaced(site, ""),
		replaced(`"DHL"`, `""`), replaced(`"DHL"`, `"Other"`), replaced(`"0034"`, `""`), replaced("2026-11-22T10:00:00Z", "02/21/2022"),
		replaced(items[0].OrderItemID, "1"), replaced(`"quantity":`, `"quantity":9`), replaced(`"quantity":`, `"quantity":-`), replaced(`"carrierCode"`, `"carrier"`),
		parcel(site, "1", "0034"), parcel(site, "1", "0034", items[0], items[0]),
	} {
		if a := s.confirm(ref, body); a.status != 400 || a.code != "InvalidInput" {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := s.confirm("000-0000000-0000000", good); a.status != http.StatusNotFound {
		t.Errorf("an order that there is not: %d", a.status)
	}
	for n := uint64(1); n < 200; n++ {
		o := look(t, s.api.market.Order(n, 1).Body).Order
		if o.Fulfillment.FulfilledBy == "MERCHANT" && slices.Contains([]string{unshipped, partlyShipped, shipped}, o.Fulfillment.FulfillmentStatus) {
			continue
		}
		if err := s.api.Show(n, 1); err != nil {
			t.Fatal(err)
		}
		if a := s.confirm(o.OrderID, parcel(o.SalesChannel.MarketplaceID, "9", "1", o.OrderItems[0])); a.status != 400 {
			t.Errorf("%s %s: %d %s", o.Fulfillment.FulfilledBy, o.Fulfillment.FulfillmentStatus, a.status, a.body)
		}
	}
	if b := s.books.Books().Operations[ConfirmOperation]; b.Effects != 0 {
		t.Errorf("garbage did %+v", b)
	}
}

// The request of the specification's own example is read, and its bad one refused for what is bad.
func TestTheSpecificationsRequestsAreRead(t *testing.T) {
	for file, wrong := range map[string]string{"confirm-shipment.json": "", "confirm-shipment-bad-date.json": "shipDate must be in ISO 8601 date/time format"} {
		text, err := os.ReadFile("testdata/" + file)
		var asked confirmation
		if err == nil {
			err = json.Unmarshal(text, &asked)
		}
		if got := asked.check(); err != nil || got != wrong {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
}
