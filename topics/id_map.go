package topics

import (
	"fmt"

	"waybill/schemas"
)

// IDMap is which reference of theirs is which id of ours.
var IDMap = &Topic{
	Name:         "id.map",
	Doc:          "their reference to our id",
	Schema:       schemas.LinkSchema,
	Key:          "party/kind/their reference",
	Compacted:    true,
	MessageBytes: 16 * kib,
	Lands:        true,
	Removed: func(tombstone *Event) any {
		return &schemas.Link{At: tombstone.At, By: Find(tombstone.Headers, HeaderBy), Reason: Find(tombstone.Headers, HeaderReason)}
	},
	Line: func(value any) Line {
		l := value.(*schemas.Link)
		line := Line{Party: l.Party, Kind: "linked", Summary: fmt.Sprintf("%s %s at %s is %s", l.Kind, l.Ref, l.Party, l.OurID)}
		if l.Kind == schemas.LinkOrder || l.Kind == schemas.LinkUnit {
			line.OrderID = l.OurID
		}
		return line
	},
}
