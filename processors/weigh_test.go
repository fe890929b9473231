package processors

import (
	"slices"
	"testing"

	"waybill/schemas"
)

// What weighs more than a fifth more or less than its goods do is bought as it is, and told (item 86).
func TestAWeightThatIsFarFromTheCataloguesIsTold(t *testing.T) {
	const warning = "it weighs 1250 g, and its goods 1000 g by the catalogue: look what is in it"
	for name, c := range map[string]struct {
		mug, set int64 // grams of a piece
		want     []string
	}{
		"a quarter more":           {400, 200, []string{warning}},
		"a fifth more":             {450, 142, nil}, // 1042 g
		"less":                     {700, 200, []string{"it weighs 1250 g, and its goods 1600 g by the catalogue: look what is in it"}},
		"nobody knows that of one": {100, 0, nil},
	} {
		s := packing(t, "")
		s.step = Request(Sources{Terms: dhlForAll(t, ""), Packed: packedIn, Catalogue: offers{"allegro/MUG": {SKU: "MUG", Grams: c.mug}, "allegro/SET": {SKU: "SET", Grams: c.set}}})
		said := s.erp(schemas.ERPReady, "17", "r1", aParcel)
		if s.want("17 requested", said); !slices.Equal(said[0].Warnings, c.want) {
			t.Errorf("%s: warned %q, want %q", name, said[0].Warnings, c.want)
		}
	}
}
