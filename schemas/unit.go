package schemas

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// unit is a measure, and its size in the first unit of its dimension.
type unit struct {
	name      string
	dimension string
	size      *big.Rat
}

// measures are the units of each dimension with their sizes. Those of inch and pound are exact since the International Yard and
// Pound agreement of 1959: 1 in = 2.54 cm, 1 lb = 453.59237 g (NIST SP 811, appendix B.8, factors in bold), 1 oz = 1/16 lb.
var measures = map[string]map[string]string{
	"a mass": {
		"g": "1", "mg": "0.001", "kg": "1000", "t": "1000000", "lb": "453.59237", "oz": "28.349523125",
	},
	"a length": {"cm": "1", "mm": "0.1", "m": "100", "in": "2.54", "ft": "30.48"},
	"an area":  {"cm2": "1", "m2": "10000", "in2": "6.4516", "ft2": "929.0304"},
	"a volume": {"ml": "1", "l": "1000", "m3": "1000000", "in3": "16.387064", "ft3": "28316.846592"},
	counted:    {UnitPiece: "1", "pair": "2", "dozen": "12"},
}

const counted = "a number of pieces"

// synonyms are other words for our units; those in capitals are Amazon's (Orders API 2026-01-01, Measurement.unit). Its GALLONS,
// PINTS, QUARTS and FLUID_OUNCES stay unknown: a British one is up to a fifth more than an American one, and it does not say which.
var synonyms = map[string]string{
	"each": UnitPiece, "ea": UnitPiece, "pc": UnitPiece, "pcs": UnitPiece, "pieces": UnitPiece, "pairs": "pair", "cm3": "ml", "COUNT": UnitPiece,
	"MILLIGRAMS": "mg", "GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb",
	"MILLIMETERS": "mm", "CENTIMETERS": "cm", "METERS": "m", "INCHES": "in", "FEET": "ft",
	"SQUARE_CENTIMETERS": "cm2", "SQUARE_METERS": "m2", "SQUARE_INCHES": "in2", "SQUARE_FEET": "ft2",
	"CUBIC_CENTIMETERS": "ml", "LITERS": "l", "CUBIC_METERS": "m3", "CUBIC_INCHES": "in3", "CUBIC_FEET": "ft3",
}

// packMax bounds how many pieces a pack holds.
const packMax = 1_000_000

// units is every unit by every word for it but packs, of which there is no end.
var units = func() map[string]unit {
	all := map[string]unit{}
	for dimension, sizes := range measures {
		for name, text := range sizes {
			size, ok := new(big.Rat).SetString(text)
			if !ok {
				panic("the size of a unit is no number: " + text)
			}
			all[name] = unit{name, dimension, size}
		}
	}
	for word, name := range synonyms {
		all[word] = all[name]
	}
	return all
}()

// unitOf finds a unit by its name, a synonym, or as a pack of so many pieces: "case/12", "pack/6".
func unitOf(word string) (unit, error) {
	if u, ok := units[word]; ok {
		return u, nil
	}
	kind, pieces, _ := strings.Cut(word, "/")
	if kind == "case" || kind == "pack" {
		n, err := strconv.ParseInt(pieces, 10, 64)
		if err != nil || n < 1 || n > packMax || strconv.FormatInt(n, 10) != pieces {
			return unit{}, fmt.Errorf("%w %q: say how many pieces it holds, as in %s/12", ErrUnit, shorten(word), kind)
		}
		return unit{word, counted, new(big.Rat).SetInt64(n)}, nil
	}
	return unit{}, fmt.Errorf("%w %q: known are piece, pair, dozen, case/12, pack/6; mg, g, kg, t, oz, lb; mm, cm, m, in, ft; "+
		"cm2, m2, in2, ft2; ml, l, m3, in3, ft3", ErrUnit, shorten(word))
}
