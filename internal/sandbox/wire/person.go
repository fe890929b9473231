package wire

// Country is where people live: what names, streets, places and companies look like there.
type Country struct {
	Code  string // ISO 3166-1
	Phone string // international prefix
	VAT   string // prefix of a VAT number; empty where it has another form

	First, Last, Streets, Companies []string
	Places                          []Place
	Address                         func(street, number string) string
	Number                          func(*Dice) string // of a house
}

// Place is a city with one of its postal codes.
type Place struct{ City, Zip, Region string }

// Person is someone who buys or receives, at an address.
type Person struct {
	From           *Country
	First, Last    string
	Street, Number string
	At             Place
	Phone, Firm    string // empty for none
}

// Someone is a person of that country; so many of a thousand buy for a firm.
func Someone(d *Dice, from *Country, firms int) Person {
	p := Person{
		From: from, First: Pick(d, from.First), Last: Pick(d, from.Last),
		Street: Pick(d, from.Streets), Number: from.Number(d), At: Pick(d, from.Places),
	}
	if d.Chance(900) {
		p.Phone = phoneNumber(d, from.Phone)
	}
	if d.Chance(firms) {
		p.Firm = Pick(d, from.Companies)
	}
	return p
}

// Name is the whole name, as the country says it.
func (p *Person) Name() string {
	if p.From == Japan {
		return p.Last + " " + p.First
	}
	return p.First + " " + p.Last
}

// Line is street and number, as the country writes them.
func (p *Person) Line() string { return p.From.Address(p.Street, p.Number) }

// phoneNumber comes with and without prefix and spaces, as people type it.
func phoneNumber(d *Dice, prefix string) string {
	number := d.Digits(9)
	switch d.Below(4) {
	case 0:
		return "0" + number
	case 1:
		return prefix + " " + number[:3] + " " + number[3:6] + " " + number[6:]
	case 2:
		return "0" + number[:2] + "/" + number[2:5] + "-" + number[5:]
	}
	return prefix + number
}
