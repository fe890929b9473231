package kaufland

import "waybill/connectors/reading"

// collect takes the units out of the document, whether it is an order, a unit or parts. Where two parts tell of one unit, the one
// that changed later counts.
func (t *translation) collect(f *form) {
	if f.joined {
		known := map[string]int{}
		for i := range f.parts {
			p := &f.parts[i].Value
			p.where.part = f.parts[i].Name
			t.take(p, known)
		}
	} else {
		t.take(f, nil)
	}
	if len(t.units) == 0 {
		path := "$.order_units"
		if f.joined {
			path = "$.parts"
		}
		t.found.Add(reading.MissingLines, path, "an order of nothing")
	}
}

// take adds the units of one document. known is where the units of earlier documents are.
func (t *translation) take(f *form, known map[string]int) {
	head := &f.unit
	head.head = head
	switch {
	case f.lined:
		t.list(f, known)
	case f.single:
		t.add(head, known)
	default:
		t.found.Add(reading.NotAnOrder, head.where.at(""), "neither an order nor an order unit")
		return
	}
	t.heads = append(t.heads, head)
}

// list adds the units of an order. The order itself is as new as the newest of them.
func (t *translation) list(f *form, known map[string]int) {
	head := &f.unit
	for i := range f.units {
		u := &f.units[i]
		u.head, u.where = head, place{part: head.where.part, listed: true, index: i}
		t.add(u, known)
		if later(u.touched(), head.updated) {
			head.updated = u.touched()
		}
	}
	for i := range reading.Twins(f.units, func(u *unit) string { return u.id }) {
		if f.units[i].id != "" {
			t.found.Add(reading.DuplicateLine, f.units[i].where.at(".id_order_unit"), "the reference of an earlier unit")
		}
	}
}

// add adds a unit, or puts it in the place of what an earlier document said of it.
func (t *translation) add(u *unit, known map[string]int) {
	switch {
	case u.id == "":
		t.found.Add(reading.MissingID, u.where.at(".id_order_unit"), "a unit without its reference")
	case !isDigits(u.id):
		t.found.Add(reading.BadID, u.where.at(".id_order_unit"), "the reference of a unit is a whole number")
	}
	i, twice := known[u.id]
	if twice && t.units[i].head != u.head {
		if !later(t.units[i].touched(), u.touched()) {
			t.units[i] = u
		}
		return
	}
	if known != nil {
		known[u.id] = len(t.units)
	}
	t.units = append(t.units, u)
}
