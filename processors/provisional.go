package processors

import "waybill/schemas"

// provisionalAfter is how long an order that is ready may wait for our word before it is said that it stands as provisional (item 53).
const provisionalAfter = schemas.Millis(3000)

// standsProvisional says so of an order that waits for our word, whatever it waits for.
func (a *acknowledging) standsProvisional(result *Result) error {
	k := a.known
	if k.Unsettled == nil || k.Provisional || a.event.At < k.Unsettled.Since+provisionalAfter || a.event.At > k.Unsettled.Due+history {
		return nil
	}
	k.Provisional = true
	reason := "its channel was told that it is accepted, and has not said yet that it knows"
	switch {
	case k.TaskID != "":
	case a.terms.Manual:
		reason = "a person decides about it"
	case !k.Placed:
		reason = "the ERP does not have it yet"
	}
	said, err := a.say(schemas.AckProvisional, reason)
	if err == nil {
		said.Messages[0].Value.(*schemas.Acknowledgement).ETA = new(k.Unsettled.Due)
		result.Messages = append(result.Messages, said.Messages...)
	}
	return err
}
