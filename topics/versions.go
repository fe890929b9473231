package topics

import (
	"fmt"

	"waybill/schemas"
)

// Versions is which version of each subject's schema is written.
var Versions = &Topic{
	Name:         "versions",
	Doc:          "the version of a subject's schema that is written",
	Schema:       schemas.VersionChoiceSchema,
	Key:          "subject",
	Compacted:    true,
	MessageBytes: 16 * kib,
	Lands:        true,
	Line: func(value any) Line {
		c := value.(*schemas.VersionChoice)
		return Line{Kind: "version_activated", Summary: fmt.Sprintf("%s is written in version %d", c.Subject, c.Version)}
	},
}
