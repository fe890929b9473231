package amazon

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

const orderChange = `{"NotificationType":"ORDER_CHANGE","Payload":{"X":1,"OrderChangeNotification":{"AmazonOrderId":"n"}},"NotificationMetadata":{"NotificationId":"i"}}`

// quoted is a text as JSON.
func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

// What each element is: form, part, reference and the sender's own id.
func TestReceiveTellsWhatEachElementIs(t *testing.T) {
	for _, c := range []struct {
		document string
		want     []string
	}{
		{`{"order":{"orderId":"a"}}`, []string{"// a/"}},
		{`{"orders":[{"orderId":"a"},{"orderId":"b"}],"pagination":{}}`, []string{"// a/", "// b/"}},
		{`{"orders":[]}`, nil},
		{`{"orderId":" a ","x":{"orderId":"no"}}`, []string{"// a/"}},
		{`{"order\u0049d":"\u0061"}`, []string{"// a/"}},
		{`{"orderId":9007199254740993}`, []string{"// 9007199254740993/"}},
		{`{"orderItems":[]}`, []string{"// /"}},
		{`{"orderId":"` + strings.Repeat("a", reading.RefBytesMax+1) + `"}`, []string{"// /"}},
		{`{"orderId":"a\u0000"}`, []string{"// /"}},
		{`{"payload":{"AmazonOrderId":"a","OrderStatus":"Unshipped"}}`, []string{"part/order/ a/"}},
		{`{"payload":{"AmazonOrderId":"a","OrderStatus":"Unshipped","OrderItems":null}}`, []string{"part/order/ a/"}},
		{`{"payload":{"AmazonOrderId":"a","OrderStatus":"Unshipped","OrderItems":[]}}`, []string{"// a/"}},
		{`{"payload":{"Orders":[{"AmazonOrderId":"a","PurchaseDate":"x"},{"AmazonOrderId":"b","LastUpdateDate":"x"}],"NextToken":"x"}}`, []string{"part/order/ a/", "part/order/ b/"}},
		{`{"Orders":[{"AmazonOrderId":"a","OrderStatus":"x"}]}`, []string{"part/order/ a/"}},
		{`{"payload":[{"AmazonOrderId":"a","OrderItems":[]}]}`, []string{"part/items/ a/"}},
		{`{"AmazonOrderId":"a","OrderItems":[{"OrderItemId":"1","QuantityOrdered":1}]}`, []string{"part/items/ a/"}},
		{`{"AmazonOrderId":"a","OrderItems":[{"OrderItemId":"1","GiftWrapLevel":"x"}]}`, []string{"part/items_buyer/ a/"}},
		{`{"AmazonOrderId":"a","ShippingAddress":{}}`, []string{"part/address/ a/"}},
		{`{"AmazonOrderId":"a","ShippingAddress":null,"DeliveryPreferences":{}}`, []string{"part/address/ a/"}},
		{`{"AmazonOrderId":"a","BuyerEmail":"x"}`, []string{"part/buyer/ a/"}},
		{`{"AmazonOrderId":"a","PurchaseOrderNumber":"x"}`, []string{"part/buyer/ a/"}},
		{`{"AmazonOrderId":"a","RequiresDosageLabel":false}`, []string{"part/regulated/ a/"}},
		{`{"OrderItems":[{"OrderItemId":"1"}]}`, []string{"// /"}}, // a part of no order is no part
		{`{"AmazonOrderId":"a"}`, []string{"// a/"}},
		{`{"parts":{"items":{"AmazonOrderId":"b"},"order":{"AmazonOrderId":"a"}}}`, []string{"// a/"}},
		{orderChange, []string{"notice// n/i"}},
		{`{"NotificationType":"FBA_OUTBOUND_SHIPMENT_STATUS","Payload":{"N":{"AmazonOrderId":"f"}}}`, []string{"notice// f/"}},
		{`{"NotificationType":"FULFILLMENT_ORDER_STATUS","Payload":{"N":{"SellerFulfillmentOrderId":"s"}}}`, []string{"notice// /"}},
		{`{"notificationType":"X","payload":{"n":{"amazonOrderId":"l"}},"notificationMetadata":{"notificationId":"i"}}`, []string{"notice// l/i"}},
		{`{"version":"0","detail-type":"ORDER_CHANGE","detail":` + orderChange + `}`, []string{"notice// n/i"}},
		{`{"MessageId":"1","Body":` + quoted(orderChange) + `}`, []string{"notice// n/i"}},
		{`{"Messages":[{"Body":` + quoted(orderChange) + `},{"Body":"x"},{"Body":1}]}`, []string{"notice// n/i", "// /", "// /"}},
		{`{"Records":[{"body":` + quoted(orderChange) + `}]}`, []string{"notice// n/i"}},
		{`{"Type":"Notification","Message":` + quoted(orderChange) + `}`, []string{"notice// n/i"}},
		{`[{"order":{"orderId":"a"}},{"payload":{"AmazonOrderId":"b","OrderItems":[]}},` + orderChange + `,{"orderId":"c"}]`, []string{"// a/", "part/items/ b/", "notice// n/i", "// c/"}},
		{`{"payload":{"payload":{"AmazonOrderId":"a"}}}`, []string{"// /"}},
		{`{"payload":null,"errors":[]}`, []string{"// /"}},
		{`[null,1,"a",[],{}]`, []string{"// /", "// /", "// /", "// /", "// /"}},
		{`[]`, nil},
		{`17`, []string{"// /"}},
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(c.document))
		if err != nil {
			t.Errorf("%s: %v", c.document, err)
		}
		var got []string
		for _, raw := range raws {
			form := raw.Form + "/" + raw.Part + "/"
			if raw.Part == "" {
				form = raw.Form + "//"
			}
			got = append(got, form+" "+raw.Ref+"/"+raw.DeliveryID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.document, got, c.want)
		}
	}
}

