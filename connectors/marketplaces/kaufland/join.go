package kaufland

import (
	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// Older tells whether a unit says what was before what is known of it. An order may come whole first and its units then, each with
// a time of its own: Normalize joins them.
func (Marketplace) Older(part, known []byte) bool {
	now, was := saidAt(part), saidAt(known)
	return now != "" && was != "" && now < was
}

// saidAt is when a unit was changed last, in UTC as Kaufland writes it, so that texts compare as times; "" if it does not say.
func saidAt(unit []byte) string {
	found, err := reading.Pick(jx.Raw(unit), "ts_updated_iso", "ts_created_iso")
	if err != nil {
		return ""
	}
	if at := reading.Reference(found[0]); at != "" {
		return at
	}
	return reading.Reference(found[1])
}
