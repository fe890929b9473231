package amazon

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

// join is what the step normalize makes of the parts that have come.
func join(t *testing.T, raws []schemas.RawOrder) []byte {
	t.Helper()
	parts := map[string]json.RawMessage{}
	for _, raw := range raws {
		if raw.Form != schemas.FormPart {
			t.Fatalf("no part: %s", raw.Body.Bytes)
		}
		parts[raw.Part] = raw.Body.Bytes
	}
	body, err := json.Marshal(map[string]any{"parts": parts})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func answers(t *testing.T) []schemas.RawOrder {
	t.Helper()
	body, err := os.ReadFile("testdata/edge.v0-answers.json")
	if err != nil {
		t.Fatal(err)
	}
	raws, err := Marketplace{}.Receive(nil, body)
	if err != nil {
		t.Fatal(err)
	}
	return raws
}

func TestPartsAreTheOrderThatTheyMakeTogether(t *testing.T) {
	merged, joined := normalized(t, changed(t, goodV0)), normalized(t, join(t, answers(t)))
	merged.Warnings, joined.Warnings = nil, nil // their paths differ, and regulated goods are told of in a part only
	if diff := cmp.Diff(merged, joined); diff != "" {
		t.Errorf("(-merged +joined):\n%s", diff)
	}
}

// Whichever part is missing, the order waits for what it can not do without, and for nothing else.
func TestAnOrderWaitsForThePartsItNeeds(t *testing.T) {
	raws := answers(t)
	for missing := range 1 << len(raws) {
		var come []schemas.RawOrder
		has := map[string]bool{}
		for i, raw := range raws {
			if missing&(1<<i) == 0 {
				come, has[raw.Part] = append(come, raw), true
			}
		}
		var want []string
		switch {
		case !has["order"]:
			want = []string{"incomplete $.parts.order"}
		default:
			if !has["items"] {
				want = append(want, "incomplete $.parts.items")
			}
			if !has["address"] {
				want = append(want, "incomplete $.parts.address")
			}
		}
		if got := faultsOf(t, join(t, come)); !slices.Equal(got, want) {
			t.Errorf("of %v: %q, want %q", has, got, want)
		}
	}
}

func TestAPartAloneIsJudgedAsOneOfMany(t *testing.T) {
	for _, raw := range answers(t) {
		together, alone := faultsOf(t, join(t, []schemas.RawOrder{raw})), faultsOf(t, raw.Body.Bytes)
		if !slices.Equal(together, alone) {
			t.Errorf("%s: alone %q, in parts %q", raw.Part, alone, together)
		}
	}
}

func TestWhatIsPendingOrCancelledWaitsForNothing(t *testing.T) {
	for _, status := range []string{"Pending", "PendingAvailability", "Canceled"} {
		for _, name := range []string{"items", "address", "buyer", "items_buyer", "regulated"} {
			got := faultsOf(t, changed(t, goodParts, change{"parts.order.OrderStatus", status}, change{"parts." + name, gone}))
			if name == "items" && status != "Canceled" || name != "items" {
				if got != nil {
					t.Errorf("%s without %s: %q", status, name, got)
				}
			}
		}
	}
}

func TestAPageIsNotTakenForAllItems(t *testing.T) {
	for _, c := range []struct {
		change
		want []string
	}{
		{change{"parts.items.NextToken", "more"}, []string{"incomplete $.parts.items"}},
		{change{"parts.items.NextToken", ""}, nil},
		{change{"parts.items_buyer.NextToken", "more"}, []string{"incomplete $.parts.items_buyer"}},
		{change{"parts.order.NumberOfItemsUnshipped", 5}, []string{"incomplete $.parts.items"}},
		{change{"parts.order.NumberOfItemsUnshipped", 3}, nil}, // one of four was cancelled
	} {
		if got := faultsOf(t, changed(t, goodParts, c.change)); !slices.Equal(got, c.want) {
			t.Errorf("%s = %v: %q, want %q", c.path, c.value, got, c.want)
		}
	}
}

// An address that a later part hides is not hidden.
func TestAnAddressIsNotOverwrittenByNothing(t *testing.T) {
	order := good(t, goodParts)["parts"].(map[string]any)["address"].(map[string]any)["ShippingAddress"]
	for _, later := range []any{gone, nil, map[string]any{}, map[string]any{"City": "Ulm", "PostalCode": "<postal-code>", "CountryCode": "DE"}} {
		body := changed(t, goodParts, change{"parts.order.ShippingAddress", order}, change{"parts.address.ShippingAddress", later})
		if to := normalized(t, body).ShipTo; to.Street != "Lange Str. 3" || to.City != "Ulm" || to.Name == "" {
			t.Errorf("later %v: %+v", later, to)
		}
	}
}

func TestPartsOfTwoOrdersAreRefused(t *testing.T) {
	for _, name := range []string{"items", "address", "buyer", "items_buyer", "regulated"} {
		at := "parts." + name + ".AmazonOrderId"
		if got := faultsOf(t, changed(t, goodParts, change{at, "303-0000000-0000000"})); !slices.Equal(got, []string{"mixed_orders $." + at}) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A sender who writes the same fields in another order has not changed the order.
func TestTheOrderOfFieldsChangesNothing(t *testing.T) {
	for _, file := range []string{good2026, goodV0, goodParts} {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raws, err := Marketplace{}.Receive(nil, body)
		if err != nil {
			t.Fatal(err)
		}
		asWritten, sorted := normalized(t, raws[0].Body.Bytes), normalized(t, changed(t, file))
		if diff := cmp.Diff(asWritten, sorted); diff != "" {
			t.Errorf("%s (-as written +sorted):\n%s", file, diff)
		}
	}
}
