package topics

// Header is one header of a record.
type Header struct {
	Key   string
	Value []byte
}

// The headers every record carries; none holds personal data. A record without an event id has its own position as that.
const (
	HeaderEventID     = "event-id"    // position of its cause plus an index
	HeaderOrderID     = "order-id"    //
	HeaderCause       = "cause"       // topic/partition/offset of the record that led to it
	HeaderOrigin      = "origin"      // webhook, poll, sweep, cron, feed, manual, replay
	HeaderRunID       = "run-id"      // which run of which step wrote it
	HeaderMode        = "mode"        // live, repair, dry_run or shadow
	HeaderMapping     = "mapping"     // the mapping version that made it: allegro/1
	HeaderTraceparent = "traceparent" // W3C Trace Context
	HeaderBy          = "by"          // of a tombstone that a person wrote, and of nothing else: who
	HeaderReason      = "reason"      // of the same: why
	HeaderWake        = "wake"        // of a wake-up, which has no value: what the key is woken for
	HeaderDeed        = "trash-does"  // of what comes back to a step: what an operator wants to be done with an entry of the trash
)

// Modes of a run. What is live works on what is new; a repair works on what was, and may do outside only what a person approved.
const (
	ModeLive   = "live"
	ModeRepair = "repair"
)

// Find is the value of the header with that key, "" if there is none.
func Find(headers []Header, key string) string {
	for _, h := range headers {
		if h.Key == key {
			return string(h.Value)
		}
	}
	return ""
}
