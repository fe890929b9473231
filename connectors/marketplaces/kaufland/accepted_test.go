package kaufland

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

func TestWhatIsOddIsTakenWithAWarning(t *testing.T) {
	for _, odd := range []struct {
		change
		want   string
		status string
	}{
		{change{"order_units.0.status", "held"}, "unknown_status $.order_units[0].status", schemas.StatusPending},
		{change{"order_units.0.status", "OPEN"}, "unknown_status $.order_units[0].status", schemas.StatusPending},
		{change{"fulfillment_type", "fulfilled_by_drone"}, "unknown_fulfillment_provider $.fulfillment_type", schemas.StatusPending},
		{change{"order_units.1.fulfillment_type", "drone"}, "unknown_fulfillment_provider $.order_units[1].fulfillment_type", schemas.StatusPending},
		{change{"order_units.0.shipping_rate", nil}, "no_shipping_rate $.order_units[0].shipping_rate", schemas.StatusReady},
		{change{"order_units.1.vat", 7}, "pieces_differ $.order_units[1].vat", schemas.StatusReady},
		{change{"order_units.1.vat", nil}, "pieces_differ $.order_units[1].vat", schemas.StatusReady},
		{change{"order_units.1.unit_condition", "used"}, "pieces_differ $.order_units[1].unit_condition", schemas.StatusReady},
		{change{"order_units.1.product.id_product", 1}, "pieces_differ $.order_units[1].product.id_product", schemas.StatusReady},
		{change{"order_units.1.is_marketplace_deemed_supplier", "true"}, "pieces_differ $.order_units[1].is_marketplace_deemed_supplier", schemas.StatusReady},
		{change{"buyer", nil}, "no_buyer $.buyer", schemas.StatusReady},
		{change{"order_units.0.product", nil}, "no_title $.order_units[0].product.title", schemas.StatusReady},
		{change{"order_units.0.product.title", " "}, "no_title $.order_units[0].product.title", schemas.StatusReady},
		{change{"order_units.0.delivery_time_expires_iso", "2026-04-01T00:00:00Z"}, "ship_by_before_purchase $.order_units[0].delivery_time_expires_iso", schemas.StatusReady},
		{change{"order_units.0.product.dangerous_goods_li_shipping", "UN 3480"}, "dropped $.order_units[0].product.dangerous_goods_li_shipping", schemas.StatusReady},
		{change{"order_units.0.product.danger_label_9A", "Ja"}, "dropped $.order_units[0].product.danger_label_9A", schemas.StatusReady},
		{change{"order_units.0.product.age_rating", 18}, "dropped $.order_units[0].product.age_rating", schemas.StatusReady},
		{change{"order_units.0.delivery_time_min", 3}, "dropped $.order_units[0].delivery_time_max", schemas.StatusReady},
		{change{"order_units.0.tickets", []any{map[string]any{"status": "opened", "topic": "delivery_change_address"}}}, "dropped $.order_units[0].tickets", schemas.StatusReady},
	} {
		order := normalized(t, changed(t, odd.change))
		if got := codes(order.Warnings); !slices.Contains(got, odd.want) {
			t.Errorf("%s = %v: warned of %q, want %q", odd.path, odd.value, got, odd.want)
		}
		if order.Status != odd.status {
			t.Errorf("%s = %v: %s", odd.path, odd.value, order.Status)
		}
	}
	nameless := []change{{"shipping_address.first_name", ""}, {"shipping_address.last_name", nil}, {"shipping_address.company_name", gone}}
	if got := codes(normalized(t, changed(t, nameless...)).Warnings); !slices.Contains(got, "no_recipient $.shipping_address") {
		t.Errorf("without a name: %q", got)
	}
	early := []change{{"order_units.0.status", "open"}, {"shipping_address", nil}}
	if got := codes(normalized(t, changed(t, early...)).Warnings); !slices.Contains(got, "dropped $.delivery.pickup_location.dhl_post_number") {
		t.Errorf("a post number without an address: %q", got)
	}
}

