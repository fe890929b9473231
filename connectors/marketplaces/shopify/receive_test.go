package shopify

import (
	"net/http"
	"testing"

	"waybill/schemas"
)

func TestWhatOnlyNamesAnOrderIsANoticeOfIt(t *testing.T) {
	event := http.Header{}
	event.Set("X-Shopify-Event-Id", "event-1")
	event.Set("X-Shopify-Webhook-Id", "webhook-1")
	try := http.Header{}
	try.Set("X-Shopify-Webhook-Id", "webhook-1")
	for _, c := range []struct {
		what, body    string
		header        http.Header
		ref, form, id string
	}{
		{"an order", `{"id":450789469,"name":"#1001"}`, event, "450789469", schemas.FormWhole, ""},
		{"an order as the API answers", `{"order":{"id":450789469}}`, nil, "450789469", schemas.FormWhole, ""},
		{"refunds/create", `{"id":1,"order_id":450789469,"refund_line_items":[]}`, event, "450789469", schemas.FormNotice, "event-1"},
		{"fulfillments/update", `{"id":1,"order_id":450789469,"line_items":[{}]}`, try, "450789469", schemas.FormNotice, "webhook-1"},
		{"orders/edited", `{"order_edit":{"id":1,"order_id":450789469}}`, nil, "450789469", schemas.FormNotice, ""},
		{"customers/redact", `{"shop_domain":"shop.example","orders_to_redact":[1]}`, nil, "", schemas.FormWhole, ""},
		{"nothing", `7`, nil, "", schemas.FormWhole, ""},
	} {
		raws, err := Marketplace{}.Receive(c.header, []byte(c.body))
		if err != nil || len(raws) != 1 {
			t.Errorf("%s: %d, %v", c.what, len(raws), err)
			continue
		}
		if got := raws[0]; got.Ref != c.ref || got.Form != c.form || got.DeliveryID != c.id {
			t.Errorf("%s: ref %q, form %q, id %q", c.what, got.Ref, got.Form, got.DeliveryID)
		}
	}
}

func TestAPageIsCutIntoItsOrders(t *testing.T) {
	for _, body := range []string{`{"orders":[{"id":1},{"id":2}]}`, `[{"id":1},{"id":2}]`, `[{"order":{"id":1}},{"order":{"id":2}}]`} {
		raws, err := Marketplace{}.Receive(nil, []byte(body))
		if err != nil || len(raws) != 2 || raws[0].Ref != "1" || raws[1].Ref != "2" {
			t.Errorf("%s: %+v, %v", body, raws, err)
		}
	}
}
