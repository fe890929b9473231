package clickhouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

func TestWhatIsMissingNowIsSeenAtOnce(t *testing.T) {
	h := migrated(t)
	missing := func(order, what, state string, share int64) *schemas.Missing {
		return &schemas.Missing{OrderID: order, Party: "allegro", What: what, State: state, Share: share, Since: noon, Due: noon + 1, At: noon + schemas.Millis(share)}
	}
	h.write(block(topics.Missing, 0, 0,
		missing("allegro/1", schemas.MissingAccepted, schemas.StateMissing, 50), missing("allegro/1", schemas.MissingAccepted, schemas.StateMissing, 80),
		missing("allegro/2", schemas.MissingAccepted, schemas.StateMissing, 50), missing("allegro/2", schemas.MissingAccepted, schemas.StateCame, 50),
		missing("allegro/2", schemas.MissingPlaced, schemas.StateMissing, 100), missing("", schemas.MissingOrders, schemas.StateMissing, 100)))
	got := h.rows("SELECT order_id || ' ' || what || ' ' || toString(share) FROM v_missing ORDER BY 1")
	if want := []string{" orders 100", "allegro/1 accepted 80", "allegro/2 placed 100"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// How much came is known by the minute, also of yesterday at this time.
func TestHowMuchCameFromEachPartyIsKnown(t *testing.T) {
	h := migrated(t)
	at := noon.Time().UTC().Truncate(time.Minute)
	insert := func(minute time.Time, party string, events int) {
		h.exec(fmt.Sprintf("INSERT INTO minute_events VALUES ('%s', 'orders.raw', '%s', 'received', %d)", minute.Format(time.DateTime), party, events))
	}
	for _, ago := range []time.Duration{48 * time.Hour, 24*time.Hour + 30*time.Minute, 23*time.Hour + 30*time.Minute, 4 * time.Hour, 2 * time.Hour, time.Hour} {
		insert(at.Add(-ago), "shop", int(ago/time.Minute))
	}
	insert(at.Add(-9*24*time.Hour), "gone", 5)
	heard, err := h.Arrivals(t.Context(), at, 3*time.Hour, time.Hour)
	if err != nil || len(heard) != 1 {
		t.Fatalf("heard of %+v, %v", heard, err)
	}
	s := heard[0]
	if s.Party != "shop" || !s.First.Equal(at.Add(-48*time.Hour)) || !s.Last.Equal(at.Add(-time.Hour)) || s.Recent != 120+60 || s.Yesterday != 24*60+30+23*60+30 {
		t.Errorf("heard %+v", s)
	}
}
