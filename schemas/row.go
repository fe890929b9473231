package schemas

import _ "embed"

// Row is all that a step remembers about one key: its own state, and what the runner holds for it.
type Row struct {
	State    []byte     `avro:"state"` // in the step's own schema, framed
	Trash    *OpenTrash `avro:"trash"`
	Parked   *OpenTrash `avro:"parked"`    // the entry that says why the key waits
	WaitsFor string     `avro:"waits_for"` // "" if the key does not wait
	WakeAt   *Millis    `avro:"wake_at"`
	WakeWhat string     `avro:"wake_what"`
	Held     []Held     `avro:"held"` // in the order they came
}

// OpenTrash is what is needed to close an entry later, without its value.
type OpenTrash struct {
	TrashID     string `avro:"trash_id"`
	Class       string `avro:"class"`
	Reason      string `avro:"reason"`
	Fingerprint string `avro:"fingerprint"`
	Topic       string `avro:"topic"`
	Partition   int32  `avro:"partition"`
	Offset      int64  `avro:"offset"`
	FirstAt     Millis `avro:"first_at"`
	Attempts    int64  `avro:"attempts"`
}

// Held is a message that waits in its key's row.
type Held struct {
	Topic     string   `avro:"topic"`
	Partition int32    `avro:"partition"`
	Offset    int64    `avro:"offset"`
	At        Millis   `avro:"at"`
	Headers   []Header `avro:"headers"`
	Value     Body     `avro:"value"`
}

//go:embed row.avsc
var rowText string

// RowSchema is the schema of every table.<step>.
var RowSchema = parse[Row]("row", rowText)
