package processors

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

func eur(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }

func priced(minor int64) *schemas.Money { m := eur(minor); return &m }

func sold(pieces, total int64) *schemas.Line {
	return &schemas.Line{Quantity: pieces, LineTotal: eur(total)}
}

func TestAnArticleLeavesInTheUnitOfTheWarehouse(t *testing.T) {
	for _, c := range []struct {
		entry schemas.CatalogueEntry
		line  *schemas.Line
		want  schemas.Component
	}{
		{schemas.CatalogueEntry{SKU: "A"}, sold(3, 100), schemas.Component{SKU: "A", Quantity: "3", Unit: "piece", Total: eur(100)}},
		{schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: "case/12", StockUnit: "piece"}, sold(2, 100), schemas.Component{SKU: "A", Quantity: "24", Unit: "piece", Total: eur(100)}},
		{schemas.CatalogueEntry{SKU: "A", Quantity: "6", Unit: "piece", StockUnit: "case/12"}, sold(3, 100), schemas.Component{SKU: "A", Quantity: "1.5", Unit: "case/12", Total: eur(100)}},
		{schemas.CatalogueEntry{SKU: "A", Quantity: "0.5", Unit: "lb", StockUnit: "g"}, sold(3, 100), schemas.Component{SKU: "A", Quantity: "680.388555", Unit: "g", Total: eur(100)}},
		{schemas.CatalogueEntry{SKU: "A", Quantity: "0.1", Unit: "KILOGRAMS"}, sold(3, 100), schemas.Component{SKU: "A", Quantity: "0.3", Unit: "kg", Total: eur(100)}},
		{schemas.CatalogueEntry{SKU: "A", Quantity: "2"}, &schemas.Line{Quantity: 5, Cancelled: 2, LineTotal: eur(60)}, schemas.Component{SKU: "A", Quantity: "6", Unit: "piece", Total: eur(60)}},
	} {
		got, err := explode(c.line, &c.entry)
		if diff := cmp.Diff([]schemas.Component{c.want}, got); err != nil || diff != "" {
			t.Errorf("%+v: %v (-want +got)\n%s", c.entry, err, diff)
		}
	}
}

func TestTheTotalOfABundleIsSharedOutByThePricesOfItsParts(t *testing.T) {
	for _, c := range []struct {
		total  int64
		prices []*schemas.Money
		want   []int64
	}{
		{7999, []*schemas.Money{priced(4999), priced(2999), priced(999)}, []int64{4445, 2666, 888}},
		{1000, []*schemas.Money{nil, nil, nil}, []int64{334, 333, 333}},
		{1000, []*schemas.Money{priced(500), nil}, []int64{1000, 0}}, // a gift has no price
		{1000, []*schemas.Money{priced(0), priced(0)}, []int64{500, 500}},
		{-1000, []*schemas.Money{priced(1), priced(2)}, []int64{-333, -667}},
		{0, []*schemas.Money{priced(1), priced(2)}, []int64{0, 0}},
	} {
		entry := &schemas.CatalogueEntry{}
		for i, price := range c.prices {
			entry.Components = append(entry.Components, schemas.BundlePart{SKU: fmt.Sprint("S", i), Price: price})
		}
		components, err := explode(sold(2, c.total), entry)
		var got []int64
		for _, component := range components {
			got = append(got, component.Total.Minor)
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%d: %v (-want +got)\n%s", c.total, err, diff)
		}
	}
}

