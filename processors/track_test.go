package processors

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

const (
	trackedAt  = schemas.Millis(1_767_600_000_000) // when minute counts from
	hourMillis = schemas.Millis(60 * 60 * 1000)
)

// watching are sources that read a body such as "10 in_transit" as a scan, ten minutes after the parcel was announced.
func watching() Sources {
	return Sources{
		Terms: func(party string) Terms {
			return Terms{
				Carriage: &Carriage{Carrier: party}, Ships: party == "shopify",
				Words: map[string]schemas.Word{schemas.ParcelDelivered: {Send: "DELIVERED"}, schemas.ParcelInTransit: {Why: "covered"}},
				Watch: Watch{Proves: true, Every: 4 * time.Hour, NumbersMax: 3, FirstScan: 24 * time.Hour, Silence: 5 * 24 * time.Hour, Unmatched: 7 * 24 * time.Hour},
			}
		},
		Tracked: func(raw *schemas.RawTracking) (tracked schemas.Tracked, err error) {
			for line := range strings.Lines(string(raw.Body.Bytes)) {
				var minutes int
				var status string
				if _, err := fmt.Sscanf(line, "%d %s", &minutes, &status); err != nil {
					return tracked, err
				}
				if status == "expected" {
					tracked.Arrivals = append(tracked.Arrivals, schemas.Arrival{Number: raw.Number, At: trackedAt + schemas.Millis(minutes)*60_000})
					continue
				}
				scan := minute(minutes, status)
				scan.Number = raw.Number
				if _, linked, is := strings.Cut(line, " goes on as "); is {
					scan.Linked = linked
				}
				tracked.Scans = append(tracked.Scans, scan)
			}
			return tracked, nil
		},
	}
}

// tracked is the step with what it remembers of one number.
type tracked struct {
	*testing.T
	step  Processor
	known schemas.ParcelTrack
	wake  *Wake
}

func startTrack(t *testing.T) *tracked { return &tracked{T: t, step: Track(watching())} }

func (tr *tracked) handle(topic *topics.Topic, at schemas.Millis, value any) ([]topics.Message, error) {
	result, err := tr.step.Handle(&topics.Event{Topic: topic, Key: "dhl/tracking/1", Value: value, At: at}, &tr.known)
	if result.Wake != nil {
		tr.wake = result.Wake
	}
	return result.Messages, err
}

// say is what follows, as words: topic, and what of it.
func (tr *tracked) say(topic *topics.Topic, at schemas.Millis, value any) string {
	tr.Helper()
	said, err := tr.handle(topic, at, value)
	if err != nil {
		tr.Fatal(err)
	}
	var words []string
	for _, m := range said {
		switch v := m.Value.(type) {
		case *schemas.ParcelEvent:
			words = append(words, fmt.Sprintf("%s counts=%v %s#%d", v.Status, v.Counts, v.Standing, v.Sequence))
		case *schemas.ParcelDue:
			words = append(words, "due "+v.Why)
		case *schemas.Missing:
			words = append(words, v.State+" "+v.What+" of "+v.OrderID)
		case *schemas.RawTracking:
			words = append(words, "back "+string(v.Body.Bytes))
		default:
			words = append(words, fmt.Sprintf("%T", v))
		}
	}
	return strings.Join(words, ", ")
}

func link(shipment string, at schemas.Millis) *schemas.Link {
	return &schemas.Link{Party: "dhl", Kind: schemas.LinkTracking, Ref: "1", OurID: shipment, At: at}
}

func word(origin, body string) *schemas.RawTracking {
	return &schemas.RawTracking{Party: "dhl", Carrier: "dhl", Number: "1", Origin: origin, Proven: true, Body: schemas.Body{Bytes: []byte(body)}}
}

