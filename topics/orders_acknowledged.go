package topics

import (
	"fmt"

	"waybill/schemas"
)

// OrdersAcknowledged is what the channel was told about an order, or why it was told nothing.
var OrdersAcknowledged = &Topic{
	Name:         "orders.acknowledged",
	Doc:          "what the channel was told: accepted, rejected, or why nothing",
	Schema:       schemas.AcknowledgementSchema,
	Key:          "order id",
	Retention:    30 * day,
	MessageBytes: 64 * kib,
	Lands:        true,
	Line: func(value any) Line {
		a := value.(*schemas.Acknowledgement)
		line := Line{OrderID: a.OrderID, Party: a.Party, Kind: "ack_" + a.State}
		switch a.State {
		case schemas.AckProvisional:
			line.Summary = "it stands as provisional"
			if a.ETA != nil {
				line.Summary += " until " + a.ETA.String()
			}
		case schemas.AckAsked:
			line.Summary = a.Party + " is to be told that it is accepted"
		case schemas.AckAccepted:
			line.Summary = a.Party + " knows that it is accepted"
		case schemas.AckRejected:
			line.Summary = a.Party + " knows that it is rejected"
			if a.Pieces > 0 {
				line.Summary = fmt.Sprintf("%s knows that %d of its pieces are rejected", a.Party, a.Pieces)
			}
		default:
			line.Summary = a.Party + " is not told whether it is accepted"
		}
		if a.Reason != "" {
			line.Summary += ": " + a.Reason
		}
		return line
	},
}
