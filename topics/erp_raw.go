package topics

import (
	"fmt"

	"waybill/schemas"
)

// ERPRaw is what the ERP said about its shipments, byte for byte. It is keyed by the order, so that their states stay in the order in which
// they were said, and lie where all else about the order is; one of no order of ours by what the ERP calls it.
var ERPRaw = &Topic{
	Name:         "erp.raw",
	Doc:          "what the ERP said about a shipment, byte for byte",
	Schema:       schemas.ERPRawSchema,
	Key:          "order id, or their reference",
	Retention:    400 * day,
	MessageBytes: 2 * mib,
	Lands:        true,
	Line: func(value any) Line {
		raw := value.(*schemas.ERPRaw)
		says := map[string]string{
			schemas.ERPReady: "is ready for a carrier", schemas.ERPGone: "has left", schemas.ERPUnready: "is not ready any more", schemas.ERPEdited: "is another now",
		}[raw.Kind]
		what := "shipment"
		if raw.Kind == schemas.ERPEdited {
			what = "order"
		}
		return Line{
			OrderID: raw.OrderID, Party: raw.Party, Kind: "erp_" + raw.Kind,
			Summary: fmt.Sprintf("%s %s at %s %s, %d bytes", what, raw.Ref, raw.Party, says, len(raw.Body.Bytes)),
		}
	},
}
