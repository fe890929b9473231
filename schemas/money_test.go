package schemas

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnAmountIsReadExactly(t *testing.T) {
	for _, c := range []struct {
		amount, currency string
		minor            int64
		text             string
	}{
		{"534.14", "PLN", 53414, "534.14"},
		{"70", "PLN", 7000, "70.00"},
		{"100.0", "EUR", 10000, "100.00"},
		{"0", "EUR", 0, "0.00"},
		{"-0.50", "EUR", -50, "-0.50"},
		{"-0", "EUR", 0, "0.00"},
		{"007.10", "CZK", 710, "7.10"},
		{"9.990000", "EUR", 999, "9.99"}, // zeros beyond the currency's decimals are the same amount
		{"1200", "JPY", 1200, "1200"},
		{"1200.00", "JPY", 1200, "1200"},
		{"1.234", "KWD", 1234, "1.234"},
		{"0.0001", "CLF", 1, "0.0001"},
		{"10000000000000.00", "EUR", MinorMax, "10000000000000.00"},
	} {
		m, err := ParseMoney(c.amount, c.currency)
		if err != nil || m.Minor != c.minor || m.String() != c.text {
			t.Errorf("%s %s: got %d %q %v, want %d %q", c.amount, c.currency, m.Minor, m, err, c.minor, c.text)
		}
	}
}

func TestWhatIsNotAnAmountIsRefused(t *testing.T) {
	for want, all := range map[error][][2]string{
		ErrNotAmount: {
			{"", "EUR"},
			{"-", "EUR"},
			{".5", "EUR"},
			{"5.", "EUR"},
			{"1,50", "EUR"},
			{"1 000", "EUR"},
			{"+1", "EUR"},
			{"--1", "EUR"},
			{"1e3", "EUR"},
			{"1.2.3", "EUR"},
			{"0x10", "EUR"},
			{"NaN", "EUR"},
			{"Inf", "EUR"},
			{" 1", "EUR"},
			{"1\n", "EUR"},
			{"١٢", "EUR"},
			{"1.00a", "EUR"},
			{"null", "EUR"},
			{strings.Repeat("x", 1000), "EUR"},
		},
		ErrPrecision: {{"0.001", "EUR"}, {"1.5", "JPY"}, {"1.2345", "KWD"}, {"1.00001", "CLF"}},
		ErrAmount:    {{"10000000000000.01", "EUR"}, {"9223372036854775808", "EUR"}, {"-99999999999999999999", "EUR"}, {strings.Repeat("9", 5000), "JPY"}},
		ErrCurrency:  {{"1", ""}, {"1", "pln"}, {"1", "ZZZ"}, {"1", "EU"}, {"1", "D A"}, {"1", "EURO"}, {"1", "HRK"}},
	} {
		for _, c := range all {
			m, err := ParseMoney(c[0], c[1])
			if !errors.Is(err, want) || m != (Money{}) {
				t.Errorf("%q %q: got %v %v, want %v", c[0], c[1], m, err, want)
			}
			if err != nil && len(err.Error()) > 200 {
				t.Errorf("%q is quoted in an error of %d bytes", c[0][:10]+"…", len(err.Error()))
			}
		}
	}
}

func TestWhatIsPrintedIsReadAsTheSameAmount(t *testing.T) {
	currencies := []string{"JPY", "KRW", "EUR", "PLN", "CZK", "HUF", "USD", "BHD", "TND", "CLF", "UYW"} // 0, 2, 3 and 4 decimals
	rapid.Check(t, func(t *rapid.T) {
		m := Money{Minor: rapid.Int64Range(-MinorMax, MinorMax).Draw(t, "minor"), Currency: rapid.SampledFrom(currencies).Draw(t, "currency")}
		read, err := ParseMoney(m.String(), m.Currency)
		if err != nil || read != m {
			t.Fatalf("%v was printed %q and read as %v, %v", m, m.String(), read, err)
		}
		if !read.Decimal().Equal(m.Decimal()) {
			t.Fatalf("%v is %s, and read again %s", m, m.Decimal(), read.Decimal())
		}
	})
}

func TestWhatIsReadIsWhatTheDigitsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, cents := rapid.Int64Range(0, 1e12).Draw(t, "whole"), rapid.Int64Range(0, 99).Draw(t, "cents")
		text := fmt.Sprintf("%d.%02d", whole, cents)
		m, err := ParseMoney(text, "EUR")
		if err != nil || m.Minor != whole*100+cents {
			t.Fatalf("%q was read as %d, %v", text, m.Minor, err)
		}
	})
}

// ISO 4217 list one: those that channels pay out in, and those whose decimals are easily taken for two.
func TestACurrencyHasItsDecimals(t *testing.T) {
	for decimals, currencies := range map[int32]string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
		2: "AED AUD BGN BRL CAD CHF CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR IRR LAK LBP MGA MRU MXN MYR NOK NZD PHP PKR PLN RON RSD RUB SAR SEK SGD " +
			"THB TRY TWD UAH USD VES XCD XCG ZAR ZWG",
		3: "BHD IQD JOD KWD LYD OMR TND",
		4: "CLF UYW",
	} {
		for currency := range strings.FieldsSeq(currencies) {
			if got, ok := Exponent(currency); !ok || got != decimals {
				t.Errorf("%s has %d decimals (%v), want %d", currency, got, ok, decimals)
			}
		}
	}
	for currency := range exponents {
		if strings.Contains(ordinary, " "+currency+" ") {
			t.Errorf("%s stands among those with two decimals, and among those with others", currency)
		}
	}
}
