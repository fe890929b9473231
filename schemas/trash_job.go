package schemas

import _ "embed"

// TrashJob is one deed on many entries of the trash. Which those are was fixed before it began; how far it is, the entries say.
type TrashJob struct {
	JobID   string      `avro:"job_id"`
	State   string      `avro:"state"`
	Does    string      `avro:"does"` // DidRetry, DidEdit, DidDismiss or DidReopen
	By      string      `avro:"by"`
	Why     string      `avro:"why"`      // no personal data
	ToldBy  string      `avro:"told_by"`  // who paused, cancelled or went on with it last
	ToldWhy string      `avro:"told_why"` // no personal data
	Chosen  string      `avro:"chosen"`
	Rate    int64       `avro:"rate"` // entries a second at most; 0: no limit
	At      Millis      `avro:"at"`
	Items   []TrashItem `avro:"items"`
	Edits   []TrashEdit `avro:"edits"` // what is done to each message first, in this order
	Force   bool        `avro:"force"` // though something is wrong with a message still
}

// TrashEdit is a field that a job sets, or how it changes it.
type TrashEdit struct {
	Path    string `avro:"path"`
	Changes bool   `avro:"changes"` // the text says how the value becomes another one; else it is the value, as JSON
	Text    Body   `avro:"text"`
}

// TrashItem is one entry of a job, as it was when it was chosen.
type TrashItem struct {
	TrashID  string `avro:"trash_id"`
	Attempts int64  `avro:"attempts"`
}

// States of a job.
const (
	JobRunning   = "running"
	JobPaused    = "paused"
	JobCancelled = "cancelled"
	JobDone      = "done"
)

// TrashItemsMax is how many entries a job takes at most: all of it is one record.
const TrashItemsMax = 50_000

//go:embed trash_job.avsc
var trashJobText string

// TrashJobSchema is the schema of trash.jobs.
var TrashJobSchema = parse[TrashJob]("trash_job", trashJobText)
