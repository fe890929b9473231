package parcel

import (
	"container/heap"
	"math/bits"
	"sync"
	"time"
)

// Parcel is one as its carrier knows it just now.
type Parcel struct {
	Number    string
	Reference string // the customer's own
	Booked    time.Time
	Point     bool // it is sent to a shop or a locker
	Cancelled bool
	Scans     []Scan // that have happened, in order
}

// Status is how far it is.
func (p Parcel) Status() Status {
	if p.Cancelled {
		return StatusCancelled
	}
	return statuses[p.Last().Kind]
}

// Last is its last scan; there is always one.
func (p Parcel) Last() Scan { return p.Scans[len(p.Scans)-1] }

// Has tells whether something happened to it.
func (p Parcel) Has(kinds ...Kind) bool {
	for _, s := range p.Scans {
		for _, k := range kinds {
			if s.Kind == k {
				return true
			}
		}
	}
	return false
}

// Truth is what became of a parcel, and who was told.
type Truth struct {
	Number    string `json:"number"`
	Reference string `json:"reference"`
	Status    Status `json:"status"`
	Ended     bool   `json:"ended"`
	Scans     int    `json:"scans"`   // that have happened
	Pushed    int    `json:"pushed"`  // scans that were told by a push, and taken
	Omitted   int    `json:"omitted"` // scans whose push was never sent
	Failed    int    `json:"failed"`  // scans whose push nobody took to the end
}

// Book has the parcels of one carrier. Only what can not be made again of its number is kept of each: some 200 bytes. For concurrent use.
type Book struct {
	seed     uint64
	calendar *Calendar
	places   []Place
	follows  bool // only parcels that somebody follows are told of

	mu       sync.Mutex
	numbered map[string]*record
	order    []*record
	pushing  bool
	due      dues
}

// record is a parcel that is kept. A life has fewer than 16 scans, and a bit stands for each.
type record struct {
	number, reference string
	booked, next      int64 // minutes
	followed          int64 // until when; 0: nobody does
	told              uint8 // how many scans were looked at for a push
	point, cancelled  bool
	end               Status // empty: it lives
	scans             uint8  // how many it had then

	pushed, omitted, failed uint16
}

// NewBook has no parcels. Where only parcels that somebody follows are told of, say so.
func NewBook(seed uint64, calendar *Calendar, places []Place, follows bool) *Book {
	return &Book{seed: seed, calendar: calendar, places: places, follows: follows, numbered: map[string]*record{}}
}

// Add begins the life of a parcel that was booked when the clock showed a time.
func (b *Book) Add(number, reference string, point bool, clock time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	booked := minute(b.calendar.At(clock))
	r := &record{number: number, reference: reference, booked: booked, next: booked, point: point}
	b.numbered[number] = r
	b.order = append(b.order, r)
	if b.pushing {
		heap.Push(&b.due, r)
	}
}

// Cancel ends a life before it begins: false if the carrier has the parcel already.
func (b *Book) Cancel(number string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.numbered[number]
	if r == nil || r.cancelled {
		return false
	}
	if scans, _ := b.far(r); scans > 1 {
		return false
	}
	r.cancelled = true
	return true
}

// Held tells whether the carrier has a parcel, or had it: more happened to it than that it was announced.
func (b *Book) Held(number string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.numbered[number]
	if r == nil || r.cancelled {
		return false
	}
	scans, _ := b.far(r)
	return scans > 1
}

// Find is a parcel by its number, as it is now.
func (b *Book) Find(number string) (p Parcel, found bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.numbered[number]
	if r == nil {
		return Parcel{}, false
	}
	return b.parcel(r, b.scans(r)), true
}

// Follow has a parcel's scans told until a time of the calendar; those before are not. False if it is not known.
func (b *Book) Follow(number string, until time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.numbered[number]
	if r == nil {
		return false
	}
	if b.pushing && minute(b.calendar.Now()) >= r.followed {
		scans, _ := b.far(r)
		r.told = uint8(scans)
	}
	r.followed = minute(until)
	return true
}

// Sums are those of a carrier's parcels.
type Sums struct {
	Parcels   int `json:"parcels"`
	Delivered int `json:"delivered"`
	Returned  int `json:"returned"`
	Lost      int `json:"lost"`
	Cancelled int `json:"cancelled"`
	Living    int `json:"living"`
	Scans     int `json:"scans"`
	Pushed    int `json:"pushed"`
	Omitted   int `json:"omitted"`
	Failed    int `json:"failed"`
}

// Sums adds up.
func (b *Book) Sums() (s Sums) {
	for t := range b.Truths {
		s.Parcels++
		switch t.Status {
		case StatusDelivered:
			s.Delivered++
		case StatusReturned:
			s.Returned++
		case StatusLost:
			s.Lost++
		case StatusCancelled:
			s.Cancelled++
		default:
			s.Living++
		}
		s.Scans, s.Pushed, s.Omitted, s.Failed = s.Scans+t.Scans, s.Pushed+t.Pushed, s.Omitted+t.Omitted, s.Failed+t.Failed
	}
	return s
}

// truthsAtOnce is how many parcels are looked at before others may come in.
const truthsAtOnce = 1000

// Truths goes through all parcels, in the order in which they were booked.
func (b *Book) Truths(yield func(Truth) bool) {
	for begin := 0; ; begin += truthsAtOnce {
		page := b.page(begin)
		for _, t := range page {
			if !yield(t) {
				return
			}
		}
		if len(page) < truthsAtOnce {
			return
		}
	}
}

func (b *Book) page(begin int) []Truth {
	b.mu.Lock()
	defer b.mu.Unlock()
	var page []Truth
	for _, r := range b.order[min(begin, len(b.order)):min(begin+truthsAtOnce, len(b.order))] {
		scans, status := b.far(r)
		page = append(page, Truth{
			Number: r.number, Reference: r.reference, Status: status, Ended: status.Ended(), Scans: scans,
			Pushed: bits.OnesCount16(r.pushed), Omitted: bits.OnesCount16(r.omitted &^ r.pushed), Failed: bits.OnesCount16(r.failed &^ r.pushed),
		})
	}
	return page
}

// far is how many scans have happened, and so how far a parcel is. What ended is not looked at again.
func (b *Book) far(r *record) (scans int, status Status) {
	switch {
	case r.cancelled:
		return 1, StatusCancelled
	case r.end != "":
		return int(r.scans), r.end
	}
	steps, since := lifeOf(b.seed, r.number, r.point), minute(b.calendar.Now())-r.booked
	for scans = 1; scans < len(steps) && int64(steps[scans].after) <= since; scans++ {
	}
	if status = statuses[steps[scans-1].kind]; status.Ended() {
		r.end, r.scans = status, uint8(scans)
	}
	return scans, status
}

// scans are those that have happened. What was cancelled has no life beyond its announcement.
func (b *Book) scans(r *record) []Scan {
	steps := lifeOf(b.seed, r.number, r.point)
	if r.cancelled {
		steps = steps[:1]
	}
	return shown(steps, b.seed, r.number, r.booked, minute(b.calendar.Now()), b.places)
}

func (b *Book) parcel(r *record, scans []Scan) Parcel {
	return Parcel{Number: r.number, Reference: r.reference, Booked: time.Unix(r.booked*60, 0).UTC(), Point: r.point, Cancelled: r.cancelled, Scans: scans}
}

func minute(at time.Time) int64 { return at.Unix() / 60 }
