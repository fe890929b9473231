package schemas

import _ "embed"

// FetchTask is something a channel told about without telling it: it is to be asked for.
type FetchTask struct {
	TaskID    string `avro:"task_id"`
	Party     string `avro:"party"`
	Seller    string `avro:"seller"`
	Channel   string `avro:"channel"`
	Kind      string `avro:"kind"`
	Ref       string `avro:"ref"`
	State     string `avro:"state"`
	Notices   int64  `avro:"notices"` // since it was last fetched
	NoticedAt Millis `avro:"noticed_at"`
}

// Kinds and states of a fetch task.
const (
	FetchOrder = "order"
	FetchUnit  = "unit" // a piece, of an order that only the channel knows

	FetchOpen = "open"
	FetchDone = "done"
)

//go:embed fetch_task.avsc
var fetchTaskText string

// FetchTaskSchema is the schema of orders.fetch.
var FetchTaskSchema = parse[FetchTask]("fetch_task", fetchTaskText)
