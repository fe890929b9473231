package schemas

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

// Each field of an order has one owner, so that a new one can not come without anybody deciding who may change it (item 43).
func TestEachFieldOfAnOrderHasOneOwner(t *testing.T) {
	owners := map[string]int{}
	for _, group := range Owners {
		if group.Owner != OwnerChannel && group.Owner != OwnerERP && group.Owner != OwnerOrchestrator {
			t.Errorf("%s has the owner %q", group.Name, group.Owner)
		}
		for _, field := range group.Fields {
			owners[field]++
		}
	}
	for _, field := range OrderSchema.Fields() {
		if owners[field.Name] != 1 {
			t.Errorf("%s stands in %d groups", field.Name, owners[field.Name])
		}
		delete(owners, field.Name)
	}
	for field := range owners {
		t.Errorf("%s is no field of an order", field)
	}
}

func TestADestinationIsTheSameHoweverAnERPWritesIt(t *testing.T) {
	order := &Order{ShipTo: &Person{Name: "Ana", Company: "Mugs Ltd", Street: "S 1", PostalCode: "01067", City: "Dresden", Country: "DE"}, Buyer: &Person{Name: "Bo", City: "Pirna"}}
	marks := map[string]bool{}
	for _, one := range order.DestinationMarks() {
		marks[one] = true
	}
	for _, same := range []Destination{{"Ana", "S 1", "01067", "Dresden", "DE"}, {" Mugs Ltd", "S 1 ", "01067", "Dresden", "DE"}, {"Mugs Ltd, Ana", "S 1", "01067", "Dresden", "DE"}} {
		if !marks[same.Mark()] {
			t.Errorf("%+v is taken for another", same)
		}
	}
	for _, other := range []Destination{{"Ana", "S 2", "01067", "Dresden", "DE"}, {"Bo", "", "", "Pirna", ""}, {"Ana", "S 1", "01067", "Dresden", "ZZ"}} {
		if marks[other.Mark()] {
			t.Errorf("%+v is taken for the order's own", other)
		}
	}
	to := Destination{"Cy", "T 3", "01099", "Radebeul", ""}.Redirected(&Person{Name: "Ana", Company: "Mugs Ltd", Country: "DE", Email: "a@b.example", Phone: "1"})
	if *to != (Person{Name: "Cy", Street: "T 3", PostalCode: "01099", City: "Radebeul", Country: "DE", Email: "a@b.example", Phone: "1"}) {
		t.Errorf("it goes to %+v", to)
	}
}

// What an ERP makes of prices and names is nobody's edit; a piece, an article or the sum is.
func TestPiecesThatWereChangedHaveAnotherMark(t *testing.T) {
	eur := func(minor int64) Money { return Money{Minor: minor, Currency: "EUR"} }
	order := &Order{
		Lines: []Line{
			{SKU: "MUG", Quantity: 3, Cancelled: 1, UnitPrice: eur(999)},
			{SKU: "TEE", Quantity: 1, Cancelled: 1},
			{SKU: "MUG", Quantity: 1},
			{SKU: "BOOK", Quantity: 1, FulfilledBy: FulfilledByDownload},
		},
		Total: eur(3000),
	}
	pieces := func(article, many, total string) string {
		return MarkOfSold(InPieces(map[string]decimal.Decimal{article: decimal.RequireFromString(many)}, decimal.RequireFromString(total)))
	}
	marks := order.GoodsMarks()
	if !slices.Contains(marks, pieces("MUG", "3.0", "30.00")) {
		t.Errorf("the same pieces are taken for others: %+v", order.Pieces())
	}
	for _, other := range []string{pieces("MUG", "2", "30"), pieces("TEE", "3", "30"), pieces("MUG", "3", "29.99")} {
		if slices.Contains(marks, other) {
			t.Error("other pieces are taken for the same")
		}
	}
}

func TestLinesThatWereChangedHaveAnotherMark(t *testing.T) {
	eur := func(minor int64) Money { return Money{Minor: minor, Currency: "EUR"} }
	order := &Order{
		Lines:   []Line{{SKU: "MUG", Quantity: 3, Cancelled: 1, UnitPrice: eur(999)}, {OfferRef: "o", Quantity: 1, Cancelled: 1}},
		Charges: []Charge{{Kind: ChargeShipping, Amount: eur(499)}},
	}
	if same := MarkOfSold([]Sold{{"shipping", "1", "4.99"}, {"MUG", "2", "9.99"}}); same != MarkOfSold(order.Sold()) {
		t.Errorf("the same lines in another order are taken for others: %+v", order.Sold())
	}
	if MarkOfSold([]Sold{{"MUG", "1", "9.99"}, {"shipping", "1", "4.99"}}) == MarkOfSold(order.Sold()) {
		t.Error("a piece less is taken for the same")
	}
}
