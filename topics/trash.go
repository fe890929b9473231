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
		switch entry.State {
		case schemas.TrashOpen:
			if entry.Did != "" {
				line.Summary += fmt.Sprintf(" (%s by %s: %s)", entry.Did, entry.By, entry.Why)
			}
			if entry.Did == schemas.DidEdit {
				line.Kind = entry.Did
			}
		case schemas.TrashWaiting:
			line.Kind = entry.State
		default:
			line.Kind, line.Summary = entry.State, fmt.Sprintf("%s: %s", entry.Step, entry.Resolution)
		}
		return line
	},
}
