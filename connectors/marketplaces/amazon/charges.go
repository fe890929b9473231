package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// charge adds what the buyer pays beside the goods: of each line, and of the order what no line states, such as a tip. Amazon sums up
// the lines' own categories in the order.
func (t *translation) charge() {
	stated := map[string]bool{"ITEM": true}
	for i := range t.lines {
		l := &t.lines[i]
		for j := range l.parts {
			stated[l.parts[j].kind] = true
		}
		t.chargeFor(i, t.order.Lines[i].LineRef, l.parts)
	}
	var own []part
	for _, p := range t.categories {
		if !stated[p.kind] && !p.pending {
			own = append(own, p)
		}
	}
	t.chargeFor(-1, "", own)
}

// chargeFor adds the charges of a line, its tax in one of them.
func (t *translation) chargeFor(line int, ref string, parts []part) {
	var tax int64
	for j := range parts {
		p := &parts[j]
		if p.kind == "ITEM" {
			continue
		}
		minor := t.amount(line, p)
		if p.kind == "TAX" {
			tax = t.plus(tax, minor)
			continue
		}
		kind, title := chargeOf(p)
		if minor != 0 || kind == schemas.ChargeShipping {
			t.addCharge(kind, ref, title, minor)
			t.sum = t.plus(t.sum, minor)
		}
	}
	if tax != 0 {
		t.addCharge(schemas.ChargeTax, ref, "", tax)
		t.tax = t.plus(t.tax, tax)
	}
}

// chargeOf is what a category is in our words. One that the specification does not have is still paid.
func chargeOf(p *part) (kind, title string) {
	switch p.kind {
	case "SHIPPING":
		return schemas.ChargeShipping, ""
	case "DISCOUNT":
		return schemas.ChargeDiscount, p.title
	case "":
		return schemas.ChargeService, "OTHER"
	}
	return schemas.ChargeService, p.kind
}

func (t *translation) addCharge(kind, ref, title string, minor int64) {
	t.order.Charges = append(t.order.Charges, schemas.Charge{
		Kind: kind, LineRef: ref, Title: title, Quantity: 1, Amount: schemas.Money{Minor: minor, Currency: t.currency},
	})
}

// settle makes the parts add up to the total as Amazon states it, which stands even where it disagrees.
func (t *translation) settle() {
	o := t.order
	if t.beyond {
		t.found.Add(reading.AmountOutOfRange, t.itemsAt, "together beyond any price")
		return
	}
	t.judgeTax()
	if !t.total.Given {
		if o.Total.Minor = t.sum; t.sum < 0 {
			t.found.Add(reading.NegativeTotal, t.at(t.says.total), "the discounts are more than the order comes to")
		}
	}
	if len(t.found.All) > 0 {
		return
	}
	switch difference := schemas.Settle(o); {
	case difference > schemas.MinorMax || difference < -schemas.MinorMax:
		t.found.Add(reading.AmountOutOfRange, t.itemsAt, "together beyond any price")
	case difference != 0 && o.Status != schemas.StatusCancelled && schemas.BeyondRounding(difference, o.Total):
		t.warn(reading.TotalDisagrees, t.at(t.says.total), "not what lines and charges add up to; it stands as stated")
	}
}

// judgeTax tells whether tax comes on top of the prices. That differs by site, and no field says it; but the total adds up in one of
// the two ways only. Where there is no tax to tell by, it is what the site does.
func (t *translation) judgeTax() {
	o := t.order
	where, known := sites[t.siteID]
	included := !where.net
	if t.tax != 0 && t.total.Given {
		onTop, within := distance(o.Total.Minor, t.sum+t.tax), distance(o.Total.Minor, t.sum)
		included, known = within < onTop || within == onTop && included, true
	} else if t.tax != 0 && !known {
		included, known = false, true
	}
	if known {
		o.PricesIncludeTax = new(included)
	}
	if t.tax == 0 {
		return
	}
	if included {
		o.Charges = without(o.Charges, schemas.ChargeTax)
		return
	}
	t.sum += t.tax
}

func without(charges []schemas.Charge, kind string) (kept []schemas.Charge) {
	for _, c := range charges {
		if c.Kind != kind {
			kept = append(kept, c)
		}
	}
	return kept
}

func distance(a, b int64) int64 { return max(a-b, b-a) }
