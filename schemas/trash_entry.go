package schemas

import (
	_ "embed"
	"strconv"
	"strings"
)

// TrashEntry is one failed message, whole, with where and why it failed.
type TrashEntry struct {
	TrashID     string   `avro:"trash_id"`
	Step        string   `avro:"step"`
	State       string   `avro:"state"`
	Class       string   `avro:"class"`
	Reason      string   `avro:"reason"` // no personal data
	Faults      []Fault  `avro:"faults"`
	Fingerprint string   `avro:"fingerprint"` // equal for failures of one cause
	Attempts    int64    `avro:"attempts"`
	FirstAt     Millis   `avro:"first_at"`
	OrderID     string   `avro:"order_id"`
	Party       string   `avro:"party"`
	Seller      string   `avro:"seller"`
	Topic       string   `avro:"topic"`
	Partition   int32    `avro:"partition"`
	Offset      int64    `avro:"offset"`
	Key         string   `avro:"key"`
	Headers     []Header `avro:"headers"`
	Value       *Body    `avro:"value"`
	ValueSHA256 string   `avro:"value_sha256"`
	Resolution  string   `avro:"resolution"`
	Did         string   `avro:"did"` // what an operator did last, one of the deeds below
	By          string   `avro:"by"`
	Why         string   `avro:"why"`     // no personal data
	Job         string   `avro:"job"`     // that did it, if it was one of many
	ShipBy      *Millis  `avro:"ship_by"` // when the order has to have left; nil if its message did not say, or the entry is closed
}

// What an operator does about an entry.
const (
	DidRetry   = "retried"
	DidEdit    = "edited"
	DidDismiss = "dismissed"
	DidImport  = "imported"
	DidReopen  = "reopened" // it had been dismissed
	DidDone    = "done"     // of a call in doubt: it was made
	DidNotDone = "not_done" // of a call in doubt: it was not, and is to be made again
)

// States of a trash entry.
const (
	TrashOpen      = "open"
	TrashWaiting   = "waiting" // nobody has to mend it: it goes on when what it waits for comes
	TrashRepaired  = "repaired"
	TrashDismissed = "dismissed"
)

// Classes of failure. A gateway also writes those of its connectors: permanent and business.
const (
	ClassInvalid       = "invalid"        // it was understood and is wrong
	ClassMalformed     = "malformed"      // it could not be read
	ClassUnknownSchema = "unknown_schema" // its schema id is unknown to the registry
	ClassUnknownParty  = "unknown_party"  // its party is not configured here
	ClassExhausted     = "exhausted"      // it was tried as often as allowed
	ClassPanic         = "panic"          // handling it broke our code
	ClassMissingPair   = "missing_pair"   // what it refers to is not in id.catalogue
	ClassIncomplete    = "incomplete"     // the rest of it has not come
	ClassConflict      = "conflict"       // its idempotency key came with another body
	ClassUnmatched     = "unmatched"      // it speaks of a parcel that no shipment has
	ClassAmbiguous     = "ambiguous"      // it may speak of either of two
	ClassUnproven      = "unproven"       // nobody can tell who says it
	ClassTrouble       = "trouble"        // a parcel is, and a person should look at it
	ClassInDoubt       = "in_doubt"       // it may have been done at a party, and nobody can tell but a person
)

// TrashValueBytesMax is the longest value an entry carries; of a longer one it keeps the hash and the position.
const TrashValueBytesMax = 256 << 10

// TrashID names the entry of the message at that position, as that step sees it.
func TrashID(step, topic string, partition int32, offset int64) string {
	return step + "/" + Position(topic, partition, offset)
}

// SplitTrashID is the step that an entry is of, and where the message lay that failed first.
func SplitTrashID(id string) (step, topic string, partition int32, offset int64, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 4 {
		return "", "", 0, 0, false
	}
	n, failed := strconv.ParseInt(parts[2], 10, 32)
	offset, unread := strconv.ParseInt(parts[3], 10, 64)
	return parts[0], parts[1], int32(n), offset, failed == nil && unread == nil
}

// Position is where a record stands: topic/partition/offset. It is the event id of what comes from outside.
func Position(topic string, partition int32, offset int64) string {
	b := make([]byte, 0, len(topic)+24)
	b = append(append(b, topic...), '/')
	b = append(strconv.AppendInt(b, int64(partition), 10), '/')
	return string(strconv.AppendInt(b, offset, 10))
}

//go:embed trash_entry.avsc
var trashEntryText string

// TrashEntrySchema is the schema of trash.
var TrashEntrySchema = parse[TrashEntry]("trash_entry", trashEntryText)
