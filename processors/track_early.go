package processors

import (
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// What waits for a parcel that nobody knows. More of it is for a person at once.
const (
	earlyMax      = 20
	earlyBytesMax = 256 << 10 // of all bodies together: they lie in the row of the number
)

// wait keeps what was said of a parcel before anybody knew whose it is: a label is often scanned before its booking was answered. What
// has waited long enough comes back, and goes to the trash.
func (t *tracking) wait(raw *schemas.RawTracking) error {
	bytes := len(raw.Body.Bytes)
	for i := range t.known.Early {
		bytes += len(t.known.Early[i].Raw.Body.Bytes)
	}
	if t.event.Topic == topics.StepTrack || len(t.known.Early) >= earlyMax || bytes > earlyBytesMax {
		return Dead(schemas.ClassUnmatched, fmt.Errorf("%s speaks of parcel %s, and no shipment has that number: book it by hand with 'waybill idmap put', and retry this; or dismiss it", raw.Carrier, t.number()))
	}
	t.known.Early = append(t.known.Early, schemas.EarlyWord{Raw: *raw, Until: t.event.At + schemas.Millis(t.terms().Unmatched.Milliseconds())})
	return nil
}

// takeEarly takes what was said before. What of it can not be taken fails by itself.
func (t *tracking) takeEarly() error {
	early := t.known.Early
	t.known.Early = nil
	for i := range early {
		if err := t.told(&early[i].Raw); err != nil {
			t.sendBack(&early[i].Raw)
		}
	}
	return nil
}

// giveUp sends back what has waited in vain.
func (t *tracking) giveUp() {
	var left []schemas.EarlyWord
	for i := range t.known.Early {
		if t.known.Early[i].Until > t.event.At {
			left = append(left, t.known.Early[i])
			continue
		}
		t.sendBack(&t.known.Early[i].Raw)
	}
	t.known.Early = left
}

func (t *tracking) sendBack(raw *schemas.RawTracking) {
	kept := *raw
	t.said = append(t.said, topics.Message{Topic: topics.StepTrack, Key: t.event.Key, Value: &kept})
}
