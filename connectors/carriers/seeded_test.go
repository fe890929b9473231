package carriers_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"waybill/connectors/addresses"
	"waybill/connectors/carriers"
	"waybill/internal/sandbox/wire"
	"waybill/schemas"
)

// Real shapes of six countries, with people, streets and codes as they are written there.
var countries = []*wire.Country{wire.Poland, wire.Germany, wire.Czechia, wire.Austria, wire.Britain, wire.America}

const addressesSeen = 500

// addressed is a parcel to somebody of the seed's n-th address.
func addressed(n int) (schemas.Booking, *wire.Person) {
	p := wire.Someone(wire.Throw(16, uint64(n)), countries[n%len(countries)], 150)
	b := schemas.Booking{From: shop, Parcels: []schemas.Parcel{{Grams: 900}}, To: schemas.Person{
		Name: p.Name(), Company: p.Firm, Street: p.Line(), PostalCode: p.At.Zip, City: p.At.City, Country: p.From.Code, Phone: p.Phone,
	}}
	return b, &p
}

func TestAnAddressAsPeopleWriteItIsGoodAndKeepsItsWords(t *testing.T) {
	for n := range addressesSeen {
		b, _ := addressed(n)
		fitted, faults, proposals, err := carriers.Check("dhl", b)
		if err != nil || len(faults)+len(proposals) > 0 {
			t.Errorf("%+v: %+v", b.To, faults)
		}
		for _, text := range []string{fitted.To.Name, fitted.To.Company, fitted.To.Street, fitted.To.City} {
			if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxLatin1 }) {
				t.Errorf("%q can not be printed", text)
			}
		}
		if again, _, _, _ := carriers.Check("dhl", b); again.To != fitted.To {
			t.Errorf("%+v is written in two ways", b.To)
		}
		if len(strings.Fields(fitted.To.Street)) != len(strings.Fields(b.To.Street)) || fitted.To.PostalCode != b.To.PostalCode {
			t.Errorf("%+v became %+v", b.To, fitted.To)
		}
	}
}

// seeded are the ways in which an address is spoiled, and where that has to be found.
var seeded = map[string]func(b *schemas.Booking, p *wire.Person, d *wire.Dice) addresses.Fault{
	"a postal code of another form": func(b *schemas.Booking, _ *wire.Person, d *wire.Dice) addresses.Fault {
		code := b.To.PostalCode
		switch d.Below(3) {
		case 0:
			code = code[:len(code)-1]
		case 1:
			code += "7"
		default:
			code = "?" + code[1:]
		}
		b.To.PostalCode = code
		return addresses.Fault{Field: "to.postal_code", Code: addresses.PostalCode, Offset: -1}
	},
	"city and postal code swapped": func(b *schemas.Booking, _ *wire.Person, _ *wire.Dice) addresses.Fault {
		b.To.City, b.To.PostalCode = b.To.PostalCode, b.To.City
		return addresses.Fault{Field: "to.postal_code", Code: addresses.Swapped, Offset: -1}
	},
	"an emoji": func(b *schemas.Booking, _ *wire.Person, d *wire.Dice) addresses.Fault {
		fields := []string{"to.name", "to.street", "to.city"}
		at := d.Below(len(fields))
		text := []*string{&b.To.Name, &b.To.Street, &b.To.City}[at]
		characters := []rune(*text)
		offset := d.Below(len(characters) + 1)
		*text = string(slices.Insert(characters, offset, '😀'))
		return addresses.Fault{Field: fields[at], Code: addresses.Glyph, Offset: offset}
	},
	"a street of 60 characters": func(b *schemas.Booking, p *wire.Person, _ *wire.Dice) addresses.Fault {
		long := []rune(strings.Repeat(p.Street+" ", 60))[:60]
		long[59] = 'x'
		b.To.Street = p.From.Address(string(long), p.Number)
		return addresses.Fault{Field: "to.street", Code: addresses.TooLong, Offset: -1}
	},
	"no house number": func(b *schemas.Booking, p *wire.Person, _ *wire.Dice) addresses.Fault {
		b.To.Street = p.Street
		return addresses.Fault{Field: "to.street", Code: addresses.NoHouseNumber, Offset: -1}
	},
}

