package schemas

import _ "embed"

// ParcelTrack is what track remembers of a tracking number.
type ParcelTrack struct {
	Lives []ParcelLife `avro:"lives"` // the last one last: carriers use numbers again
	Early []EarlyWord  `avro:"early"`
}

// ParcelLife is a parcel that had the number.
type ParcelLife struct {
	OrderID       string       `avro:"order_id"`
	ShipmentID    string       `avro:"shipment_id"`
	Since         Millis       `avro:"since"`     // when the number was given to it
	Sightings     []Sighting   `avro:"sightings"` // each scan once, in the order in which it happened
	Sequence      int64        `avro:"sequence"`
	Decision      string       `avro:"decision"`       // nobody asks for it any more; "": none
	AskedAt       Millis       `avro:"asked_at"`       // when it was last due to be asked for
	AnsweredAt    Millis       `avro:"answered_at"`    // when its carrier last answered
	FollowedAt    Millis       `avro:"followed_at"`    // when the carrier was last asked to push what it hears
	ExpectedAt    *Millis      `avro:"expected_at"`    // when its carrier expects to deliver it
	ExpectedSince Millis       `avro:"expected_since"` // when its carrier said that
	NotedAt       Millis       `avro:"noted_at"`       // when the last note on it was made
	Legs          []string     `avro:"legs"`           // other numbers under which it goes on
	LegOf         string       `avro:"leg_of"`         // this is such a number, of the parcel that has that one
	ProofAt       Millis       `avro:"proof_at"`       // when its carrier was asked what proves its delivery
	Expected      *Expectation `avro:"expected"`
}

// Sighting is a scan as it is remembered.
type Sighting struct {
	Status      string  `avro:"status"`
	At          Millis  `avro:"at"`
	Zone        string  `avro:"zone"`
	Code        string  `avro:"code"`
	Known       bool    `avro:"known"`
	Reason      string  `avro:"reason"`
	Said        *Body   `avro:"said"`
	Location    string  `avro:"location"`
	Terminal    bool    `avro:"terminal"`
	Returning   bool    `avro:"returning"`
	Linked      string  `avro:"linked"`
	EventRef    string  `avro:"event_ref"`
	ShipmentRef string  `avro:"shipment_ref"`
	Receiver    *Person `avro:"receiver"`
	Times       int64   `avro:"times"`  // how often it was told
	Origin      string  `avro:"origin"` // how it was first heard of
	HeardAt     Millis  `avro:"heard_at"`
}

// EarlyWord is what was said before anybody knew whose parcel it is.
type EarlyWord struct {
	Raw   RawTracking `avro:"raw"`
	Until Millis      `avro:"until"`
}

// What else is said of a parcel by who is no carrier.
const (
	DecisionLeg    = "leg"    // the number is another of a parcel that has one
	DecisionProven = "proof"  // what proves its delivery was kept
	DecisionViewed = "viewed" // a person has taken that out
)

// Why nobody asks for a parcel any more that has not come to its end.
const (
	DecisionAbandoned = "abandoned" // a person says so
	DecisionVoided    = "voided"    // its label was taken back
)

//go:embed parcel_track.avsc
var parcelTrackText string

// ParcelTrackSchema is the schema of the states in table.track.
var ParcelTrackSchema = parse[ParcelTrack]("parcel_track", parcelTrackText)
