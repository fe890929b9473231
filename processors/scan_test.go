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
func packing(t *testing.T, scans string) *shipping {
	s := newShipping(t)
	s.step = Request(Sources{
		Terms: dhlForAll(t, scans), Packed: packedIn,
		Catalogue: offers{"allegro/MUG": {SKU: "MUG", EANs: []string{"04006381333931"}}},
	})
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
	s.want("", s.scan("17", "MUG MUG"))
	s.want("17 requested", s.scan("17", "MUG MUG SET"))
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
	if s.want("17 kept/scan_mismatch", said); !strings.HasSuffix(said[0].Text, "its label is bought") {
		t.Errorf("of what is bought it says %q", said[0].Text)
	}
	s.want("", s.part(schemas.ShipmentLabelled, "18", 1)) // it was never asked for
}
