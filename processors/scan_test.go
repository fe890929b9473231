package processors

import (
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// scan is what follows when those codes were scanned, each so often.
func (s *shipping) scan(ref, codes string) []*schemas.Shipment {
	s.t.Helper()
	word := &schemas.Shipment{OrderID: s.order.OrderID, Ref: ref, State: schemas.ShipmentScanned, By: "ben"}
	counts := map[string]int64{}
	for code := range strings.FieldsSeq(codes) {
		counts[code]++
	}
	for code := range strings.FieldsSeq(codes) {
		if counts[code] > 0 {
			word.Lines = append(word.Lines, schemas.ShipmentLine{SKU: code, Quantity: counts[code]})
			counts[code] = 0
		}
	}
	return s.hear(topics.Shipments, word)
}

// packing is an order of two mugs with a number on them and a set of a pot and two cups, of a party that may have to scan.
func packing(t *testing.T, scans string, catalogue ...offers) *shipping {
	s := newShipping(t)
	known := append(catalogue, offers{"allegro/MUG": {SKU: "MUG", EANs: []string{"04006381333931"}}})[0]
	s.step = Request(Sources{Terms: dhlForAll(t, scans), Packed: packedIn, Catalogue: known})
	s.amend(func(o *schemas.Order) {
		o.Lines = append(o.Lines, schemas.Line{LineRef: "2", SKU: "SET", Quantity: 1, EANs: []string{"036000291452"}, Components: []schemas.Component{
			{SKU: "POT", Quantity: "1", Unit: schemas.UnitPiece}, {SKU: "CUP", Quantity: "2", Unit: schemas.UnitPiece},
		}})
	})
	return s
}

// dhlForAll are the terms of a party that ships all with DHL.
func dhlForAll(t *testing.T, scans string) func(string) Terms {
	routes, err := NewShipping(map[string]string{SettingShipWith: "dhl", SettingScans: scans})
	if err != nil {
		t.Fatal(err)
	}
	return func(string) Terms { return Terms{Shipping: routes} }
}

// offers are entries of id.catalogue.
type offers map[string]*schemas.CatalogueEntry

func (o offers) Offer(key string) (*schemas.CatalogueEntry, error) { return o[key], nil }

// What is scanned has to be what is to be in it, by any of its codes; else nothing is bought, until it is scanned again and fits (item 98).
func TestWhatIsScannedHasToBeWhatIsPacked(t *testing.T) {
	all := aParcel
	all.Articles = []schemas.PackedArticle{{SKU: "MUG", Quantity: 2}, {SKU: "SET", Quantity: 1}, {SKU: "LEAFLET", Quantity: 1}}
	for codes, wrong := range map[string]string{
		"MUG MUG SET": "",
		"4006381333931 04006381333931 0036000291452":    "", // GTINs of 13, 14 and 12 digits
		"MUG 4006381333931 POT CUP CUP":                 "",
		"MUG MUG SET LEAFLET":                           "",
		"MUG SET":                                       "not scanned: 1 × MUG",
		"MUG MUG MUG SET":                               "not in it: 1 × MUG",
		"MUG MUG POT CUP":                               "not scanned: 1 × CUP",
		"MUG TEA SET":                                   "not scanned: 1 × MUG; not in it: 1 × TEA",
		"MUG MUG SET SET LEAFLET LEAFLET 4006381333931": "not in it: 1 × 4006381333931, 1 × LEAFLET, 1 × SET",
	} {
		s := packing(t, "")
		s.want("", s.scan("17", codes)) // the ERP does not say yet that it is packed
		said := s.erp(schemas.ERPReady, "17", "r1", all)
		if wrong == "" {
			s.want("17 requested", said)
			continue
		}
		if s.want("17 held/scan_mismatch", said); !strings.HasSuffix(said[0].Text, ": "+wrong) {
			t.Errorf("%s: it says %q, want %q", codes, said[0].Text, wrong)
		}
		s.want("17 requested", s.scan("17", "MUG MUG SET"))
	}
}

func TestWhereScansAreRequiredNothingIsBoughtWithoutOne(t *testing.T) {
	s := packing(t, "required")
	s.want("17 held/not_scanned", s.erp(schemas.ERPReady, "17", "r1", aParcel))
	s.want("17 held/scan_mismatch", s.scan("17", "MUG"))
	s.want("17 held/scan_mismatch", s.scan("17", "MUG MUG")) // it is said again, for it lacks something else
	s.want("17 held/scan_mismatch", s.scan("17", "MUG MUG")) // whoever scans is answered
	s.want("", s.amend(func(o *schemas.Order) { o.Revision = "r2" }))
	s.want("17 requested", s.scan("17", "MUG MUG SET"))
	s.want("17 kept", s.scan("17", "MUG MUG SET"))
}

// Each shipment of an order is held against its own goods; of what is asked for and not bought the request is recalled, and what is bought stays.
func TestAScanIsHeldAgainstItsShipmentAsItStands(t *testing.T) {
	mugs, set := aParcel, aParcel
	mugs.Articles, set.Articles = []schemas.PackedArticle{{SKU: "MUG", Quantity: 2}}, []schemas.PackedArticle{{SKU: "SET", Quantity: 1}}
	s := packing(t, "")
	s.scan("17", "MUG MUG")
	s.want("17 requested", s.erp(schemas.ERPReady, "17", "r1", mugs))
	s.scan("18", "MUG MUG")
	s.want("18 held/scan_mismatch", s.erp(schemas.ERPReady, "18", "r1", set))
	s.want("17 recalled/scan_mismatch", s.scan("17", "MUG SET"))
	s.want("17 held/scan_mismatch", s.part(schemas.ShipmentWithdrawn, "17", 1))
	s.want("17 requested", s.scan("17", "MUG MUG"))
	s.part(schemas.ShipmentLabelled, "17", 2)
	said := s.scan("17", "MUG SET")
	if s.want("17 kept/scan_mismatch", said); !strings.HasSuffix(said[0].Text, "look into the parcel before it leaves") {
		t.Errorf("of what is bought it says %q", said[0].Text)
	}
	s.want("", s.part(schemas.ShipmentLabelled, "18", 1)) // it was never asked for
}

// What is not of the line's own pieces is counted as it is scanned: an offer of two mugs takes two, by the number on a mug, or one by the number on the box;
// what is weighed is scanned once a piece that was sold.
func TestAScanCountsWhatItsCodeIsOn(t *testing.T) {
	for _, c := range []struct {
		codes, wrong string
	}{
		{"4006381333931 4006381333931 BEANS BEANS", ""},
		{"MUG 4006381333931 BEANS 5901234123457", ""},
		{"BOX BEANS BEANS", ""},
		{"4006381333931 BEANS BEANS", "not scanned: 1 × MUG"},
		{"MUG BEANS BEANS", "not scanned: 1 × MUG"},
		{"BOX MUG BEANS BEANS", "not in it: 1 × MUG"},
		{"MUG MUG BEANS", "not scanned: 1 × BEANS"},
		{"MUG MUG BEANS BEANS BEANS", "not in it: 1 × BEANS"},
	} {
		s := packing(t, "", offers{
			"allegro/BOX": {SKU: "MUG", Quantity: "2", EANs: []string{"04006381333931"}}, "allegro/BEANS": {SKU: "BEANS", Quantity: "0.5", Unit: "kg", EANs: []string{"5901234123457"}},
		})
		s.amend(func(o *schemas.Order) {
			o.Lines[0].SKU, o.Lines[0].OfferRef, o.Lines[0].Quantity = "BOX", "", 1
			o.Lines[0].Components = []schemas.Component{{SKU: "MUG", Quantity: "2", Unit: schemas.UnitPiece}}
			o.Lines[1] = schemas.Line{LineRef: "2", SKU: "BEANS", Quantity: 2, Components: []schemas.Component{{SKU: "BEANS", Quantity: "1", Unit: "kg"}}}
		})
		s.scan("17", c.codes)
		said := s.erp(schemas.ERPReady, "17", "r1", aParcel)
		if c.wrong == "" {
			s.want("17 requested", said)
		} else if s.want("17 held/scan_mismatch", said); !strings.HasSuffix(said[0].Text, ": "+c.wrong) {
			t.Errorf("%s: it says %q, want %q", c.codes, said[0].Text, c.wrong)
		}
	}
}

// Of two sets one may be scanned as it is, and the other by what is in it, also by the numbers on that.
func TestSetsAreScannedWholeOrByTheirArticles(t *testing.T) {
	for codes, wrong := range map[string]string{
		"SET SET": "", "SET POT CUP CUP": "", "036000291452 4006381333931 CUP CUP": "", "POT POT CUP CUP CUP CUP": "",
		"SET POT CUP": "not scanned: 1 × SET; not in it: 1 × CUP, 1 × POT", "POT POT CUP CUP CUP": "not scanned: 1 × CUP",
	} {
		s := packing(t, "", offers{"allegro/POT": {SKU: "POT", EANs: []string{"04006381333931"}}})
		s.amend(func(o *schemas.Order) {
			o.Lines = o.Lines[1:]
			o.Lines[0].Quantity, o.Lines[0].Components = 2, []schemas.Component{{SKU: "POT", Quantity: "2", Unit: schemas.UnitPiece}, {SKU: "CUP", Quantity: "4", Unit: schemas.UnitPiece}}
		})
		s.scan("17", codes)
		said := s.erp(schemas.ERPReady, "17", "r1", aParcel)
		if wrong == "" {
			s.want("17 requested", said)
		} else if s.want("17 held/scan_mismatch", said); !strings.HasSuffix(said[0].Text, ": "+wrong) {
			t.Errorf("%s: it says %q, want %q", codes, said[0].Text, wrong)
		}
	}
}

// Where the ERP says that another article is packed than was ordered, that is what has to be scanned, by its code there or by what was sold.
func TestWhatIsPackedInstead(t *testing.T) {
	for codes, want := range map[string]string{
		"CUP CUP": "17 requested", "MUG MUG": "17 requested", "4006381333931 CUP": "17 requested", "CUP": "17 held/scan_mismatch", "CUP CUP CUP": "17 held/scan_mismatch", "TEA TEA": "17 held/scan_mismatch",
	} {
		s := packing(t, "")
		s.amend(func(o *schemas.Order) { o.Lines = o.Lines[:1] })
		s.scan("17", codes)
		instead := aParcel
		instead.Articles = []schemas.PackedArticle{{SKU: "CUP", Quantity: 2}}
		if got := words(s.erp(schemas.ERPReady, "17", "r1", instead)); got != want {
			t.Errorf("%s: got %q, want %q", codes, got, want)
		}
	}
}

// A number that nobody had told is added to id.catalogue, and the same codes are scanned again: they fit now.
func TestTheSameScanFitsOnceItsNumberIsKnown(t *testing.T) {
	known := offers{}
	s := packing(t, "required", known)
	s.erp(schemas.ERPReady, "17", "r1", aParcel)
	s.want("17 held/scan_mismatch", s.scan("17", "4006381333931 4006381333931 SET"))
	s.want("17 held/scan_mismatch", s.scan("17", "4006381333931 4006381333931 SET"))
	known["allegro/MUG"] = &schemas.CatalogueEntry{SKU: "MUG", EANs: []string{"4006381333931"}}
	s.want("17 requested", s.scan("17", "4006381333931 4006381333931 SET"))
}

// What is packed anew is held against what was scanned before: before its label is bought nothing is bought, and after that it is said.
func TestWhatIsPackedAnewIsHeldAgainstTheScan(t *testing.T) {
	two, one := aParcel, aParcel
	two.Articles, one.Articles = []schemas.PackedArticle{{SKU: "MUG", Quantity: 2}}, []schemas.PackedArticle{{SKU: "MUG", Quantity: 1}}
	s := packing(t, "")
	s.scan("17", "MUG")
	s.want("17 held/scan_mismatch", s.erp(schemas.ERPReady, "17", "r1", two))
	s.want("17 requested", s.erp(schemas.ERPReady, "17", "r2", one))
	s.want("17 recalled/scan_mismatch", s.erp(schemas.ERPReady, "17", "r3", two))
	s.want("17 held/scan_mismatch", s.part(schemas.ShipmentWithdrawn, "17", 1))
	s.want("17 requested", s.scan("17", "MUG MUG"))
	s.part(schemas.ShipmentLabelled, "17", 2)
	s.want("17 kept/already_labelled, 17 kept/scan_mismatch", s.erp(schemas.ERPReady, "17", "r4", one))
	s.want("", s.erp(schemas.ERPReady, "17", "r5", one))
	s.want("17 kept", s.scan("17", "MUG"))
	s.want("17 handed_over", s.erp(schemas.ERPGone, "17", "r6", one))
	s.want("", s.scan("17", "TEA")) // a driver has it
}
