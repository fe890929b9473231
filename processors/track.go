package processors

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// Watch is how a carrier's account is watched.
type Watch struct {
	Every      time.Duration // between two questions after a parcel; 0: it can not be asked
	NumbersMax int           // in one question
	PerDay     int           // questions a day; 0: as many as there are
	Proves     bool          // it can be asked what proves a delivery
	Follows    time.Duration // for how long it pushes what it hears of a number, once it was asked to; 0: it needs not be asked to
	FirstScan  time.Duration // a parcel without a scan so long after its label is missed; 0: nobody waits for it
	Silence    time.Duration // a parcel of which nothing was heard for so long is missed; 0: nobody waits for it
	Care       []string      // the troubles of a parcel that a person has to look at
	Unmatched  time.Duration // how long what is said of a parcel that nobody knows waits for it
}

// Track reads what carriers said of parcels, once each, and has those asked for that are on their way: after an interval, at once where
// something was said by who may be anybody. Whose parcel it is, the links in id.map tell; what is said before that waits.
func Track(s Sources) Processor {
	return Processor{
		Name:     "track",
		Reads:    []*topics.Topic{topics.TrackingRaw, topics.IDMap},
		Back:     topics.StepTrack,
		Table:    topics.TableTrack,
		Writes:   append([]*topics.Topic{topics.TrackingEvents, topics.TrackingDue, topics.Missing, topics.StepTrack}, carriersOutboxes()...),
		State:    schemas.ParcelTrackSchema,
		Snapshot: true, // an answer holds all that its carrier has said of the parcel
		Minds: func(topic *topics.Topic, key string) bool {
			return topic != topics.IDMap || strings.Contains(key, "/"+schemas.LinkTracking+"/")
		},
		Handle: func(event *topics.Event, state any) (Result, error) {
			t := tracking{sources: &s, event: event, known: state.(*schemas.ParcelTrack)}
			return t.run()
		},
	}
}

// tracking is one event on its way.
type tracking struct {
	sources *Sources
	event   *topics.Event
	known   *schemas.ParcelTrack
	said    []topics.Message
	whole   bool // the carrier has said all that it knows of the parcel
}

func (t *tracking) run() (Result, error) {
	var err error
	switch value := t.event.Value.(type) {
	case *schemas.Link:
		err = t.given(value)
	case *schemas.RawTracking:
		err = t.told(value)
	case nil:
		t.wake()
	default:
		err = Dead(schemas.ClassMalformed, fmt.Errorf("track got a %T", value))
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Messages: t.said, Repeat: t.said == nil, Partial: !t.whole, Wake: t.nextWake()}, nil
}

// party and number are those of the key.
func (t *tracking) party() string { party, _, _ := strings.Cut(t.event.Key, "/"); return party }

func (t *tracking) number() string {
	return strings.TrimPrefix(t.event.Key, t.party()+"/"+schemas.LinkTracking+"/")
}

func (t *tracking) terms() Watch { return t.sources.terms(t.party()).Watch }

// livesMax bounds how many parcels had one number. Carriers use it again after a year or so.
const livesMax = 8

// given is that a parcel has got the number. What was said before counts from now on.
func (t *tracking) given(link *schemas.Link) error {
	if link.Kind != schemas.LinkTracking {
		return nil
	}
	for i := range t.known.Lives {
		if t.known.Lives[i].ShipmentID == link.OurID {
			return nil
		}
	}
	orderID, _, is := schemas.SplitShipmentID(link.OurID)
	if !is {
		return Dead(schemas.ClassInvalid, fmt.Errorf("the link of tracking number %s leads to %q, which is no shipment", link.Ref, link.OurID))
	}
	life := schemas.ParcelLife{OrderID: orderID, ShipmentID: link.OurID, Since: link.At, AskedAt: t.event.At, AnsweredAt: t.event.At}
	life.Expected = expect(schemas.MissingScan, t.event.At, t.terms().FirstScan)
	if t.known.Lives = append(t.known.Lives, life); len(t.known.Lives) > livesMax {
		t.known.Lives = t.known.Lives[1:]
	}
	if err := t.follow(t.last()); err != nil {
		return err
	}
	return t.takeEarly()
}

// last is the life that goes on: the last that nobody has given up, or the last of all; nil if there is none.
func (t *tracking) last() (last *schemas.ParcelLife) {
	for i := range t.known.Lives {
		if life := &t.known.Lives[i]; last == nil || life.Decision == "" || last.Decision != "" {
			last = life
		}
	}
	return last
}

