package clickhouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
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

func TestWhatIsMissingIsListedByWhenItWasDue(t *testing.T) {
	h := migrated(t)
	missing := func(order, party, what string, due schemas.Millis) *schemas.Missing {
		return &schemas.Missing{OrderID: order, Party: party, What: what, State: schemas.StateMissing, Share: 100, Since: noon, Due: due, At: noon, Reason: "r"}
	}
	h.write(block(topics.Missing, 0, 0, missing("allegro/1", "allegro", schemas.MissingHandedOver, noon+3000), missing("allegro/1", "erp", schemas.MissingConfirmed, noon+1000),
		missing("", "shopify", schemas.MissingOrders, noon+2000)))
	for name, c := range map[string]struct {
		wanted clickhouse.MissingWanted
		want   []string
	}{
		"all":              {clickhouse.MissingWanted{Most: 9}, []string{"allegro/1 erp confirmed", " shopify orders", "allegro/1 allegro handed_over"}},
		"what is late":     {clickhouse.MissingWanted{Most: 9, Late: true}, []string{"allegro/1 erp confirmed", " shopify orders"}},
		"of one kind":      {clickhouse.MissingWanted{Most: 9, What: schemas.MissingHandedOver}, []string{"allegro/1 allegro handed_over"}},
		"of one party":     {clickhouse.MissingWanted{Most: 9, Party: "shopify"}, []string{" shopify orders"}},
		"of neither":       {clickhouse.MissingWanted{Most: 9, Party: "shopify", What: schemas.MissingReady}, nil},
		"no more than one": {clickhouse.MissingWanted{Most: 1}, []string{"allegro/1 erp confirmed"}},
	} {
		all, err := h.Missing(t.Context(), c.wanted, (noon + 2000).Time())
		var got []string
		for _, m := range all {
			got = append(got, m.OrderID+" "+m.Party+" "+m.What)
			if m.Since != noon || m.ToldAt != noon || m.Share != 100 || m.Reason != "r" {
				t.Errorf("%s: %+v", name, m)
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

// What is said to be missing has to be seen there, or it is said again.
func TestWhatNoPartyHasConfirmedInTimeIsFoundUntilThatIsSaid(t *testing.T) {
	h := migrated(t)
	hour := time.Hour
	find := func(now time.Time, awaited clickhouse.Awaited) (found []string) {
		t.Helper()
		all, err := h.Unconfirmed(t.Context(), awaited, now.Add(-25*hour), now.Add(-hour))
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range all {
			found = append(found, fmt.Sprint(u.OrderID, " ", u.Party, " ", u.Facts, " ", u.AskedAt.Sub(noon.Time()), " ", u.Came))
		}
		return found
	}
	must := func(when string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", when, got, want)
		}
	}
	first := told(0, map[int64][]string{1: {schemas.TaskOpen, schemas.TaskDone}, 2: {schemas.TaskOpen, schemas.TaskTrashed}, 3: {schemas.TaskOpen}})
	h.write(first)
	at, all := noon.Time(), clickhouse.Awaited{What: schemas.MissingConfirmed, Other: true}
	must("before it is late", find(at.Add(hour-time.Second), all))
	must("late", find(at.Add(hour), all), "allegro/2 erp order rejected 0s false", "allegro/3 erp order pending 0s false")
	must("asked for by name", find(at.Add(hour), clickhouse.Awaited{What: schemas.MissingShipped, Facts: []string{"ship", "order"}}), "allegro/2 erp order rejected 0s false", "allegro/3 erp order pending 0s false")
	must("other facts", find(at.Add(hour), clickhouse.Awaited{What: schemas.MissingShipped, Facts: []string{"ship"}}))
	must("what others wait for", find(at.Add(hour), clickhouse.Awaited{What: schemas.MissingConfirmed, Facts: []string{"order"}, Other: true}))
	must("what was late long ago", find(at.Add(26*hour), all))
	said := func(order string) *schemas.Missing {
		return &schemas.Missing{OrderID: order, Party: "erp", What: schemas.MissingConfirmed, State: schemas.StateMissing, Share: 100, Since: noon, Due: noon, At: noon}
	}
	h.write(block(topics.Missing, 0, 0, said("allegro/2"), said("allegro/3")))
	must("said of another time", find(at.Add(hour), clickhouse.Awaited{What: schemas.MissingShipped, Facts: []string{"order"}}), "allegro/2 erp order rejected 0s false", "allegro/3 erp order pending 0s false")
	must("said", find(at.Add(2*hour), all))
	must("said, and late for long", find(at.Add(99*hour), all))
	h.write(told(first.To, map[int64][]string{3: {schemas.TaskDone}}))
	must("confirmed after all", find(at.Add(3*hour), all), "allegro/3 erp  0s true")
}
