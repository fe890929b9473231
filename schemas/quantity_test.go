package schemas

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAQuantityIsConvertedExactly(t *testing.T) {
	for _, c := range []struct{ number, from, to, want string }{
		{"1", "lb", "g", "453.59237 g"},
		{"1", "lb", "kg", "0.45359237 kg"},
		{"16", "oz", "lb", "1 lb"},
		{"1", "oz", "g", "28.349523125 g"},
		{"0.45359237", "kg", "lb", "1 lb"},
		{"0.1", "kg", "g", "100 g"},
		{"2.5", "t", "kg", "2500 kg"},
		{"1", "mg", "g", "0.001 g"},
		{"0.000000001", "kg", "mg", "0.001 mg"},
		{"1", "in", "cm", "2.54 cm"},
		{"1", "in", "mm", "25.4 mm"},
		{"1", "ft", "in", "12 in"},
		{"3", "ft", "m", "0.9144 m"},
		{"127", "cm", "in", "50 in"},
		{"1", "ft2", "in2", "144 in2"},
		{"1", "m2", "cm2", "10000 cm2"},
		{"0.75", "l", "ml", "750 ml"},
		{"1", "ft3", "in3", "1728 in3"},
		{"1", "in3", "ml", "16.387064 ml"},
		{"1", "case/12", "piece", "12 piece"},
		{"18", "piece", "case/12", "1.5 case/12"},
		{"6", "case/4", "dozen", "2 dozen"},
		{"3", "pair", "pack/6", "1 pack/6"},
		{"1", "case/12", "pack/12", "1 pack/12"},
		{"1", "each", "COUNT", "1 piece"},
		{"1.50", "POUNDS", "OUNCES", "24 oz"},
		{"2", "KILOGRAMS", "GRAMS", "2000 g"},
		{"3", "INCHES", "CENTIMETERS", "7.62 cm"},
		{"5", "LITERS", "CUBIC_CENTIMETERS", "5000 ml"},
		{"-1.5", "kg", "g", "-1500 g"},
		{"-0", "kg", "g", "0 g"},
		{"007.10", "kg", "kg", "7.1 kg"},
	} {
		q, err := ParseQuantity(c.number, c.from)
		if err != nil {
			t.Errorf("%s %s: %v", c.number, c.from, err)
			continue
		}
		if got, err := q.Convert(c.to); err != nil || got.String() != c.want {
			t.Errorf("%s %s in %s: got %v, %v, want %s", c.number, c.from, c.to, got, err, c.want)
		}
	}
}

func TestAQuantityThatIsNoFiniteDecimalIsRefused(t *testing.T) {
	for _, c := range [][3]string{
		{"1", "kg", "lb"},
		{"1", "piece", "case/12"},
		{"1", "cm", "in"},
		{"1", "in", "ft"},
		{"0.00001", "lb", "kg"}, // 13 places
		{"0.0000000001", "mg", "g"},
	} {
		q, err := ParseQuantity(c[0], c[1])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.Convert(c[2]); !errors.Is(err, ErrInexact) || got != (Quantity{}) {
			t.Errorf("%s in %s: got %v, %v", q, c[2], got, err)
		}
	}
}

func TestAnUnknownUnitIsNeverTakenForPieces(t *testing.T) {
	for _, word := range []string{
		"", " ", "KG", "Mg", "kilo", "kg ", "Piece", "case", "case/", "case/0", "case/-1", "case/012", "case/1.5", "case/1000001", "case/99999999999999999999",
		"pack/x", "box/6", "crate", "GALLONS", "PINTS", "QUARTS", "FLUID_OUNCES", "gal", "piece/12", "/12", strings.Repeat("k", 10_000),
	} {
		_, err := ParseQuantity("1", word)
		if !errors.Is(err, ErrUnit) || len(err.Error()) > 250 {
			t.Errorf("%.40q: got %v", word, err)
		}
		one, _ := ParseQuantity("1", UnitPiece)
		if _, err := one.Convert(word); !errors.Is(err, ErrUnit) {
			t.Errorf("a piece in %.40q: got %v", word, err)
		}
	}
}

func TestUnitsOfDifferentDimensionAreNamed(t *testing.T) {
	for _, c := range [][2]string{{"kg", "cm"}, {"piece", "kg"}, {"m", "m2"}, {"l", "kg"}, {"case/12", "lb"}, {"ml", "cm2"}} {
		q, err := ParseQuantity("1", c[0])
		if err != nil {
			t.Fatal(err)
		}
		_, err = q.Convert(c[1])
		if !errors.Is(err, ErrDimension) || !strings.Contains(err.Error(), c[0]+" is a") || !strings.Contains(err.Error(), c[1]+" is a") {
			t.Errorf("%s in %s: got %v", q, c[1], err)
		}
	}
}

