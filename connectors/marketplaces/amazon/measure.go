package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// measure is how much one piece is, "" where pieces are counted. A unit that nobody knows is refused, for it would be taken for
// another; one of which there are two sizes is not passed on.
func (t *translation) measure(i int, m *measure) string {
	if m.unit == "" && m.value == "" || m.unit == "COUNT" {
		return ""
	}
	at, unit, value := "measurement", ".unit", ".value"
	if t.says == &spellingV0 {
		at, unit, value = "Measurement", ".Unit", ".Value"
	}
	if ambiguous[m.unit] {
		t.warn(reading.Dropped, t.lineAt(i, at), "of this unit there is a British and an American one, and nothing says which it is")
		return ""
	}
	quantity, err := schemas.ParseQuantity(m.value, m.unit)
	if _, unknown := schemas.ParseQuantity("1", m.unit); unknown != nil {
		t.found.Add(reading.UnknownUnit, t.lineAt(i, at+unit), "a unit that Amazon's specification does not have")
		quantity, err = schemas.ParseQuantity(m.value, "g") // so that what is wrong with the number itself is told too
	}
	if err != nil || quantity.Sign() <= 0 {
		t.found.Add(reading.BadQuantity, t.lineAt(i, at+value), "not a decimal number above zero")
	}
	return quantity.String()
}

var ambiguous = map[string]bool{"GALLONS": true, "PINTS": true, "QUARTS": true, "FLUID_OUNCES": true}
