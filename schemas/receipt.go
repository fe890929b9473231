package schemas

import _ "embed"

// Receipt is one call at a party about an order: what was sent, byte for byte, and what was answered.
type Receipt struct {
	TaskID    string     `avro:"task_id"`
	Party     string     `avro:"party"`
	Kind      string     `avro:"kind"`
	OrderID   string     `avro:"order_id"`
	Attempt   int64      `avro:"attempt"` // from 1
	Asked     bool       `avro:"asked"`   // it only asked what had become of an earlier call
	Outcome   string     `avro:"outcome"`
	Class     string     `avro:"class"` // of a failure
	Code      string     `avro:"code"`  // of a failure, as the party names it
	TheirRef  string     `avro:"their_ref"`
	Release   string     `avro:"release"` // of Waybill, whose connector spoke
	At        Millis     `avro:"at"`
	TookMS    int64      `avro:"took_ms"`
	Exchanges []Exchange `avro:"exchanges"`
	Reason    string     `avro:"reason"` // why nobody was called; no personal data
	Parts     []string   `avro:"parts"`  // what the call has in common with others, and may fail by alone, the widest first
}

// Outcomes of a call.
const (
	CallDone     = "done"
	CallAbsent   = "absent"   // what was asked about is not there
	CallNeedless = "needless" // there was nothing to tell
	CallFailed   = "failed"
	// CallNotAccepted: nobody was called, because the party takes no such word.
	CallNotAccepted = "not_accepted"
)

// Exchange is one request of a call, and its answer.
type Exchange struct {
	Method     string `avro:"method"`
	Path       string `avro:"path"`
	Query      Body   `avro:"query"`
	Headers    string `avro:"headers"` // that were sent, a line each; what proves who asks is left out
	Sent       Body   `avro:"sent"`    // without secrets; empty if it was empty, or is too long to be kept
	SentBytes  int64  `avro:"sent_bytes"`
	SentSHA256 string `avro:"sent_sha256"` // of the bytes on the wire, in hex
	Status     int64  `avro:"status"`      // 0: no answer came
	Said       Body   `avro:"said"`        // likewise
	SaidBytes  int64  `avro:"said_bytes"`
	At         Millis `avro:"at"`
	TookMS     int64  `avro:"took_ms"` // until the answer was read
}

//go:embed receipt.avsc
var receiptText string

// ReceiptSchema is the schema of receipts.
var ReceiptSchema = parse[Receipt]("receipt", receiptText)
