package processors

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// fromERP is what the ERP says of an order: packed or not, and where it goes by it.
func fromERP(s *shipping, kind, revision string, to *schemas.Destination) *schemas.ERPRaw {
	s.t.Helper()
	body, err := json.Marshal(schemas.Readied{Kind: kind, Ref: "17", Grams: 900, To: to})
	if err != nil {
		s.t.Fatal(err)
	}
	return &schemas.ERPRaw{Party: topics.ERP, Kind: kind, Ref: "17", OrderID: s.order.OrderID, Revision: revision, Body: schemas.Body{Bytes: body}}
}

func destinationOfTest(p *schemas.Person) *schemas.Destination {
	return &schemas.Destination{Name: p.Name, Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country}
}

// Whoever changes an address at the ERP wins over the channel: before the label is asked for, after it was, and against a later word of the channel's.
func TestAnAddressThatIsChangedAtTheERPIsWhereTheParcelGoes(t *testing.T) {
	s := newShipping(t)
	edited := &schemas.Destination{Name: "Cy", Street: "T 3", PostalCode: "90-001", City: "Łódź", Country: "PL"}
	if said := s.hear(topics.ERPRaw, fromERP(s, schemas.ERPEdited, "2", edited)); len(said) != 0 || len(s.state.Shipments) != 0 {
		t.Fatalf("of an order that is not packed: %+v, %+v", said, s.state.Shipments)
	}
	said := s.hear(topics.ERPRaw, fromERP(s, schemas.ERPReady, "3", edited))
	if len(said) != 1 || said[0].State != schemas.ShipmentRequested || said[0].To.Name != "Cy" || said[0].To.Street != "T 3" {
		t.Fatalf("asked for %+v", said)
	}
	if said[0].To.Email != s.order.Buyer.Email {
		t.Errorf("who gets it is not reached any more: %+v", said[0].To)
	}
	moved := bought(schemas.StatusReady)
	moved.ShipTo.Street = "the channel's 4"
	if said := s.hear(topics.OrdersNormalized, moved); len(said) != 0 {
		t.Errorf("against a later word of the channel's: %+v", said)
	}
	other := *edited
	other.Street = "T 5"
	if said := s.hear(topics.ERPRaw, fromERP(s, schemas.ERPUnready, "4", &other)); len(said) != 1 || said[0].State != schemas.ShipmentRecalled {
		t.Errorf("unpacked: %+v", said)
	}
}

// What the ERP has because it was told so is no edit: the channel's newer word is where it goes, though the ERP took it too late.
func TestAnAddressThatTheERPHasStillIsNoEdit(t *testing.T) {
	for name, turns := range map[string][]string{"of now": nil, "of before": {"B 2"}, "of between": {"B 2", "C 3"}} {
		s := newShipping(t)
		stands := destinationOfTest(s.order.ShipTo)
		if name == "of between" {
			stands.Street = "B 2"
		}
		want := s.order.ShipTo.Street
		for _, street := range turns {
			moved := bought(schemas.StatusReady)
			moved.ShipTo.Street, want = street, street
			s.hear(topics.OrdersNormalized, moved)
		}
		said := s.hear(topics.ERPRaw, fromERP(s, schemas.ERPReady, "3", stands))
		if len(said) != 1 || said[0].To.Street != want {
			t.Errorf("%s: it goes to %+v, want %s", name, said, want)
		}
	}
}

