package direct

import (
	"slices"
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
		{change{"buyer", gone}, "no_buyer $.buyer"},
		{change{"bill_to", nil}, "no_invoice_address $.bill_to"},
		{change{"payments.0.currency", "PLN"}, "payment_in_another_currency $.payments[0].currency"},
		{change{"ship_by", "2026-04-01T00:00:00Z"}, "ship_by_before_purchase $.ship_by"},
		{change{"deliver_by", "2026-05-01T00:00:00Z"}, "delivery_window_reversed $.deliver_by"},
		{change{"total", "99.32"}, "total_disagrees $.total"},
	} {
		if got := warnings(normalized(t, changed(t, odd.change))); !slices.Equal(got, []string{odd.want}) {
			t.Errorf("%s = %v: warned of %q, want %q", odd.path, odd.value, got, odd.want)
		}
	}
	nameless := []change{{"ship_to.name", ""}, {"ship_to.company", nil}}
	if got := warnings(normalized(t, changed(t, nameless...))); !slices.Equal(got, []string{"no_recipient $.ship_to"}) {
		t.Errorf("without a recipient: %q", got)
	}
}

func TestOnlyFourFieldsHaveToBeThere(t *testing.T) {
	for name := range good(t) {
		for _, value := range []any{gone, nil} {
			got := faultsOf(t, changed(t, change{name, value}))
			switch name {
			case "ref", "placed_at", "currency", "lines", "ship_to":
				if got == nil {
					t.Errorf("taken without %s", name)
				}
			default:
				if got != nil {
					t.Errorf("%s = %v: %q", name, value, got)
				}
			}
		}
	}
}

// Whoever does not ship needs no address: a pending order gets it later, a cancelled one never, and what the buyer or the channel
// carries goes without.
func TestOnlyWhatTheSellerShipsNeedsAnAddress(t *testing.T) {
	for _, address := range []change{{"ship_to", gone}, {"ship_to.street", ""}, {"ship_to.country", nil}, {"ship_to.postal_code", gone}} {
		for _, without := range [][]change{
			{{"status", "pending"}},
			{{"status", "cancelled"}},
			{{"lines.0.fulfilled_by", "pickup"}, {"lines.1.fulfilled_by", "download"}},
			{{"lines.0.fulfilled_by", "channel"}, {"lines.1.fulfilled_by", "channel"}},
		} {
			if got := faultsOf(t, changed(t, append(without, address)...)); got != nil {
				t.Errorf("%v, %v: %q", without, address, got)
			}
		}
		if got := faultsOf(t, changed(t, address)); got == nil {
			t.Errorf("%v: shipped to nowhere", address)
		}
	}
	point := change{"pickup_point", map[string]any{"ref": "KRA01A"}}
	if got := faultsOf(t, changed(t, point, change{"ship_to", map[string]any{"name": "Mia Brandt"}})); got != nil {
		t.Errorf("to a locker: %q", got)
	}
	if got := faultsOf(t, changed(t, point, change{"ship_to", gone})); !slices.Equal(got, []string{"missing_address $.ship_to"}) {
		t.Errorf("to a locker, for nobody: %q", got)
	}
}

func TestASaleAtATillIsCarriedOutOfTheShop(t *testing.T) {
	for _, c := range []struct {
		source, want string
		shipTo       any
	}{
		{"pos", schemas.FulfilledByPickup, gone},
		{"pos", schemas.FulfilledBySeller, map[string]any{"name": "A", "street": "B", "postal_code": "1", "city": "C", "country": "DE"}},
		{"phone", schemas.FulfilledBySeller, map[string]any{"name": "A", "street": "B", "postal_code": "1", "city": "C", "country": "DE"}},
	} {
		order := normalized(t, changed(t, change{"source", c.source}, change{"ship_to", c.shipTo}, change{"lines.0.fulfilled_by", gone}))
		if order.Lines[0].FulfilledBy != c.want || order.FulfilledBy != c.want || order.SourceKind != c.source {
			t.Errorf("%s: line by %s, order by %s, source %s", c.source, order.Lines[0].FulfilledBy, order.FulfilledBy, order.SourceKind)
		}
	}
}

func TestEverySourceAndStatusReachesTheOrder(t *testing.T) {
	for _, source := range []string{"api", "pos", "phone", "form", "mail", "social", "app"} {
		for _, status := range []string{"pending", "ready", "cancelled"} {
			order := normalized(t, changed(t, change{"source", source}, change{"status", status}))
			if order.SourceKind != source || order.Status != status || order.ChannelStatus != status {
				t.Errorf("%s, %s: %s, %s", source, status, order.SourceKind, order.Status)
			}
		}
	}
	order := normalized(t, changed(t, change{"source", gone}, change{"status", gone}))
	if order.SourceKind != "api" || order.Status != schemas.StatusReady {
		t.Errorf("unsaid: %s, %s", order.SourceKind, order.Status)
	}
}

func TestNotesReachTheOrderWordForWord(t *testing.T) {
	order := normalized(t, changed(t, change{"buyer_note", " Bitte\tklingeln 🎁 "}))
	for want, got := range map[string]*schemas.Body{
		"Bitte\tklingeln 🎁": order.BuyerNote, "repeat customer": order.SellerNote, "Ramp at the back, until 16:00.": order.DeliveryNote,
		"From all of us": order.GiftNote, "Alles Gute, Mia!": order.Lines[0].GiftNote, "no price tag": order.Lines[0].LineNote,
	} {
		if got == nil || string(got.Bytes) != want {
			t.Errorf("want %q, got %v", want, got)
		}
	}
}

func TestAStatedTotalStandsAndTheRestIsRounding(t *testing.T) {
	for _, c := range []struct {
		total any
		want  int64
		warn  bool
	}{
		{"98.31", 0, false},
		{98.31, 0, false},
		{gone, 0, false},
		{"98.30", -1, false},
		{"97.34", -97, false},
		{"99.30", 99, false},
		{"99.32", 101, true},
		{"0.00", -9831, true},
	} {
		order := normalized(t, changed(t, change{"total", c.total}))
		last := order.Charges[len(order.Charges)-1]
		if got := last.Amount.Minor; (c.want == 0) != (last.Kind != schemas.ChargeRounding) || (c.want != 0 && got != c.want) {
			t.Errorf("%v: last charge %s of %d, want %d", c.total, last.Kind, got, c.want)
		}
		if got := len(order.Warnings) > 0; got != c.warn {
			t.Errorf("%v: warned %v", c.total, order.Warnings)
		}
	}
}

func TestAPieceIsMeasuredWhereItIsMoreThanAPiece(t *testing.T) {
	for unit, want := range map[string]string{
		"": "", "piece": "", "each": "", "1 pcs": "", "case/12": "1 case/12", "lb": "1 lb", "0.342 kg": "0.342 kg", "0.500 kg": "0.5 kg", "100 m": "100 m",
	} {
		if got := normalized(t, changed(t, change{"lines.0.unit", unit})).Lines[0].Measure; got != want {
			t.Errorf("%q: %q, want %q", unit, got, want)
		}
	}
}
