package kaufland

import (
	"slices"
	"strings"

	"waybill/connectors/reading"
)

// notesMax is how many different notes a line keeps; its pieces have the same one, or none.
const notesMax = 20

// note keeps what was written about a piece, once.
func (t *translation) note(l *line, u *unit) {
	switch {
	case u.note == "" || slices.Contains(l.notes, u.note):
	case len(l.notes) == notesMax:
		t.warn(reading.Dropped, u.where.at(".note"), "more notes than a line keeps")
	default:
		l.notes = append(l.notes, u.note)
	}
}

// compare warns where a piece is not what the first of its line is, for a line can say but one thing of all of them.
func (t *translation) compare(l *line, u *unit) {
	for _, same := range [...]struct {
		is   bool
		name string
	}{
		{u.vat == l.first.vat, ".vat"},
		{u.condition == l.first.condition, ".unit_condition"},
		{u.product.id == l.first.product.id, ".product.id_product"},
		{collector(u) == collector(l.first), ".is_marketplace_deemed_supplier"},
	} {
		if !same.is {
			t.warn(reading.PiecesDiffer, u.where.at(same.name), "not what the first piece of its line says")
		}
	}
}

// warnOfWhatIsDropped names what a unit says to whoever ships it that an order has no field for.
func (t *translation) warnOfWhatIsDropped(u *unit) {
	if !u.state.toSend() {
		return
	}
	p := &u.product
	for _, said := range [...]struct {
		is         bool
		name, text string
	}{
		{p.dangerousGoods != "", ".product.dangerous_goods_li_shipping", "dangerous goods: the carrier has to know"},
		{isYes(p.dangerLabel9A), ".product.danger_label_9A", "the parcel needs danger label 9A"},
		{strings.Trim(p.ageRating, "0.") != "", ".product.age_rating", "there is an age below which it must not be handed over"},
		{slices.ContainsFunc(u.tickets, changesAddress), ".tickets", "the buyer has asked for another address"},
	} {
		if said.is {
			t.warn(reading.Dropped, u.where.at(said.name), said.text)
		}
	}
}

// isYes takes for a yes what is no no in the language of any storefront.
func isYes(answer string) bool {
	return answer != "" && !slices.Contains([]string{"nein", "no", "ne", "nie", "non", "nee"}, strings.ToLower(answer))
}

func changesAddress(t ticket) bool {
	return t.status == "opened" && t.topic == "delivery_change_address"
}
