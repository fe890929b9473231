package kaufland

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// many are so many units as an order lists them: of eight offers in turn, so that no unit is next to one of its own line.
func many(t testing.TB, n int) []any {
	t.Helper()
	units := make([]any, n)
	first := good(t)["order_units"].([]any)[0].(map[string]any)
	for i := range units {
		u := maps.Clone(first)
		u["id_order_unit"], u["id_offer"] = 314568015270001+i, fmt.Sprintf("OFFER-%d", i%8)
		units[i] = u
	}
	return units
}

// units are units as they come without their order: with buyer and addresses of their own.
func units(t testing.TB, n int) []map[string]any {
	t.Helper()
	order := good(t)
	units := make([]map[string]any, n)
	for i, u := range many(t, n) {
		units[i] = u.(map[string]any)
		for _, name := range []string{"buyer", "shipping_address", "billing_address", "fulfillment_type", "delivery"} {
			units[i][name] = order[name]
		}
	}
	return units
}

// join is the document of the parts that came, as whoever keeps them hands it back.
func join(t testing.TB, units []map[string]any) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`{"parts":{`)
	for i, u := range units {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%v":%s`, u["id_order_unit"], readingtest.Bytes(t, u))
	}
	b.WriteString(`}}`)
	return b.Bytes()
}

func joinedParts(t testing.TB, n int) []byte { return join(t, units(t, n)) }

func TestAnOrderGrowsByItsUnits(t *testing.T) {
	units := units(t, 5)
	for i := range units {
		order := normalized(t, join(t, units[:i+1]))
		if want := int64(i+1) * (2399 + 490); order.Total.Minor != want {
			t.Errorf("%d units: %d, want %d", i+1, order.Total.Minor, want)
		}
		if len(order.Lines) != i+1 || order.Ref != "M7K2QX9" || order.Status != schemas.StatusReady {
			t.Errorf("%d units: %d lines of %s, %s", i+1, len(order.Lines), order.Ref, order.Status)
		}
	}
}