func TestSeededFaultsAreFoundBeforeACarrierIsAsked(t *testing.T) {
	for name, spoil := range seeded {
		for carrier, of := range map[string][]int{"dhl": {0, 1, 2, 3, 4, 5}, "inpost": {0}} {
			tried, found := 0, 0
			for n := range addressesSeen {
				if !slices.Contains(of, n%len(countries)) {
					continue
				}
				b, p := addressed(n)
				b.To.Email, b.To.Phone = "somebody@example.com", "500600700"
				want := spoil(&b, p, wire.Throw(17, uint64(n)))
				written := b.To
				fitted, faults, _, _ := carriers.Check(carrier, b)
				tried++
				if slices.ContainsFunc(faults, func(f addresses.Fault) bool {
					return f.Field == want.Field && f.Code == want.Code && f.Offset == want.Offset && f.Text != ""
				}) {
					found++
				} else {
					t.Logf("%s, %s: %+v: %+v", carrier, name, b.To, faults)
				}
				if b.To != written || fitted.To.PostalCode != written.PostalCode || !strings.HasPrefix(name, "an emoji") && fitted.To.City == "" {
					t.Errorf("%s: %+v was put right by itself: %+v", name, written, fitted.To)
				}
			}
			if found*100 < tried*95 || tried < 80 {
				t.Errorf("%s, %s: %d of %d found", carrier, name, found, tried)
			}
		}
	}
}

func TestWhatMayBeMeantIsProposedAndNotDone(t *testing.T) {
	for _, c := range []struct {
		country, code, city string
		code2, city2        string
	}{
		{"PL", "90001", "Łódź", "90-001", ""},
		{"PL", "90 001", "Łódź", "90-001", ""},
		{"PL", "PL-90-001", "Łódź", "90-001", ""},
		{"DE", "D-53113", "Bonn", "53113", ""},
		{"GB", "sw1a1aa", "London", "SW1A 1AA", ""},
		{"GB", "m1-2ab", "Manchester", "M1 2AB", ""},
		{"US", "981012345", "Seattle", "", ""},
		{"DE", "Bonn", "53113", "53113", "Bonn"},
		{"PL", "Łódź", " 90-001", "90-001", "Łódź"},
		{"AT", "10700", "Wien", "", ""},
	} {
		b, _ := addressed(1)
		b.To.Country, b.To.PostalCode, b.To.City = c.country, c.code, c.city
		b.To.Street = map[bool]string{true: "12 High Street", false: "Hauptstr. 12"}[c.country == "GB" || c.country == "US"]
		fitted, faults, proposals, _ := carriers.Check("dhl", b)
		meant := map[string]string{}
		for _, p := range proposals {
			meant[p.Field] = p.Value
		}
		if len(faults) == 0 || fitted.To.PostalCode != c.code || meant["to.postal_code"] != c.code2 || meant["to.city"] != c.city2 {
			t.Errorf("%s %s %s: %+v, %+v", c.country, c.code, c.city, faults, proposals)
		}
	}
}

func TestAPersonSaysThatAHouseHasNoNumber(t *testing.T) {
	b, _ := addressed(4)
	b.To.Street = "The Old Mill, Church Lane"
	if _, faults, _, _ := carriers.Check("dhl", b); len(faults) != 1 || faults[0].Code != addresses.NoHouseNumber || !strings.Contains(faults[0].Text, "house_number=none") {
		t.Errorf("%+v", faults)
	}
	b.Settings = map[string]string{addresses.HouseNumber: addresses.HouseNumberNone}
	if _, faults, _, _ := carriers.Check("dhl", b); len(faults) != 0 {
		t.Errorf("%+v", faults)
	}
}
