package topics

import (
	"fmt"

	"waybill/schemas"
)

// Trash holds one entry a failed message, whole, until it is repaired or dismissed.
var Trash = &Topic{
	Name:         "trash",
	Doc:          "one entry a failed message: bytes, reason, class, attempts, state",
	Schema:       schemas.TrashEntrySchema,
	Key:          "trash id",
	Compacted:    true,
	MessageBytes: 1 * mib,
	Lands:        true,
	Line: func(value any) Line {
		entry := value.(*schemas.TrashEntry)
		line := Line{OrderID: entry.OrderID, Party: entry.Party, Seller: entry.Seller, Kind: "trashed", Summary: entry.Step + ": " + entry.Reason}
		switch {
		case entry.State == schemas.TrashOpen && (entry.Did == schemas.DidEdit || entry.Did == schemas.DidReopen):
			line.Kind = entry.Did
		case entry.State == schemas.TrashOpen:
		case entry.State == schemas.TrashWaiting:
			line.Kind = entry.State
		default:
			line.Kind, line.Summary = entry.State, fmt.Sprintf("%s: %s", entry.Step, entry.Resolution)
		}
		if entry.Did != "" && entry.Did != schemas.DidDismiss { // whose resolution says it
			line.Summary += fmt.Sprintf(" (%s by %s: %s)", entry.Did, entry.By, entry.Why)
		}
		return line
	},
}
