package amazon

import (
	"cmp"
	"slices"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// join makes one of what several documents say. Nothing here may depend on which came first, nor on the order of fields: the same
// order would come out as another one.
func (t *translation) join() {
	t.customer.join(&t.customerPart)
	t.joinGifts()
	slices.Sort(t.programs)
	for i := range t.lines {
		slices.SortStableFunc(t.lines[i].parts, func(a, b part) int {
			return cmp.Or(cmp.Compare(rank(&a), rank(&b)), strings.Compare(a.kind, b.kind), strings.Compare(a.title, b.title))
		})
		slices.SortFunc(t.lines[i].dropped, byPath)
	}
	t.dropped = append(append(t.dropped, t.customer.dropped...), t.customerPart.dropped...)
	slices.SortFunc(t.dropped, byPath)
}

func byPath(a, b schemas.Fault) int { return strings.Compare(a.Path, b.Path) }

// rank is the place of a category among the charges of a line.
func rank(p *part) int {
	if i := slices.Index(categories, p.kind); i >= 0 {
		return i
	}
	return len(categories)
}

var categories = []string{"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", "DISCOUNT", "TAX"}

// join adds what the document about the buyer alone says, which says it best.
func (c *customer) join(part *customer) {
	c.name, c.email, c.company = longer(part.name, c.name), longer(part.email, c.email), longer(part.company, c.company)
	c.county, c.purchaseOrder = longer(part.county, c.county), longer(part.purchaseOrder, c.purchaseOrder)
	p, own := &part.payer, &c.payer
	own.name, own.region = longer(p.name, own.name), longer(p.region, own.region)
	if p.taxID != "" {
		own.taxID, own.natural = p.taxID, p.natural
	}
}

// longer is the text that says anything, the first of two.
func longer(first, second string) string {
	if first == "" {
		return second
	}
	return first
}

// joinGifts puts what another document says of gifts to the lines that they are.
func (t *translation) joinGifts() {
	if len(t.gifts) == 0 {
		return
	}
	lines := map[string]*line{}
	for i := range t.lines {
		lines[t.lines[i].id] = &t.lines[i]
	}
	for i := range t.gifts {
		gift := &t.gifts[i]
		l := lines[gift.id]
		if l == nil {
			t.dropAt(reading.At("$.parts.items_buyer.OrderItems[%d]", i), "of a line that the order does not have")
			continue
		}
		l.message, l.wrap, l.customized = longer(gift.message, l.message), longer(gift.wrap, l.wrap), longer(gift.customized, l.customized)
		l.parts = append(slices.DeleteFunc(l.parts, func(p part) bool { return isRepeated(&p, gift) }), gift.parts...)
	}
}

// isRepeated tells a price of the wrap that the items have too.
func isRepeated(p *part, gift *line) bool {
	return p.at != "" && slices.ContainsFunc(gift.parts, func(again part) bool { return again.kind == p.kind })
}
