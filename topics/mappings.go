package topics

import "waybill/schemas"

// Mappings is which version of each channel's mapping is in use.
var Mappings = &Topic{
	Name:         "mappings",
	Doc:          "the version of a channel's mapping that is in use",
	Schema:       schemas.MappingChoiceSchema,
	Key:          "channel",
	Compacted:    true,
	MessageBytes: 16 * kib,
	Lands:        true,
	Line: func(value any) Line {
		c := value.(*schemas.MappingChoice)
		return Line{Kind: "mapping_chosen", Summary: c.Channel + " is read by " + orNewest(c.Mapping)}
	},
}

func orNewest(mapping string) string {
	if mapping == "" {
		return "the newest version"
	}
	return mapping
}
