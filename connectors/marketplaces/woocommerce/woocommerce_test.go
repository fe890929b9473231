package woocommerce

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// The example of CONTRIBUTING.md promises how much code a shop takes.
func TestAShopIsThreeHundredLines(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	if lines == 0 || lines > 300 {
		t.Errorf("%d lines", lines)
	}
}

// wrongs are ways to break a good order, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"id", gone}, "missing_id $.id"},
	{change{"id", "a\u0000b"}, "bad_id $.id"},
	{change{"id", true}, "wrong_type $.id"},
	{change{"status", gone}, "missing_status $.status"},
	{change{"status", "packed"}, "unknown_status $.status"},
	{change{"status", 7}, "wrong_type $.status"},
	{change{"currency", ""}, "missing_currency $.currency"},
	{change{"currency", "BTC"}, "unknown_currency $.currency"},
	{change{"date_created_gmt", nil}, "missing_time $.date_created_gmt"},
	{change{"date_created_gmt", "2026-05-02T08:15:21Z"}, "bad_time $.date_created_gmt"},
	{change{"date_modified_gmt", "2026-02-30T08:15:21"}, "bad_time $.date_modified_gmt"},
	{change{"date_paid_gmt", "1970-01-01T00:00:00"}, "bad_time $.date_paid_gmt"},
	{change{"prices_include_tax", "yes"}, "wrong_type $.prices_include_tax"},
	{change{"total", gone}, "missing_total $.total"},
	{change{"total", "-1.00"}, "negative_total $.total"},
	{change{"total", "52,90"}, "bad_amount $.total"},
	{change{"total", "52.901"}, "too_precise $.total"},
	{change{"total", "99999999999999999"}, "amount_out_of_range $.total"},
	{change{"line_items", []any{}}, "missing_lines $.line_items"},
	{change{"line_items", map[string]any{"0": 1}}, "wrong_type $.line_items"},
	{change{"line_items.1", nil}, "wrong_type $.line_items[1]"},
	{change{"line_items.1.id", 31}, "duplicate_line $.line_items[1].id"},
	{change{"line_items.1.product_id", 0}, "missing_offer $.line_items[1].sku"},
	{change{"line_items.0.quantity", gone}, "missing_quantity $.line_items[0].quantity"},
	{change{"line_items.0.quantity", 0}, "bad_quantity $.line_items[0].quantity"},
	{change{"line_items.0.quantity", 1.5}, "bad_quantity $.line_items[0].quantity"},
	{change{"line_items.0.total", gone}, "missing_amount $.line_items[0].total"},
	{change{"line_items.0.total", "-0.01"}, "negative_price $.line_items[0].total"},
	{change{"line_items.0.total_tax", "-0.01"}, "negative_price $.line_items[0].total_tax"},
	{change{"line_items.0.subtotal", "1e3"}, "bad_amount $.line_items[0].subtotal"},
	{change{"line_items.0.subtotal_tax", "x"}, "bad_amount $.line_items[0].subtotal_tax"},
	{change{"line_items.0.meta_data", "Engraving"}, "wrong_type $.line_items[0].meta_data"},
	{change{"shipping_lines.0.total", ""}, "missing_amount $.shipping_lines[0].total"},
	{change{"shipping_lines.0.total", "-1"}, "negative_price $.shipping_lines[0].total"},
	{change{"fee_lines.0.total", "free"}, "bad_amount $.fee_lines[0].total"},
	{change{"fee_lines.0", "free"}, "wrong_type $.fee_lines[0]"},
	{change{"coupon_lines", "spring26"}, "wrong_type $.coupon_lines"},
	{change{"shipping", nil}, "missing_address $.shipping"},
	{change{"shipping", "Kirchgasse 4"}, "wrong_type $.shipping"},
	{change{"shipping.city", ""}, "missing_city $.shipping.city"},
	{change{"shipping.postcode", gone}, "missing_postal_code $.shipping.postcode"},
	{change{"shipping.country", ""}, "missing_country $.shipping.country"},
	{change{"shipping.country", "JQ"}, "unknown_country $.shipping.country"},
	{change{"billing", []any{}}, "wrong_type $.billing"},
	{change{"customer_note", 1}, "wrong_type $.customer_note"},
}

func TestEachWrongHasItsOwnCodeAndPath(t *testing.T) {
	if got := faultsOf(t, changed(t)); got != nil {
		t.Fatalf("the good order is refused: %v", got)
	}
	for _, wrong := range wrongs {
		if diff := cmp.Diff([]string{wrong.want}, faultsOf(t, changed(t, wrong.change))); diff != "" {
			t.Errorf("%s = %v (-want +got):\n%s", wrong.path, wrong.value, diff)
		}
	}
	street := []change{{"shipping.address_1", ""}, {"shipping.address_2", nil}}
	if got := faultsOf(t, changed(t, street...)); !slices.Equal(got, []string{"missing_street $.shipping.address_1"}) {
		t.Errorf("without a street: %q", got)
	}
}

