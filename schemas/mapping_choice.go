package schemas

import _ "embed"

// MappingChoice is which version of a channel's mapping is in use.
type MappingChoice struct {
	Channel string `avro:"channel"`
	Mapping string `avro:"mapping"` // "" is the newest that the running program has
	At      Millis `avro:"at"`
	By      string `avro:"by"`
	Reason  string `avro:"reason"`
}

//go:embed mapping_choice.avsc
var mappingChoiceText string

// MappingChoiceSchema is the schema of mappings.
var MappingChoiceSchema = parse[MappingChoice]("mapping_choice", mappingChoiceText)
