// Package addresses looks at where a parcel goes before a carrier is asked: whether the country writes its addresses like that, and whether
// the carrier can print it. It is pure. What is only written in other letters is written so; everything else that is wrong is told, and
// perhaps there is a proposal, which nobody applies but a person.
package addresses

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode/utf8"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Profile is what a carrier can print, and what it asks for.
type Profile struct {
	Letters Letters // what is not among them is written in others
	Company Room
	Name    Room
	Street  Room
	House   int // characters of a house number where it has a place of its own; 0: it has none
	City    Room
	Sender  bool // the sender is told with each shipment too
	// PointAlone: a point of the carrier's says where it is, so that no place is told with it.
	PointAlone bool
	// Also is what this carrier alone asks for; nil: nothing.
	Also func(b *schemas.Booking) []Fault
}

// Codes of a Fault; they are stable.
const (
	Missing       = "missing"
	Country       = "unknown_country"
	PostalCode    = "postal_code"     // not as the country writes it
	Swapped       = "swapped"         // city and postal code stand in each other's place
	NoHouseNumber = "no_house_number" // the setting house_number=none of a booking says that there is none
	Glyph         = "glyph"           // it can be printed in no letters of the carrier's
	TooLong       = "too_long"
	Invalid       = "invalid"
)

// Fault is what is wrong with a field; the steps have the same word for it.
type Fault = schemas.Unfit

// Proposal is how a field might be meant.
type Proposal = schemas.Proposal

// Settings of a booking, by which a person says that an address is right as it is.
const (
	HouseNumber     = "house_number"
	HouseNumberNone = "none"
)

// Check is the booking as the carrier can print it, and what is wrong with it. With a fault it is not to be booked.
func (p Profile) Check(b schemas.Booking) (fitted schemas.Booking, faults []Fault, proposals []Proposal) {
	c := &check{profile: p, booking: &b}
	fitted = b
	fitted.To = c.person("to.", b.To, b.Point == "")
	if p.Sender {
		fitted.From = c.person("from.", b.From, true)
	}
	if p.Also != nil {
		c.faults = append(c.faults, p.Also(&b)...)
	}
	return fitted, c.faults, c.proposals
}

// check is one in the making.
type check struct {
	profile   Profile
	booking   *schemas.Booking
	faults    []Fault
	proposals []Proposal
}

func (c *check) wrong(field, code, text string, values ...any) {
	c.faults = append(c.faults, Fault{Field: field, Code: code, Offset: -1, Text: fmt.Sprintf(text, values...)})
}

// person is somebody at home, or at a point of the carrier's, where neither street nor house count.
func (c *check) person(at string, who schemas.Person, home bool) schemas.Person {
	p := c.profile
	who.Name = c.written(at+"name", who.Name, p.Name)
	who.Company = c.written(at+"company", who.Company, p.Company)
	if home || !p.PointAlone {
		c.place(at, who, home)
		who.City = c.written(at+"city", who.City, p.City)
	}
	if home {
		who.Street = c.street(at+"street", who)
	}
	if who.Name == "" && who.Company == "" {
		c.wrong(at+"name", Missing, "nobody is named")
	}
	if who.Email != "" && !IsEmail(who.Email) {
		c.wrong(at+"email", Invalid, "that is no e-mail address")
	}
	if digits := Digits(who.Phone); who.Phone != "" && (len(digits) < 6 || len(digits) > 15) { // ITU-T E.164 §6: 15 at most
		c.wrong(at+"phone", Invalid, "a telephone number has 6 to 15 digits")
	}
	return who
}

// place looks at how the country writes its addresses.
func (c *check) place(at string, who schemas.Person, home bool) {
	if !reading.IsCountry(who.Country) {
		c.wrong(at+"country", Country, "there is no such country: it is told as two letters of ISO 3166-1")
		return
	}
	if strings.TrimSpace(who.City) == "" {
		c.wrong(at+"city", Missing, "there is no city")
	}
	c.postalCode(at, who)
	switch {
	case !home:
	case strings.TrimSpace(who.Street) == "":
		c.wrong(at+"street", Missing, "there is no street")
	case houseNumber(who.Country, who.Street) < 0 && c.booking.Settings[HouseNumber] != HouseNumberNone:
		c.wrong(at+"street", NoHouseNumber, "there is no house number where %s writes it; if the house has none, say so in the settings: %s=%s", who.Country, HouseNumber, HouseNumberNone)
	}
}

func (c *check) postalCode(at string, who schemas.Person) {
	form, known := postalCodes[who.Country]
	switch {
	case who.PostalCode == "" && !reading.HasPostCodes(who.Country):
	case who.PostalCode == "":
		c.wrong(at+"postal_code", Missing, "there is no postal code")
	case !known || form.is.MatchString(who.PostalCode):
	case form.is.MatchString(strings.TrimSpace(who.City)):
		c.wrong(at+"postal_code", Swapped, "city and postal code stand in each other's place")
		c.proposals = append(c.proposals, Proposal{Field: at + "postal_code", Value: strings.TrimSpace(who.City)}, Proposal{Field: at + "city", Value: who.PostalCode})
	default:
		c.wrong(at+"postal_code", PostalCode, "a postal code of %s looks like %s", who.Country, form.like)
		if meant := form.meant(who.Country, who.PostalCode); meant != "" {
			c.proposals = append(c.proposals, Proposal{Field: at + "postal_code", Value: meant})
		}
	}
}

// written is a text in the carrier's letters, within its room.
func (c *check) written(field, text string, room Room) string {
	text = c.lettered(field, text)
	if _, fits := Split(text, room); !fits {
		c.tooLong(field, text, room)
	}
	return text
}

func (c *check) tooLong(field, text string, room Room) {
	c.wrong(field, TooLong, "it has %d characters: there is room for %d lines of %d", utf8.RuneCountInString(text), room.Lines, room.Characters)
}

// street may have the house number in a place of its own.
func (c *check) street(field string, who schemas.Person) string {
	street := c.lettered(field, who.Street)
	if _, fits := Split(street, c.profile.Street); fits {
		return street
	}
	name, house := House(who.Country, street)
	if _, fits := Split(name, c.profile.Street); !fits || house == "" || utf8.RuneCountInString(house) > c.profile.House {
		c.tooLong(field, street, c.profile.Street)
	}
	return street
}

// lettered writes a text in the carrier's letters, and tells each character for which there is none.
func (c *check) lettered(field, text string) string {
	text, unknown := c.profile.Letters.Write(text)
	for _, offset := range unknown {
		c.faults = append(c.faults, Fault{Field: field, Code: Glyph, Offset: offset, Text: fmt.Sprintf("character %d can not be printed by the carrier", offset+1)})
	}
	return strings.TrimSpace(text)
}

// IsEmail tells whether it is an address and nothing else (RFC 5322 §3.4.1).
func IsEmail(text string) bool {
	read, err := mail.ParseAddress(text)
	return err == nil && read.Address == text
}

var noDigit = regexp.MustCompile(`\D`)

// Digits are those of a text.
func Digits(text string) string { return noDigit.ReplaceAllString(text, "") }