func TestWhatIsNotAQuantityIsRefused(t *testing.T) {
	for want, all := range map[error][]string{
		ErrNotQuantity: {
			"", "-", ".5", "5.", "1,5", "+1", "--1", "1e3", "1E-3", "1.2.3", "0x10", "NaN", "Inf", " 1", "1\n", "١٢", "1_000",
			strings.Repeat("1", quantityBytesMax+1), "1e999999999",
		},
		ErrQuantity: {"1000000000000000.1", "-1000000000000001", strings.Repeat("9", quantityBytesMax)},
		ErrInexact:  {"0.0000000000001", "1.1234567890123"},
	} {
		for _, number := range all {
			if q, err := ParseQuantity(number, "kg"); !errors.Is(err, want) || q != (Quantity{}) || len(err.Error()) > 150 {
				t.Errorf("%.40q: got %v %v, want %v", number, q, err, want)
			}
		}
	}
	most, err := ParseQuantity(fmt.Sprint(int64(QuantityMax)), "t")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := most.Convert("mg"); !errors.Is(err, ErrQuantity) {
		t.Errorf("%s in mg: got %v", most, err)
	}
	if _, err := most.Times(2); !errors.Is(err, ErrQuantity) {
		t.Errorf("twice %s: got %v", most, err)
	}
}

func TestSoManyPiecesAreSoManyTimesAsMuch(t *testing.T) {
	q, err := ParseQuantity("0.1", "kg")
	if err != nil {
		t.Fatal(err)
	}
	for pieces, want := range map[int64]string{0: "0 kg", 1: "0.1 kg", 3: "0.3 kg", 10: "1 kg", -2: "-0.2 kg"} { // 0.1 × 3 is no 0.30000000000000004
		if got, err := q.Times(pieces); err != nil || got.String() != want {
			t.Errorf("%d times %s: got %v, %v, want %s", pieces, q, got, err, want)
		}
	}
}

// There and back there is no error at all, and what came between is what the rational says.
func TestAConvertedQuantityComesBackAsItWas(t *testing.T) {
	there := map[string]string{
		"lb": "kg", "kg": "lb", "oz": "g", "g": "oz", "in": "cm", "cm": "in", "case/12": "piece", "piece": "case/12", "case/7": "dozen", "ft3": "m3",
	}
	inexact, exact := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom([]string{"lb", "kg", "oz", "g", "in", "cm", "case/12", "piece", "case/7", "ft3"}).Draw(t, "from")
		places := rapid.IntRange(0, 6).Draw(t, "places")
		minor := rapid.Int64Range(-1e12, 1e12).Draw(t, "digits")
		if from == "kg" && rapid.Bool().Draw(t, "some pounds") {
			minor, places = minor/1000*45359237, 8
		}
		text := new(big.Rat).SetFrac(big.NewInt(minor), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)).FloatString(places)
		q, err := ParseQuantity(text, from)
		if err != nil {
			t.Fatal(err)
		}
		converted, err := q.Convert(there[from])
		if errors.Is(err, ErrInexact) {
			inexact++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		exact++
		back, err := converted.Convert(from)
		if err != nil || back.String() != q.String() {
			t.Fatalf("%s is %s, and back %s, %v", q, converted, back, err)
		}
		read, err := ParseQuantity(converted.Number(), converted.Unit())
		if err != nil || read.String() != converted.String() {
			t.Fatalf("%s is read as %s, %v", converted, read, err)
		}
		a, _ := new(big.Rat).SetString(q.Number())
		b, _ := new(big.Rat).SetString(converted.Number())
		if a.Mul(a, q.unit.size).Cmp(b.Mul(b, converted.unit.size)) != 0 {
			t.Fatalf("%s is not as much as %s", q, converted)
		}
	})
	if exact == 0 || inexact == 0 {
		t.Errorf("%d exact and %d inexact ones: both should have been tried", exact, inexact)
	}
}

// The words of Measurement.unit in the Orders API, 2026-01-01.
func TestAmazonsWordsAreUnitsOfOurs(t *testing.T) {
	words := "OUNCES POUNDS KILOGRAMS GRAMS MILLIGRAMS INCHES FEET METERS CENTIMETERS MILLIMETERS SQUARE_METERS SQUARE_CENTIMETERS SQUARE_FEET " +
		"SQUARE_INCHES LITERS CUBIC_METERS CUBIC_FEET CUBIC_INCHES CUBIC_CENTIMETERS COUNT"
	for word := range strings.FieldsSeq(words) {
		if q, err := ParseQuantity("1", word); err != nil || strings.ToLower(q.Unit()) != q.Unit() {
			t.Errorf("%s: got %v, %v", word, q, err)
		}
	}
}

func TestHowOftenAQuantityFitsIsExactInAnyUnits(t *testing.T) {
	for _, c := range [][5]string{
		{"1", "kg", "1", "lb", "100000000/45359237"}, {"1", "piece", "1", "case/12", "1/12"}, {"0", "m", "1", "ft", "0/1"}, {"-1", "dozen", "1", "pair", "-6/1"},
	} {
		q, err := ParseQuantity(c[0], c[1])
		if err != nil {
			t.Fatal(err)
		}
		of, err := ParseQuantity(c[2], c[3])
		if err != nil {
			t.Fatal(err)
		}
		if ratio, err := q.Ratio(of); err != nil || ratio.String() != c[4] {
			t.Errorf("%s in %s: got %v, %v, want %s", of, q, ratio, err, c[4])
		}
	}
	kilo, _ := ParseQuantity("1", "kg")
	nothing, _ := ParseQuantity("0", "kg")
	metre, _ := ParseQuantity("1", "m")
	if _, err := kilo.Ratio(nothing); !errors.Is(err, ErrQuantity) {
		t.Errorf("nothing fits: %v", err)
	}
	if _, err := kilo.Ratio(metre); !errors.Is(err, ErrDimension) {
		t.Errorf("a metre fits into a kilo: %v", err)
	}
}
