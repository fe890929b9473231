package allegro

import (
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
)

func normalized(t testing.TB, body []byte) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func warnings(order *schemas.Order) []string {
	var all []string
	for _, w := range order.Warnings {
		all = append(all, w.Code+" "+w.Path)
	}
	return all
}

func TestWhatIsOddIsTakenWithAWarning(t *testing.T) {
	for _, odd := range []struct {
		change
		want string
	}{
		{change{"delivery", gone}, "no_delivery_address $.delivery"},
		{change{"delivery", nil}, "no_delivery_address $.delivery"},
		{change{"buyer", nil}, "no_buyer $.buyer"},
		{change{"invoice.address", nil}, "no_invoice_address $.invoice.address"},
		{change{"lineItems.1.offer.name", gone}, "no_title $.lineItems[1].offer.name"},
		{change{"payment.type", "SHELLS"}, "unknown_payment_type $.payment.type"},
		{change{"surcharges.0.type", nil}, "unknown_payment_type $.surcharges[0].type"},
		{change{"payment.paidAmount.currency", "EUR"}, "payment_in_another_currency $.payment.paidAmount.currency"},
		{change{"fulfillment.provider.id", "DRONE"}, "unknown_fulfillment_provider $.fulfillment.provider.id"},
		{change{"fulfillment.status", "SUSPENDED"}, "suspended_by_seller $.fulfillment.status"},
		{change{"delivery.cancellation", map[string]any{"date": "2026-05-03T00:00:00Z"}}, "delivery_cancelled $.delivery.cancellation"},
		{change{"delivery.time.dispatch.to", "2026-04-01T00:00:00Z"}, "ship_by_before_purchase $.delivery.time.dispatch.to"},
		{change{"delivery.time.to", "2026-05-01T00:00:00Z"}, "delivery_window_reversed $.delivery.time"},
		{change{"summary.totalToPay.amount", "131.26"}, "total_disagrees $.summary.totalToPay"},
	} {
		order := normalized(t, changed(t, odd.change))
		if got := warnings(order); !slices.Contains(got, odd.want) {
			t.Errorf("%s = %v: warned of %q, want %q", odd.path, odd.value, got, odd.want)
		}
		if order.Status != schemas.StatusReady {
			t.Errorf("%s = %v: %s", odd.path, odd.value, order.Status)
		}
	}
	for _, name := range []string{"", "firstName", "lastName", "companyName"} {
		nameless := []change{{"delivery.address.firstName", ""}, {"delivery.address.lastName", nil}, {"delivery.address.companyName", gone}}
		want := []string{"no_recipient $.delivery.address"}
		if name != "" {
			nameless = append(nameless, change{"delivery.address." + name, "X"})
			want = nil
		}
		if got := warnings(normalized(t, changed(t, nameless...))); !slices.Equal(got, want) {
			t.Errorf("with but a %q: %q", name, got)
		}
	}
}

func TestWhatMayBeAbsentMayBeAbsent(t *testing.T) {
	for _, path := range []string{
		"messageToSeller", "payment", "fulfillment", "fulfillment.status", "fulfillment.shipmentSummary", "fulfillment.provider", "delivery.method",
		"delivery.pickupPoint", "delivery.time", "delivery.time.dispatch", "delivery.smart", "delivery.calculatedNumberOfPackages",
		"delivery.address.phoneNumber", "invoice", "surcharges", "note", "marketplace", "updatedAt", "revision", "lineItems.0.id",
		"lineItems.0.originalPrice", "lineItems.0.tax", "lineItems.0.discounts", "lineItems.0.boughtAt", "lineItems.0.offer.id",
		"lineItems.0.offer.external", "buyer.address", "buyer.id", "payment.id", "payment.paidAmount", "payment.finishedAt",
	} {
		for _, value := range []any{gone, nil} {
			if got := faultsOf(t, changed(t, change{path, value})); got != nil {
				t.Errorf("%s = %v: %q", path, value, got)
			}
		}
	}
}

