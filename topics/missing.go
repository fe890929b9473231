package topics

import (
	"fmt"

	"waybill/schemas"
)

// Missing is what should have come and has not.
var Missing = &Topic{
	Name:         "missing",
	Doc:          "what should have come and has not: a word of the channel, of the ERP, or any order at all",
	Schema:       schemas.MissingSchema,
	Key:          "order id, or party",
	Retention:    400 * day,
	MessageBytes: 16 * kib,
	Lands:        true,
	Line: func(value any) Line {
		m := value.(*schemas.Missing)
		line := Line{OrderID: m.OrderID, Party: m.Party, Kind: "missing_" + m.What, Summary: fmt.Sprintf("%s is not there, after %d %% of its time", m.What, m.Share)}
		switch {
		case m.State == schemas.StateCame:
			line.Kind, line.Summary = "came_"+m.What, m.What+" has come after all"
		case m.What == schemas.MissingOrders:
			line.Summary = m.Party + " sends nothing"
		case m.What == schemas.MissingSettled:
			line.Summary = "it still stands as provisional: neither accepted nor rejected"
		case m.What == schemas.MissingCredit:
			line.Summary = m.Party + " has not settled in time what it owes"
		case m.What == schemas.MissingNotice:
			line.Summary = m.Party + " did not say that the order is new or another"
		case m.What == schemas.MissingConfirmed:
			line.Summary = m.Party + " has not confirmed what it was told in time"
		case m.What == schemas.MissingShipped:
			line.Summary = m.Party + " has not confirmed a parcel's number in time"
		}
		if m.Reason != "" {
			line.Summary += ": " + m.Reason
		}
		return line
	},
}
