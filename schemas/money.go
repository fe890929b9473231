package schemas

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an amount in the minor units of its currency: 5341 PLN is 53.41 zł, 1200 JPY is 1200 ¥.
type Money struct {
	Minor    int64  `avro:"minor" json:"minor,omitzero"`
	Currency string `avro:"currency" json:"currency,omitzero"` // ISO 4217
}

// MinorMax bounds an amount, in minor units, so that sums of many never overflow.
const MinorMax = 1_000_000_000_000_000

// Faults of an amount.
var (
	ErrCurrency  = errors.New("unknown currency")
	ErrNotAmount = errors.New("not a decimal number")
	ErrPrecision = errors.New("more decimals than the currency has")
	ErrAmount    = errors.New("amount out of range")
)

// exponents are the decimals of the currencies that have not two, from ISO 4217 list one; ordinary are those with two.
var exponents = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "UYI": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}

const ordinary = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP " +
	"CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
	"KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD " +
	"PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY " +
	"TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "

// decimals are those of all currencies, so that one look-up tells.
var decimals = func() map[string]int32 {
	all := maps.Clone(exponents)
	for _, currency := range strings.Fields(ordinary) {
		all[currency] = 2
	}
	return all
}()

// Exponent is how many decimals a currency has. ISO 4217 gives the forint two, and channels write it with two.
func Exponent(currency string) (int32, bool) {
	exponent, ok := decimals[currency]
	return exponent, ok
}

// ParseMoney reads decimal text in major units ("70", "100.0", "9.99") exactly. Trailing zeros beyond the currency's decimals
// are the same amount; any other digit there is ErrPrecision.
func ParseMoney(amount, currency string) (Money, error) {
	exponent, ok := Exponent(currency)
	if !ok {
		return Money{}, fmt.Errorf("%w %q", ErrCurrency, currency)
	}
	minor, err := parseMinor(amount, exponent)
	if err != nil {
		return Money{}, err
	}
	return Money{Minor: minor, Currency: currency}, nil
}

// parseMinor scans sign, digits, point, digits: nothing else is an amount on any channel, so exponents are refused.
func parseMinor(s string, exponent int32) (int64, error) {
	digits, negative := s, false
	if strings.HasPrefix(s, "-") {
		digits, negative = s[1:], true
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" || (point && fraction == "") {
		return 0, fmt.Errorf("%w: %q", ErrNotAmount, shorten(s))
	}
	var minor int64
	for i := 0; i < len(whole)+int(exponent); i++ {
		c := byte('0')
		if i < len(whole) {
			c = whole[i]
		} else if j := i - len(whole); j < len(fraction) {
			c = fraction[j]
		}
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%w: %q", ErrNotAmount, shorten(s))
		}
		if minor = minor*10 + int64(c-'0'); minor > MinorMax {
			return 0, fmt.Errorf("%w: %q", ErrAmount, shorten(s))
		}
	}
	for j := int(exponent); j < len(fraction); j++ {
		if fraction[j] < '0' || fraction[j] > '9' {
			return 0, fmt.Errorf("%w: %q", ErrNotAmount, shorten(s))
		}
		if fraction[j] != '0' {
			return 0, fmt.Errorf("%w: %q", ErrPrecision, shorten(s))
		}
	}
	if negative {
		minor = -minor
	}
	return minor, nil
}

func shorten(s string) string {
	if len(s) > 32 {
		return s[:32] + "…"
	}
	return s
}

// Decimal is the amount in major units.
func (m Money) Decimal() decimal.Decimal {
	exponent, _ := Exponent(m.Currency)
	return decimal.New(m.Minor, -exponent)
}

// String is the amount in major units with the currency's own decimals: "534.14", for yen "1200".
func (m Money) String() string {
	exponent, _ := Exponent(m.Currency)
	return m.Decimal().StringFixed(exponent)
}