func TestAllWrongsAreReportedAtOnce(t *testing.T) {
	all := []change{{"status", "packed"}, {"currency", "BTC"}, {"line_items.0.quantity", 0}, {"line_items.1.total", "x"}, {"shipping.city", ""}}
	want := []string{
		"bad_quantity $.line_items[0].quantity", "unknown_status $.status", "unknown_currency $.currency", "bad_amount $.line_items[1].total",
	}
	if diff := cmp.Diff(want, faultsOf(t, changed(t, all...))); diff != "" { // nobody knows whether a packed one needs its city
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func normalized(t testing.TB, changes ...change) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Origin: schemas.OriginWebhook, Body: schemas.Body{Bytes: changed(t, changes...)}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func TestStatusFollowsTheTable(t *testing.T) {
	for status, want := range map[string]string{
		"checkout-draft": schemas.StatusPending, "pending": schemas.StatusPending, "on-hold": schemas.StatusPending, "failed": schemas.StatusPending,
		"processing": schemas.StatusReady, "completed": schemas.StatusShipped,
		"cancelled": schemas.StatusCancelled, "refunded": schemas.StatusCancelled, "trash": schemas.StatusCancelled,
	} {
		if got := normalized(t, change{"status", status}); got.Status != want || got.ChannelStatus != status {
			t.Errorf("%s: %s, %s", status, got.Status, got.ChannelStatus)
		}
	}
}

func TestWhatWasPaidBackIsTheSumOfAllRefunds(t *testing.T) {
	for want, totals := range map[string][]any{"": {}, "12.50": {"-12.50"}, "13.00": {"-12.50", "-0.5"}, "52.90": {"-52.90"}, "more": {"-52.90", "-0.01"}, "unread": {"-52.90", "-"}} {
		refunds := []any{}
		for _, total := range totals {
			refunds = append(refunds, map[string]any{"id": 1, "reason": "", "total": total})
		}
		order := normalized(t, change{"refunds", refunds})
		got := ""
		switch {
		case order.Refund.Exceeds():
			got = "more"
		case order.Refund != nil:
			got = order.Refund.Amount.String()
		case len(refunds) > 0:
			got = "unread"
		}
		warned := slices.ContainsFunc(order.Warnings, func(f schemas.Fault) bool { return f.Code == reading.RefundedTooMuch })
		if got != want || warned != (want == "more") {
			t.Errorf("%v of %s: paid back is %q, want %q; warned %v", totals, order.Total, got, want, warned)
		}
		then, err := New(Mappings[0]).Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: changed(t, change{"refunds", refunds})}})
		if err != nil || then.Refund != nil {
			t.Errorf("%s says that %+v was paid back, %v", Mappings[0], then.Refund, err)
		}
	}
}

func TestWhatTheBuyerWroteReachesTheOrderWordForWord(t *testing.T) {
	order := normalized(t)
	if got := string(order.BuyerNote.Bytes); got != "Bitte zweimal klingeln 🎁" {
		t.Errorf("note %q", got)
	}
	if got := string(order.Lines[0].LineNote.Bytes); got != "pa_colour: blue\nEngraving: Mia & Tom\n2026" {
		t.Errorf("note of the line %q", got)
	}
	if order.SourceKind != "shop_webhook" {
		t.Errorf("source %s", order.SourceKind)
	}
}

func TestAnAddressIsTheSameInWhateverOrderItsFieldsCome(t *testing.T) {
	body := string(changed(t))
	first, last := `"address_1":"Kirchgasse 4",`, `"address_2":"Hinterhaus",`
	turned := strings.ReplaceAll(body, first+last, last+first)
	if turned == body {
		t.Fatal("nothing was turned round")
	}
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: []byte(turned)}})
	if err != nil || order.ShipTo.Street != "Kirchgasse 4, Hinterhaus" || order.ShipTo.Name != "Ida Holm" {
		t.Errorf("%+v, %v", order.ShipTo, err)
	}
}

// Prices are those the shop shows: with the tax in them, or with the tax as a charge. Both add up to what the buyer pays.
func TestTaxIsInThePricesOrACharge(t *testing.T) {
	for _, gross := range []bool{true, false} {
		order := normalized(t, change{"prices_include_tax", gross}, change{"customer_id", 0})
		kinds := map[string]int64{}
		for _, c := range order.Charges {
			kinds[c.Kind] += c.Amount.Minor
		}
		want := map[string]int64{schemas.ChargeShipping: 590, schemas.ChargeService: 300, schemas.ChargeDiscount: -200}
		line := int64(3000)
		if !gross {
			want = map[string]int64{schemas.ChargeShipping: 496, schemas.ChargeService: 252, schemas.ChargeDiscount: -168, schemas.ChargeTax: 694}
			line = 2521
		}
		if diff := cmp.Diff(want, kinds); diff != "" || order.Lines[0].LineTotal.Minor != line || len(order.Warnings) > 0 {
			t.Errorf("gross %v: line %d, warnings %v, charges (-want +got):\n%s", gross, order.Lines[0].LineTotal.Minor, order.Warnings, diff)
		}
	}
}
