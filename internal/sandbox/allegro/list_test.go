package allegro

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"waybill/internal/sandbox/specification"
)

type listOf struct {
	CheckoutForms     []checkoutForm
	Count, TotalCount int
}

func (s *shop) list(query string) (l listOf) {
	s.t.Helper()
	status, answer := s.ask("GET", "/order/checkout-forms?"+query, "")
	if err := json.Unmarshal(answer, &l); err != nil || status != 200 || l.Count != len(l.CheckoutForms) {
		s.t.Fatalf("%d, %v: %s", status, err, answer)
	}
	return l
}

func TestListsArePagesOfWhatWasAskedFor(t *testing.T) {
	s := openShop(t)
	for number := range uint64(120) {
		s.show(number+1, 1)
	}
	s.pass(time.Hour)
	since := url.QueryEscape(s.clock().Format(time.RFC3339))
	for number := range uint64(20) {
		s.show(number+111, 2) // ten that were there, ten that are new
	}
	refs := map[string]bool{}
	for offset := 0; offset < 130; offset += 50 {
		for _, f := range s.list(fmt.Sprintf("limit=50&offset=%d", offset)).CheckoutForms {
			refs[f.ID] = true
		}
	}
	if len(refs) != 130 {
		t.Errorf("%d of 130", len(refs))
	}
	sum := 0
	for _, status := range statuses {
		sum += s.list("status=" + status).TotalCount
	}
	if all := s.list("sort=-updatedAt"); sum != 130 || all.TotalCount != 130 || all.Count != 100 {
		t.Errorf("%d by status, %d of %d", sum, all.Count, all.TotalCount)
	}
	if late, early := s.list("updatedAt.gte="+since).TotalCount, s.list("updatedAt.lte="+since).TotalCount; late != 20 || early != 130 {
		t.Errorf("%d since, %d until", late, early)
	}
	newest := s.list("limit=2").CheckoutForms
	if newest[0].LineItems[0].BoughtAt < newest[1].LineItems[0].BoughtAt {
		t.Error("the latest purchase does not stand first")
	}
	for query, want := range map[string]int{
		"limit=0": 422, "limit=101": 422, "offset=-1": 422, "offset=9901": 422, "status=LOST": 400, "sort=price": 400, "updatedAt.gte=today": 400,
		"buyer.login=x": 400,
	} {
		if status, _ := s.ask("GET", "/order/checkout-forms?"+query, ""); status != want {
			t.Errorf("%s: %d", query, status)
		}
	}
	if status, _ := s.ask("GET", "/order/checkout-forms/no-uuid", ""); status != 422 {
		t.Errorf("no uuid: %d", status)
	}
}

func TestPurchasesThatArePaidTogetherVanishAndOneFormHasTheirLines(t *testing.T) {
	s := openShop(t)
	isOpen := func(s *sale) bool { return s.form.Status == filledIn && s.site == sites[0] }
	one := find(t, 1, isOpen)
	other := find(t, 1, func(s *sale) bool { return s.number > one && isOpen(s) })
	s.show(one, 1)
	s.show(other, 1)
	events := len(s.events(""))
	if s.api.Combine(one, one) == nil || s.api.Combine(one, 99_999_999) == nil {
		t.Error("two that are not two are combined")
	}
	if err := s.api.Combine(one, other); err != nil {
		t.Fatal(err)
	}
	for _, number := range []uint64{one, other} {
		if status, answer := s.ask("GET", "/order/checkout-forms/"+Market(8).Order(number, 1).Ref, ""); status != 404 || code(answer) != codeFormNotFound {
			t.Errorf("one that vanished: %d %s", status, answer)
		}
	}
	came := s.events("")[events:]
	if len(came) != 1 || came[0].Type != readyEvent {
		t.Fatalf("%+v", came)
	}
	f, body := s.form(came[0].Order.CheckoutForm.ID)
	first, _ := Market(8).at(one, 1)
	second, _ := Market(8).at(other, 1)
	want := append(first.form.LineItems, second.form.LineItems...)
	if f.Status != ready || len(f.LineItems) != len(want) || f.Payment == nil || f.Delivery.Address == nil {
		t.Fatalf("%s", body)
	}
	for i, line := range f.LineItems {
		if line.ID != want[i].ID {
			t.Errorf("line %d is another", i)
		}
	}
	if difference := first.drift; f.Summary.TotalToPay != first.site.priceOf(t, first.goods+second.goods+difference, f) {
		t.Errorf("the total is %+v", f.Summary.TotalToPay)
	}
	rules, err := specification.Read("testdata/checkout-form.txt")
	if err == nil {
		err = rules.Check(body)
	}
	if err != nil {
		t.Error(err)
	}
	if s.api.Combine(one, other) == nil {
		t.Error("they are combined again")
	}
	s.show(one, 4)
	if list := s.list(""); list.TotalCount != 1 || list.CheckoutForms[0].ID != f.ID {
		t.Errorf("%d are listed", list.TotalCount)
	}
}