func TestWhatIsNotDroppedIsNotWarnedOf(t *testing.T) {
	for _, quiet := range [][]change{
		{{"order_units.0.product.danger_label_9A", "Nein"}},
		{{"order_units.0.product.danger_label_9A", "ne"}},
		{{"order_units.0.product.danger_label_9A", ""}},
		{{"order_units.0.product.age_rating", json.Number("0.0")}},
		{{"order_units.0.product.dangerous_goods_li_shipping", ""}},
		{{"order_units.0.tickets", []any{map[string]any{"status": "both_closed", "topic": "delivery_change_address"}}}},
		{{"order_units.0.tickets", nil}},
		{{"order_units.0.product.title", "X"}, {"order_units.1.product.title", "Y"}},
	} {
		if got := codes(normalized(t, changed(t, quiet...)).Warnings); !slices.Equal(got, []string{"dropped $.order_units[0].delivery_time_max"}) {
			t.Errorf("%v: %q", quiet, got)
		}
	}
	sent := []change{{"order_units.0.status", "sent"}, {"order_units.1.status", "sent"}, {"order_units.2.status", "sent"}, {"order_units.0.product.age_rating", 18}}
	if got := codes(normalized(t, changed(t, sent...)).Warnings); got != nil {
		t.Errorf("what has left needs no warning: %q", got)
	}
}

func TestWhatMayBeAbsentMayBeAbsent(t *testing.T) {
	for _, path := range []string{
		"is_marketplace_deemed_supplier", "storefront", "fulfillment_type", "billing_address", "order_invoices", "delivery", "delivery.pickup_location",
		"buyer.email", "buyer.id_buyer", "ts_created_iso", "shipping_address.company_name", "shipping_address.phone", "shipping_address.additional_field",
		"shipping_address.house_number", "shipping_address.street", "delivery.pickup_location.provider", "delivery.pickup_location.services",
		"delivery.pickup_location.dhl_post_number", "order_units.0.id_order", "order_units.0.storefront", "order_units.0.currency",
		"order_units.0.ts_created_iso", "order_units.0.ts_updated_iso", "order_units.0.note", "order_units.0.vat", "order_units.0.unit_condition",
		"order_units.0.id_offer", "order_units.0.product.eans", "order_units.0.product.id_product", "order_units.0.revenue_gross", "order_units.0.revenue_net",
		"order_units.0.delivery_time_expires_iso", "order_units.0.delivery_time_min", "order_units.0.cancel_reason", "order_units.3.cancel_reason",
		"order_units.0.tickets", "order_units.0.order_received_timestamp_iso", "order_units.0.is_marketplace_deemed_supplier",
	} {
		for _, value := range []any{gone, nil} {
			if got := faultsOf(t, changed(t, change{path, value})); got != nil {
				t.Errorf("%s = %v: %q", path, value, got)
			}
		}
	}
}

func TestStatusFollowsTheTable(t *testing.T) {
	for statuses, want := range map[string]string{
		"open open":                               schemas.StatusPending,
		"open need_to_be_sent":                    schemas.StatusPending,
		"need_to_be_sent open":                    schemas.StatusPending,
		"open sent":                               schemas.StatusPending,
		"open cancelled":                          schemas.StatusPending,
		"teleported":                              schemas.StatusPending,
		"teleported need_to_be_sent":              schemas.StatusPending,
		"sent teleported":                         schemas.StatusPending,
		"need_to_be_sent":                         schemas.StatusReady,
		"need_to_be_sent sent":                    schemas.StatusReady,
		"need_to_be_sent cancelled":               schemas.StatusReady,
		"cancelled returned_paid need_to_be_sent": schemas.StatusReady,
		"sent":                          schemas.StatusShipped,
		"sent_and_autopaid received":    schemas.StatusShipped,
		"returned returned_paid":        schemas.StatusShipped,
		"sent cancelled":                schemas.StatusShipped,
		"cancelled":                     schemas.StatusCancelled,
		"cancelled cancelled cancelled": schemas.StatusCancelled,
	} {
		order := good(t)
		all := strings.Fields(statuses)
		units := many(t, len(all))
		for i, u := range units {
			u.(map[string]any)["status"] = all[i]
		}
		order["order_units"] = units
		if got := normalized(t, readingtest.Bytes(t, order)).Status; got != want {
			t.Errorf("%s: %s, want %s", statuses, got, want)
		}
	}
}

// A cancelled unit costs nothing beside one that is not; of an order that is cancelled as a whole, what it would have cost stands.
func TestTheTotalIsOfWhatIsNotCancelled(t *testing.T) {
	for _, c := range []struct {
		cancelled []string
		want      int64
	}{
		{nil, 2*(2399+490) + 2*1250 + 490},
		{[]string{"0"}, (2399 + 490) + 2*1250 + 490},
		{[]string{"0", "1", "2"}, 1250 + 490},
		{[]string{"0", "1", "2", "3"}, 2*(2399+490) + 2*1250 + 490},
	} {
		changes := []change{{"order_units.3.status", "need_to_be_sent"}}
		for _, i := range c.cancelled {
			changes = append(changes, change{"order_units." + i + ".status", "cancelled"})
		}
		if got := normalized(t, changed(t, changes...)).Total.Minor; got != c.want {
			t.Errorf("cancelled %v: %d, want %d", c.cancelled, got, c.want)
		}
	}
}

