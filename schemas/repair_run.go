package schemas

import _ "embed"

// RepairRun is a run of a step that reads a part of its input again, and asks for the calls of it that were never made. How far it is, the ledgers
// say.
type RepairRun struct {
	RunID   string        `avro:"run_id"`
	State   string        `avro:"state"` // RunHeld, or as of a job
	Step    string        `avro:"step"`
	By      string        `avro:"by"`
	Why     string        `avro:"why"`      // no personal data
	ToldBy  string        `avro:"told_by"`  // who went on with it, paused or cancelled it last
	ToldWhy string        `avro:"told_why"` // no personal data
	Chosen  string        `avro:"chosen"`
	Rate    int64         `avro:"rate"` // calls a second at most that are asked for; 0: no limit
	At      Millis        `avro:"at"`
	Orders  []string      `avro:"orders"` // none: all
	Since   Millis        `avro:"since"`  // 0: from the beginning
	Until   Millis        `avro:"until"`
	Bounds  []RepairBound `avro:"bounds"` // none: all that stood there then
	Calls   []RepairCall  `avro:"calls"`
}

// RepairBound is a part of a partition.
type RepairBound struct {
	Topic     string `avro:"topic"`
	Partition int32  `avro:"partition"`
	From      int64  `avro:"from"`
	To        int64  `avro:"to"` // the first that is not read again
}

// RepairCall is a call that a run asks for.
type RepairCall struct {
	Party  string `avro:"party"`
	TaskID string `avro:"task_id"`
	SHA256 string `avro:"sha256"` // of the task
}

// RunHeld is the state of a run whose calls wait for somebody who approves them.
const RunHeld = "held"

// RepairCallsMax is how many calls a run asks for at most: all of it is one record.
const RepairCallsMax = 20_000

//go:embed repair_run.avsc
var repairRunText string

// RepairRunSchema is the schema of repair.runs.
var RepairRunSchema = parse[RepairRun]("repair_run", repairRunText)
