package processors

import (
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
)

// A channel delivers a version again that waited for its pair until a later one overtook it. The order does not go back to it. Each
// version has an offer of its own; + puts its pair on the shelf.
func TestALateRepeatOfAVersionThatWasOvertakenWhileItWaitedSaysNothing(t *testing.T) {
	for what, happens := range map[string]string{
		"a later one came":                  "+2 1:waits 2:received 1:repeat 2:repeat +3 3:amended 1:repeat 2:repeat",
		"those behind it were overtaken":    "+2 1:waits 3:waits 2:received 3:repeat 1:repeat",
		"all that waited came in turn":      "1:waits 3:waits +1 +3 1:received 3:amended 1:repeat",
		"the first of those was overtaken":  "1:waits 3:waits +3 1:waits 3:received 1:repeat",
		"it waits again behind another one": "+2 1:waits 3:waits 1:waits 2:received 1:repeat 3:repeat",
	} {
		t.Run(what, func(t *testing.T) {
			s := newStand(t, Terms{PairsRequired: true})
			for _, word := range strings.Fields(happens) {
				if pair, comes := strings.CutPrefix(word, "+"); comes {
					s.catalogue[schemas.OfferKey("stand", pair)] = &schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: schemas.UnitPiece}
					continue
				}
				version, _, _ := strings.Cut(word, ":")
				result, err := s.send(whole, fmt.Sprintf(`{"revision":%q,"offers":[%q]}`, version, version))
				if got := version + ":" + heard(result, err); got != word {
					t.Fatalf("%s, want %s", got, word)
				}
			}
		})
	}
}

// heard is what came of a delivery, in a word.
func heard(result Result, err error) string {
	switch _, wait := Outcome(err); {
	case wait != nil:
		return "waits"
	case err != nil:
		return err.Error()
	case result.Repeat:
		return "repeat"
	}
	return orderOf(result).Change
}