// priceOf is what goods and the form's delivery come to.
func (*site) priceOf(t *testing.T, goods int64, f checkoutForm) price {
	t.Helper()
	var whole, cents int64
	if _, err := fmt.Sscanf(f.Delivery.Cost.Amount, "%d.%d", &whole, &cents); err != nil {
		t.Fatal(err)
	}
	sum := goods + whole*100 + cents
	return price{fmt.Sprintf("%d.%02d", sum/100, sum%100), f.Delivery.Cost.Currency}
}

func TestNowAndThenABuyerPaysTwoPurchasesTogether(t *testing.T) {
	s := openShop(t)
	if err := s.api.Sell(1000); err != nil {
		t.Fatal(err)
	}
	combined := s.books.Books().Operations["market.combine"].Effects
	if listed := s.list("limit=1").TotalCount; combined < 3 || combined > 50 || listed != 1000-combined {
		t.Errorf("%d combined, %d listed", combined, listed)
	}
}

func TestAParcelIsAddedToLinesOfAnOrder(t *testing.T) {
	s := openShop(t)
	number := find(t, 1, func(s *sale) bool { return isNew(s) && len(s.form.LineItems) == 2 })
	s.show(number, 1)
	made, _ := Market(8).at(number, 1)
	path := "/order/checkout-forms/" + made.form.ID + "/shipments"
	add := func(body string) (int, string) {
		status, answer := s.ask("POST", path, body)
		return status, code(answer) + string(answer)
	}
	line := made.form.LineItems[0].ID
	status, answer := add(`{"carrierId":"DHL","waybill":"12345678910PL","carrierName":null,"lineItems":[{"id":"` + line + `"}]}`)
	var created shipment
	if err := json.Unmarshal([]byte(answer), &created); err != nil || status != 201 || created.ID != "REhMOjEyMzQ1Njc4OTEwUEw=" { // the specification's example
		t.Fatalf("%d, %v: %s", status, err, answer)
	}
	if f, _ := s.form(made.form.ID); f.Fulfillment.ShipmentSummary.LineItemsSent != "SOME" || f.Fulfillment.Status != "NEW" {
		t.Errorf("%+v", f.Fulfillment)
	}
	if status, answer := add(`{"carrierId":"OTHER","carrierName":"A neighbour","waybill":"1"}`); status != 201 {
		t.Errorf("%d %s", status, answer)
	}
	if f, _ := s.form(made.form.ID); f.Fulfillment.ShipmentSummary.LineItemsSent != "ALL" {
		t.Errorf("%+v", f.Fulfillment)
	}
	_, listed := s.ask("GET", path, "")
	var list struct{ Shipments []shipment }
	if err := json.Unmarshal(listed, &list); err != nil || len(list.Shipments) != 2 || list.Shipments[1].CarrierName != "A neighbour" || len(list.Shipments[1].LineItems) != 2 {
		t.Errorf("%v: %s", err, listed)
	}
	for body, want := range map[string]int{
		`{"carrierId":"DPD","waybill":"250095804610596704"}`: 400, `{"carrierId":"NOBODY","waybill":"1"}`: 400, `{"carrierId":"DHL","waybill":""}`: 400,
		`{"carrierId":"WEDO","waybill":"1*2"}`: 400, `{"carrierId":"DHL","waybill":"1","lineItems":[{"id":"x"}]}`: 422, `{}`: 400, `[]`: 400,
	} {
		if status, answer := add(body); status != want {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	add(`{"carrierId":"DHL","waybill":"12345678910PL"}`)
	if times := s.books.Times("shipments.add", made.form.ID+" DHL:12345678910PL"); times != 2 {
		t.Errorf("%d times in the books", times)
	}
}
