package processors

import (
	"fmt"
	"testing"

	"waybill/schemas"
)

// price is what each piece cost.
const price = 1250

// deeds are what can happen to a piece of an order: it is shipped, it is cancelled before, or its price is paid back.
var deeds = []string{"ship", "cancel", "refund"}

// parted is an order of three pieces that leaves one by one.
type parted struct {
	*shipping
	packed, cancelled, refunded int64
}

func (p *parted) do(deed string) {
	p.t.Helper()
	switch deed {
	case "ship":
		p.packed++
		ref := fmt.Sprint("S", p.packed)
		one := schemas.Readied{Grams: 500, Articles: []schemas.PackedArticle{{SKU: "MUG", Quantity: 1}}}
		if said := p.erp(schemas.ERPReady, ref, "r1", one); len(said) == 1 && said[0].State == schemas.ShipmentRequested {
			p.part(schemas.ShipmentLabelled, ref, said[0].Generation)
			p.want(ref+" handed_over", p.erp(schemas.ERPGone, ref, "r2", one))
		} else {
			p.want(ref+" held/nothing_left", said)
		}
	case "cancel": // a channel cancels no piece of which it knows that it was shipped
		p.cancelled = min(p.cancelled+1, 3-p.shipped())
		p.amend(func(o *schemas.Order) { o.Lines[0].Cancelled = p.cancelled })
	case "refund": // of a piece, whatever became of it; a channel may even do so once too often
		p.refunded++
		p.amend(func(o *schemas.Order) {
			o.Refund = &schemas.Refund{Amount: schemas.Money{Minor: p.refunded * price, Currency: "EUR"}, Paid: schemas.Money{Minor: 3 * price, Currency: "EUR"}}
		})
	}
}

func (p *parted) shipped() (pieces int64) {
	for _, sh := range p.state.Shipments {
		if sh.State == schemas.ShipmentHandedOver {
			pieces += sh.Lines[0].Quantity
		}
	}
	return pieces
}

// Every order in which three pieces are shipped, cancelled and paid back: at each step what was ordered is what has left, what is not wanted and what
// is open; how far the order is follows from those counts; it is complete just when nothing is open; no piece leaves that is not wanted; and more is
// paid back than was paid just when it is told so (item 78).
func TestHowFarAnOrderIsFollowsFromTheCountsOfItsLines(t *testing.T) {
	const steps, stories = 5, 243 // 3⁵: the shorter ones are how these begin
	states := map[schemas.LineCount]string{}
	for n := range stories {
		var story []string
		for rest := n; len(story) < steps; rest /= len(deeds) {
			story = append(story, deeds[rest%len(deeds)])
		}
		p := &parted{shipping: newShipping(t)}
		p.amend(func(o *schemas.Order) { o.Lines[0].Quantity = 3 })
		for _, deed := range story {
			p.do(deed)
			lines, state := p.order.Fulfilment(map[string]int64{p.order.Lines[0].LineRef: p.shipped()})
			c := lines[0]
			if c.Ordered != c.Shipped+c.Cancelled+c.Open || c.Open < 0 || c.Shipped != p.shipped() || c.Cancelled != p.cancelled {
				t.Fatalf("%v: %+v, where %d have left and %d are cancelled", story, c, p.shipped(), p.cancelled)
			}
			if (state == schemas.FulfilmentComplete) != (c.Open == 0) || (state == schemas.FulfilmentOpen) != (c.Open > 0 && c.Shipped == 0) {
				t.Fatalf("%v: it is %s with %+v", story, state, c)
			}
			if p.order.Refund.Exceeds() != (p.refunded > 3) {
				t.Fatalf("%v: paid back is %+v", story, p.order.Refund)
			}
			if before, known := states[c]; known && before != state {
				t.Fatalf("%v: %+v is %s here, and %s elsewhere", story, c, state, before)
			}
			states[c] = state
		}
	}
	if len(states) != 10 {
		t.Errorf("the stories came to %d counts, want all 10 ways to part 3 pieces in three: %v", len(states), states)
	}
}
