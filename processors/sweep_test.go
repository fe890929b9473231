package processors

import (
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// called declares an account for the length of a test.
func called(t *testing.T, party string) {
	t.Helper()
	topics.Call([]string{party})
	t.Cleanup(func() { topics.Call(nil) })
}

func TestASweepAsksOnceForEachChangeThatWasMissed(t *testing.T) {
	called(t, "kaufland")
	to := time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("CET", 3600))
	sweep, err := SweepCall("kaufland", schemas.Sweeping{From: to.Add(-48 * time.Hour), To: to})
	if err != nil || sweep.Key != "kaufland/sweep#2026-11-22T11:00:00Z" || sweep.Topic.Name != "outbox.kaufland" {
		t.Fatalf("%+v, %v", sweep, err)
	}
	calls, err := SweepThen(sweep.Value.(*schemas.Task), []byte(`{"listed":3,"missed":[{"ref":"M1","changed":"2026-11-22T10:00:00Z"},{"ref":"M2","changed":"2026-11-22T10:00:00Z"}]}`), 7)
	if err != nil || len(calls) != 4 || calls[1].Key != "kaufland/fetch:order:M1#sweep:2026-11-22T10:00:00Z" {
		t.Fatalf("%+v, %v", calls, err)
	}
	what, err := schemas.ParseFetching(calls[3].Value.(*schemas.Task).Payload)
	if err != nil || what != (schemas.Fetching{Kind: schemas.FetchOrder, Ref: "M2", Origin: schemas.OriginSweep}) || calls[3].Value.(*schemas.Task).OrderID != "kaufland/M2" {
		t.Errorf("%+v, %v", what, err)
	}
	missing := calls[2].Value.(*schemas.Missing)
	if missing.OrderID != "kaufland/M2" || missing.State != schemas.StateMissing || missing.What != schemas.MissingNotice || missing.At != 7 || missing.Due != schemas.At(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("missing is %+v", missing)
	}
	if came := NoticeCame(calls[3].Value.(*schemas.Task), 9).Value.(*schemas.Missing); came.OrderID != missing.OrderID || came.Party != missing.Party || came.What != missing.What || came.State != schemas.StateCame {
		t.Errorf("it came as %+v", came)
	}
	if _, err := SweepThen(sweep.Value.(*schemas.Task), []byte("no"), 7); err == nil {
		t.Error("what nobody can read was taken")
	}
	if _, err := SweepCall("shop", schemas.Sweeping{To: to}); err == nil {
		t.Error("an account that is not called was swept")
	}
}

func TestANoticeIsFetchedWhereTheChannelCanBeAsked(t *testing.T) {
	called(t, "kaufland")
	for _, is := range []bool{true, false} {
		step := Normalize(Sources{Terms: func(string) Terms { return Terms{Called: is} }})
		event := &topics.Event{Topic: topics.OrdersRaw, Key: "kaufland/unit:7", Value: &schemas.RawOrder{
			OrderID: "kaufland/unit:7", Party: "kaufland", Ref: "unit:7", Form: schemas.FormNotice, DeliveryID: "d1",
		}}
		state := step.State.New()
		result, err := step.Handle(event, state)
		want := 1
		if is {
			want = 2
		}
		if err != nil || len(result.Messages) != want {
			t.Fatalf("called %v: %d messages, %v", is, len(result.Messages), err)
		}
		if is && result.Messages[1].Key != "kaufland/fetch:unit:7#d1" {
			t.Errorf("the call is %s", result.Messages[1].Key)
		}
		if again, err := step.Handle(event, state); err != nil || !again.Repeat || len(again.Messages) != 0 {
			t.Errorf("the same notice again: %+v, %v", again, err)
		}
	}
}
