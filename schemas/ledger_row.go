package schemas

import _ "embed"

// LedgerRow is what a gateway knows of one task.
type LedgerRow struct {
	Task      Task    `avro:"task"`
	Offset    int64   `avro:"offset"` // of the task on its outbox
	State     string  `avro:"state"`
	Attempts  int64   `avro:"attempts"`   // calls that were made, without those that only asked
	NotBefore *Millis `avro:"not_before"` // of a waiting task, and of an intent that is to be asked about
	Class     string  `avro:"class"`      // of the last failure, with what follows
	Code      string  `avro:"code"`
	Reason    string  `avro:"reason"`
	TheirRef  string  `avro:"their_ref"` // what the party calls what was made
	Receipt   *Body   `avro:"receipt"`
	At        Millis  `avro:"at"`

	Trash   *OpenTrash `avro:"trash"`   // its entry, until that is closed
	Granted int64      `avro:"granted"` // attempts when a person last let it go: they do not count any more
	Did     string     `avro:"did"`     // what an operator did last
	By      string     `avro:"by"`
	Why     string     `avro:"why"` // no personal data
	Job     string     `avro:"job"` // that did it, if it was one of many

	AskedAt Millis `avro:"asked_at"` // when the task came; 0: unknown
	Boost   *Boost `avro:"boost"`    // that it goes before others for a while
	Plan    string `avro:"plan"`     // hash of the approved plan that lets a repair make it; "" of what is live
}

// Boost is a person's word that a task goes before others.
type Boost struct {
	Until Millis `avro:"until"`
	By    string `avro:"by"`
	Why   string `avro:"why"` // no personal data
}

// States of a task.
const (
	TaskOpen    = "open"    // nothing was sent
	TaskIntent  = "intent"  // it may have been sent, and what came of it is not known
	TaskWaiting = "waiting" // it was sent and nothing came of it: to be sent again
	TaskDone    = "done"
	TaskDropped = "dropped" // needless: a later one of its lane came, or the party has nothing that it is about
	TaskDoubt   = "doubt"   // it may have been done, and nobody can tell but a person
	TaskTrashed = "trashed" // it will not succeed as it is

	TaskStanding = "standing" // never finished: it is made again and again, and its payload says where it goes on

	TaskLane    = "lane"    // no task: the highest sequence of a lane so far
	TaskPaused  = "paused"  // no task: nothing is sent to the party, as By wants it
	TaskResumed = "resumed" // no task: the party was paused

	TaskPermitted = "permitted" // no task: the token of one that a repair may ask for, once
	TaskSpent     = "spent"     // no task: the token of one that a repair asked for
)

//go:embed ledger_row.avsc
var ledgerRowText string

// LedgerRowSchema is the schema of every ledger.<party>.
var LedgerRowSchema = parse[LedgerRow]("ledger_row", ledgerRowText)
