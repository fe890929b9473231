package addresses

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waybill/schemas"
)

func TestAWordIsWrittenWholeInOtherLettersOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		letters Letters
		text    string
		want    string
	}{
		{Latin1, "Łódź", "Lodz"},
		{Latin1, "Straße in Łódź, Köln", "Straße in Lodz, Köln"},
		{Latin1, "Ko\u0308ln", "Köln"}, // the letter and its accent apart
		{Latin1, "Z\u0307o\u0301łw", "Zolw"},
		{Latin1, "Müller–Söhne „Beste“", "Müller-Söhne ,,Beste\""},
		{ASCII, "Weiß Größer Æsir Þór", "Weiss Grosser AEsir Thor"},
		{ASCII, "a\u00a0b", "a b"},
		{ASCII, "Щукин Київ", "Shchukin Kiyiv"},
		{ASCII, "Θεσσαλονίκη", "Thessalonike"},
		{Latin, "Łódź Θήβα", "Łódź Theba"},
		{Latin, "№ 5", "No. 5"},
		{Latin1, "", ""},
	} {
		if got, unknown := c.letters.Write(c.text); got != c.want || len(unknown) > 0 {
			t.Errorf("%q is %q, want %q; unknown %v", c.text, got, c.want, unknown)
		}
	}
}

func TestACharacterThatCanNotBeWrittenIsNamedByItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"Ana 😀": "[4]", "😀Ana": "[0]", "花子": "[0 1]", "Łódź\u200d!": "[4]", "a\tb": "[1]", "Köln ☃ x ☃": "[5 9]", "Ko\u0308ln 😀": "[6]", "Ana👍🏽": "[3 4]", "a\u202eb": "[1]",
	} {
		if _, unknown := Latin1.Write(text); fmt.Sprint(unknown) != want {
			t.Errorf("%q: %v, want %s", text, unknown, want)
		}
	}
}

func TestTheNumberOfAHouseIsWhereTheCountryWritesIt(t *testing.T) {
	for _, c := range []struct{ country, street, house string }{
		{"DE", "Straße des 17. Juni 135", "135"},
		{"DE", "Straße des 17. Juni", "-"},
		{"DE", "1. Mai Straße", "-"},
		{"DE", "C 4, 12", "4, 12"}, // a block of Mannheim
		{"DE", "Q7, 24", "24"},
		{"DE", "Hauptstr. 5, c/o Schmidt", "5, c/o Schmidt"},
		{"DE", "Firma Weber GmbH, Hauptstr. 5, 2. OG", "5, 2. OG"},
		{"DE", "Hauptstraße, 2. OG", "-"},
		{"DE", "Hauptstraße, Whg. 4", "-"},
		{"PL", "ul. Długa, lok. 4", "-"},
		{"PL", "os. Zwycięstwa m. 5", "-"},
		{"PL", "ul. Długa 5, lok. 4", "5, lok. 4"},
		{"DE", "Hauptstr. 12 a", "12 a"},
		{"DE", "Hauptstr. 12 Whg. 4", "12 Whg. 4"},
		{"DE", "Hauptstr. 12-14", "12-14"},
		{"DE", "Postfach 1234", ""},
		{"AT", "Mariahilfer Straße 12/3/4", "12/3/4"},
		{"PL", "ul. 3 Maja", "-"},
		{"PL", "ul. 3 Maja 12 m. 5", "12 m. 5"},
		{"PL", "Plac 1905 Roku 3", "3"},
		{"CZ", "č.p. 12", "12"},
		{"CZ", "Na Příkopě", "-"},
		{"GB", "12 High Street", ""},
		{"GB", "Flat 3, 12 High Street", ""},
		{"GB", "High Street", "-"},
		{"US", "12 N 42nd Ave # 7", ""},
		{"US", "N 42nd Ave # 7", "-"},
		{"US", "County Road 12", "-"},
		{"US", "P.O. Box 12", ""},
		{"BR", "Rua A 5", "5"},
		{"BR", "5 Rua A", ""},
		{"DE", "", "-"},
	} {
		found := houseNumber(c.country, c.street) >= 0
		if _, house := House(c.country, c.street); found != (c.house != "-") || house != strings.TrimPrefix(c.house, "-") {
			t.Errorf("%s %q: found %v, house %q, want %q", c.country, c.street, found, house, c.house)
		}
	}
}

