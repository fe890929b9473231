package ebay

import (
	"testing"

	"waybill/schemas"
)

func TestWhatOnlyNamesAnOrderIsANoticeOfIt(t *testing.T) {
	for _, c := range []struct{ what, body, ref, form, id string }{
		{"an order", `{"orderId":"12-34567-89012","lineItems":[]}`, "12-34567-89012", schemas.FormWhole, ""},
		{"that one was bought", `{"metadata":{"topic":"ORDER_CONFIRMATION"},"notification":{"notificationId":"n1","data":{"order":{"orderId":"12-3"}}}}`, "12-3", schemas.FormNotice, "n1"},
		{"that one is told plainly", `{"notification":{"notificationId":"n2","data":{"orderId":"12-4"}}}`, "12-4", schemas.FormNotice, "n2"},
		{"that an account was closed", `{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION"},"notification":{"notificationId":"n3","data":{"username":"u"}}}`, "", schemas.FormNotice, "n3"},
		{"nothing", `7`, "", schemas.FormWhole, ""},
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(c.body))
		if err != nil || len(raws) != 1 {
			t.Errorf("%s: %d, %v", c.what, len(raws), err)
			continue
		}
		if got := raws[0]; got.Ref != c.ref || got.Form != c.form || got.DeliveryID != c.id {
			t.Errorf("%s: ref %q, form %q, id %q", c.what, got.Ref, got.Form, got.DeliveryID)
		}
	}
	raws, err := Marketplace{}.Receive(nil, []byte(`{"href":"x","total":2,"orders":[{"orderId":"1"},{"orderId":"2"}]}`))
	if err != nil || len(raws) != 2 || raws[1].Ref != "2" {
		t.Errorf("a page: %+v, %v", raws, err)
	}
}
