package parcel

import (
	"hash/fnv"
	"time"

	"waybill/internal/sandbox/wire"
)

// Kind is what a scan says.
type Kind string

// What can happen to a parcel.
const (
	Announced    Kind = "announced"     // its data are known
	PickedUp     Kind = "picked_up"     // the carrier has it
	InTransit    Kind = "in_transit"    // it came to a depot, or left one
	Out          Kind = "out"           // it is on the van
	Failed       Kind = "failed"        // nobody was there
	AtPoint      Kind = "at_point"      // it waits in a shop or locker
	NotCollected Kind = "not_collected" // it waited there for too long
	TurnedBack   Kind = "turned_back"   // it goes to who sent it
	Damaged      Kind = "damaged"       // it is repaired, and goes on
	Held         Kind = "held"          // it waits for something, and goes on
	Missing      Kind = "missing"       // nobody knows where it is, and nobody will
	Delivered    Kind = "delivered"
	Neighbour    Kind = "neighbour" // delivered to one
	Collected    Kind = "collected" // from where it waited
	Returned     Kind = "returned"  // who sent it has it again
)

// Status is how far a parcel is, in the sandbox's own words.
type Status string

// The states of a parcel. Delivered ones, returned ones, lost ones and cancelled ones stay so.
const (
	StatusCreated        Status = "created"
	StatusPickedUp       Status = "picked_up"
	StatusInTransit      Status = "in_transit"
	StatusOutForDelivery Status = "out_for_delivery"
	StatusFailedAttempt  Status = "failed_attempt"
	StatusAtPickupPoint  Status = "at_pickup_point"
	StatusException      Status = "exception"
	StatusReturning      Status = "returning"
	StatusDelivered      Status = "delivered"
	StatusReturned       Status = "returned"
	StatusLost           Status = "lost"
	StatusCancelled      Status = "cancelled"
)

var statuses = map[Kind]Status{
	Announced: StatusCreated, PickedUp: StatusPickedUp, InTransit: StatusInTransit, Out: StatusOutForDelivery, Failed: StatusFailedAttempt, AtPoint: StatusAtPickupPoint,
	NotCollected: StatusException, TurnedBack: StatusReturning, Damaged: StatusException, Held: StatusException, Missing: StatusLost,
	Delivered: StatusDelivered, Neighbour: StatusDelivered, Collected: StatusDelivered, Returned: StatusReturned,
}

// Ended tells that nothing follows.
func (s Status) Ended() bool {
	return s == StatusDelivered || s == StatusReturned || s == StatusLost || s == StatusCancelled
}

// Scan is one thing that happened to a parcel.
type Scan struct {
	Kind  Kind
	At    time.Time // in the sandbox's calendar, a whole minute, and later than that of the scan before: some carriers tell no seconds
	Place Place
	Left  bool // it left its first depot; another InTransit is that it came to a depot
	Back  bool // it is on its way to who sent it
}

// Place is a depot.
type Place struct{ City, Code, Country string }

// step is a scan to come: so many minutes after the booking.
type step struct {
	kind  Kind
	after int
	leg   leg
}

// leg is the part of the way, and so the place.
type leg int

const (
	origin leg = iota
	hub
	destination
)

// The shares of lives, in per cent.
var shares = []int{plain: 80, failedFirst: 8, toPoint: 5, returned: 4, troubled: 2, lost: 1}

const (
	plain = iota
	failedFirst
	toPoint
	returned
	troubled
	lost
)

// story writes a life, scan by scan.
type story struct {
	*wire.Dice
	steps []step
	leg   leg
	point bool // it is sent to a shop or a locker
}

// then lets something happen after so many hours.
func (s *story) then(kind Kind, low, high int) {
	after := 0
	if len(s.steps) > 0 {
		after = s.steps[len(s.steps)-1].after + s.Between(low*60, high*60)
	}
	s.steps = append(s.steps, step{kind, after, s.leg})
}