// An order that is not ready, no longer so, or not the seller's to ship needs no address: Kaufland hides it until then.
func TestOnlyWhatTheSellerIsToShipNeedsAnAddress(t *testing.T) {
	for _, hidden := range []change{{"shipping_address", nil}, {"shipping_address", gone}, {"shipping_address.city", ""}, {"shipping_address.country", "??"}} {
		for _, status := range []string{"open", "sent", "cancelled"} {
			changes := []change{hidden}
			for _, i := range []string{"0", "1", "2", "3"} {
				changes = append(changes, change{"order_units." + i + ".status", status})
			}
			if got := faultsOf(t, changed(t, changes...)); got != nil {
				t.Errorf("%s, %s = %v: %q", status, hidden.path, hidden.value, got)
			}
		}
		if got := faultsOf(t, changed(t, hidden, change{"fulfillment_type", "fulfilled_by_kaufland"})); got != nil {
			t.Errorf("shipped by Kaufland, %s = %v: %q", hidden.path, hidden.value, got)
		}
	}
}

func TestARevisionIsTheTextOfTheLatestChange(t *testing.T) {
	for _, c := range []struct {
		updated, created any
		want             string
	}{
		{"2026-05-02T09:00:00Z", "2026-05-02T08:00:00Z", "2026-05-02T09:00:00Z"},
		{"2026-05-02T12:00:00+02:00", "2026-05-02T08:00:00Z", "2026-05-02T12:00:00+02:00"},
		{"2026-05-02T10:00:00+02:00", "2026-05-02T08:00:00Z", "2026-05-02T09:00:00Z"}, // that is earlier than the other unit's
		{"2026-05-02T09:00:00.5Z", nil, "2026-05-02T09:00:00.5Z"},
		{nil, "2026-05-02T09:30:00Z", "2026-05-02T09:30:00Z"},
		{gone, "2026-05-02T07:30:00Z", "2026-05-02T09:00:00Z"},
	} {
		order := normalized(t, changed(t, change{"order_units.0.ts_updated_iso", c.updated}, change{"order_units.0.ts_created_iso", c.created}))
		if order.Revision != c.want {
			t.Errorf("%v, %v: %q, want %q", c.updated, c.created, order.Revision, c.want)
		}
	}
}

func TestEachStorefrontHasItsCurrency(t *testing.T) {
	for storefront, want := range map[string]string{
		"de": "EUR", "AT": "EUR", "fr": "EUR", "It": "EUR", "sk": "EUR", "es": "EUR", "nl": "EUR", "cz": "CZK", "CZ": "CZK", "pl": "PLN", "PL": "PLN",
	} {
		var changes []change
		for _, i := range []string{"0", "1", "2", "3"} {
			changes = append(changes, change{"order_units." + i + ".currency", gone}, change{"order_units." + i + ".storefront", storefront})
		}
		order := normalized(t, changed(t, changes...))
		if order.Total.Currency != want || order.Marketplace != strings.ToLower(storefront) {
			t.Errorf("%s: %s at %q, want %s", storefront, order.Total.Currency, order.Marketplace, want)
		}
	}
	if got := normalized(t, changed(t, change{"storefront", "pl"}, change{"order_units.0.storefront", "pl"})).Total.Currency; got != "EUR" {
		t.Errorf("a currency that is told counts: %s", got)
	}
}

func TestATaxRateIsTheShortestTextThatSaysIt(t *testing.T) {
	for vat, want := range map[json.Number]string{"19": "19", "19.0": "19", "5.50": "5.5", "0": "0", "0.00": "0", "100.0": "100", "7.75": "7.75"} {
		if got := normalized(t, changed(t, change{"order_units.0.vat", vat})).Lines[0].TaxRate; got != want {
			t.Errorf("%s: %q, want %q", vat, got, want)
		}
	}
}