func TestAScanThatIsPushedAskedForAndPushedAgainIsOneEvent(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	if got := tr.say(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, "10 picked_up")); got != "picked_up counts=true picked_up#1" {
		t.Errorf("first: %s", got)
	}
	for _, origin := range []string{schemas.OriginCron, schemas.OriginWebhook} {
		if got := tr.say(topics.TrackingRaw, trackedAt, word(origin, "10 picked_up")); got != "" {
			t.Errorf("again by %s: %s", origin, got)
		}
	}
	s := tr.known.Lives[0].Sightings
	if len(s) != 1 || s[0].Times != 3 || s[0].Origin != schemas.OriginWebhook {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsSaidOfAParcelBeforeItsLinkWaitsAndThenCounts(t *testing.T) {
	tr := startTrack(t)
	if got := tr.say(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, "10 picked_up")); got != "" || tr.wake == nil || tr.wake.At != trackedAt+7*24*hourMillis {
		t.Fatalf("early: %q, wakes %+v", got, tr.wake)
	}
	if got := tr.say(topics.IDMap, trackedAt+1, link("allegro/1#17", trackedAt)); got != "picked_up counts=true picked_up#1" || len(tr.known.Early) > 0 {
		t.Errorf("linked: %s, %+v", got, tr.known.Early)
	}
}

func TestWhatNobodyHasComeToKnowGoesToTheTrashAndComesBackFromThere(t *testing.T) {
	tr := startTrack(t)
	early := word(schemas.OriginWebhook, "10 picked_up")
	tr.say(topics.TrackingRaw, trackedAt, early)
	if got := tr.say(topics.StepTrack, trackedAt+7*24*hourMillis, nil); got != "back 10 picked_up" || len(tr.known.Early) > 0 {
		t.Fatalf("after a week: %s", got)
	}
	var dead *DeadError
	if _, err := tr.handle(topics.StepTrack, trackedAt, early); !errors.As(err, &dead) || dead.Class != schemas.ClassUnmatched {
		t.Fatalf("back: %v", err)
	}
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	if got := tr.say(topics.StepTrack, trackedAt, early); got != "picked_up counts=true picked_up#1" {
		t.Errorf("retried: %s", got)
	}
	if _, err := startTrack(t).handle(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, strings.Repeat("x", earlyBytesMax+1))); !errors.As(err, &dead) {
		t.Errorf("one that is too long to wait: %v", err)
	}
	other := startTrack(t)
	for range earlyMax {
		other.say(topics.TrackingRaw, trackedAt, early)
	}
	if _, err := other.handle(topics.TrackingRaw, trackedAt, early); !errors.As(err, &dead) || dead.Class != schemas.ClassUnmatched {
		t.Fatalf("one too many: %v", err)
	}
}

func TestOfWhatIsNotProvenTheCarrierIsAsked(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	rumour := word(schemas.OriginWebhook, "10 delivered")
	rumour.Proven = false
	if got := tr.say(topics.TrackingRaw, trackedAt, rumour); got != "due unproven" || len(tr.known.Lives[0].Sightings) > 0 {
		t.Errorf("%s, %+v", got, tr.known.Lives[0].Sightings)
	}
	silent := startTrack(t)
	silent.step = Track(Sources{})
	silent.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	var dead *DeadError
	if _, err := silent.handle(topics.TrackingRaw, trackedAt, rumour); !errors.As(err, &dead) || dead.Class != schemas.ClassUnproven {
		t.Errorf("of a carrier that can not be asked: %v", err)
	}
	rumour.ContentType = schemas.DecisionType // a door keeps what the sender calls it
	rumour.Proven, rumour.Body.Bytes = true, []byte(`{"decision":"abandoned"}`)
	if _, err := tr.handle(topics.TrackingRaw, trackedAt, rumour); err == nil {
		t.Error("somebody decided something by a push")
	}
}

