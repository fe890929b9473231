package amazon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/specification"
)

func at(moment time.Time) string { return url.QueryEscape(moment.Format(time.RFC3339Nano)) }

func TestPagesShowEachOrderOnceAndInTheOrderOfChanges(t *testing.T) {
	s := openShop(t, Options{})
	rules, err := specification.Read("testdata/order.txt")
	if err != nil {
		t.Fatal(err)
	}
	began := s.api.now()
	s.sell(30)
	s.pass(20 * time.Minute)
	for _, n := range []uint64{7, 3} {
		if err := s.api.Show(n, 2); err != nil {
			t.Fatal(err)
		}
	}
	s.pass(20 * time.Minute)
	query := "marketplaceIds=A1PA6795UKMFR9,A1VC38T7YXB528,A1F83G8C2ARO7P,ATVPDKIKX0DER,A1C3SOZRARQ6R3,APJ6JRA9NG5V4,A13V1IB3VIYZZH,A1RKKUPIHCS9HS&lastUpdatedAfter=" + at(began)
	whole := s.list(query)
	all := whole.refs(t)
	if len(all) != 30 || whole.Paging.Next != "" || whole.CreatedBefore != "" || whole.UpdatedBefore != "2026-11-22T13:38:00Z" ||
		all[28] != s.api.market.Order(7, 1).Ref || all[29] != s.api.market.Order(3, 1).Ref {
		t.Fatalf("%d: %v, %+v", len(all), all, whole.UpdatedBefore)
	}
	for _, body := range s.list(query + "&" + everything[1:]).Orders {
		wrapped := []byte(`{"order":` + string(body) + `}`)
		if err := rules.Check(wrapped); err != nil {
			t.Errorf("%v\n%s", err, body)
		}
		if updated := look(t, wrapped).Order.LastUpdatedTime; updated != "2026-11-22T13:00:00Z" && updated != "2026-11-22T13:20:00Z" {
			t.Errorf("it became so at %s", updated)
		}
	}
	var paged []string
	for next := ""; ; {
		page := s.list(query + "&maxResultsPerPage=7&paginationToken=" + next)
		paged = append(paged, page.refs(t)...)
		if next = page.Paging.Next; next == "" {
			break
		}
		if len(paged) == 7 {
			s.sell(5) // which the period does not hold
		}
	}
	if !slices.Equal(paged, all) {
		t.Errorf("pages show %v", paged)
	}
	if late := s.list("lastUpdatedAfter=" + at(began.Add(time.Minute))); !slices.Equal(late.refs(t), all[28:]) {
		t.Errorf("changed a minute later: %v", late.refs(t))
	}
	if first := s.list("lastUpdatedAfter=" + at(began) + "&lastUpdatedBefore=" + at(began)); !slices.Equal(first.refs(t), all[:28]) {
		t.Errorf("changed at first: %v", first.refs(t))
	}
	if created := s.list("createdAfter=" + at(began) + "&createdBefore=" + at(began)); len(created.Orders) != 30 || created.CreatedBefore == "" {
		t.Errorf("%d were created then", len(created.Orders))
	}
	count := 0
	for _, status := range fulfillmentStatuses {
		count += len(s.list("lastUpdatedAfter=" + at(began) + "&fulfillmentStatuses=" + status).Orders)
	}
	theirs, ours := s.list("lastUpdatedAfter="+at(began)+"&fulfilledBy=AMAZON"), s.list("lastUpdatedAfter="+at(began)+"&fulfilledBy=MERCHANT")
	if count != 30 || len(theirs.Orders)+len(ours.Orders) != 30 || len(theirs.Orders) == 0 {
		t.Errorf("%d have a status; Amazon fulfils %d, the seller %d", count, len(theirs.Orders), len(ours.Orders))
	}
}

func TestASearchThatIsNotRightIsRefused(t *testing.T) {
	s := openShop(t, Options{})
	rules, err := specification.Read("testdata/error.txt")
	if err != nil {
		t.Fatal(err)
	}
	s.sell(3)
	s.pass(30 * time.Minute)
	since := "lastUpdatedAfter=" + at(s.clock().Add(-2*time.Hour))
	token := s.list(since + "&maxResultsPerPage=1").Paging.Next
	for _, query := range []string{
		"", "createdAfter=2026-11-01T00:00:00Z&" + since, since + "&createdBefore=2026-11-01T00:00:00Z", "lastUpdatedAfter=yesterday",
		since + "&lastUpdatedBefore=" + at(s.clock().Add(-time.Minute)), since + "&lastUpdatedBefore=" + at(s.clock().Add(-3*time.Hour)),
		since + "&maxResultsPerPage=0", since + "&maxResultsPerPage=101", since + "&fulfillmentStatuses=LOST", since + "&fulfilledBy=me",
		since + "&includedData=ALL", since + "&marketplaceIds=" + strings.Repeat("A,", 51), since + "&nextToken=" + token, since + "&paginationToken=x",
		since + "&fulfilledBy=AMAZON&paginationToken=" + token,
	} {
		a := s.ask("/orders/2026-01-01/orders?" + query)
		if a.status != 400 || a.code != "InvalidInput" || rules.Check(a.body) != nil {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if page := s.list(since + "&maxResultsPerPage=2&paginationToken=" + token); len(page.Orders) != 2 || page.Paging.Next != "" {
		t.Errorf("what may change did: %d", len(page.Orders))
	}
	s.pass(25 * time.Hour)
	s.token = s.login()
	if a := s.ask("/orders/2026-01-01/orders?" + since + "&paginationToken=" + token); a.status != 400 {
		t.Errorf("a day later: %d", a.status)
	}
}

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
