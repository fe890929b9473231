package topics

import "waybill/schemas"

// TableNormalize is what normalize remembers of every order.
var TableNormalize = Table("normalize")

// StepNormalize is what comes back to normalize: a repaired message, a retry, a wake-up.
var StepNormalize = Step("normalize", OrdersRaw)

// TablePlace is what place remembers of every order.
var TablePlace = Table("place")

// StepPlace is what comes back to place.
var StepPlace = Step("place", OrdersNormalized)

// TableAcknowledge is what acknowledge remembers of every order.
var TableAcknowledge = Table("acknowledge")

// StepAcknowledge is what comes back to acknowledge: also the time at which an order is accepted without the ERP.
var StepAcknowledge = Step("acknowledge", OrdersNormalized)

// TableRequest is what request remembers of every order.
var TableRequest = Table("request")

// StepRequest is what comes back to request.
var StepRequest = Step("request", ERPRaw)

// TableBook is what book remembers of every order.
var TableBook = Table("book")

// StepBook is what comes back to book.
var StepBook = Step("book", Shipments)

// TableDispatch is what dispatch remembers of every order.
var TableDispatch = Table("dispatch")

// StepDispatch is what comes back to dispatch.
var StepDispatch = Step("dispatch", Shipments)

// TableTrack is what track remembers of every tracking number.
var TableTrack = Table("track")

// StepTrack is what comes back to track: also what was said of a parcel that nobody has come to know.
var StepTrack = Step("track", TrackingRaw)

// TableAsk is what ask remembers of every carrier's account.
var TableAsk = Table("ask")

// StepAsk is what comes back to ask.
var StepAsk = Step("ask", TrackingDue)

// TableAnnounce is what announce remembers of every order.
var TableAnnounce = Table("announce")

// StepAnnounce is what comes back to announce.
var StepAnnounce = Step("announce", TrackingEvents)

// TableCare is what care remembers of every order.
var TableCare = Table("care")

// StepCare is what comes back to care.
var StepCare = Step("care", TrackingEvents)

// Table is the memory of a step. It has the partitions of the step's input, and is written in the same transaction as its
// outputs.
func Table(step string) *Topic {
	return &Topic{
		Name:         "table." + step,
		Doc:          "the memory of " + step,
		Schema:       schemas.RowSchema,
		Key:          "as the inputs of " + step,
		Compacted:    true,
		MessageBytes: 8 * mib,
	}
}

// Step is the way back into a step, with the values of its input. Where that lands it lands too, because what comes of it names it as
// its cause.
func Step(step string, input *Topic) *Topic {
	t := &Topic{
		Name:         "step." + step,
		Doc:          "what comes back to " + step + ": a repaired message, a retry, a wake-up",
		Schema:       input.Schema,
		Key:          "as the inputs of " + step,
		Retention:    30 * day,
		MessageBytes: input.MessageBytes,
		Lands:        input.Lands,
	}
	if input.Line != nil {
		t.Line = func(value any) Line {
			line := input.Line(value)
			line.Kind, line.Summary = "again", "comes to "+step+" again: "+line.Summary
			return line
		}
	}
	return t
}
