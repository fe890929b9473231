package processors

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waybill/schemas"
	"waybill/topics"
)

// shipping is an order and its shipments, as request hears of them.
type shipping struct {
	t     testing.TB
	step  Processor
	state schemas.OrderShipping
	order *schemas.Order
	now   schemas.Millis
}

func newShipping(t testing.TB) *shipping {
	routes, err := NewShipping(map[string]string{SettingShipWith: "PL/point=inpost:locker, dhl"})
	if err != nil {
		t.Fatal(err)
	}
	s := &shipping{t: t, order: bought(schemas.StatusReady), step: Request(Sources{
		Terms:  func(string) Terms { return Terms{Shipping: routes} },
		Packed: packedIn,
	})}
	s.hear(topics.OrdersNormalized, s.order)
	return s
}

func packedIn(raw *schemas.ERPRaw) (r schemas.Readied, err error) {
	return r, json.Unmarshal(raw.Body.Bytes, &r)
}

// hear is what an event leads to: what is said of shipments, each as ref state/reason.
func (s *shipping) hear(topic *topics.Topic, value any) (said []*schemas.Shipment) {
	s.t.Helper()
	s.now++
	result, err := s.step.Handle(&topics.Event{Topic: topic, Key: s.order.OrderID, Value: value, At: s.now}, &s.state)
	if err != nil {
		s.t.Fatal(err)
	}
	kept, err := schemas.OrderShippingSchema.Append(nil, &s.state) // it comes back from a table
	if err == nil {
		s.state = schemas.OrderShipping{}
		err = schemas.OrderShippingSchema.Decode(schemas.OrderShippingSchema.Current(), kept, &s.state)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range result.Messages {
		if shipment, is := m.Value.(*schemas.Shipment); is {
			said = append(said, shipment)
		}
	}
	return said
}

func (s *shipping) erp(kind, ref, revision string, packed schemas.Readied) []*schemas.Shipment {
	s.t.Helper()
	b, err := json.Marshal(packed)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.hear(topics.ERPRaw, &schemas.ERPRaw{Party: "erp", Kind: kind, Ref: ref, OrderID: s.order.OrderID, Revision: revision, Body: schemas.Body{Bytes: b}})
}

// part is what is heard of the only booking of a shipment.
func (s *shipping) part(state, ref string, generation int64) []*schemas.Shipment {
	s.t.Helper()
	return s.hear(topics.Shipments, &schemas.Shipment{OrderID: s.order.OrderID, Ref: ref, State: state, Generation: generation, Part: 1, Parts: 1})
}

func (s *shipping) amend(change func(o *schemas.Order)) []*schemas.Shipment {
	s.t.Helper()
	changed := *s.order
	changed.Lines = slices.Clone(changed.Lines)
	change(&changed)
	s.order = &changed
	return s.hear(topics.OrdersNormalized, &changed)
}

func words(said []*schemas.Shipment) string {
	var each []string
	for _, s := range said {
		each = append(each, strings.TrimSuffix(fmt.Sprintf("%s %s/%s", s.Ref, s.State, s.Reason), "/"))
	}
	return strings.Join(each, ", ")
}

func (s *shipping) want(want string, said []*schemas.Shipment) {
	s.t.Helper()
	if got := words(said); got != want {
		s.t.Errorf("got %q, want %q", got, want)
	}
}

var aParcel = schemas.Readied{Grams: 1200, Location: "WH/Stock", Parcels: []schemas.Parcel{{Grams: 1250, Length: 300, Width: 200, Height: 100}}}

func TestAPackedShipmentIsAskedForOnceWithItsExactWeight(t *testing.T) {
	s := newShipping(t)
	said := s.erp(schemas.ERPReady, "17", "r1", aParcel)
	s.want("17 requested", said)
	one := said[0]
	if p := one.Parcels[0]; p.Grams != 1250 || p.Length != 300 || one.Carrier != "dhl" || one.Generation != 1 || one.To.City != "Łódź" || one.Lines[0].Quantity != 2 ||
		one.Goods.Minor != 2000 || one.ShipmentID != s.order.OrderID+"#17" || one.Destination == "" || one.Location != "WH/Stock" {
		t.Errorf("asked for %+v", one)
	}
	s.want("", s.erp(schemas.ERPReady, "17", "r1", aParcel))
	s.want("", s.erp(schemas.ERPReady, "17", "r2", aParcel)) // written to, and packed as it was
	s.want("", s.part(schemas.ShipmentLabelled, "17", 1))
	s.want("", s.erp(schemas.ERPReady, "17", "r3", aParcel))
	s.want("17 kept/already_labelled", s.erp(schemas.ERPReady, "17", "r4", schemas.Readied{Grams: 2000}))
	s.want("17 handed_over", s.erp(schemas.ERPGone, "17", "r5", aParcel))
	s.want("", s.amend(func(o *schemas.Order) { o.Status = schemas.StatusCancelled }))
}

func TestWhatADriverHasTakenIsNotTakenBackAndNotSaidToHaveLeftAgain(t *testing.T) {
	s := newShipping(t)
	s.erp(schemas.ERPReady, "17", "r1", aParcel)
	s.part(schemas.ShipmentLabelled, "17", 1)
	s.want("", s.part(schemas.ShipmentHandedOver, "17", 1))
	s.want("", s.erp(schemas.ERPGone, "17", "r2", aParcel))
	s.want("", s.amend(func(o *schemas.Order) { o.Status = schemas.StatusCancelled }))
}

func TestSwitchingBackBeforeTheLabelCancelsItAndLaterOnesAreAskedForAnew(t *testing.T) {
	s := newShipping(t)
	s.erp(schemas.ERPReady, "17", "r1", aParcel)
	s.want("17 recalled/not_ready", s.erp(schemas.ERPUnready, "17", "r2", aParcel))
	s.want("", s.erp(schemas.ERPReady, "17", "r3", aParcel)) // what was asked for may still be bought
	s.want("17 requested", s.part(schemas.ShipmentWithdrawn, "17", 1))
	if sh := s.state.Shipments[0]; sh.Generation != 2 {
		t.Errorf("it is generation %d", sh.Generation)
	}
	s.want("17 recalled/not_ready", s.erp(schemas.ERPUnready, "17", "r4", aParcel))
	s.want("17 cancelled/not_ready", s.part(schemas.ShipmentWithdrawn, "17", 2))
	s.want("", s.part(schemas.ShipmentLabelled, "17", 1)) // of a generation that is over
}

// What was bought and taken back, nothing but a person buys again.
func TestALabelThatWasBoughtIsTakenBackAndBoughtAgainByAPersonOnly(t *testing.T) {
	s := newShipping(t)
	s.erp(schemas.ERPReady, "17", "r1", aParcel)
	s.part(schemas.ShipmentLabelled, "17", 1)
	s.want("17 recalled/address_changed", s.amend(func(o *schemas.Order) {
		o.ShipTo = &schemas.Person{Name: "Ana Ć", Street: "Nowa 2", City: "Łódź", Country: "PL"}
	}))
	s.want("", s.part(schemas.ShipmentWithdrawn, "17", 1)) // it came too late: the label was bought
	s.want("17 held/label_voided", s.part(schemas.ShipmentVoided, "17", 1))
	s.want("", s.erp(schemas.ERPReady, "17", "r2", aParcel))
	s.want("17 requested", s.hear(topics.Shipments, &schemas.Shipment{Ref: "17", State: schemas.ShipmentAgain, Generation: 1}))
	s.want("", s.part(schemas.ShipmentLabelled, "17", 2))
	s.want("17 recalled/bought_again", s.hear(topics.Shipments, &schemas.Shipment{Ref: "17", State: schemas.ShipmentAgain, Generation: 2}))
	s.want("17 requested", s.part(schemas.ShipmentVoided, "17", 2))
	s.want("", s.hear(topics.Shipments, &schemas.Shipment{Ref: "17", State: schemas.ShipmentAgain, Generation: 2})) // said of what is over
}

func TestNothingIsBoughtForWhatMayNotBeShippedAndWhatChangesLetsItGo(t *testing.T) {
	for _, c := range []struct {
		why          string
		spoil, cure  func(o *schemas.Order)
		afterwards   string
		stillAllowed bool // once the label is bought
	}{
		{schemas.HeldCancelled, func(o *schemas.Order) { o.Status = schemas.StatusCancelled }, func(o *schemas.Order) { o.Status = schemas.StatusReady }, "17 recalled/cancelled", false},
		{schemas.HeldUnpaid, func(o *schemas.Order) { o.Status = schemas.StatusPending }, func(o *schemas.Order) { o.Status = schemas.StatusReady }, "17 recalled/unpaid", true},
		{schemas.HeldOnHold, func(o *schemas.Order) { o.Lines[0].CancelRequested = true }, func(o *schemas.Order) { o.Lines[0].CancelRequested = false }, "17 recalled/on_hold", true},
		{schemas.HeldNoAddress, func(o *schemas.Order) { o.ShipTo = nil }, func(o *schemas.Order) { o.ShipTo = &schemas.Person{Name: "Ana Ć", City: "Łódź", Country: "PL"} }, "17 recalled/no_address", false},
		{schemas.HeldElsewhere, func(o *schemas.Order) { o.FulfilledBy = schemas.FulfilledByChannel }, func(o *schemas.Order) { o.FulfilledBy = schemas.FulfilledBySeller }, "17 recalled/fulfilled_elsewhere", true},
		{schemas.HeldShipped, func(o *schemas.Order) { o.Status = schemas.StatusShipped }, func(o *schemas.Order) { o.Status = schemas.StatusReady }, "", true},
		{schemas.HeldNothingLeft, func(o *schemas.Order) { o.Lines[0].Cancelled = 2 }, func(o *schemas.Order) { o.Lines[0].Cancelled = 0 }, "17 recalled/nothing_left", false},
	} {
		before := newShipping(t)
		before.amend(c.spoil)
		before.want("17 held/"+c.why, before.erp(schemas.ERPReady, "17", "r1", aParcel))
		before.want("", before.amend(c.spoil)) // said once
		before.want("17 requested", before.amend(c.cure))

		after := newShipping(t)
		after.erp(schemas.ERPReady, "17", "r1", aParcel)
		after.want(c.afterwards, after.amend(c.spoil))

		labelled := newShipping(t)
		labelled.erp(schemas.ERPReady, "17", "r1", aParcel)
		labelled.part(schemas.ShipmentLabelled, "17", 1)
		if said := labelled.amend(c.spoil); (len(said) == 0) != c.stillAllowed {
			t.Errorf("%s after the label: %s", c.why, words(said))
		}
	}
}

func TestAShipmentWithoutWeightWaitsAndSomebodyHearsOfIt(t *testing.T) {
	s := newShipping(t)
	said := func(packed schemas.Readied, revision string) (missing []string) {
		b, _ := json.Marshal(packed)
		result, err := s.step.Handle(&topics.Event{Topic: topics.ERPRaw, Key: s.order.OrderID, Value: &schemas.ERPRaw{
			Kind: schemas.ERPReady, Ref: "17", OrderID: s.order.OrderID, Revision: revision, Body: schemas.Body{Bytes: b},
		}}, &s.state)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range result.Messages {
			switch v := m.Value.(type) {
			case *schemas.Missing:
				missing = append(missing, v.What+" "+v.State)
			case *schemas.Shipment:
				missing = append(missing, v.State)
			}
		}
		return missing
	}
	for i, c := range []struct {
		packed schemas.Readied
		want   string
	}{
		{schemas.Readied{}, "weight missing, held"}, {schemas.Readied{Parcels: []schemas.Parcel{{Grams: 5}, {}}}, ""}, {schemas.Readied{Grams: 900}, "weight came, requested"},
	} {
		if got := strings.Join(said(c.packed, fmt.Sprint(i)), ", "); got != c.want {
			t.Errorf("%d: got %q, want %q", i, got, c.want)
		}
	}
}

func TestWhatIsToldOfOtherOrdersIsNobodysAndOfAnUnknownOneIsHeld(t *testing.T) {
	s := newShipping(t)
	s.want("", s.hear(topics.ERPRaw, &schemas.ERPRaw{Kind: schemas.ERPReady, Ref: "17"}))
	_, err := s.step.Handle(&topics.Event{Key: "17", Value: &schemas.ERPRaw{OrderID: "allegro/1"}}, new(schemas.OrderShipping))
	if dead, _ := Outcome(err); dead == nil {
		t.Errorf("what lies under another key: %v", err)
	}
	_, err = s.step.Handle(&topics.Event{Key: s.order.OrderID, Value: &schemas.ERPRaw{Kind: schemas.ERPReady, OrderID: s.order.OrderID, Body: schemas.Body{Bytes: []byte("{")}}}, new(schemas.OrderShipping))
	if dead, _ := Outcome(err); dead == nil || dead.Class != schemas.ClassMalformed {
		t.Errorf("what can not be read: %v", err)
	}
	s.state = schemas.OrderShipping{}
	s.want("17 held/order_unknown", s.erp(schemas.ERPReady, "17", "r1", aParcel))
	s.want("17 requested", s.hear(topics.OrdersPlaced, s.order))
	s.want("18 handed_over/left_without_label", s.erp(schemas.ERPGone, "18", "r1", aParcel))
}

// Whatever comes in whatever order: the pieces of all shipments never exceed what was ordered and is not cancelled once what is recalled is
// back, and no shipment is asked for anew before the last of it has ended.
func TestPiecesNeverExceedTheOrderAndNothingIsAskedForTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShipping(t)
		s.amend(func(o *schemas.Order) { o.Lines[0].Quantity = 3 })
		open := map[string]int64{} // generations that may still be bought
		for i := range rapid.IntRange(1, 25).Draw(rt, "events") {
			ref := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "ref")
			packed := schemas.Readied{Grams: 100, Articles: []schemas.PackedArticle{{SKU: "MUG", Quantity: rapid.Int64Range(1, 3).Draw(rt, "pieces")}}}
			var said []*schemas.Shipment
			switch rapid.IntRange(0, 4).Draw(rt, "event") {
			case 0, 1:
				said = s.erp(schemas.ERPReady, ref, fmt.Sprint(i), packed)
			case 2:
				said = s.erp(schemas.ERPUnready, ref, fmt.Sprint(i), packed)
			case 3:
				said = s.amend(func(o *schemas.Order) { o.Lines[0].Cancelled = rapid.Int64Range(0, 3).Draw(rt, "cancelled") })
			case 4:
				if generation := open[ref]; generation > 0 {
					delete(open, ref)
					said = s.part(rapid.SampledFrom([]string{schemas.ShipmentWithdrawn, schemas.ShipmentVoided}).Draw(rt, "end"), ref, generation)
				}
			}
			for _, one := range said {
				if one.State == schemas.ShipmentRequested {
					if open[one.Ref] > 0 {
						rt.Fatalf("%s is asked for while generation %d may be bought", one.Ref, open[one.Ref])
					}
					open[one.Ref] = one.Generation
				}
			}
			pieces := int64(0)
			for _, sh := range s.state.Shipments {
				if sh.State == schemas.ShipmentRequested {
					for _, line := range sh.Lines {
						pieces += line.Quantity
					}
				}
			}
			if most := s.order.Lines[0].Quantity - s.order.Lines[0].Cancelled; pieces > most {
				rt.Fatalf("%d pieces of %d are asked for", pieces, most)
			}
		}
	})
}

func TestACarrierIsChosenByWhereItGoes(t *testing.T) {
	s, err := NewShipping(map[string]string{SettingShipWith: " PL/point=inpost:inpost_locker_standard, PL=inpost , DE=dhl:V01PAK, *=ups"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		country string
		point   bool
		want    string
	}{{"PL", true, "inpost inpost_locker_standard"}, {"PL", false, "inpost "}, {"DE", false, "dhl V01PAK"}, {"FR", false, "ups "}, {"DE", true, " "}} {
		if r, _ := s.route(c.country, c.point); r.Carrier+" "+r.Service != c.want {
			t.Errorf("%s, to a point %v: got %q", c.country, c.point, r.Carrier+" "+r.Service)
		}
	}
	for _, wrong := range []string{"dhl,", "Poland=dhl", "PL=", "/point=dhl", "PL=DHL"} {
		if _, err := NewShipping(map[string]string{SettingShipWith: wrong}); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
