package addresses

import (
	"strings"
	"unicode/utf8"

	"waybill/schemas"
)

// repeatedLeast is how many characters a word has that tells somebody from others.
const repeatedLeast = 3

// Repeats tells whether a text says again what is personal in a booking: then it is not passed on. nil is nobody.
func Repeats(text string, b *schemas.Booking) bool {
	if b == nil {
		return false
	}
	text = strings.ToLower(text)
	for _, who := range []schemas.Person{b.To, b.From} {
		for _, value := range []string{who.Name, who.Company, who.Street, who.PostalCode, who.City, who.Phone, who.Email, who.TaxID, b.PostNumber} {
			for word := range strings.FieldsSeq(strings.ToLower(value)) {
				if utf8.RuneCountInString(word) >= repeatedLeast && strings.Contains(text, word) {
					return true
				}
			}
		}
	}
	return false
}
