package schemas

import _ "embed"

// OrderVersions is what normalize remembers of an order, to tell a repeat from an amendment.
type OrderVersions struct {
	Hash       []byte   `avro:"hash"` // of the last version, normalized
	Revision   string   `avro:"revision"`
	Status     string   `avro:"status"`
	UpdatedAt  *Millis  `avro:"updated_at"`
	Revisions  []string `avro:"revisions"` // earlier ones, the newest last
	Failed     [][]byte `avro:"failed"`    // hashes of bodies in the trash, the newest last
	Events     int64    `avro:"events"`
	Duplicates int64    `avro:"duplicates"`
}

//go:embed order_versions.avsc
var orderVersionsText string

// OrderVersionsSchema is the schema of the states in table.normalize.
var OrderVersionsSchema = parse[OrderVersions]("order_versions", orderVersionsText)
