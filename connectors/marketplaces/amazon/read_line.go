package amazon

import "waybill/connectors/reading"

// What both versions say of a line in the same way.

// constraint is one of how a line has to be delivered, for which an order of ours has no field.
func constraint(name, text string) reading.Field[line] {
	return reading.Named(name, func(r *reading.Reader, l *line) { l.drop(r, text) })
}

// substitution is what may be packed in place of what is out of stock. That nothing may is what everybody does anyway.
func substitution(r *reading.Reader, l *line) {
	place := r.Place()
	if kind := r.Text(); kind != "" && kind != "DO_NOT_SUBSTITUTE" {
		l.dropAt(place, "what to pack in its place if it is out of stock")
	}
}

// linePrograms tell something to those who ship, but that the buyer subscribed.
func linePrograms(r *reading.Reader, l *line) {
	place := r.Place()
	for i, program := range r.Words(itemsMax, reading.TooManyItems) {
		switch program {
		case "", "SUBSCRIBE_AND_SAVE":
		case "TRANSPARENCY":
			l.dropAt(place+reading.At("[%d]", i), "the Transparency code of each piece is to be told to Amazon")
		default:
			l.dropAt(place+reading.At("[%d]", i), "a program of Amazon's that it is part of")
		}
	}
}
