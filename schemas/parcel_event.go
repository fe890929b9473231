package schemas

import _ "embed"

// ParcelEvent is one thing that a carrier said of one parcel, in our words, and how the parcel stands since.
type ParcelEvent struct {
	OrderID    string      `avro:"order_id"`
	ShipmentID string      `avro:"shipment_id"`
	Party      string      `avro:"party"`   // the carrier's account
	Carrier    string      `avro:"carrier"` // whose words it was in
	Number     string      `avro:"number"`
	Origin     string      `avro:"origin"` // how it was first heard of
	Status     string      `avro:"status"`
	At         Millis      `avro:"at"` // when it was so
	HeardAt    Millis      `avro:"heard_at"`
	Zone       string      `avro:"zone"`
	Code       string      `avro:"code"`
	Known      bool        `avro:"known"`
	Reason     string      `avro:"reason"`
	Said       *Body       `avro:"said"` // in the carrier's words
	Location   string      `avro:"location"`
	Terminal   bool        `avro:"terminal"`
	Returning  bool        `avro:"returning"`
	Linked     string      `avro:"linked"`
	EventRef   string      `avro:"event_ref"`
	Receiver   *Person     `avro:"receiver"`
	Trouble    string      `avro:"trouble"`     // what hinders the parcel; "": nothing
	ExpectedAt *Millis     `avro:"expected_at"` // when its carrier expects to deliver it; nil: it has not said
	Proofs     []KeptProof `avro:"proofs"`      // of its delivery, that were kept with this
	Counts     bool        `avro:"counts"`      // the parcel stands as this says, since this was heard of
	Why        string      `avro:"why"`         // it does not
	Standing   string      `avro:"standing"`
	StandingAt Millis      `avro:"standing_at"`
	Ended      bool        `avro:"ended"`    // nobody asks for it any more
	Sequence   int64       `avro:"sequence"` // greater each time the parcel stands otherwise
}

// KeptProof is what proves a delivery, in the label store.
type KeptProof struct {
	Kind   string `avro:"kind" json:"kind"`
	Type   string `avro:"type" json:"type"` // of its content: image/gif
	SHA256 string `avro:"sha256" json:"sha256"`
	Bytes  int64  `avro:"bytes" json:"bytes"`
}

// CodeExpected is that of an event which says no more than when a parcel is expected.
const CodeExpected = "expected"

//go:embed parcel_event.avsc
var parcelEventText string

// ParcelEventSchema is the schema of tracking.events.
var ParcelEventSchema = parse[ParcelEvent]("parcel_event", parcelEventText)