// lifeOf is all that will happen to a parcel: the same for the same seed and number. It takes three days or so if all goes well, and no more
// than eight.
func lifeOf(seed uint64, number string, point bool) []step {
	d := wire.Throw(seed, 0x9A2CE1, digest(number))
	s := &story{Dice: d, point: point, steps: make([]step, 0, 12)}
	kind := d.Weighted(shares...)
	s.travel(kind == plain && d.Chance(25))
	switch kind {
	case failedFirst:
		s.fail()
	case toPoint:
		s.point = true
	case returned:
		s.comeBack()
		return s.steps
	case troubled:
		s.then(wire.Pick(d, []Kind{Damaged, Held}), 4, 12)
		s.then(InTransit, 12, 24)
	case lost:
		s.then(Missing, 24, 72)
		return s.steps
	}
	s.deliver()
	return s.steps
}

// travel is the way to the last depot. Some parcels are announced days before the carrier has them.
func (s *story) travel(late bool) {
	s.then(Announced, 0, 0)
	if late {
		s.then(PickedUp, 72, 110)
	} else {
		s.then(PickedUp, 2, 10)
	}
	for way := range s.Between(1, 3) {
		s.leg = min(leg(way), hub)
		s.then(InTransit, 3, 8)
	}
	s.leg = destination
}

// fail is an attempt to which nobody opens. A locker is always there.
func (s *story) fail() {
	if s.point {
		return
	}
	s.then(Out, 6, 14)
	s.then(Failed, 1, 7)
}

func (s *story) deliver() {
	s.then(Out, 6, 14)
	switch {
	case s.point:
		s.then(AtPoint, 1, 7)
		s.then(Collected, 3, 48)
	case s.Chance(80):
		s.then(Neighbour, 1, 7)
	default:
		s.then(Delivered, 1, 7)
	}
}

// comeBack is the life of what nobody took.
func (s *story) comeBack() {
	if s.point || s.Chance(500) {
		s.then(Out, 6, 14)
		s.then(AtPoint, 1, 7)
		s.then(NotCollected, 60, 72)
	} else {
		s.fail()
		s.fail()
	}
	s.then(TurnedBack, 2, 10)
	s.leg = hub
	s.then(InTransit, 8, 20)
	s.leg = origin
	s.then(Returned, 10, 24)
}

// shown are the scans that have happened until a minute, at places that are the same every time.
func shown(steps []step, seed uint64, number string, booked, until int64, places []Place) []Scan {
	d := wire.Throw(seed, 0x91ACE5, digest(number))
	at := [3]Place{wire.Pick(d, places), wire.Pick(d, places), wire.Pick(d, places)}
	var scans []Scan
	back := false
	for _, s := range steps {
		minute := booked + int64(s.after)
		if minute > until && len(scans) > 0 { // what is known at all was announced
			break
		}
		back = back || s.kind == TurnedBack
		scans = append(scans, Scan{Kind: s.kind, At: time.Unix(minute*60, 0).UTC(), Place: at[s.leg], Left: s.kind == InTransit && s.leg == origin, Back: back})
	}
	return scans
}

func digest(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash never fails
	return h.Sum64()
}

// German and Polish depots, for carriers that have theirs there.
var (
	German = []Place{
		{"Hamburg", "20097", "DE"},
		{"Bremen", "28195", "DE"},
		{"Neuwied", "56564", "DE"},
		{"Aschaffenburg", "63741", "DE"},
		{"Leipzig", "04103", "DE"},
		{"Görlitz", "02826", "DE"},
		{"Nürnberg", "90402", "DE"},
		{"Köln", "50667", "DE"},
		{"Augsburg", "86150", "DE"},
		{"Kassel", "34117", "DE"},
	}
	Polish = []Place{
		{"Warszawa", "00-001", "PL"}, {"Kraków", "30-001", "PL"}, {"Łódź", "90-001", "PL"}, {"Wrocław", "50-001", "PL"}, {"Poznań", "60-001", "PL"}, {"Gdańsk", "80-001", "PL"},
	}
)
