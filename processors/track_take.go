package processors

import (
	"waybill/schemas"
	"waybill/topics"
)

// sightingsMax bounds the history of a parcel: the oldest are forgotten first, as they say the least.
const sightingsMax = 500

// take adds scans to the history of a parcel, and tells of each that is new.
func (t *tracking) take(life *schemas.ParcelLife, raw *schemas.RawTracking, scans []*schemas.Scan) error {
	reopens := func(_, status string) bool { return t.sources.Reopens != nil && t.sources.Reopens(raw.Carrier, status) }
	h := t.history(life)
	before := h.Stand(reopens)
	var news []*schemas.Scan
	for _, scan := range scans {
		scan.Carrier, scan.Number = t.party(), t.number()
		var isNew bool
		if h, isNew = h.Take(scan, raw.Origin, raw.ReceivedAt); isNew {
			news = append(news, scan)
		}
	}
	stand := h.Stand(reopens)
	if !sameStanding(before, stand) {
		life.Sequence++
		life.Decision = "" // what is heard of it is more than what was believed of it
	}
	keepHistory(life, h)
	for _, scan := range news {
		t.tell(life, raw, scan, stand)
	}
	t.expectNext(life, stand, len(news) > 0)
	return t.prove(life, stand)
}

func sameStanding(a, b *schemas.Scan) bool {
	if a == nil || b == nil {
		return a == b
	}
	return sameScan(a, b) && a.Terminal == b.Terminal
}

// tell says what was heard of a parcel, and how it stands since.
func (t *tracking) tell(life *schemas.ParcelLife, raw *schemas.RawTracking, scan, stand *schemas.Scan) *schemas.ParcelEvent {
	e := &schemas.ParcelEvent{
		OrderID: life.OrderID, ShipmentID: life.ShipmentID, Party: t.party(), Carrier: raw.Carrier, Number: t.number(), Origin: raw.Origin,
		Status: scan.Status, At: scan.At, HeardAt: raw.ReceivedAt, Zone: scan.Zone, Code: scan.Code, Known: scan.Known, Reason: scan.Reason,
		Said: schemas.Text(scan.Description), Location: scan.Location, Terminal: scan.Terminal, Returning: scan.Returning, Linked: scan.Linked,
		EventRef: scan.EventRef, Receiver: scan.Receiver, Trouble: scan.Trouble, ExpectedAt: life.ExpectedAt, Sequence: life.Sequence, Ended: isOver(life, stand),
	}
	if stand != nil {
		e.Standing, e.StandingAt = stand.Status, stand.At
		e.Counts = sameStanding(scan, stand)
	}
	if !e.Counts {
		e.Why = whyNot(scan, stand)
	}
	t.said = append(t.said, topics.Message{Topic: topics.TrackingEvents, Key: life.OrderID, Value: e, Headers: []topics.Header{
		{Key: topics.HeaderOrderID, Value: []byte(life.OrderID)}, {Key: topics.HeaderOrigin, Value: []byte(raw.Origin)},
	}})
	return e
}

// whyNot is why a parcel does not stand as a scan says: something came after it, or it can not follow what is known.
func whyNot(scan, stand *schemas.Scan) string {
	switch {
	case stand == nil || scan.At > stand.At:
		_, why := Follows(stand, scan, nil)
		return why
	case scan.Status == schemas.ParcelUnknown || scan.Status == schemas.ParcelIgnored:
		_, why := Follows(nil, scan, nil)
		return why
	}
	return "it was so before"
}

// expects notes when the carrier expects to deliver a parcel, and whether it says another time than before (item 112). What it said earlier, and is
// read once more, counts no more.
func (t *tracking) expects(life *schemas.ParcelLife, raw *schemas.RawTracking, arrivals []schemas.Arrival) (isNews bool) {
	if raw.ReceivedAt < life.ExpectedSince || isOver(life, t.standOf(life)) {
		return false
	}
	for i := range arrivals {
		at := arrivals[i].At
		if sameNumber(arrivals[i].Number, t.number()) && (life.ExpectedAt == nil || *life.ExpectedAt != at) {
			life.ExpectedAt, life.ExpectedSince, isNews = &at, raw.ReceivedAt, true
		}
	}
	return isNews
}

// tellExpected says when the carrier expects to deliver a parcel, where nothing else was said of it.
func (t *tracking) tellExpected(life *schemas.ParcelLife, raw *schemas.RawTracking) {
	t.tell(life, raw, &schemas.Scan{Status: schemas.ParcelIgnored, At: raw.ReceivedAt, Code: schemas.CodeExpected, Known: true}, t.standOf(life))
}

// unread tells, once, that something of what was said of a parcel could not be read.
func (t *tracking) unread(life *schemas.ParcelLife, raw *schemas.RawTracking, err error) error {
	scan := &schemas.Scan{Status: schemas.ParcelUnknown, At: life.Since, Code: "unreadable", Reason: err.Error()}
	return t.take(life, raw, []*schemas.Scan{scan})
}

// isOver tells that nobody asks for a parcel any more.
func isOver(life *schemas.ParcelLife, stand *schemas.Scan) bool {
	return life.Decision != "" || stand != nil && stand.Terminal
}

// history is that of a life.
func (t *tracking) history(life *schemas.ParcelLife) (h History) {
	for i := range life.Sightings {
		s := &life.Sightings[i]
		scan := schemas.Scan{
			Carrier: t.party(), Number: t.number(), ShipmentRef: s.ShipmentRef, Status: s.Status, At: s.At, Zone: s.Zone, Code: s.Code, Known: s.Known, Reason: s.Reason,
			Location: s.Location, Terminal: s.Terminal, Returning: s.Returning, Linked: s.Linked, EventRef: s.EventRef, Receiver: s.Receiver,
		}
		if s.Said != nil {
			scan.Description = string(s.Said.Bytes)
		}
		h = append(h, Sighting{Scan: scan, Times: s.Times, Origin: s.Origin, HeardAt: s.HeardAt})
	}
	return h
}

func keepHistory(life *schemas.ParcelLife, h History) {
	h = h[max(0, len(h)-sightingsMax):]
	life.Sightings = make([]schemas.Sighting, 0, len(h))
	for i := range h {
		s := &h[i].Scan
		life.Sightings = append(life.Sightings, schemas.Sighting{
			Status: s.Status, At: s.At, Zone: s.Zone, Code: s.Code, Known: s.Known, Reason: s.Reason, Said: schemas.Text(s.Description), Location: s.Location,
			Terminal: s.Terminal, Returning: s.Returning, Linked: s.Linked, EventRef: s.EventRef, ShipmentRef: s.ShipmentRef, Receiver: s.Receiver,
			Times: h[i].Times, Origin: h[i].Origin, HeardAt: h[i].HeardAt,
		})
	}
}