// told is what was said of a parcel. If it is not proven who says it, the carrier is asked (item 106).
func (t *tracking) told(raw *schemas.RawTracking) error {
	life := t.last()
	switch {
	case raw.ContentType == schemas.DecisionType && raw.Origin == schemas.OriginManual:
		return t.decide(raw, life)
	case life == nil:
		return t.wait(raw)
	case life.LegOf != "":
		t.sendOn(raw, life.LegOf)
		return nil
	case !raw.Proven:
		if t.terms().Every == 0 {
			return Dead(schemas.ClassUnproven, fmt.Errorf("nobody can tell who says this of parcel %s, and %s is not asked: give its account what it is asked with, or a secret for its pushes, and retry this; or dismiss it", t.number(), t.party()))
		}
		t.ask(life, schemas.DueUnproven)
		return nil
	}
	return t.hear(life, raw)
}

// hear reads what the carrier says, and takes each scan for the parcel that had the number at its time.
func (t *tracking) hear(life *schemas.ParcelLife, raw *schemas.RawTracking) error {
	if raw.Origin == schemas.OriginCron {
		life.AnsweredAt = t.event.At
	}
	tracked, err := t.sources.Tracked(raw)
	unread := schemas.Timed(err)
	if unread != nil && len(tracked.Scans)+len(tracked.Absent) == 0 {
		return Dead(schemas.ClassMalformed, fmt.Errorf("read what %s said of parcel %s: %w", raw.Carrier, t.number(), unread))
	}
	lives, err := t.byLife(life, raw, tracked.Scans)
	if err != nil {
		return err
	}
	t.whole = raw.Origin == schemas.OriginCron && unread == nil
	said, isNews := len(t.said), t.expects(life, raw, tracked.Arrivals)
	for i := range t.known.Lives {
		if scans := lives[&t.known.Lives[i]]; scans != nil {
			if err := t.take(&t.known.Lives[i], raw, scans); err != nil {
				return err
			}
		}
	}
	if unread != nil {
		if err := t.unread(life, raw, unread); err != nil {
			return err
		}
	}
	if isNews && len(t.said) == said {
		t.tellExpected(life, raw)
	}
	return nil
}

// byLife sorts scans by the parcel that had the number then. What is of another number stands in a record of its own, unless that is a leg's.
func (t *tracking) byLife(last *schemas.ParcelLife, raw *schemas.RawTracking, scans []schemas.Scan) (map[*schemas.ParcelLife][]*schemas.Scan, error) {
	lives := map[*schemas.ParcelLife][]*schemas.Scan{}
	for i := range scans {
		scan := &scans[i]
		switch {
		case isLeg(last, scan.Number) || isLeg(last, scan.Requested):
			scan.Linked = cmp.Or(scan.Linked, scan.Number) // by which it was told
		case !sameNumber(scan.Number, t.number()) && !sameNumber(scan.Requested, t.number()):
			continue
		}
		life, err := t.lifeAt(scan.At)
		if err == nil {
			err = t.goesOn(life, raw, scan.Linked)
		}
		if err != nil {
			return nil, err
		}
		lives[life] = append(lives[life], scan)
	}
	return lives, nil
}

// sameNumber compares numbers as people write them.
func sameNumber(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", ""))
}

const (
	// clocksApart is how much earlier than its label a parcel may have been seen: carriers tell minutes, and their own time.
	clocksApart = schemas.Millis(24 * 60 * 60 * 1000)
	// reusedAfter is how soon at the earliest a carrier is believed to use a number again.
	reusedAfter = schemas.Millis(30 * 24 * 60 * 60 * 1000)
)

// lifeAt is the parcel that had the number at a time (item 30). If two can have had it, nobody is told anything.
func (t *tracking) lifeAt(at schemas.Millis) (*schemas.ParcelLife, error) {
	var found, before *schemas.ParcelLife // of those that had it by then, the last two that nobody has given up
	for i := range t.known.Lives {
		life := &t.known.Lives[i]
		if found == nil || life.Decision == "" && at >= life.Since-clocksApart {
			found, before = life, found
		}
	}
	if before == nil || before.Decision != "" || before.OrderID == found.OrderID || found.Since-before.Since >= reusedAfter {
		return found, nil
	}
	return nil, Dead(schemas.ClassAmbiguous, fmt.Errorf("parcel %s of %s is said to be of shipment %s and of shipment %s: settle whose it is, and give up the other by 'waybill track SHIPMENT --abandon'",
		t.number(), t.party(), before.ShipmentID, found.ShipmentID))
}
