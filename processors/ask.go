package processors

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// KindTrack is the call that asks a carrier for parcels.
const KindTrack = "track"

const (
	wakeRound = "round"
	// gatherMax is how long a question may wait for others to go with it.
	gatherMax = 20 * time.Second
	// dueMax bounds the parcels that wait to be asked for. The least worthy fall out: they come again after their interval.
	dueMax = 2000
)

// Ask gathers the parcels that a carrier is to be asked for into as few questions as it allows, and asks no more of them in a day than it
// answers: the worthiest first (item 107).
func Ask(s Sources) Processor {
	return Step(Processor{
		Name:     "ask",
		Reads:    []*topics.Topic{topics.TrackingDue},
		Back:     topics.StepAsk,
		Table:    topics.TableAsk,
		Writes:   carriersOutboxes(),
		State:    schemas.AskingRoundSchema,
		Snapshot: true, // nothing has to wait for one that failed
	}, func(event *topics.Event, due *schemas.ParcelDue, round *schemas.AskingRound) (result Result, err error) {
		w := s.terms(event.Key).Watch
		outbox := topics.Named(topics.OutboxName(event.Key))
		if w.Every == 0 || outbox == nil {
			round.Due = nil // nobody can be asked
			return Result{Repeat: true}, nil
		}
		if due != nil {
			note(round, due)
		}
		for w.isTime(round, event.At) {
			call, err := question(event, round, w.NumbersMax)
			if err != nil {
				return Result{}, err
			}
			call.Topic = outbox
			result.Messages = append(result.Messages, call)
		}
		result.Repeat, result.Wake = result.Messages == nil, w.nextRound(round)
		return result, nil
	})
}

// note puts a parcel in its place. One that is there already is worth what it is worth most.
func note(round *schemas.AskingRound, due *schemas.ParcelDue) {
	one := *due
	if at := slices.IndexFunc(round.Due, func(d schemas.ParcelDue) bool { return d.Number == due.Number }); at >= 0 {
		one = round.Due[at]
		if due.Worth > one.Worth {
			one.Worth, one.Why = due.Worth, due.Why
		}
		round.Due = slices.Delete(round.Due, at, at+1)
	}
	at, _ := slices.BinarySearchFunc(round.Due, one, func(a, b schemas.ParcelDue) int {
		return cmp.Or(cmp.Compare(b.Worth, a.Worth), cmp.Compare(a.At, b.At), cmp.Compare(a.Number, b.Number))
	})
	round.Due = slices.Insert(round.Due, at, one)
	round.Due = round.Due[:min(len(round.Due), dueMax)]
}

// urgent are questions that do not wait for others.
const urgent = 500

// isTime tells whether a question is to go now: it is full, or has waited long enough, and the day's share of the carrier's answers allows it.
func (w Watch) isTime(round *schemas.AskingRound, now schemas.Millis) bool {
	if len(round.Due) == 0 || now < w.allowedAt(round) {
		return false
	}
	return len(round.Due) >= w.NumbersMax || round.Due[0].Worth >= urgent || now >= oldest(round)+w.gather()
}

// gather is how long a question waits for others to go with it: no time at all where it asks for one parcel.
func (w Watch) gather() schemas.Millis {
	if w.NumbersMax <= 1 {
		return 0
	}
	return schemas.Millis(min(gatherMax, w.Every/20).Milliseconds())
}

// allowedAt is when the next question may go. They are spread over the day, so that at no time of it there are none left.
func (w Watch) allowedAt(round *schemas.AskingRound) schemas.Millis {
	if w.PerDay == 0 || round.AskedAt == 0 {
		return 0
	}
	return round.AskedAt + schemas.Millis((24*time.Hour).Milliseconds()/int64(w.PerDay))
}

func oldest(round *schemas.AskingRound) schemas.Millis {
	at := round.Due[0].At
	for _, d := range round.Due {
		at = min(at, d.At)
	}
	return at
}

// nextRound is when there may be a question without another parcel coming; nil if there is none to ask for.
func (w Watch) nextRound(round *schemas.AskingRound) *Wake {
	if len(round.Due) == 0 {
		return nil
	}
	return &Wake{At: max(w.allowedAt(round), oldest(round)+w.gather()), What: wakeRound}
}

// question is the next one: for the worthiest.
func question(event *topics.Event, round *schemas.AskingRound, numbersMax int) (topics.Message, error) {
	count := min(len(round.Due), max(1, numbersMax))
	var asking schemas.Asking
	for _, d := range round.Due[:count] {
		asking.Numbers = append(asking.Numbers, d.Number)
	}
	payload, err := asking.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down which parcels %s is asked for: %w", event.Key, err)
	}
	round.Due = slices.Delete(round.Due, 0, count)
	round.Round++
	round.AskedAt = event.At
	task := &schemas.Task{TaskID: fmt.Sprintf("%s/%s@%d", event.Key, KindTrack, round.Round), Party: event.Key, Kind: KindTrack, Payload: payload}
	return topics.Message{Key: task.TaskID, Value: task}, nil
}

// AskThen keeps what a carrier answered, once for each parcel that it speaks of or was asked for.
func AskThen(task *schemas.Task, carrier string, numbers []string, said []byte, at schemas.Millis) (kept []topics.Message) {
	for _, number := range numbers {
		raw := &schemas.RawTracking{
			Party: task.Party, Carrier: carrier, Number: number, Origin: schemas.OriginCron, ReceivedAt: at, Proven: true, Body: schemas.Body{Bytes: said},
		}
		kept = append(kept, topics.Message{
			Topic: topics.TrackingRaw, Key: schemas.LinkKey(task.Party, schemas.LinkTracking, number), Value: raw,
			Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(raw.Origin)}},
		})
	}
	return kept
}
