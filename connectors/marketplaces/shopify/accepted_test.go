package shopify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

func normalized(t testing.TB, changes ...change) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Origin: schemas.OriginWebhook, Body: schemas.Body{Bytes: changed(t, changes...)}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func TestStatusFollowsMoneyAndGoods(t *testing.T) {
	for _, c := range []struct {
		money string
		goods any
		want  string
	}{
		{"pending", nil, schemas.StatusPending},
		{"partially_paid", nil, schemas.StatusPending},
		{"expired", nil, schemas.StatusPending},
		{"authorized", nil, schemas.StatusReady},
		{"paid", nil, schemas.StatusReady},
		{"paid", "partial", schemas.StatusReady},
		{"paid", "on_hold", schemas.StatusPending},
		{"pending", "fulfilled", schemas.StatusShipped},
		{"refunded", "fulfilled", schemas.StatusShipped},
		{"refunded", nil, schemas.StatusCancelled},
		{"voided", nil, schemas.StatusCancelled},
		{"paid", "restocked", schemas.StatusCancelled},
	} {
		if got := normalized(t, change{"financial_status", c.money}, change{"fulfillment_status", c.goods}); got.Status != c.want {
			t.Errorf("%s, %v: %s", c.money, c.goods, got.Status)
		}
	}
	called := normalized(t, change{"cancelled_at", "2026-05-03T10:00:00Z"})
	if called.Status != schemas.StatusCancelled || called.ChannelStatus != "cancelled/paid" {
		t.Errorf("called off: %s, %s", called.Status, called.ChannelStatus)
	}
}

func TestWhatTheBuyerWroteReachesTheOrderWordForWord(t *testing.T) {
	order := normalized(t)
	for want, got := range map[string]*schemas.Body{
		"Bitte zweimal klingeln 🎁": order.BuyerNote, "Gravur: Mia & Tom": order.Lines[0].LineNote, "Liefertag: Samstag": order.DeliveryNote,
	} {
		if got == nil || string(got.Bytes) != want {
			t.Errorf("%q is %v", want, got)
		}
	}
	if order.SourceKind != "shop_webhook" || order.PurchaseOrder != "PO-77" {
		t.Errorf("source %s, order %s", order.SourceKind, order.PurchaseOrder)
	}
}

// Every amount of an order is in the currency that its buyer pays, to the last minor unit.
func TestAnOrderIsInTheCurrencyThatItsBuyerPays(t *testing.T) {
	yen := func(changes ...change) *schemas.Order {
		order, _ := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: yenChanged(t, changes...)}})
		return order
	}
	order := yen()
	if order.Total != (schemas.Money{Minor: 5216, Currency: "JPY"}) || order.Lines[0].LineTotal.Minor != 4401 || order.Charges[0].Amount.Currency != "JPY" || len(order.Warnings) > 0 {
		t.Errorf("%+v", order)
	}
	// A sender that tells the total in the shop's currency alone is read in it.
	order = yen(change{"total_price_set", gone})
	if order.Total != (schemas.Money{Minor: 3200, Currency: "EUR"}) || order.Lines[0].LineTotal.Minor != 2700 {
		t.Errorf("%+v", order)
	}
	got := faultsOf(t, yenChanged(t, change{"line_items.0.price_set", gone}))
	if diff := cmp.Diff([]string{"missing_amount $.line_items[0].price_set.presentment_money.amount"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = faultsOf(t, yenChanged(t, change{"line_items.0.price_set.presentment_money.currency_code", "USD"}))
	if diff := cmp.Diff([]string{"mixed_currencies $.line_items[0].price_set.presentment_money.amount"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPiecesThatWereTakenOutCostNothing(t *testing.T) {
	order := normalized(t, change{"line_items.0.current_quantity", 1})
	l := order.Lines[0]
	if l.Cancelled != 1 || l.LineTotal.Minor != 1350 || order.Total.Minor != 5090-1350 || len(order.Warnings) > 0 {
		t.Errorf("%+v, total %v, %v", l, order.Total, order.Warnings)
	}
	called := normalized(t, change{"line_items.0.current_quantity", 0}, change{"line_items.1.current_quantity", 0})
	if called.Status != schemas.StatusCancelled || called.Total.Minor != 5090 {
		t.Errorf("all taken out: %s, %v", called.Status, called.Total)
	}
}

func TestAnAddressIsReadByItsCodes(t *testing.T) {
	order := normalized(t, change{"shipping_address.country_code", nil}, change{"shipping_address.country", "de"}, change{"shipping_address.province_code", nil})
	if order.ShipTo.Country != "DE" || order.ShipTo.Region != "Hessen" || order.ShipTo.Street != "Kirchgasse 4, Hinterhaus" {
		t.Errorf("%+v", order.ShipTo)
	}
}
