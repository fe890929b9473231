package schemas

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// Quantity is how much there is of something: a decimal number, exactly, of a unit. It is made by ParseQuantity.
type Quantity struct {
	number decimal.Decimal
	unit   unit
}

// What bounds a quantity.
const (
	QuantityMax       = 1_000_000_000_000_000 // of any unit
	QuantityPlacesMax = 12                    // digits behind the point
	quantityBytesMax  = 32                    // of its text
)

// Faults of a quantity.
var (
	ErrNotQuantity = errors.New("not a decimal number")
	ErrQuantity    = errors.New("quantity out of range")
	ErrUnit        = errors.New("unknown unit")
	ErrDimension   = errors.New("units of different dimension")
	ErrInexact     = fmt.Errorf("no exact decimal of %d places or fewer", QuantityPlacesMax)
)

// ParseQuantity reads decimal text ("0.5", "12") and a unit ("kg", "case/12") exactly. An unknown unit is ErrUnit, and never
// taken for pieces.
func ParseQuantity(number, unit string) (Quantity, error) {
	n, err := parseNumber(number)
	if err != nil {
		return Quantity{}, err
	}
	u, err := unitOf(unit)
	if err != nil {
		return Quantity{}, err
	}
	return Quantity{number: n, unit: u}.within()
}

// parseNumber takes sign, digits, point, digits, as money does: an exponent could stand for more digits than there is memory.
func parseNumber(s string) (decimal.Decimal, error) {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(s) > quantityBytesMax || whole == "" || (point && fraction == "") || strings.Trim(whole+fraction, "0123456789") != "" {
		return decimal.Decimal{}, fmt.Errorf("%w: %q", ErrNotQuantity, shorten(s))
	}
	return decimal.NewFromString(s)
}

// within refuses what is beyond the bounds of a quantity.
func (q Quantity) within() (Quantity, error) {
	switch {
	case q.number.Abs().GreaterThan(decimal.NewFromInt(QuantityMax)):
		return Quantity{}, fmt.Errorf("%w: more than %d %s", ErrQuantity, int64(QuantityMax), q.unit.name)
	case q.number.Exponent() < -QuantityPlacesMax && !q.number.Shift(QuantityPlacesMax).IsInteger():
		return Quantity{}, fmt.Errorf("%s %s: %w", q.number, q.unit.name, ErrInexact)
	}
	return q, nil
}

// Number is the number as decimal text without needless zeros, which ParseQuantity reads as the same.
func (q Quantity) Number() string { return q.number.String() }

// Unit is the unit by our name for it, whatever it was called when it was read.
func (q Quantity) Unit() string { return q.unit.name }

// String is number and unit: "0.5 kg".
func (q Quantity) String() string { return q.Number() + " " + q.Unit() }

// Sign is -1, 0 or 1.
func (q Quantity) Sign() int { return q.number.Sign() }

// Times is the quantity of so many pieces, ErrQuantity if that is beyond QuantityMax.
func (q Quantity) Times(pieces int64) (Quantity, error) {
	return Quantity{number: q.number.Mul(decimal.NewFromInt(pieces)), unit: q.unit}.within()
}

// Convert is the same quantity in another unit, exactly. It is ErrInexact if that has no finite decimal of QuantityPlacesMax
// places (1 kg in lb, 1 piece in case/12), ErrDimension if the units measure different things, ErrUnit if there is no such unit.
func (q Quantity) Convert(to string) (Quantity, error) {
	target, err := unitOf(to)
	if err != nil {
		return Quantity{}, err
	}
	if target.name == q.unit.name {
		return q, nil
	}
	if target.dimension != q.unit.dimension {
		return Quantity{}, q.differs(target)
	}
	exact := q.exact()
	exact.Quo(exact, target.size).Mul(exact, placesRat)
	if !exact.IsInt() {
		return Quantity{}, fmt.Errorf("%s in %s: %w", q, target.name, ErrInexact)
	}
	return Quantity{number: decimal.NewFromBigInt(exact.Num(), -QuantityPlacesMax), unit: target}.within()
}

// Ratio is how many times of fits into q, exactly, in whichever units the two are. It is an error if they measure different things
// or of is nothing.
func (q Quantity) Ratio(of Quantity) (*big.Rat, error) {
	switch {
	case q.unit.dimension != of.unit.dimension:
		return nil, q.differs(of.unit)
	case of.Sign() == 0:
		return nil, fmt.Errorf("%w: nothing is a part of %s", ErrQuantity, of)
	}
	return new(big.Rat).Quo(q.exact(), of.exact()), nil
}

// exact is how much it is in the first unit of its dimension.
func (q Quantity) exact() *big.Rat { return new(big.Rat).Mul(q.number.Rat(), q.unit.size) }

func (q Quantity) differs(from unit) error {
	return fmt.Errorf("%w: %s is %s, %s is %s", ErrDimension, q.unit.name, q.unit.dimension, from.name, from.dimension)
}

// placesRat lifts a number of QuantityPlacesMax places to a whole one.
var placesRat = new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(QuantityPlacesMax), nil))
