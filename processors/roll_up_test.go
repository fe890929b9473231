package processors

import (
	"strings"
	"testing"

	"waybill/schemas"
)

// kit is five bundles of two lamps and half a metre of cable, at 10.00 together.
func kit() *schemas.Line {
	return &schemas.Line{Quantity: 6, Cancelled: 1, LineTotal: eur(1000), Components: []schemas.Component{
		{SKU: "lamp", Quantity: "10", Unit: "piece", Total: eur(667)},
		{SKU: "cable", Quantity: "2.5", Unit: "m", Total: eur(333)},
	}}
}

func did(sku, quantity, unit string) schemas.Component {
	return schemas.Component{SKU: sku, Quantity: quantity, Unit: unit}
}

func TestWhatWasDoneOfComponentsIsToldInPiecesOfTheLine(t *testing.T) {
	for _, c := range []struct {
		name string
		done []schemas.Component
		want Progress
	}{
		{"nothing", nil, Progress{Worth: eur(0)}},
		{"one piece", []schemas.Component{did("lamp", "2", "piece"), did("cable", "0.5", "m")}, Progress{Whole: 1, Begun: 1, Worth: eur(133 + 67)}},
		{"in other units", []schemas.Component{did("lamp", "1", "pair"), did("cable", "50", "cm")}, Progress{Whole: 1, Begun: 1, Worth: eur(200)}},
		{"one lamp", []schemas.Component{did("lamp", "1", "piece")}, Progress{Begun: 1, Worth: eur(67)}},
		{"lamps alone", []schemas.Component{did("lamp", "10", "piece")}, Progress{Begun: 5, Worth: eur(667)}},
		{"three and a bit", []schemas.Component{did("lamp", "7", "piece"), did("cable", "1.6", "m")}, Progress{Whole: 3, Begun: 4, Worth: eur(467 + 213)}},
		{"cable that no metre divides", []schemas.Component{did("lamp", "6", "piece"), did("cable", "1", "ft")}, Progress{Begun: 3, Worth: eur(400 + 41)}},
		{"all", []schemas.Component{did("lamp", "4", "piece"), did("cable", "2.5", "m"), did("lamp", "6", "piece")}, Progress{Whole: 5, Begun: 5, Worth: eur(1000)}},
	} {
		c.want.Pieces = 5
		got, err := RollUp(kit(), c.done)
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v, want %+v", c.name, got, err, c.want)
		}
		if got.Complete() != (c.name == "all") {
			t.Errorf("%s: complete is %v", c.name, got.Complete())
		}
	}
}

func TestAnArticleThatStandsTwiceInABundleIsCountedTwice(t *testing.T) {
	line := &schemas.Line{Quantity: 2, LineTotal: eur(100), Components: []schemas.Component{
		{SKU: "bolt", Quantity: "4", Unit: "piece", Total: eur(50)}, {SKU: "bolt", Quantity: "1", Unit: "dozen", Total: eur(50)},
	}}
	got, err := RollUp(line, []schemas.Component{did("bolt", "8", "piece")})
	if want := (Progress{Pieces: 2, Whole: 1, Begun: 1, Worth: eur(50)}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = RollUp(line, []schemas.Component{did("bolt", "15", "piece")}); err != nil || got.Whole != 1 || got.Begun != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhatCannotHaveBeenDoneIsAnError(t *testing.T) {
	for want, done := range map[string]schemas.Component{
		"of SKU lamp more was done than the line has":                 did("lamp", "11", "piece"),
		"SKU sofa was done and is no component of the line":           did("sofa", "1", "piece"),
		"what was done of SKU lamp: units of different dimension: kg": did("lamp", "1", "kg"),
		"what was done of SKU lamp: quantity out of range: -1 piece":  did("lamp", "-1", "piece"),
		"what was done of SKU cable: unknown unit \"yard\"":           did("cable", "1", "yard"),
		"what was done of SKU cable: not a decimal number: \"\"":      did("cable", "", "m"),
	} {
		if _, err := RollUp(kit(), []schemas.Component{done}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	broken := kit()
	broken.Components[1].Quantity = "0"
	if _, err := RollUp(broken, nil); err == nil {
		t.Error("a component of nothing was rolled up")
	}
}

func TestWhatIsDoneInStepsIsWorthTheLineInTheEnd(t *testing.T) {
	line := &schemas.Line{Quantity: 7, LineTotal: eur(1000), Components: []schemas.Component{{SKU: "A", Quantity: "7", Unit: "piece", Total: eur(1000)}}}
	var done []schemas.Component
	last := int64(0)
	for range 7 {
		done = append(done, did("A", "1", "piece"))
		got, err := RollUp(line, done)
		if err != nil || got.Worth.Minor-last < 142 || got.Worth.Minor-last > 143 {
			t.Fatalf("a seventh of 10.00 is worth %d, %v", got.Worth.Minor-last, err)
		}
		last = got.Worth.Minor
	}
	if last != 1000 {
		t.Errorf("all of 10.00 is worth %d", last)
	}
}