func TestAUnitAloneIsAnOrderOfOneUnit(t *testing.T) {
	unit := units(t, 1)
	if diff := cmp.Diff(normalized(t, join(t, unit)), normalized(t, readingtest.Bytes(t, unit[0]))); diff != "" {
		t.Errorf("(-as a part +alone):\n%s", diff)
	}
	unit[0]["price"], unit[0]["id_order"] = -1, "M\u0000"
	want := []string{"negative_price $.price", "bad_id $.id_order"}
	if got := faultsOf(t, join(t, unit)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whether Kaufland is asked for an order or for each of its units, the order is the same.
func TestPartsMakeTheOrderThatTheWholeMakes(t *testing.T) {
	whole := good(t)
	units := units(t, 4)
	for i, u := range whole["order_units"].([]any) {
		for name, value := range u.(map[string]any) {
			units[i][name] = value
		}
	}
	if diff := cmp.Diff(normalized(t, readingtest.Bytes(t, whole)), normalized(t, join(t, units)), exceptPaths); diff != "" {
		t.Errorf("(-whole +parts):\n%s", diff)
	}
}

// exceptPaths leaves out where warnings point to, which follows the document.
var exceptPaths = cmp.FilterPath(func(p cmp.Path) bool { return strings.HasSuffix(p.GoString(), "Warnings[0].Path") }, cmp.Ignore())

func TestOfAUnitThatIsToldTwiceTheLaterWordCounts(t *testing.T) {
	whole := good(t)
	unit := units(t, 1)[0]
	unit["status"], unit["ts_updated_iso"] = "cancelled", "2026-05-02T12:00:00Z"
	later := []byte(fmt.Sprintf(`{"parts":{"":%s,"314568015270001":%s}}`, readingtest.Bytes(t, whole), readingtest.Bytes(t, unit)))
	if got := normalized(t, later); got.Revision != "2026-05-02T12:00:00Z" || got.Total.Minor != 2399+490+1250 {
		t.Errorf("the unit is later: %s, %d", got.Revision, got.Total.Minor)
	}
	unit["ts_updated_iso"] = "2026-05-02T08:15:21Z"
	earlier := []byte(fmt.Sprintf(`{"parts":{"314568015270001":%s,"":%s}}`, readingtest.Bytes(t, unit), readingtest.Bytes(t, whole)))
	if got := normalized(t, earlier); got.Revision != "2026-05-02T09:00:00Z" || got.Total.Minor != 2*(2399+490)+1250 {
		t.Errorf("the order is later: %s, %d", got.Revision, got.Total.Minor)
	}
}

func TestWhatIsWrongWithAPartNamesThePart(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(units []map[string]any)
		want  string
	}{
		{"a price", func(u []map[string]any) { u[1]["price"] = -1 }, "negative_price $.parts.314568015270002.price"},
		{"a status", func(u []map[string]any) { delete(u[1], "status") }, "missing_status $.parts.314568015270002.status"},
		{"another order", func(u []map[string]any) { u[1]["id_order"] = "M000000" }, "mixed_orders $.parts.314568015270002.id_order"},
		{"no order", func(u []map[string]any) { delete(u[0], "id_order"); delete(u[1], "id_order") }, "missing_id $.parts.314568015270001.id_order"},
		{"no unit", func(u []map[string]any) { delete(u[1], "order_units"); u[1]["id_order_unit"] = nil }, "missing_id $.parts.<nil>.id_order_unit"},
		{"no address anywhere", func(u []map[string]any) { u[0]["shipping_address"], u[1]["shipping_address"] = nil, nil }, "missing_address $.parts.314568015270001.shipping_address"},
	} {
		units := units(t, 2)
		c.spoil(units)
		got := faultsOf(t, join(t, units))
		if c.name == "no unit" { // then it has no name to be kept under, and is passed over
			if got != nil {
				t.Errorf("%s: %q", c.name, got)
			}
			continue
		}
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for document, want := range map[string]string{
		`{"parts":{}}`:         "missing_lines $.parts",
		`{"parts":null}`:       "missing_lines $.parts",
		`{"parts":[]}`:         "wrong_type $.parts",
		`{"parts":{"1":null}}`: "wrong_type $.parts.1",
		`{"parts":{"1":{"resource":"/orders/A/"}}}`: "not_an_order $.parts.1",
		`{"parts":{"":{"id_order":"A"}}}`:           "not_an_order $.parts.''",
	} {
		if got := faultsOf(t, []byte(document)); !slices.Contains(got, want) {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	}
}

func TestThereIsALimitToParts(t *testing.T) {
	var b strings.Builder
	for i := range unitsMax + 1 {
		fmt.Fprintf(&b, `,"%d":{}`, i)
	}
	got := faultsOf(t, []byte(`{"parts":{`+b.String()[1:]+`}}`))
	if !slices.Contains(got, "too_many_lines $.parts") {
		t.Errorf("%q", got)
	}
	if !json.Valid([]byte(`{"parts":{` + b.String()[1:] + `}}`)) {
		t.Error("no JSON")
	}
}

func TestAPartIsNamedOnce(t *testing.T) {
	unit := readingtest.Bytes(t, units(t, 1)[0])
	twice := fmt.Sprintf(`{"parts":{"314568015270001":%s,"314568015270001":%s}}`, unit, unit)
	if got := faultsOf(t, []byte(twice)); !slices.Equal(got, []string{"duplicate_key $.parts.314568015270001"}) {
		t.Errorf("%q", got)
	}
}

// What a channel splits into pieces must not grow beyond what a record may hold.
func TestTenThousandUnitsOfTwoThousandOffersFitARecord(t *testing.T) {
	const recordBytesMax = 1 << 20
	units := units(t, 10_000)
	for i, u := range units {
		u["id_offer"] = fmt.Sprintf("OFFER-%d", i%2000)
	}
	order := normalized(t, join(t, units))
	record, err := schemas.OrderSchema.Append(nil, order)
	if err != nil {
		t.Fatal(err)
	}
	if len(order.Lines) != 2000 || order.Lines[1999].Quantity != 5 || order.Total.Minor != 10_000*(2399+490) || len(record) > recordBytesMax {
		t.Errorf("%d lines of %d, %d in all, %d bytes", len(order.Lines), order.Lines[1999].Quantity, order.Total.Minor, len(record))
	}
}
