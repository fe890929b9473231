package schemas

// What a carrier can say of a parcel, in our words.
const (
	ParcelCreated        = "created"          // announced: the carrier does not have it yet
	ParcelPickedUp       = "picked_up"        // the carrier has it
	ParcelInTransit      = "in_transit"       //
	ParcelOutForDelivery = "out_for_delivery" //
	ParcelAtPickupPoint  = "at_pickup_point"  // waits for the receiver at a shop, a locker or a depot
	ParcelFailedAttempt  = "failed_attempt"   // the receiver did not get it, this time
	ParcelException      = "exception"        // something that a person should look at: held, lost, damaged, stopped, on its way back
	ParcelDelivered      = "delivered"        //
	ParcelReturned       = "returned"         // back with the sender
	ParcelIgnored        = "ignore"           // known, and it says nothing of where the parcel is
	ParcelUnknown        = "unknown"          // nobody has said yet what the carrier's code means
)

// ParcelStatuses are all of them, in the order of a parcel's life.
var ParcelStatuses = []string{
	ParcelCreated, ParcelPickedUp, ParcelInTransit, ParcelOutForDelivery, ParcelAtPickupPoint, ParcelFailedAttempt, ParcelException,
	ParcelDelivered, ParcelReturned, ParcelIgnored, ParcelUnknown,
}

// Scan is one thing that a carrier said of one parcel. The same carrier, number, time and code are the same scan, whoever told it.
type Scan struct {
	Carrier     string
	Number      string // that the carrier tracks the parcel by; "" where an answer does not name it
	Requested   string `json:",omitempty"` // the number that it was asked for by, where the answer names the parcel by another
	ShipmentRef string // what the carrier calls the shipment; where it has no name for it, the sender's reference
	Status      string // one of the above
	At          Millis // when it was so
	Zone        string // in which the time was read, where it came without one; "" otherwise
	Code        string // the carrier's own, which the status was made of
	Known       bool   // the code is in the carrier's vocabulary; otherwise the status is unknown
	Reason      string // the carrier's finer code, such as why a delivery failed
	Description string // in the carrier's words
	Location    string
	Terminal    bool    // nothing is expected to follow
	Returning   bool    // on its way back to the sender
	Trouble     string  `json:",omitempty"` // what hinders the parcel, one of those below; "": nothing
	Linked      string  // another number under which it goes on: of its way back, of a carrier who takes it over
	EventRef    string  // the carrier's own name of the event, if it has one
	Receiver    *Person // who took it, if that was told: a name
}

// Absent is a parcel that an answer says the carrier does not know.
type Absent struct {
	Number string
	Code   string // the carrier's
	Reason string // in its words
}

// Arrival is when a carrier expects to deliver a parcel.
type Arrival struct {
	Number string
	At     Millis // the end of the time that it gives
}

// Tracked is what one answer or push of a carrier says.
type Tracked struct {
	Scans    []Scan // each once, oldest first
	Arrivals []Arrival
	Absent   []Absent
}

// Proof is something that proves a delivery.
type Proof struct {
	Kind    string // one of those below
	Content []byte
}

// What can prove a delivery.
const (
	ProofSignature = "signature" // a picture of it
	ProofPhoto     = "photo"     // of where the parcel was left
	ProofDocument  = "document"  // of the carrier's
)

// What can hinder a parcel. A person can do something about the most of it.
const (
	TroubleLate         = "late"          // it will arrive later than was said
	TroublePromise      = "promise"       // its carrier expects it after the day that its buyer was promised
	TroubleHeld         = "held"          // its carrier does not go on with it, or does not say why it is an exception
	TroubleAttempt      = "attempt"       // it could not be delivered, this time
	TroubleAddress      = "address"       // the address is wrong, or nobody of that name lives there
	TroubleRefused      = "refused"       // the receiver does not want it, or not pay for it
	TroubleNotCollected = "not_collected" // it has waited for the receiver for too long
	TroubleCustoms      = "customs"       // it waits for papers, or money
	TroubleDamaged      = "damaged"       //
	TroubleLost         = "lost"          // or destroyed
	TroubleReturning    = "returning"     // on its way back to the sender
)

// Troubles are all of them.
var Troubles = []string{
	TroubleLate, TroublePromise, TroubleHeld, TroubleAttempt, TroubleAddress, TroubleRefused, TroubleNotCollected, TroubleCustoms, TroubleDamaged, TroubleLost, TroubleReturning,
}
