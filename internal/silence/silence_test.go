package silence

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/schemas"
	"waybill/topics"
)

var midnight = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// sold are the minutes in which a shop that sells so many an hour sold something, for so long.
func sold(seed uint64, perHour float64, hours int) (minutes map[time.Time]uint64) {
	random, minutes := rand.New(rand.NewPCG(seed, 1)), map[time.Time]uint64{}
	for at := midnight; at.Before(midnight.Add(time.Duration(hours) * time.Hour)); {
		at = at.Add(time.Duration(random.ExpFloat64() / perHour * float64(time.Hour)))
		minutes[at.Truncate(time.Minute)]++
	}
	return minutes
}

// seen is how ClickHouse tells of the minutes.
func seen(minutes map[time.Time]uint64, now time.Time) Source {
	s := Source{Party: "shop", First: now}
	for at := range minutes {
		if !at.After(now) {
			if at.After(s.Last) {
				s.Last = at
			}
			if at.Before(s.First) {
				s.First = at
			}
		}
	}
	for at, n := range minutes {
		if !at.After(now) && at.After(s.Last.Add(-RecentTime)) {
			s.Recent += n
		}
		if at.After(s.Last.Add(-24*time.Hour-AroundTime)) && !at.After(now.Add(-24*time.Hour+AroundTime)) {
			s.Yesterday += n
		}
	}
	return s
}

func TestASourceOfOneAMinuteIsFoundSilentInTenMinutes(t *testing.T) {
	for seed := range uint64(20) {
		minutes := sold(seed, 60, 30)
		end := midnight.Add(30 * time.Hour)
		for at := range minutes {
			if at.After(end) {
				delete(minutes, at)
			}
		}
		now := end
		for ; !seen(minutes, now).IsSilent(now) && now.Before(end.Add(time.Hour)); now = now.Add(lookTime) {
		}
		if took := now.Sub(seen(minutes, end).Last.Add(time.Minute)); took > 10*time.Minute {
			t.Errorf("seed %d: it took %s", seed, took)
		}
	}
}

func TestASourceThatSendsAsEverIsHardlyEverTakenForSilent(t *testing.T) {
	alarms, orders := 0, uint64(0)
	for seed := range uint64(5) {
		minutes := sold(seed, 60, 72)
		was := false
		for now := midnight.Add(time.Hour); now.Before(midnight.Add(72 * time.Hour)); now = now.Add(time.Minute) {
			is := seen(minutes, now).IsSilent(now)
			if is && !was {
				alarms++
			}
			was = is
		}
		for _, n := range minutes {
			orders += n
		}
	}
	if float64(alarms) > float64(orders)/1000 {
		t.Errorf("%d false alarms of %d orders", alarms, orders)
	}
}

func TestAShopThatIsQuietEveryNightIsNotSilent(t *testing.T) {
	day := Source{Party: "shop", First: midnight.Add(-72 * time.Hour), Last: midnight, Recent: 600, Yesterday: 2}
	if now := midnight.Add(3 * time.Hour); day.IsSilent(now) {
		t.Errorf("expected are %.1f", day.Expected(now))
	}
	young := Source{Party: "shop", First: midnight.Add(-10 * time.Minute), Last: midnight, Recent: 600}
	if young.IsSilent(midnight.Add(time.Hour)) {
		t.Error("one that nobody knows yet is taken for silent")
	}
}

func TestSilenceIsToldOnceAndItsEndToo(t *testing.T) {
	source := Source{Party: "shop", First: midnight.Add(-3 * time.Hour), Last: midnight, Recent: 300}
	var said []*schemas.Missing
	deaf := errors.New("deaf")
	tell := func(_ context.Context, messages []topics.Message) error {
		if deaf != nil {
			return deaf
		}
		for _, m := range messages {
			said = append(said, m.Value.(*schemas.Missing))
		}
		return nil
	}
	w := NewWatch(func(context.Context, time.Time) ([]Source, error) { return []Source{source}, nil }, tell, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	if w.look(t.Context(), midnight.Add(time.Hour)) == nil {
		t.Error("what could not be said is taken for said")
	}
	deaf = nil
	for range 3 {
		if err := w.look(t.Context(), midnight.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	source.Last = midnight.Add(61 * time.Minute)
	for range 2 {
		if err := w.look(t.Context(), midnight.Add(62*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) != 2 || said[0].State != schemas.StateMissing || said[1].State != schemas.StateCame || said[0].Since != schemas.At(midnight) || said[0].Reason == "" {
		t.Errorf("said: %+v", said)
	}
}
