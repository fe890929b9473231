package kaufland

import (
	"strconv"
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// minor reads an amount as Kaufland writes all of them: a whole number of the currency's minor units, also of the koruna. A
// fraction would be somebody else's idea of an amount, and is refused even if it is .0.
func minor(r *reading.Reader) reading.Amount {
	if r.Next() != jx.Number {
		r.Whole(0, 0, reading.BadAmount) // which says what stands there instead, or that nothing does
		return reading.Amount{}
	}
	a := reading.Amount{Given: true}
	digits := r.Word()
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case strings.ContainsAny(digits, "eE"):
		r.Fault(reading.BadAmount, "not a whole number of minor units, in digits")
	case strings.Contains(digits, "."):
		r.Fault(reading.TooPrecise, "a fraction of a minor unit: 12.50 is written 1250")
	case strings.HasPrefix(digits, "-"):
		r.Fault(reading.NegativePrice, "below zero")
	case err != nil || n > schemas.MinorMax:
		r.Fault(reading.AmountOutOfRange, "beyond any price")
	default:
		a.Minor = n
	}
	return a
}

const percentBytesMax = 16

// percent reads a tax rate, a number from 0 to 100, as the shortest decimal text that says the same: 5.5, not 5.50.
func percent(r *reading.Reader) string {
	rate := r.Word()
	if rate == "" {
		return ""
	}
	whole, fraction, _ := strings.Cut(rate, ".")
	n, err := strconv.Atoi(whole)
	fraction = strings.TrimRight(fraction, "0")
	if err != nil || len(rate) > percentBytesMax || !isDigits(whole+fraction) || n > 100 || (n == 100 && fraction != "") {
		r.Fault(reading.BadTaxRate, "not a decimal number from 0 to 100")
		return ""
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return strconv.Itoa(n) + fraction
}
