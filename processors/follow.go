package processors

import (
	"cmp"
	"slices"

	"waybill/schemas"
)

// History is what is known of one parcel: each scan once, in the order in which it happened, whenever it was heard of. So it is the
// same in whatever order, and however often, its scans arrive.
type History []Sighting

// Sighting is a scan, and how often it was told: by a push, by the carrier's answer to us, once more.
type Sighting struct {
	Scan    schemas.Scan
	Times   int64
	Origin  string // how it was first heard of
	HeardAt schemas.Millis
}

// sameScan: what says where a parcel is, is the same if it says that of the same minute, because a carrier has other codes where it pushes
// than where it answers, and one of both without seconds. Of what says nothing of it, the code is the same too.
func sameScan(a, b *schemas.Scan) bool {
	const minute = 60_000
	switch {
	case a.Carrier != b.Carrier, a.Number != b.Number, a.Status != b.Status:
		return false
	case stageOf(a.Status) < 0:
		return a.At == b.At && a.Code == b.Code
	}
	return a.At/minute == b.At/minute
}

// Take adds a scan to a history, heard of in some way at some time. It is false if that was known.
func (h History) Take(scan *schemas.Scan, origin string, heardAt schemas.Millis) (History, bool) {
	for i := range h {
		if known := &h[i]; sameScan(&known.Scan, scan) {
			h = slices.Clone(h)
			h[i].Times++
			if byWhatIsTold(scan, &known.Scan) > 0 {
				h[i].Scan = *scan
			}
			slices.SortFunc(h, inTime)
			return h, false
		}
	}
	h = append(slices.Clone(h), Sighting{Scan: *scan, Times: 1, Origin: origin, HeardAt: heardAt})
	slices.SortFunc(h, inTime)
	return h, true
}

// inTime orders what happened. Of what a carrier tells of one minute, a parcel's life tells the order.
func inTime(a, b Sighting) int {
	return cmp.Or(cmp.Compare(a.Scan.At, b.Scan.At), cmp.Compare(stageOf(a.Scan.Status), stageOf(b.Scan.Status)),
		cmp.Compare(a.Scan.Carrier, b.Scan.Carrier), cmp.Compare(a.Scan.Number, b.Scan.Number), cmp.Compare(a.Scan.Code, b.Scan.Code))
}

// byWhatIsTold prefers, of two tellings of one scan, that which says more, whichever came first.
func byWhatIsTold(a, b *schemas.Scan) int {
	return cmp.Or(cmp.Compare(stageOf(a.Status), stageOf(b.Status)), cmp.Compare(receiverOf(a), receiverOf(b)), firm(a.Terminal, b.Terminal),
		firm(a.Returning, b.Returning), cmp.Compare(a.Location, b.Location), cmp.Compare(a.Description, b.Description), cmp.Compare(a.Reason, b.Reason),
		cmp.Compare(a.ShipmentRef, b.ShipmentRef), cmp.Compare(a.EventRef, b.EventRef), cmp.Compare(a.Linked, b.Linked), cmp.Compare(a.Zone, b.Zone),
		cmp.Compare(a.At, b.At), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Requested, b.Requested))
}

func receiverOf(s *schemas.Scan) string {
	if s.Receiver == nil {
		return ""
	}
	return s.Receiver.Name
}

// firm compares what one may say and the other not.
func firm(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Reopens says whether a carrier goes on with a parcel that it said was at its end.
type Reopens func(carrier, status string) bool

// Stand is the scan that says how the parcel stands, nil if none does. It is made of the whole history, so what comes late finds its
// place: nothing moves backwards because of when it was heard of.
func (h History) Stand(reopens Reopens) *schemas.Scan {
	var stand *schemas.Scan
	for i := range h {
		if follows, _ := Follows(stand, &h[i].Scan, reopens); follows {
			stand = &h[i].Scan
		}
	}
	return stand
}

// Follows says whether a parcel that stood so stands as the next scan says, and why it does not. The next is not older than the one
// before, which is nil at first.
func Follows(before, next *schemas.Scan, reopens Reopens) (follows bool, why string) {
	switch {
	case next.Status == schemas.ParcelUnknown:
		return false, "nobody has said what its code means"
	case next.Status == schemas.ParcelIgnored:
		return false, "it says nothing of where the parcel is"
	case before == nil:
		return true, ""
	case next.At < before.At:
		return false, "it was so before"
	case before.Terminal:
		return afterTheEnd(before, next, reopens)
	case next.Status == before.Status:
		return oncemore(before, next)
	case stageOf(next.Status) > stageOf(before.Status):
		return true, ""
	}
	return back(before.Status, next.Status)
}

// afterTheEnd: what was delivered may come back, and nothing else follows, unless the carrier is known to go on.
func afterTheEnd(before, next *schemas.Scan, reopens Reopens) (bool, string) {
	switch {
	case before.Status == schemas.ParcelDelivered && next.Status == schemas.ParcelReturned:
		return true, ""
	case next.Status == before.Status:
		return false, "it stands so"
	case reopens != nil && reopens(before.Carrier, before.Status):
		return true, ""
	}
	return false, "the parcel is at its end"
}

// oncemore: a second attempt that failed, and another thing that is wrong, are news; being on its way is not.
func oncemore(before, next *schemas.Scan) (bool, string) {
	trouble := next.Status == schemas.ParcelFailedAttempt || next.Status == schemas.ParcelException
	if next.Terminal || trouble && (next.Code != before.Code || next.At > before.At) {
		return true, ""
	}
	return false, "it stands so"
}

// legalReversals are the ways back that parcels take: by status, those that may follow although they come before it in a life.
var legalReversals = map[string][]string{
	schemas.ParcelOutForDelivery: {schemas.ParcelInTransit},                               // taken back to the depot
	schemas.ParcelAtPickupPoint:  {schemas.ParcelInTransit, schemas.ParcelOutForDelivery}, // not collected, or sent on
	schemas.ParcelFailedAttempt:  {schemas.ParcelInTransit, schemas.ParcelOutForDelivery, schemas.ParcelAtPickupPoint},
	schemas.ParcelException: {
		schemas.ParcelPickedUp, schemas.ParcelInTransit, schemas.ParcelOutForDelivery, schemas.ParcelAtPickupPoint, schemas.ParcelFailedAttempt,
	},
	// said to be returned by a carrier who has but sent it off
	schemas.ParcelReturned: {schemas.ParcelException, schemas.ParcelDelivered},
}

func back(before, next string) (bool, string) {
	if slices.Contains(legalReversals[before], next) {
		return true, ""
	}
	return false, "a parcel that is " + before + " is not " + next + " again"
}

// stageOf counts the stages of a parcel's life. What says nothing of it is before all of them.
func stageOf(status string) int {
	switch status {
	case schemas.ParcelUnknown:
		return -2
	case schemas.ParcelIgnored:
		return -1
	}
	return slices.Index(schemas.ParcelStatuses, status)
}
