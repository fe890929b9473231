package processors

import (
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// torn is a channel that can read no more of an order than this.
type torn struct{ order *schemas.Order }

func (torn) Mapping() string { return "torn/1" }

func (c torn) Normalize(*schemas.RawOrder) (*schemas.Order, error) {
	return c.order, schemas.Faults{{Code: "missing_city", Path: "$.city", Text: "no city"}}
}

func TestWhatIsWrongStillSaysWhenItsOrderHasToLeave(t *testing.T) {
	for name, c := range map[string]struct {
		order *schemas.Order
		want  *schemas.Millis
	}{
		"nothing could be read":      {nil, nil},
		"not even when it was":       {&schemas.Order{ShipBy: new(schemas.Millis(5))}, nil},
		"nothing was promised":       {&schemas.Order{PlacedAt: 1}, nil},
		"what was promised was read": {&schemas.Order{PlacedAt: 1, ShipBy: new(schemas.Millis(5))}, new(schemas.Millis(5))},
	} {
		step := Normalize(Sources{Channels: Parties{"torn": torn{c.order}}})
		raw := &schemas.RawOrder{OrderID: "torn/1", Party: "torn", Body: schemas.Body{Bytes: []byte("{}")}}
		_, err := step.Handle(&topics.Event{Topic: topics.OrdersRaw, Value: raw}, step.State.New())
		dead, _ := Outcome(err)
		if dead == nil || (dead.ShipBy == nil) != (c.want == nil) || c.want != nil && *dead.ShipBy != *c.want {
			t.Errorf("%s: %+v", name, dead)
		}
	}
}
