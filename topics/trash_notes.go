package topics

import (
	"fmt"

	"waybill/schemas"
)

// TrashNotes is what people say of entries of the trash. Only people write it: a step never does, so nobody waits for anybody.
var TrashNotes = &Topic{
	Name:         "trash.notes",
	Doc:          "whose an entry of the trash is, and comments on it",
	Schema:       schemas.TrashNoteSchema,
	Key:          "note id",
	Compacted:    true,
	MessageBytes: 64 * kib,
	Lands:        true,
	Line: func(value any) Line {
		n := value.(*schemas.TrashNote)
		line := Line{OrderID: n.OrderID, Party: n.Party, Seller: n.Seller, Kind: n.Kind}
		switch {
		case n.Kind != schemas.NoteAssigned:
			line.Summary = fmt.Sprintf("trash %s: %s says: %s", n.TrashID, n.By, n.Text)
		case n.Owner == "":
			line.Summary = fmt.Sprintf("trash %s: taken from its owner by %s: %s", n.TrashID, n.By, n.Text)
		default:
			line.Summary = fmt.Sprintf("trash %s: to %s by %s: %s", n.TrashID, n.Owner, n.By, n.Text)
		}
		return line
	},
}
