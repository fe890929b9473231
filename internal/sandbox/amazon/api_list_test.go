package amazon

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

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