func TestTheHouseNumberStandsWhereTheCountryHasIt(t *testing.T) {
	for country, want := range map[string]string{
		"DE": "Lipowa 7", "de": "Lipowa 7", "DEU": "Lipowa 7", "PL": "Lipowa 7", "CZ": "Lipowa 7", "IT": "Lipowa 7", "ES": "Lipowa 7", "NL": "Lipowa 7",
		"FR": "7 Lipowa", "fra": "7 Lipowa", "USA": "7 Lipowa", "GB": "7 Lipowa", "LU": "7 Lipowa",
	} {
		to := normalized(t, changed(t, change{"delivery", gone}, change{"shipping_address.country", country}, change{"shipping_address.street", "Lipowa"}, change{"shipping_address.house_number", "7"})).ShipTo
		if to.Street != want || len(to.Country) != 2 {
			t.Errorf("%s: %q in %q, want %q", country, to.Street, to.Country, want)
		}
	}
}

func TestThePostNumberReachesTheAddress(t *testing.T) {
	for _, c := range []struct{ additional, number, want any }{
		{nil, "999999999999", "Musterstr 1a, Postnummer 999999999999"},
		{"Hinterhaus", "999999999999", "Musterstr 1a, Hinterhaus, Postnummer 999999999999"},
		{"Postnr. 999999999999", "999999999999", "Musterstr 1a, Postnr. 999999999999"},
		{"Hinterhaus", nil, "Musterstr 1a, Hinterhaus"},
		{"Hinterhaus", json.Number("1234567"), "Musterstr 1a, Hinterhaus, Postnummer 1234567"},
	} {
		order := normalized(t, changed(t, change{"shipping_address.additional_field", c.additional}, change{"delivery.pickup_location.dhl_post_number", c.number}))
		if order.ShipTo.Street != c.want {
			t.Errorf("%v, %v: %q, want %q", c.additional, c.number, order.ShipTo.Street, c.want)
		}
	}
}

func TestNotesReachTheLineWordForWord(t *testing.T) {
	order := normalized(t, changed(t, change{"order_units.0.note", " Prosím\tzvonit 🎁 "}, change{"order_units.1.note", "vorsichtig"}))
	if got := string(order.Lines[0].LineNote.Bytes); got != "Prosím\tzvonit 🎁\nvorsichtig" {
		t.Errorf("%q", got)
	}
	whole := good(t)
	units := many(t, 8*(notesMax+2))
	for i, u := range units {
		u.(map[string]any)["note"] = strings.Repeat("x", i+1)
	}
	whole["order_units"] = units
	order = normalized(t, readingtest.Bytes(t, whole))
	if got := strings.Count(string(order.Lines[0].LineNote.Bytes), "\n"); got != notesMax-1 {
		t.Errorf("%d notes", got+1)
	}
	if got := codes(order.Warnings); !slices.Contains(got, "dropped $.order_units[160].note") {
		t.Errorf("more notes than are kept: %q", got)
	}
}

func TestABuyerWhoWantsToCancelIsHeard(t *testing.T) {
	ticket := map[string]any{"status": "opened", "topic": "order_cancel"}
	order := normalized(t, changed(t, change{"order_units.1.tickets", []any{ticket}}))
	if !order.Lines[0].CancelRequested || order.Lines[1].CancelRequested {
		t.Errorf("%+v", order.Lines)
	}
	ticket["status"] = "both_closed"
	if normalized(t, changed(t, change{"order_units.1.tickets", []any{ticket}})).Lines[0].CancelRequested {
		t.Error("the ticket is closed")
	}
}

func TestUnitsOfOneOfferPriceAndFateAreOneLine(t *testing.T) {
	for _, c := range []struct {
		change
		lines int
	}{
		{change{"order_units.1.price", 2398}, 4},
		{change{"order_units.1.id_offer", "TEE-RED-L"}, 4},
		{change{"order_units.1.status", "cancelled"}, 4},
		{change{"order_units.3.status", "sent"}, 2},
		{change{"order_units.1.status", "sent"}, 3},
		{change{"order_units.1.fulfillment_type", "fulfilled_by_kaufland"}, 4},
		{change{"order_units.1.shipping_rate", 0}, 3},
		{change{"order_units.1.product.title", "T-Shirt"}, 3},
	} {
		order := normalized(t, changed(t, c.change))
		if len(order.Lines) != c.lines {
			t.Errorf("%s = %v: %d lines, want %d", c.path, c.value, len(order.Lines), c.lines)
		}
		refs := 0
		for _, l := range order.Lines {
			if refs += len(l.UnitRefs); int(l.Quantity) != len(l.UnitRefs) || l.LineRef != l.UnitRefs[0] {
				t.Errorf("%s = %v: %d pieces, %q", c.path, c.value, l.Quantity, l.UnitRefs)
			}
		}
		if refs != 4 {
			t.Errorf("%s = %v: %d units are left of 4", c.path, c.value, refs)
		}
	}
}