func TestATextIsPartedBetweenItsWords(t *testing.T) {
	for _, c := range []struct {
		text string
		room Room
		want string
	}{
		{"", Room{1, 3}, "[] true"},
		{"Łąka", Room{1, 4}, "[Łąka] true"},
		{"one two  three", Room{2, 7}, "[one two three] true"},
		{"one two three", Room{1, 7}, "[one two three] false"},
		{"donaudampfschiff", Room{3, 7}, "[] false"},
	} {
		lines, fits := Split(c.text, c.room)
		if got := fmt.Sprint(lines, " ", fits); got != c.want {
			t.Errorf("%q in %v: %s, want %s", c.text, c.room, got, c.want)
		}
	}
}

func TestWhatIsMissingIsTold(t *testing.T) {
	profile := Profile{Letters: ASCII, Company: Room{1, 20}, Name: Room{1, 20}, Street: Room{1, 20}, House: 5, City: Room{1, 20}, Sender: true}
	full := schemas.Person{Name: "Ana", Street: "Hauptstr. 1", PostalCode: "53113", City: "Bonn", Country: "DE"}
	for want, change := range map[string]func(*schemas.Booking){
		"":                                  func(*schemas.Booking) {},
		"to.name missing":                   func(b *schemas.Booking) { b.To.Name = "\u00a0 " },
		"from.city missing":                 func(b *schemas.Booking) { b.From.City = "" },
		"to.street missing":                 func(b *schemas.Booking) { b.To.Street = " " },
		"to.postal_code missing":            func(b *schemas.Booking) { b.To.PostalCode = "" },
		"to.country unknown_country":        func(b *schemas.Booking) { b.To.Country = "DEU" },
		"to.email invalid":                  func(b *schemas.Booking) { b.To.Email = "ana at example.com" },
		"to.phone invalid":                  func(b *schemas.Booking) { b.To.Phone = "12 34" },
		"to.company too_long":               func(b *schemas.Booking) { b.To.Company = "Donaudampfschifffahrtsgesellschaft" },
		"to.street too_long":                func(b *schemas.Booking) { b.To.Street = "Straße, die lang ist 5" },
		"to.city glyph":                     func(b *schemas.Booking) { b.To.City = "北京" },
		"to.street no_house_number":         func(b *schemas.Booking) { b.To.Street = "Hauptstraße" },
		"to.street no_house_number at home": func(b *schemas.Booking) { b.From.Street, b.Point = "Weg", "105" },
	} {
		b := schemas.Booking{To: full, From: full}
		change(&b)
		_, faults, _ := profile.Check(b)
		var got []string
		for _, f := range faults {
			got = append(got, strings.TrimPrefix(f.Fault().Path, "$.")+" "+f.Fault().Code)
		}
		if strings.HasSuffix(want, "at home") {
			want = "from.street no_house_number" // at a point of the carrier's no house counts; the sender's does
		}
		if text := strings.Join(slices.Compact(got), ", "); text != want {
			t.Errorf("%q, want %q", text, want)
		}
	}
	ireland := schemas.Booking{To: full, From: full}
	ireland.To.Country, ireland.To.PostalCode, ireland.To.Street = "IE", "", "1 Quay St"
	if _, faults, _ := profile.Check(ireland); len(faults) > 0 {
		t.Errorf("%+v", faults)
	}
}

// FuzzCheck: whatever somebody wrote, what is printed is in the carrier's letters, and every place that is named lies in what was written.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{"", "Łódź 😀", "Ko\u0308ln", "\xff\xfe", "a\x00b", "12, ,  ,", strings.Repeat("ß", 60), "P.O. Box 1", "\u0301", "1"} {
		f.Add(text, text, "DE")
	}
	profile := Profile{Letters: Latin1, Company: Room{2, 50}, Name: Room{1, 50}, Street: Room{1, 50}, House: 10, City: Room{1, 40}}
	f.Fuzz(func(t *testing.T, name, street, country string) {
		b := schemas.Booking{To: schemas.Person{Name: name, Street: street, PostalCode: street, City: name, Country: country}}
		fitted, faults, _ := profile.Check(b)
		for _, text := range []string{fitted.To.Name, fitted.To.Street} {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !Latin1(r) }) {
				t.Fatalf("%q is printed", text)
			}
		}
		for _, fault := range faults {
			written := map[string]string{"to.name": name, "to.street": street, "to.city": name}[fault.Field]
			if fault.Code == Glyph && (fault.Offset < 0 || fault.Offset >= utf8.RuneCountInString(written)) {
				t.Fatalf("%+v lies outside of %q", fault, written)
			}
		}
		if rest, house := House(country, street); !strings.HasPrefix(street, rest) || !strings.HasSuffix(street, house) {
			t.Fatalf("%q is parted as %q and %q", street, rest, house)
		}
	})
}