func TestStatusFollowsTheTable(t *testing.T) {
	for _, c := range []struct{ status, fulfillment, sent, want string }{
		{"BOUGHT", "NEW", "NONE", schemas.StatusPending},
		{"FILLED_IN", "NEW", "NONE", schemas.StatusPending},
		{"FILLED_IN", "SENT", "ALL", schemas.StatusPending},
		{"READY_FOR_PROCESSING", "", "NONE", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "NEW", "NONE", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "PROCESSING", "NONE", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "READY_FOR_SHIPMENT", "ALL", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "SUSPENDED", "NONE", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "SENT", "SOME", schemas.StatusReady},
		{"READY_FOR_PROCESSING", "SENT", "ALL", schemas.StatusShipped},
		{"READY_FOR_PROCESSING", "SENT", "NONE", schemas.StatusShipped},
		{"READY_FOR_PROCESSING", "READY_FOR_PICKUP", "NONE", schemas.StatusShipped},
		{"READY_FOR_PROCESSING", "PICKED_UP", "SOME", schemas.StatusShipped},
		{"READY_FOR_PROCESSING", "RETURNED", "ALL", schemas.StatusShipped},
		{"READY_FOR_PROCESSING", "CANCELLED", "NONE", schemas.StatusCancelled},
		{"BOUGHT", "CANCELLED", "NONE", schemas.StatusCancelled},
		{"CANCELLED", "NEW", "NONE", schemas.StatusCancelled},
		{"CANCELLED", "SENT", "ALL", schemas.StatusCancelled},
	} {
		order := normalized(t, changed(t, change{"status", c.status}, change{"fulfillment.status", c.fulfillment}, change{"fulfillment.shipmentSummary.lineItemsSent", c.sent}))
		if order.Status != c.want {
			t.Errorf("%s/%s %s: %s, want %s", c.status, c.fulfillment, c.sent, order.Status, c.want)
		}
		if want := strings.TrimSuffix(c.status+"/"+c.fulfillment, "/"); order.ChannelStatus != want {
			t.Errorf("channel status %q, want %q", order.ChannelStatus, want)
		}
	}
}

// An order that is not ready, or no longer so, needs no address: Allegro gives it late and takes it back.
func TestOnlyWhatCanBeShippedNeedsAnAddress(t *testing.T) {
	for _, delivery := range []change{{"delivery", nil}, {"delivery", gone}, {"delivery.address", nil}, {"delivery.address.city", ""}} {
		for _, status := range []string{"BOUGHT", "FILLED_IN", "CANCELLED"} {
			if order := normalized(t, changed(t, change{"status", status}, delivery)); len(order.Warnings) > 1 {
				t.Errorf("%s, %s = %v: %v", status, delivery.path, delivery.value, order.Warnings)
			}
		}
	}
}

func TestNotesReachTheOrderWordForWord(t *testing.T) {
	order := normalized(t, changed(t, change{"messageToSeller", " Proszę\tdzwonić 🎁 "}))
	if got := string(order.BuyerNote.Bytes); got != "Proszę\tdzwonić 🎁" {
		t.Errorf("buyer's note %q", got)
	}
	if got := string(order.SellerNote.Bytes); got != "kruche" {
		t.Errorf("seller's note %q", got)
	}
}

func TestAStatedTotalStandsAndTheRestIsRounding(t *testing.T) {
	for _, c := range []struct {
		total string
		want  int64
		warn  bool
	}{
		{"129.97", 0, false},
		{"129.96", -1, false},
		{"130.97", 100, false},
		{"130.98", 101, true},
		{"0.00", -12997, true},
	} {
		order := normalized(t, changed(t, change{"summary.totalToPay.amount", c.total}))
		last := order.Charges[len(order.Charges)-1]
		if got := last.Amount.Minor; (c.want == 0) != (last.Kind != schemas.ChargeRounding) || (c.want != 0 && got != c.want) {
			t.Errorf("%s: last charge %s of %d, want %d", c.total, last.Kind, got, c.want)
		}
		if got := len(order.Warnings) > 0; got != c.warn {
			t.Errorf("%s: warned %v", c.total, order.Warnings)
		}
	}
}
