package schemas

import _ "embed"

// ParcelDue is a parcel that its carrier is to be asked for.
type ParcelDue struct {
	Party   string `avro:"party"` // the carrier's account
	Number  string `avro:"number"`
	OrderID string `avro:"order_id"`
	Why     string `avro:"why"`
	Worth   int64  `avro:"worth"` // who is asked for first, where not all can be: the greater
	At      Millis `avro:"at"`
}

// Why a parcel is asked for.
const (
	DueInterval = "interval" // it is time again
	DueUnseen   = "unseen"   // no scan of it has come
	DueSilent   = "silent"   // nothing was heard of it for days
	DueUnproven = "unproven" // somebody told something of it, who may be anybody
	DueWanted   = "wanted"   // a person wants to know
)

//go:embed parcel_due.avsc
var parcelDueText string

// ParcelDueSchema is the schema of tracking.due.
var ParcelDueSchema = parse[ParcelDue]("parcel_due", parcelDueText)

// AskingRound is what ask remembers of a carrier's account.
type AskingRound struct {
	Due     []ParcelDue `avro:"due"`   // the worthiest first
	Round   int64       `avro:"round"` // number of the last call
	AskedAt Millis      `avro:"asked_at"`
}

//go:embed asking_round.avsc
var askingRoundText string

// AskingRoundSchema is the schema of the states in table.ask.
var AskingRoundSchema = parse[AskingRound]("asking_round", askingRoundText)
