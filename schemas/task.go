package schemas

import _ "embed"

// Task is one call that is to be made at a party, once.
type Task struct {
	TaskID   string   `avro:"task_id"` // the same for the same business fact
	Party    string   `avro:"party"`
	Kind     string   `avro:"kind"` // as the connector names it
	OrderID  string   `avro:"order_id"`
	Holds    []string `avro:"holds"`    // keys on which it keeps its turn
	Lane     string   `avro:"lane"`     // of tasks that write over each other; "" for none
	Sequence int64    `avro:"sequence"` // a higher one of the lane makes a lower one needless
	Deadline *Millis  `avro:"deadline"` // by when it must be done; nil for none
	Payload  Body     `avro:"payload"`
}

//go:embed task.avsc
var taskText string

// TaskSchema is the schema of every outbox.<party>.
var TaskSchema = parse[Task]("task", taskText)