func TestANumberThatIsUsedAgainIsThatOfTheParcelOfItsTime(t *testing.T) {
	const year = 400 * 24 * hourMillis
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	tr.say(topics.TrackingRaw, trackedAt, word(schemas.OriginCron, "10 delivered"))
	tr.say(topics.IDMap, trackedAt+year, link("allegro/2#18", trackedAt+year))
	said, err := tr.handle(topics.TrackingRaw, trackedAt+year, word(schemas.OriginCron, "20 returned\n576010 picked_up"))
	if err != nil || len(said) != 2 || said[0].Key != "allegro/1" || said[1].Key != "allegro/2" {
		t.Errorf("%v %v", said, err)
	}
	var dead *DeadError
	tr.say(topics.IDMap, trackedAt+year+hourMillis, link("ebay/3#19", trackedAt+year+hourMillis))
	if _, err := tr.handle(topics.TrackingRaw, trackedAt+year, word(schemas.OriginCron, "576100 in_transit")); !errors.As(err, &dead) || dead.Class != schemas.ClassAmbiguous {
		t.Errorf("two shipments of one day have it: %v", err)
	}
	given := word(schemas.OriginManual, `{"decision":"abandoned","shipment_id":"ebay/3#19","why":"mistyped"}`)
	given.ContentType = schemas.DecisionType
	tr.say(topics.TrackingRaw, trackedAt+year, given)
	if said, err := tr.handle(topics.TrackingRaw, trackedAt+year, word(schemas.OriginCron, "576100 in_transit")); err != nil || len(said) != 1 || said[0].Key != "allegro/2" {
		t.Errorf("once the later is given up: %v %v", said, err)
	}
}

func TestAParcelIsAskedForUntilItsEndAndMissedWhereNothingComes(t *testing.T) {
	tr := startTrack(t)
	now := trackedAt
	tr.say(topics.IDMap, now, link("allegro/1#17", now))
	for _, step := range []struct {
		after schemas.Millis
		want  string
	}{
		{4 * hourMillis, "due interval"},
		{4 * hourMillis, "due interval"},
		{4 * hourMillis, "due interval"},
		{4 * hourMillis, "due interval"},
		{4 * hourMillis, "due interval"},
		{4 * hourMillis, "missing scan of allegro/1, due unseen"},
		{4 * hourMillis, "due interval"},
	} {
		if tr.wake.At != now+step.after {
			t.Fatalf("wakes %d ms after the last time", tr.wake.At-now)
		}
		now = tr.wake.At
		if got := tr.say(topics.StepTrack, now, nil); got != step.want {
			t.Errorf("woken after %d h: %s, want %s", (now-trackedAt)/hourMillis, got, step.want)
		}
		tr.say(topics.TrackingRaw, now, word(schemas.OriginCron, "")) // it knows of it, and nothing has happened
	}
	if got := tr.say(topics.TrackingRaw, now, word(schemas.OriginCron, "10 in_transit")); got != "in_transit counts=true in_transit#1, came scan of allegro/1" {
		t.Errorf("at last: %s", got)
	}
	for range 30 { // five days of four hours each
		now = tr.wake.At
		tr.say(topics.StepTrack, now, nil)
		tr.say(topics.TrackingRaw, now, word(schemas.OriginCron, "10 in_transit"))
	}
	if x := tr.known.Lives[0].Expected; x == nil || x.Told == 0 {
		t.Errorf("nobody misses news of it after %d days", (now-trackedAt)/hourMillis/24)
	}
	tr.wake = nil
	if got := tr.say(topics.TrackingRaw, now, word(schemas.OriginCron, "20 delivered")); got != "delivered counts=true delivered#2, came news of allegro/1" || tr.wake != nil {
		t.Errorf("in the end: %s, and it wakes %+v", got, tr.wake)
	}
	if got := tr.say(topics.StepTrack, now, nil); got != "" {
		t.Errorf("after the end: %s", got)
	}
	if got := tr.say(topics.TrackingRaw, now, word(schemas.OriginCron, "30 returned")); got != "returned counts=true returned#3" {
		t.Errorf("a late scan opens it again: %s", got)
	}
}

// A carrier that is down is not asked for the same parcel again and again: its questions wait, and would only become more.
func TestAQuestionThatIsNotAnsweredIsNotAskedAgainSoon(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	asked := trackedAt + 4*hourMillis
	if got := tr.say(topics.StepTrack, asked, nil); got != "due interval" || tr.wake.At != asked+12*hourMillis {
		t.Fatalf("%s, wakes %d h later", got, (tr.wake.At-asked)/hourMillis)
	}
	tr.say(topics.TrackingRaw, asked+hourMillis, word(schemas.OriginCron, ""))
	if tr.wake.At != asked+4*hourMillis {
		t.Errorf("once it is answered, wakes %d h after it was asked", (tr.wake.At-asked)/hourMillis)
	}
}

