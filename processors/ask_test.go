package processors

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// asker is the step with what it remembers of dhl, which takes three numbers in a question.
type asker struct {
	*testing.T
	step  Processor
	known schemas.AskingRound
	wake  *Wake
}

func startAsk(t *testing.T, perDay int) *asker {
	topics.Carry([]string{"dhl"})
	t.Cleanup(func() { topics.Carry(nil) })
	watch := Watch{Every: 4 * time.Hour, NumbersMax: 3, PerDay: perDay}
	return &asker{T: t, step: Ask(Sources{Terms: func(string) Terms { return Terms{Watch: watch} }})}
}

// hear is which parcels are asked for once one more is due, question by question; "" is a wake-up.
func (a *asker) hear(at schemas.Millis, number string, worth int64) string {
	a.Helper()
	event := &topics.Event{Topic: topics.TrackingDue, Key: "dhl", At: at}
	if number != "" {
		event.Value = &schemas.ParcelDue{Party: "dhl", Number: number, Worth: worth, At: at}
	}
	result, err := a.step.Handle(event, &a.known)
	if err != nil {
		a.Fatal(err)
	}
	a.wake = result.Wake
	var questions []string
	for _, m := range result.Messages {
		asking, err := schemas.ParseAsking(m.Value.(*schemas.Task).Payload)
		if err != nil || m.Topic.Name != "outbox.dhl" {
			a.Errorf("%s: %v", m.Topic.Name, err)
		}
		questions = append(questions, strings.Join(asking.Numbers, " "))
	}
	return strings.Join(questions, ", ")
}

func TestAsManyParcelsAreAskedForInOneQuestionAsTheCarrierTakes(t *testing.T) {
	a := startAsk(t, 0)
	for i, want := range []string{"", "", "C A B", ""} {
		if got := a.hear(trackedAt, string(rune('A'+i)), int64(i/2)); got != want {
			t.Errorf("%d due: %q, want %q", i+1, got, want)
		}
	}
	if a.wake == nil || a.wake.At != trackedAt+20_000 {
		t.Fatalf("one that waits for others: %+v", a.wake)
	}
	if got := a.hear(a.wake.At, "", 0); got != "D" || a.wake != nil {
		t.Errorf("after its time: %q, wakes %+v", got, a.wake)
	}
	if got := a.hear(trackedAt, "E", 900); got != "E" {
		t.Errorf("one that is urgent: %q", got)
	}
}

func TestTheWorthiestAreAskedForWhereTheDayHasNotEnoughQuestions(t *testing.T) {
	a := startAsk(t, 24) // one an hour
	if got := a.hear(trackedAt, "A", 900); got != "A" {
		t.Fatalf("the first: %q", got)
	}
	for i := range 3000 {
		if got := a.hear(trackedAt+1, fmt.Sprintf("N%04d", i), int64(i%40)); got != "" {
			t.Fatalf("it asks again at once: %q", got)
		}
	}
	a.hear(trackedAt+2, "N0000", 60)
	if len(a.known.Due) != dueMax || a.wake.At != trackedAt+hourMillis {
		t.Errorf("%d wait, until %d", len(a.known.Due), a.wake.At-trackedAt)
	}
	if got := a.hear(a.wake.At, "", 0); got != "N0000 N0039 N0079" {
		t.Errorf("after an hour: %q", got)
	}
	asked := 0
	for at := a.wake.At; at < trackedAt+24*hourMillis; at += hourMillis / 4 {
		if a.hear(at, "", 0) != "" {
			asked++
		}
	}
	if asked > 23 {
		t.Errorf("%d questions in a day of 24, after the first", asked)
	}
}

func TestNobodyIsAskedWhoCanNotBe(t *testing.T) {
	step := Ask(Sources{})
	var known schemas.AskingRound
	result, err := step.Handle(&topics.Event{Key: "fax", Value: &schemas.ParcelDue{Party: "fax", Number: "1"}}, &known)
	if err != nil || result.Messages != nil || result.Wake != nil || len(known.Due) > 0 {
		t.Errorf("%+v %v", result, err)
	}
}
