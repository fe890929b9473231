package wire

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

func TestTextsAreWrittenAsTheStandardLibraryDoes(t *testing.T) {
	for _, text := range []string{"", "Żółć „x” – 商品 🎁", "a\"b\\c", "line\nbreak\ttab\x01", "u\u2028v\u2029w", "<b>&</b>", "\u20ac\u2027"} {
		var line Line
		line.String(text)
		var want bytes.Buffer
		out := json.NewEncoder(&want)
		out.SetEscapeHTML(false)
		if err := out.Encode(text); err != nil {
			t.Fatal(err)
		}
		if got := string(line) + "\n"; got != want.String() {
			t.Errorf("%q is written %s", text, got)
		}
	}
}

func TestFieldsListsAndNothingMakeAnObject(t *testing.T) {
	type leaf struct{ n int }
	write := func(v *leaf, l *Line) { l.Whole("n", v.n) }
	line := Line{}
	Element(&line, &leaf{1}, func(v *leaf, l *Line) {
		write(v, l)
		l.Flag("yes", true)
		l.MaybeText("none", nil)
		l.Texts("no", nil)
		l.Texts("two", []string{"a", "b"})
		Object(l, "in", &leaf{-2}, write)
		Object[leaf](l, "out", nil, write)
		Objects(l, "many", []leaf{{3}, {4}}, write)
		Objects(l, "few", []leaf{}, write)
		l.Some("something", "x")
		l.Some("nothing", "")
		l.Number("half", "0.5")
	})
	const want = `{"n":1,"yes":true,"none":null,"no":null,"two":["a","b"],"in":{"n":-2},"out":null,"many":[{"n":3},{"n":4}],"few":[],"something":"x","half":0.5}`
	if string(line) != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
}

func TestMomentsAreWrittenAsInstants(t *testing.T) {
	for want, at := range map[string]time.Time{
		"2026-11-01T00:00:00Z":     time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		"2026-01-09T21:59:59.999Z": time.Date(2026, 1, 9, 21, 59, 59, 999_000_000, time.UTC),
		"2026-12-31T07:08:09.010Z": time.Date(2026, 12, 31, 7, 8, 9, 10_000_000, time.UTC),
	} {
		if got := Instant(at); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAmountsHaveTwoDecimals(t *testing.T) {
	for amount, want := range map[int64]string{0: "0.00", 5: "0.05", 53414: "534.14", -120: "-1.20", 10_000_000_001: "100000000.01"} {
		if got := Cents(amount); got != want {
			t.Errorf("%d is written %s, not %s", amount, got, want)
		}
	}
}

func TestAmountsHaveTheDecimalsOfTheirCurrency(t *testing.T) {
	for _, c := range []struct {
		minor    int64
		decimals int
		want     string
	}{
		{0, 0, "0"}, {1200, 0, "1200"}, {-5, 0, "-5"}, {0, 2, "0.00"}, {5, 2, "0.05"}, {53414, 2, "534.14"}, {-120, 2, "-1.20"}, {5, 3, "0.005"},
	} {
		if got := Amount(c.minor, c.decimals); got != c.want {
			t.Errorf("%d with %d decimals is written %s, not %s", c.minor, c.decimals, got, c.want)
		}
	}
}

func TestAnArticleNumberHasItsCheckDigit(t *testing.T) {
	d := Throw(7)
	for range 100 {
		sum, number := 0, EAN(d, "40")
		for i, digit := range number {
			sum += int(digit-'0') * (1 + 2*(i%2))
		}
		if len(number) != 13 || number[:2] != "40" || sum%10 != 0 {
			t.Fatalf("%s is no GTIN-13", number)
		}
	}
}

func TestWhatWasWrittenCanBeOpenedAndBroken(t *testing.T) {
	fields := Open([]byte(`{"a":{"n":12345678901234567890.50},"l":[{"x":1},{"x":2}]}`))
	fields.At("l", 1)["x"] = "two"
	if got := string(Compact(fields)); got != `{"a":{"n":12345678901234567890.50},"l":[{"x":1},{"x":"two"}]}` || fields.In("a")["n"] == nil {
		t.Errorf("broken to %s", got)
	}
}

func TestAnIDSaysItsTimeAndVersion(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	one, other := UUID(Throw(1), at), UUID(Throw(2), at)
	if len(one) != 36 || one[14] != '1' || one == other || one[:18] != other[:18] {
		t.Errorf("%s and %s are no two version 1 ids of one moment", one, other)
	}
}

func TestTheDiceKeepToTheirBounds(t *testing.T) {
	d := Throw(1, 2, 3)
	low, high := false, false
	for range 10_000 {
		n := d.Between(3, 7)
		if n < 3 || n > 7 {
			t.Fatalf("%d is not between 3 and 7", n)
		}
		low, high = low || n == 3, high || n == 7
		if d.Weighted(0, 5, 0) != 1 || d.Chance(0) || !d.Chance(1000) {
			t.Fatal("a weight or chance of nothing came up")
		}
		if digits := d.Digits(4); len(digits) != 4 || digits[0] == '0' {
			t.Fatalf("%q is no number of 4 digits", digits)
		}
	}
	if !low || !high {
		t.Error("a bound never came up")
	}
	if Throw(1, 2, 3).Next() == Throw(1, 3, 2).Next() {
		t.Error("another name has the same dice")
	}
}