// Who cancels an order at the ERP has it rejected at its channel, once, with the reason that is settled for that; without one it stands there who
// has to.
func TestAnOrderThatIsCancelledAtTheERPIsRejectedAtItsChannel(t *testing.T) {
	topics.Call([]string{"allegro"})
	t.Cleanup(func() { topics.Call(nil) })
	for name, c := range map[string]struct {
		terms  Acceptance
		status string
		want   string
	}{
		"with a reason":           {Acceptance{ERPCancelReason: "NoInventory"}, schemas.StatusReady, "call NoInventory"},
		"without one":             {Acceptance{}, schemas.StatusReady, "receipt 'waybill reject'"},
		"at who takes none":       {Acceptance{ERPCancelReason: "X", WhyNotRejected: "it has no call"}, schemas.StatusReady, "receipt it has no call"},
		"which the channel did":   {Acceptance{ERPCancelReason: "NoInventory"}, schemas.StatusCancelled, ""},
		"which has left, by that": {Acceptance{ERPCancelReason: "NoInventory"}, schemas.StatusShipped, ""},
	} {
		step := Request(Sources{
			Terms: func(string) Terms { return Terms{Acceptance: c.terms} },
			Packed: func(*schemas.ERPRaw) (schemas.Readied, error) {
				return schemas.Readied{Kind: schemas.ERPEdited, Cancelled: true}, nil
			},
		})
		order, state := bought(c.status), new(schemas.OrderShipping)
		said := ""
		for _, value := range []any{
			&schemas.ERPRaw{Kind: schemas.ERPEdited, Ref: "17", OrderID: order.OrderID, Revision: "2"}, order,
			&schemas.ERPRaw{Kind: schemas.ERPEdited, Ref: "17", OrderID: order.OrderID, Revision: "3"},
		} {
			result, err := step.Handle(&topics.Event{Key: order.OrderID, Value: value, At: heardAt}, state)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range result.Messages {
				switch v := m.Value.(type) {
				case *schemas.Task:
					what, err := schemas.ParseAccepting(v.Payload)
					if err != nil || v.Kind != KindReject || v.Party != "allegro" || what.Ref != order.Ref {
						t.Errorf("%s: called %+v, %v", name, v, err)
					}
					said += "call " + what.Reason
				case *schemas.Receipt:
					said += "receipt " + v.Reason
				}
			}
		}
		kind, words, _ := strings.Cut(c.want, " ")
		if (c.want == "") != (said == "") || !strings.HasPrefix(said, kind) || !strings.Contains(said, words) || kind != "" && strings.Count(said, kind+" ") != 1 {
			t.Errorf("%s: said %q, want %q", name, said, c.want)
		}
	}
}

// A row that a version wrote which took no note of addresses says nothing of what was told before.
func TestAnEarlierVersionsRowIsNoEdit(t *testing.T) {
	s := newShipping(t)
	s.state.Destinations = nil
	moved := bought(schemas.StatusReady)
	moved.ShipTo.Street = "B 2"
	stands := destinationOfTest(s.order.ShipTo)
	s.hear(topics.OrdersNormalized, moved)
	if said := s.hear(topics.ERPRaw, fromERP(s, schemas.ERPReady, "3", stands)); len(said) != 1 || said[0].To.Street != "B 2" {
		t.Errorf("it goes to %+v", said)
	}
}

func TestAnAmendmentSaysWhatTheERPWasToldBefore(t *testing.T) {
	var state schemas.OrderPlacing
	first, second := bought(schemas.StatusReady), bought(schemas.StatusReady)
	second.ShipTo.Street = "B 2"
	place(t, &state, first)
	place(t, &state, inERP(first))
	tasks := place(t, &state, second)
	if len(tasks) != 1 || tasks[0].Kind != KindAmend {
		t.Fatalf("called %+v", tasks)
	}
	p, err := schemas.ParsePlacing(tasks[0].Payload)
	if err != nil || p.Told == nil {
		t.Fatal(p, err)
	}
	for _, order := range []*schemas.Order{first, second} {
		if kept := p.Told.Keeps(destinationOfTest(order.ShipTo), order.Sold()); len(kept) != 0 {
			t.Errorf("%s is taken for the ERP's own: %v", order.ShipTo.Street, kept)
		}
	}
	if kept := p.Told.Keeps(&schemas.Destination{Street: "E 9"}, []schemas.Sold{{Article: "MUG", Quantity: "1"}}); !slices.Equal(kept, []string{schemas.OwnedDestination, schemas.OwnedGoods}) {
		t.Errorf("of what nobody told it, the ERP keeps %v", kept)
	}
	messages, err := AmendThen(tasks[0], "O-1", []string{schemas.OwnedDestination}, 5)
	if err != nil || len(messages) != 2 {
		t.Fatal(messages, err)
	}
	if r := messages[1].Value.(*schemas.Receipt); r.Outcome != schemas.CallNotAccepted || r.Code != codeOwned || !strings.Contains(r.Reason, "destination") {
		t.Errorf("it stands there as %+v", r)
	}
	nowhere := bought(schemas.StatusReady)
	nowhere.ShipTo, nowhere.Buyer = nil, nil
	var of schemas.OrderPlacing
	place(t, &of, nowhere)
	place(t, &of, inERP(nowhere))
	if p, err = schemas.ParsePlacing(place(t, &of, bought(schemas.StatusReady))[0].Payload); err != nil {
		t.Fatal(err)
	}
	if kept := p.Told.Keeps(&schemas.Destination{Name: "Guest of allegro"}, nil); kept != nil {
		t.Errorf("the customer's name alone is taken for the ERP's own: %v", kept)
	}
	state.Destinations, state.Goods = nil, nil // as an earlier version wrote it
	second.ShipTo.Street = "C 3"
	if p, err := schemas.ParsePlacing(place(t, &state, second)[0].Payload); err != nil || p.Told != nil {
		t.Errorf("of an order of before: %+v, %v", p.Told, err)
	}
}
