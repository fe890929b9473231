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

	ShipTo   *Person   `avro:"ship_to"` // the last that the channel told: what it hides later is kept
	BillTo   *Person   `avro:"bill_to"`
	Buyer    *Person   `avro:"buyer"`
	Parts    []Part    `avro:"parts"`    // the last of each, of an order that comes in several
	Document *Body     `avro:"document"` // as it was sent and changed since, where changes come as patches
	Requests []Request `avro:"requests"` // carried out, the newest last
	Notices  []string  `avro:"notices"`  // ids of notices, the newest last
	ToFetch  int64     `avro:"to_fetch"` // notices since it last came whole
	Units    int64     `avro:"units"`    // pieces with a reference of their own that are linked
	Waited   []string  `avro:"waited"`   // revisions that wait, in the order they came
}

// Part is one of the documents that an order comes in.
type Part struct {
	Part string `avro:"part"`
	Body Body   `avro:"body"`
}

// Request is one that was carried out under its sender's idempotency key.
type Request struct {
	Key    string `avro:"key"`
	SHA256 []byte `avro:"sha256"` // of the body that came with it
}

//go:embed order_versions.avsc
var orderVersionsText string

// OrderVersionsSchema is the schema of the states in table.normalize.
var OrderVersionsSchema = parse[OrderVersions]("order_versions", orderVersionsText)
