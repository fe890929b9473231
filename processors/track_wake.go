package processors

import (
	"encoding/json"
	"fmt"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// KindFollow is the call that asks a carrier to push what it hears of a parcel.
const KindFollow = "follow"

// wakeParcel is what track wants to be woken for.
const wakeParcel = "parcel"

// How much a question after a parcel is worth, where a carrier does not answer all: a person waits for it, somebody tells stories, it is missed, it
// is about to arrive.
var worths = map[string]int64{
	schemas.DueWanted: 1000, schemas.DueUnproven: 900, schemas.DueUnseen: 800, schemas.DueSilent: 700,
	schemas.ParcelOutForDelivery: 60, schemas.ParcelFailedAttempt: 55, schemas.ParcelException: 50, schemas.ParcelAtPickupPoint: 40, schemas.ParcelInTransit: 30,
	schemas.ParcelPickedUp: 25, schemas.ParcelCreated: 20,
}

// ask has the carrier asked for a parcel.
func (t *tracking) ask(life *schemas.ParcelLife, why string) {
	if t.terms().Every == 0 {
		return
	}
	worth := worths[why]
	if stand := t.standOf(life); worth == 0 && stand != nil {
		worth = worths[stand.Status]
	}
	life.AskedAt = t.event.At
	for _, number := range append([]string{t.number()}, life.Legs...) {
		t.said = append(t.said, topics.Message{Topic: topics.TrackingDue, Key: t.party(), Value: &schemas.ParcelDue{
			Party: t.party(), Number: number, OrderID: life.OrderID, Why: why, Worth: worth, At: t.event.At,
		}})
	}
}

// wake does what it is time for.
func (t *tracking) wake() {
	t.giveUp()
	life := t.last()
	if life == nil || life.LegOf != "" || isOver(life, t.standOf(life)) {
		return
	}
	missed := tellMissingOf(t.event, life.OrderID, t.party(), life.Expected, onceLate)
	t.said = append(t.said, missed...)
	switch {
	case missed != nil && life.Expected.What == schemas.MissingScan:
		t.ask(life, schemas.DueUnseen)
	case missed != nil:
		t.ask(life, schemas.DueSilent)
	case t.event.At >= t.askAt(life):
		t.ask(life, schemas.DueInterval)
	}
	if at := t.followAt(life); at != 0 && t.event.At >= at {
		_ = t.follow(life) // its number was good when it was followed first
	}
}

// askAt is when a parcel is to be asked for again; 0: never. One of which nothing was heard for long is asked for once a day.
func (t *tracking) askAt(life *schemas.ParcelLife) schemas.Millis {
	every := t.terms().Every
	if every == 0 {
		return 0
	}
	heard := life.Since
	for i := range life.Sightings {
		heard = max(heard, life.Sightings[i].HeardAt)
	}
	if t.event.At-heard > longSilent && every < 24*time.Hour {
		every = 24 * time.Hour
	}
	if life.AnsweredAt < life.AskedAt {
		every = max(3*every, unanswered) // it is asked already
	}
	return life.AskedAt + schemas.Millis(every.Milliseconds())
}

// unanswered is how long a question may wait at the least, at a carrier that is down, before there is another.
const unanswered = time.Hour

const longSilent = schemas.Millis(30 * 24 * 60 * 60 * 1000)

// followAt is when the carrier is to be asked again to push what it hears; 0: never.
func (t *tracking) followAt(life *schemas.ParcelLife) schemas.Millis {
	if t.terms().Follows == 0 {
		return 0
	}
	return life.FollowedAt + schemas.Millis(t.terms().Follows.Milliseconds())*9/10
}

// follow has the carrier asked to push what it hears of a parcel, where it wants to be asked.
func (t *tracking) follow(life *schemas.ParcelLife) error {
	outbox := topics.Named(topics.OutboxName(t.party()))
	if t.terms().Follows == 0 || outbox == nil {
		return nil
	}
	payload, err := schemas.Asking{Numbers: []string{t.number()}}.Body()
	if err != nil {
		return fmt.Errorf("write down that parcel %s is to be followed: %w", t.number(), err)
	}
	life.FollowedAt = t.event.At
	task := &schemas.Task{TaskID: fmt.Sprintf("%s/%s:%s@%d", t.party(), KindFollow, t.number(), t.event.At), Party: t.party(), Kind: KindFollow, OrderID: life.OrderID, Payload: payload}
	t.said = append(t.said, topics.Message{Topic: outbox, Key: task.TaskID, Value: task})
	return nil
}

// expectNext says what has to come next of a parcel: its first scan, another, or nothing.
func (t *tracking) expectNext(life *schemas.ParcelLife, stand *schemas.Scan, news bool) {
	if !news {
		return
	}
	t.said = append(t.said, tellCameOf(t.event, life.OrderID, t.party(), life.Expected)...)
	life.Expected = nil
	if !isOver(life, stand) {
		life.Expected = expect(schemas.MissingNews, t.event.At, t.terms().Silence)
	}
}

// decide is a person's word, or our own, that nobody is to ask for a parcel any more.
func (t *tracking) decide(raw *schemas.RawTracking, life *schemas.ParcelLife) error {
	var d schemas.Decision
	if err := json.Unmarshal(raw.Body.Bytes, &d); err != nil {
		return Dead(schemas.ClassMalformed, fmt.Errorf("read what was decided of parcel %s: %w", t.number(), err))
	}
	for i := range t.known.Lives {
		if t.known.Lives[i].ShipmentID == d.ShipmentID {
			life = &t.known.Lives[i]
		}
	}
	switch {
	case d.Decision == schemas.DecisionLeg:
		return t.leg(&d)
	case life == nil:
		return Dead(schemas.ClassUnmatched, fmt.Errorf("no shipment has parcel %s", t.number()))
	case d.Decision == schemas.DueWanted:
		t.ask(life, schemas.DueWanted)
		return nil
	case d.Decision == schemas.DecisionProven || d.Decision == schemas.DecisionViewed:
		t.note(life, raw, &d)
		return nil
	case life.Decision == d.Decision:
		return nil
	}
	life.Decision, life.Expected = d.Decision, nil
	stand := t.standOf(life)
	t.tell(life, raw, &schemas.Scan{Status: schemas.ParcelIgnored, At: raw.ReceivedAt, Code: d.Decision, Known: true, Reason: d.Why}, stand)
	return nil
}

func (t *tracking) standOf(life *schemas.ParcelLife) *schemas.Scan {
	return t.history(life).Stand(func(_, status string) bool {
		return t.sources.Reopens != nil && t.sources.Reopens(t.sources.terms(t.party()).carrier(), status)
	})
}

// nextWake is when there is something to do, if nothing comes; nil if there never is.
func (t *tracking) nextWake() *Wake {
	var at schemas.Millis
	sooner := func(when schemas.Millis) {
		if when != 0 && (at == 0 || when < at) {
			at = when
		}
	}
	for i := range t.known.Early {
		sooner(t.known.Early[i].Until)
	}
	if life := t.last(); life != nil && life.LegOf == "" && !isOver(life, t.standOf(life)) {
		sooner(t.askAt(life))
		sooner(t.followAt(life))
		if next := nextWake(life.Expected, onceLate); next != nil {
			sooner(next.At)
		}
	}
	if at == 0 {
		return nil
	}
	return &Wake{At: at, What: wakeParcel}
}
