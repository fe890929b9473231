// Package scans is what the carriers share when they read what was said of parcels: a sheet to take it down on, a carrier's
// vocabulary, wall clocks without a zone, and JSON, XML and texts as carriers write them. It knows no carrier.
package scans

import (
	"cmp"
	"fmt"
	"slices"

	"waybill/schemas"
)

// Limits of what one answer may say.
const (
	BytesMax       = 16 << 20
	scansMax       = 50_000
	documentsMax   = 50_000
	numberBytesMax = 100
)

// Sheet takes down what one answer or push says.
type Sheet struct {
	carrier  string
	asked    string
	scans    []schemas.Scan
	seen     map[sameScan]bool
	arrivals []schemas.Arrival
	absent   []schemas.Absent
	faults   schemas.Faults
}

// sameScan is what makes two scans of one answer one. A number may be that of several parcels: the shipment tells them apart. A code may
// be that of different things within a minute: the description does.
type sameScan struct {
	number, ref, code, text string
	at                      schemas.Millis
}

// NewSheet is empty. asked is the parcel that was asked for, if one was: there are answers that do not name it.
func NewSheet(carrier, asked string) *Sheet {
	return &Sheet{carrier: carrier, asked: Text(asked), seen: map[sameScan]bool{}}
}

// Asked is the parcel that was asked for.
func (s *Sheet) Asked() string { return s.asked }

// Fault notes what could not be read, and where.
func (s *Sheet) Fault(code, path, format string, args ...any) {
	s.faults.Add(code, Text(path), "%s", Text(fmt.Sprintf(format, args...))) // a carrier's words may be in it
}

// Refused notes that the carrier answered a request with no: it says nothing of any parcel.
func (s *Sheet) Refused(path, code, text string) {
	why := cmp.Or(Text(code), "no")
	if text = Text(text); text != "" {
		why += ": " + text
	}
	s.Fault("refused", path, "the carrier answered %s", why)
}

// Absent notes a parcel that the carrier does not know.
func (s *Sheet) Absent(number, code, reason string) {
	if len(s.absent) >= scansMax {
		s.Fault("too_many", "$", "an answer has at most %d parcels that are not known", scansMax)
		return
	}
	s.absent = append(s.absent, schemas.Absent{Number: cmp.Or(Text(number), s.asked), Code: Text(code), Reason: Text(reason)})
}

// Arrives notes when the carrier expects to deliver a parcel; nothing without a time. The last that is told of one counts.
func (s *Sheet) Arrives(number string, at schemas.Millis) {
	if number = cmp.Or(Text(number), s.asked); at != 0 && number != "" && len(number) <= numberBytesMax && len(s.arrivals) < scansMax {
		s.arrivals = append(s.arrivals, schemas.Arrival{Number: number, At: at})
	}
}

// Add takes a scan down, once. One without a time is a fault: it has no place among the others.
func (s *Sheet) Add(path string, scan schemas.Scan) {
	scan.Carrier, scan.Number = s.carrier, cmp.Or(Text(scan.Number), s.asked)
	scan.ShipmentRef, scan.Code, scan.Reason = Text(scan.ShipmentRef), Text(scan.Code), Text(scan.Reason)
	scan.Description, scan.Location = Text(scan.Description), Text(scan.Location)
	scan.Linked, scan.EventRef, scan.Requested = Text(scan.Linked), Text(scan.EventRef), Text(scan.Requested)
	switch {
	case scan.At == 0:
		s.Fault(schemas.FaultUntimed, path, "it does not say when it was so")
		return
	case len(scan.Number) > numberBytesMax:
		s.Fault("bad_number", path, "a tracking number has at most %d bytes", numberBytesMax)
		return
	case len(s.scans) >= scansMax:
		s.Fault("too_many", path, "an answer has at most %d scans", scansMax)
		return
	}
	same := sameScan{scan.Number, scan.ShipmentRef, scan.Code, scan.Description, scan.At}
	if s.seen[same] {
		return
	}
	s.seen[same] = true
	switch {
	case scan.Status != schemas.ParcelException && scan.Status != schemas.ParcelFailedAttempt:
		scan.Trouble = "" // it turned out otherwise than its code says
	case scan.Returning && scan.Trouble == schemas.TroubleHeld:
		scan.Trouble = schemas.TroubleReturning
	}
	s.scans = append(s.scans, scan)
}

// Tracked is all that was taken down, and as an error, schemas.Faults, what could not be.
func (s *Sheet) Tracked() (schemas.Tracked, error) {
	return schemas.Tracked{Scans: s.inOrder(), Arrivals: s.arrivals, Absent: s.absent}, s.faults.Err()
}

// inOrder sorts by time. What is of one time keeps the order in which the answer tells it, read from its oldest end: most
// carriers tell the newest first.
func (s *Sheet) inOrder() []schemas.Scan {
	type parcel struct{ number, ref string }
	type span struct {
		index       int // of the parcel
		first, last schemas.Millis
	}
	spans := map[parcel]*span{}
	of := make([]*span, len(s.scans))
	order := make([]int, len(s.scans))
	for i := range s.scans {
		p, at := parcel{s.scans[i].Number, s.scans[i].ShipmentRef}, s.scans[i].At
		if spans[p] == nil {
			spans[p] = &span{index: len(spans), first: at}
		}
		spans[p].last = at
		of[i], order[i] = spans[p], i
	}
	slices.SortFunc(order, func(a, b int) int {
		told := cmp.Compare(a, b)
		if of[a] == of[b] && of[a].first > of[a].last {
			told = -told
		}
		return cmp.Or(cmp.Compare(s.scans[a].At, s.scans[b].At), cmp.Compare(of[a].index, of[b].index), told)
	})
	sorted := make([]schemas.Scan, len(order))
	for i, at := range order {
		sorted[i] = s.scans[at]
	}
	return sorted
}

// Named is a person of whom only the name is known, nil without one.
func Named(name string) *schemas.Person {
	if name = Text(name); name == "" {
		return nil
	}
	return &schemas.Person{Name: name}
}

// At is a path below another: of the element at an index.
func At(path string, index int) string { return fmt.Sprintf("%s[%d]", path, index) }