func TestNothingLeavesForALineWithoutPieces(t *testing.T) {
	got, err := explode(&schemas.Line{Quantity: 2, Cancelled: 2}, &schemas.CatalogueEntry{SKU: "A"})
	if err != nil || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWhatDoesNotWorkOutNamesItsArticle(t *testing.T) {
	for want, entry := range map[string]*schemas.CatalogueEntry{
		`SKU A: unknown unit "crate"`:             {SKU: "A", Unit: "crate"},
		`SKU B: units of different dimension: kg`: {Components: []schemas.BundlePart{{SKU: "A"}, {SKU: "B", Unit: "kg", StockUnit: "piece"}}},
		`SKU A: 2 piece in case/12: no exact`:     {SKU: "A", StockUnit: "case/12"},
		`SKU A: quantity out of range: 0 piece`:   {SKU: "A", Quantity: "0"},
		`SKU A: not a decimal number: "a few"`:    {SKU: "A", Quantity: "a few"},
		`a bundle of 101 articles`:                {Components: make([]schemas.BundlePart, partsMax+1)},
		`SKU A: quantity out of range: more than`: {SKU: "A", Quantity: "1000000000000000"},
	} {
		if got, err := explode(sold(2, 100), entry); err == nil || !strings.HasPrefix(err.Error(), want) || got != nil {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := explode(&schemas.Line{Quantity: 1, Cancelled: 2}, &schemas.CatalogueEntry{SKU: "A"}); err == nil {
		t.Error("more pieces are cancelled than were sold, and nobody says so")
	}
}

// assortment is a range of bundles that share their components.
type assortment struct {
	chance  *rand.Rand
	bundles []*schemas.CatalogueEntry
}

var stockUnits = map[string][2]string{ // how the article is said in a bundle, and counted in the warehouse
	"screw": {"piece", "piece"}, "bolt": {"dozen", "piece"}, "nut": {"pack/6", "piece"}, "oil": {"l", "ml"}, "flour": {"lb", "g"}, "rope": {"in", "cm"},
}

func newAssortment(chance *rand.Rand) *assortment {
	s := &assortment{chance: chance}
	skus := []string{"screw", "bolt", "nut", "oil", "flour", "rope"}
	for range 20 {
		bundle := &schemas.CatalogueEntry{SKU: "bundle"}
		for range 1 + chance.IntN(5) { // the same article may come twice
			sku := skus[chance.IntN(len(skus))]
			part := schemas.BundlePart{SKU: sku, Quantity: fmt.Sprint(1 + chance.IntN(9)), Unit: stockUnits[sku][0], StockUnit: stockUnits[sku][1]}
			if chance.IntN(4) > 0 {
				part.Price = priced(chance.Int64N(10_000))
			}
			bundle.Components = append(bundle.Components, part)
		}
		s.bundles = append(s.bundles, bundle)
	}
	return s
}

// inStockUnit is what one piece of each unit is in the warehouse's, times a thousand million, by hand.
var inStockUnit = map[string]int64{
	"piece": 1_000_000_000, "dozen": 12_000_000_000, "pack/6": 6_000_000_000, "l": 1000_000_000_000, "lb": 453_592_370_000, "in": 2_540_000_000,
}

func billionths(t *testing.T, c schemas.Component) int64 {
	t.Helper()
	q, err := schemas.ParseQuantity(c.Quantity, c.Unit)
	if err != nil {
		t.Fatal(err)
	}
	all, err := q.Times(1_000_000_000)
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	if _, err := fmt.Sscan(all.Number(), &n); err != nil || fmt.Sprint(n) != all.Number() {
		t.Fatalf("%s is finer than this test counts", all)
	}
	return n
}

func TestAThousandOrdersOfBundlesThatShareComponents(t *testing.T) {
	chance := rand.New(rand.NewPCG(21, 1000))
	s := newAssortment(chance)
	for range 1000 {
		want, got := map[string]int64{}, map[string]int64{}
		for range 1 + chance.IntN(5) {
			bundle := s.bundles[chance.IntN(len(s.bundles))]
			line := sold(1+chance.Int64N(12), chance.Int64N(100_000))
			line.Cancelled = chance.Int64N(line.Quantity)
			for _, part := range bundle.Components {
				var n int64
				fmt.Sscan(part.Quantity, &n)
				want[part.SKU] += n * inStockUnit[part.Unit] * (line.Quantity - line.Cancelled)
			}
			components, err := explode(line, bundle)
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, c := range components {
				got[c.SKU] += billionths(t, c)
				sum += c.Total.Minor
				if c.Unit != stockUnits[c.SKU][1] {
					t.Fatalf("%s leaves in %s", c.SKU, c.Unit)
				}
			}
			if sum != line.LineTotal.Minor {
				t.Fatalf("the parts of a line of %d are worth %d", line.LineTotal.Minor, sum)
			}
			line.Components = components
			rollsUp(t, chance, line, bundle)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("what leaves is not what was sold (-want +got)\n%s", diff)
		}
	}
}

// rollsUp does some of a line, whole pieces and then a part of another, and compares what comes back.
func rollsUp(t *testing.T, chance *rand.Rand, line *schemas.Line, bundle *schemas.CatalogueEntry) {
	t.Helper()
	pieces := line.Quantity - line.Cancelled
	whole := chance.Int64N(pieces + 1)
	var done []schemas.Component
	for range whole { // a record for each piece, in the units of the bundle rather than of the warehouse
		for _, part := range bundle.Components {
			done = append(done, schemas.Component{SKU: part.SKU, Quantity: part.Quantity, Unit: part.Unit})
		}
	}
	begun := whole
	if distinct(bundle) > 1 && whole < pieces && chance.IntN(2) == 0 { // and one article of the next
		sku := bundle.Components[0].SKU
		for _, part := range bundle.Components {
			if part.SKU == sku {
				done = append(done, schemas.Component{SKU: sku, Quantity: part.Quantity, Unit: part.Unit})
			}
		}
		begun++
	}
	got, err := RollUp(line, done)
	if err != nil || got.Pieces != pieces || got.Whole != whole || got.Begun != begun || got.Complete() != (whole == pieces) {
		t.Fatalf("%d whole and %d begun of %d pieces came back as %+v, %v", whole, begun, pieces, got, err)
	}
	if (whole == pieces && got.Worth != line.LineTotal) || (begun == 0 && got.Worth != eur(0)) || got.Worth.Minor > line.LineTotal.Minor {
		t.Fatalf("%d of %d pieces of %v are worth %v", whole, pieces, line.LineTotal, got.Worth)
	}
}

func distinct(bundle *schemas.CatalogueEntry) int {
	skus := map[string]bool{}
	for _, part := range bundle.Components {
		skus[part.SKU] = true
	}
	return len(skus)
}