// The envelope of a notification is part of it: what comes is what is stored.
func TestANotificationKeepsItsEnvelope(t *testing.T) {
	for _, document := range []string{
		orderChange, `{"id":"1","detail":` + orderChange + `}`, `{"MessageId":"1","ReceiptHandle":"r","Body":` + quoted(orderChange) + `}`,
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(document))
		if err != nil || len(raws) != 1 || string(raws[0].Body.Bytes) != document {
			t.Errorf("%s: %v, %v", document, raws, err)
		}
		if got := faultsOf(t, []byte(document)); !slices.Equal(got, []string{"not_an_order $"}) {
			t.Errorf("%s: %q", document, got)
		}
	}
}

func TestWhatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		document             string
		offset, line, column int
	}{
		{``, 0, 1, 1},
		{`{"order":{"orderId":"a"}`, 24, 1, 25},
		{"{\"payload\":{\"a\":1},\n \"é\": x}", 27, 2, 7},
		{`{"orders":[{"orderId":"a"},]}`, 27, 1, 28},
		{`{"payload":{"Orders":[1 2]}}`, 24, 1, 25},
		{`{"Body":"{\"a\":\x}"}`, 17, 1, 18},
		{"\ufeff{]", 4, 1, 3},
		{strings.Repeat(`{"payload":`, 20_000), 110_000, 1, 110_001},
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(c.document))
		var at *schemas.SyntaxError
		if !errors.As(err, &at) || len(raws) > 0 {
			t.Errorf("%.40q: %d orders, %v", c.document, len(raws), err)
			continue
		}
		if at.Offset != c.offset || at.Line != c.line || at.Column != c.column {
			t.Errorf("%.40q: byte %d, line %d, column %d; want %d, %d, %d", c.document, at.Offset, at.Line, at.Column, c.offset, c.line, c.column)
		}
	}
}

func TestADocumentHoldsOnlySoManyOrders(t *testing.T) {
	document := func(n int) []byte { return []byte(`{"orders":[` + strings.Repeat("1,", n-1) + "1]}") }
	if raws, err := (Marketplace{}).Receive(nil, document(reading.OrdersMax)); err != nil || len(raws) != reading.OrdersMax {
		t.Errorf("%d orders: %d, %v", reading.OrdersMax, len(raws), err)
	}
	if _, err := (Marketplace{}).Receive(nil, document(reading.OrdersMax+1)); !errors.Is(err, reading.ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
}