func TestNobodyAsksForAParcelThatAPersonHasGivenUpUntilItIsHeardOfAgain(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	decide := func(what string) *schemas.RawTracking {
		d := word(schemas.OriginManual, fmt.Sprintf(`{"decision":%q,"by":"anna","why":"paid out"}`, what))
		d.ContentType = schemas.DecisionType
		return d
	}
	if got := tr.say(topics.TrackingRaw, trackedAt, decide(schemas.DueWanted)); got != "due wanted" {
		t.Errorf("wanted: %s", got)
	}
	tr.wake = nil
	if got := tr.say(topics.TrackingRaw, trackedAt, decide(schemas.DecisionAbandoned)); got != "ignore counts=false #0" || tr.wake != nil {
		t.Errorf("given up: %s, wakes %+v", got, tr.wake)
	}
	if got := tr.say(topics.TrackingRaw, trackedAt, decide(schemas.DecisionAbandoned)); got != "" {
		t.Errorf("twice: %s", got)
	}
	if tr.say(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, "10 in_transit")); tr.wake == nil || tr.known.Lives[0].Decision != "" {
		t.Error("it is on its way again, and nobody asks for it")
	}
}

func TestWhatCanNotBeReadStopsNothing(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	var dead *DeadError
	if _, err := tr.handle(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, "<html>")); !errors.As(err, &dead) || dead.Class != schemas.ClassMalformed {
		t.Fatalf("garbage: %v", err)
	}
	if got := tr.say(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, "10 in_transit\n<html>")); got != "in_transit counts=true in_transit#1, unknown counts=false in_transit#1" {
		t.Errorf("half of it: %s", got)
	}
	if !tr.step.Snapshot {
		t.Error("what could not be read holds up what comes behind it")
	}
	if tr.step.Minds(topics.IDMap, "allegro/order/1") || !tr.step.Minds(topics.IDMap, "dhl/tracking/1") || !tr.step.Minds(topics.TrackingRaw, "dhl/tracking/1") {
		t.Error("it minds what is not its business, or not what is")
	}
}

func TestWhenAParcelIsExpectedIsToldOnceAndWithEachScan(t *testing.T) {
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	expected := func(at schemas.Millis, said string) (all []string) {
		raw := word(schemas.OriginCron, said)
		raw.ReceivedAt = at
		messages, err := tr.handle(topics.TrackingRaw, trackedAt, raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			if e, is := m.Value.(*schemas.ParcelEvent); is && e.ExpectedAt != nil {
				all = append(all, fmt.Sprintf("%s by %d", e.Code, (*e.ExpectedAt-trackedAt)/60_000))
			}
		}
		return all
	}
	for _, said := range []struct {
		at          schemas.Millis
		words, told string
	}{
		{1, "10 picked_up\n900 expected", "[picked_up by 900]"},
		{2, "10 picked_up\n900 expected", "[]"},
		{3, "10 picked_up\n950 expected", "[expected by 950]"},
		{1, "10 picked_up\n900 expected", "[]"}, // read once more
		{4, "20 in_transit", "[in_transit by 950]"},
	} {
		if got := fmt.Sprint(expected(said.at, said.words)); got != said.told {
			t.Errorf("%q: %s, want %s", said.words, got, said.told)
		}
	}
}

