package amazon

import (
	"fmt"
	"strings"

	"waybill/schemas"
)

// deliver says how the goods go, and what the buyer wishes of whoever delivers them.
func (t *translation) deliver() {
	o := t.order
	o.DeliveryMethodRef = t.level
	o.DeliveryMethod = joined(", ", longer(t.sale.method, t.level), strings.Join(t.programs, ", "))
	o.DeliveryNote = schemas.Text(t.preference.String())
	a := t.best()
	switch {
	case o.FulfilledBy == schemas.FulfilledByPickup:
		o.PickupPoint = t.point(a)
	case t.accessPoint, a != nil && a.kind == "PICKUP_POINT":
		o.PickupPoint = t.point(a)
	}
}

// point is the shop or locker whose address Amazon gives as that of the order. Only a shop of the seller's own has a reference.
func (t *translation) point(a *address) *schemas.PickupPoint {
	p := new(schemas.PickupPoint)
	for i := range t.lines {
		if p.Ref = t.lines[i].store; p.Ref != "" {
			break
		}
	}
	if a != nil {
		at := person(a)
		p.Name, p.Street, p.PostalCode, p.City, p.Country = at.Company, at.Street, at.PostalCode, at.City, at.Country
	}
	if a != nil && t.inStore { // at a locker it is the buyer's name
		p.Name = longer(a.company, a.name)
	}
	return p
}

// String is all of it, a line each.
func (p *preference) String() string {
	notes := []string{p.dropOff, p.instruction, strings.Join(p.capabilities, ", ")}
	for _, d := range p.days {
		notes = append(notes, d.String())
	}
	return joined("\n", notes...)
}

func (d day) String() string {
	var open []string
	for _, i := range d.open {
		open = append(open, joined("-", i.from.String(), i.to.String()))
	}
	if d.closed {
		open = []string{"closed"}
	}
	return joined(" ", d.name, strings.Join(open, ", "))
}

func (c clock) String() string {
	if !c.given {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", c.hour, c.minute)
}
