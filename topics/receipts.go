package topics

import (
	"fmt"

	"waybill/schemas"
)

// Receipts is every call about an order at a party, as it went over the wire.
var Receipts = &Topic{
	Name:         "receipts",
	Doc:          "every call about an order at a party: what was sent, byte for byte, and what was answered",
	Schema:       schemas.ReceiptSchema,
	Key:          "order id",
	Retention:    400 * day,
	MessageBytes: 1 * mib,
	Lands:        true,
	Line: func(value any) Line {
		r := value.(*schemas.Receipt)
		did := "sent"
		if r.Asked {
			did = "asked"
		}
		if r.Outcome == schemas.CallNotAccepted {
			return Line{OrderID: r.OrderID, Party: r.Party, Kind: r.Outcome, Summary: fmt.Sprintf("%s is not told %s: %s", r.Party, r.Code, r.Reason)}
		}
		line := Line{OrderID: r.OrderID, Party: r.Party, Kind: did + "_" + r.Outcome}
		line.Summary = fmt.Sprintf("%s %s: %s, attempt %d: %s after %d ms in %d requests", did, r.Party, r.Kind, r.Attempt, r.Outcome, r.TookMS, len(r.Exchanges))
		if r.Outcome == schemas.CallFailed {
			line.Summary += fmt.Sprintf(": %s %s", r.Class, r.Code)
		}
		return line
	},
}