// Under both numbers it is one parcel: one timeline, and the number that everybody knows.
func TestWhatIsSaidUnderTheNumberOfAnotherLegIsOfTheSameParcel(t *testing.T) {
	step := Track(watching())
	rows := map[string]*schemas.ParcelTrack{"1": {}, "LEG": {}}
	// hear is what is told of parcels, when what the rows of both numbers hand each other was handed over.
	hear := func(number string, topic *topics.Topic, value any) string {
		var told []string
		next := []topics.Message{{Topic: topic, Key: "dhl/tracking/" + number, Value: value}}
		for ; len(next) > 0; next = next[1:] {
			switch m := next[0]; m.Topic {
			case topics.TrackingEvents:
				e := m.Value.(*schemas.ParcelEvent)
				told = append(told, fmt.Sprintf("%s %s by %q", e.Number, e.Standing, e.Linked))
			case topics.TrackingDue:
				told = append(told, "ask for "+m.Value.(*schemas.ParcelDue).Number)
			default:
				result, err := step.Handle(&topics.Event{Topic: m.Topic, Key: m.Key, Value: m.Value, At: trackedAt}, rows[strings.TrimPrefix(m.Key, "dhl/tracking/")])
				if err != nil {
					t.Fatal(err)
				}
				next = append(next, result.Messages...)
			}
		}
		return strings.Join(told, ", ")
	}
	said := func(number, words string) *schemas.RawTracking {
		raw := word(schemas.OriginWebhook, words)
		raw.Number = number
		return raw
	}
	hear("1", topics.IDMap, link("allegro/1#17", trackedAt))
	wanted := word(schemas.OriginManual, `{"decision":"wanted"}`)
	wanted.ContentType = schemas.DecisionType
	for _, heard := range []struct {
		number string
		raw    *schemas.RawTracking
		told   string
	}{
		{"LEG", said("LEG", "30 out_for_delivery"), ""}, // nobody knows yet what that is
		{"1", said("1", "10 in_transit goes on as LEG"), `1 in_transit by "LEG", 1 out_for_delivery by "LEG"`},
		{"1", said("1", "10 in_transit goes on as LEG"), ""},
		{"1", wanted, "ask for 1, ask for LEG"},
		{"LEG", said("LEG", "40 delivered"), `1 delivered by "LEG"`},
		{"LEG", said("LEG", "40 delivered"), ""},
	} {
		if got := hear(heard.number, topics.TrackingRaw, heard.raw); got != heard.told {
			t.Errorf("%s: told %s, want %s", heard.raw.Body.Bytes, got, heard.told)
		}
	}
}

func TestWhatProvesADeliveryIsAskedForOnceAndToldWhenItIsKept(t *testing.T) {
	topics.Carry([]string{"dhl"})
	t.Cleanup(func() { topics.Carry(nil) })
	tr := startTrack(t)
	tr.say(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt))
	var asked *schemas.Task
	for _, origin := range []string{schemas.OriginWebhook, schemas.OriginCron} {
		said, err := tr.handle(topics.TrackingRaw, trackedAt, word(origin, "10 in_transit\n20 delivered"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said {
			if task, is := m.Value.(*schemas.Task); is {
				if asked != nil || task.Kind != KindProof || m.Topic.Name != "outbox.dhl" {
					t.Errorf("by %s: %+v", origin, task)
				}
				asked = task
			}
		}
	}
	if asked == nil {
		t.Fatal("nobody is asked what proves it")
	}
	kept := []schemas.KeptProof{{Kind: schemas.ProofSignature, Type: "image/gif", SHA256: "00", Bytes: 7}}
	follows, err := ProofThen(asked, "dhl", kept, trackedAt)
	if err != nil || len(follows) != 1 || follows[0].Key != "dhl/tracking/1" {
		t.Fatalf("%v %+v", err, follows)
	}
	told, err := tr.handle(topics.TrackingRaw, trackedAt, follows[0].Value)
	if err != nil || len(told) != 1 {
		t.Fatalf("%v %+v", err, told)
	}
	if e := told[0].Value.(*schemas.ParcelEvent); len(e.Proofs) != 1 || e.Proofs[0] != kept[0] || e.Standing != schemas.ParcelDelivered || e.Sequence != 1 {
		t.Errorf("%+v", e)
	}
	if again, err := tr.handle(topics.TrackingRaw, trackedAt, follows[0].Value); err != nil || again != nil {
		t.Errorf("read once more: %v %+v", err, again)
	}
	if none, err := ProofThen(asked, "dhl", nil, trackedAt); none != nil || err != nil {
		t.Errorf("of nothing: %v %v", none, err)
	}
}
