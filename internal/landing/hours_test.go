package landing

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// inBubble runs the story on a broker in a network of its own, where hours pass at once.
func inBubble(t *testing.T, story func(s *stage)) {
	topic := topics.OrdersRaw
	registry, _ := registered(t, topic)
	synctest.Test(t, func(t *testing.T) {
		var network kfake.VirtualNetwork
		cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ListenFn(network.Listen))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cluster.Close)
		kafka := []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.Dialer(network.DialContext)}
		s := &stage{t: t, kafka: kafka, topic: topic, table: newLedger(), want: map[string]bool{}, registry: registry}
		s.create(2, nil)
		story(s)
	})
}

func TestAnHourWithoutTheTableLosesNothing(t *testing.T) {
	inBubble(t, func(s *stage) {
		back := time.Now().Add(time.Hour)
		tries := 0
		s.table.intercept(func(context.Context, *topics.Block) error {
			if time.Now().Before(back) {
				tries++
				return errRefused
			}
			return nil
		}, nil)
		s.produce(0, 120)
		s.start(s.config())
		for time.Now().Before(back) {
			time.Sleep(5 * time.Minute)
			s.produce(1, 5)
		}
		s.landed()
		if tries < 500 || tries > 2000 {
			t.Errorf("two partitions tried %d times in an hour", tries)
		}
	})
}

func TestAPromiseBeyondTheEndOfTheLogIsWithdrawn(t *testing.T) {
	inBubble(t, func(s *stage) {
		s.produce(0, 100)
		s.commit(60, promise{next: &Span{60, 500, 440}})
		for i := range int64(60) {
			delete(s.want, (&topics.Event{Topic: s.topic, Offset: i}).Position())
		}
		s.start(s.config())
		s.landed()
		if n := s.table.tokens["orders.raw/0/60-500"]; n != 0 {
			t.Errorf("the range that is cut off was written %d times", n)
		}
	})
}

func TestWhatIsMissingAfterItHasLandedShowsWithinTwoMinutesAndUntilItIsRepaired(t *testing.T) {
	inBubble(t, func(s *stage) {
		s.produce(0, 100)
		m := s.start(s.config())
		s.landed()
		missing := func() float64 {
			time.Sleep(2 * time.Minute)
			return m.value(m.metrics.missing.WithLabelValues(s.topic.Name, "0")).GetGauge().GetValue()
		}
		if n := missing(); n != 0 {
			t.Errorf("%v are missing while all is there", n)
		}
		s.produce(0, 50)
		s.landed()
		s.table.forget(&topics.Block{Topic: s.topic, From: 100, To: 150, Events: s.table.some("orders.raw/0/110", "orders.raw/0/120")})
		if n := missing(); n != 2 {
			t.Errorf("%v are missing, and 2 were taken away", n)
		}
		s.table.crash(&topics.Block{Topic: s.topic, From: 100, To: 150})
		s.landed()
		if n := missing(); n != 0 {
			t.Errorf("%v are missing after the repair", n)
		}
	})
}

func TestARowThatIsLostOrDoubledLongAfterItLandedShowsWithinTwoMinutesWithItsPlace(t *testing.T) {
	inBubble(t, func(s *stage) {
		s.produce(0, 400)
		m := s.start(s.config())
		s.landed()
		time.Sleep(3 * time.Hour)
		s.produce(0, 60)
		s.landed()
		minute := s.table.events["orders.raw/0/217"].At.Time().UTC().Truncate(time.Minute).Format(time.RFC3339)
		shows := func(kind string, want float64) {
			t.Helper()
			time.Sleep(2 * time.Minute)
			if n := m.value(m.metrics.damage.WithLabelValues("orders.raw", "0", "217", "218", kind, minute)).GetGauge().GetValue(); n != want {
				t.Errorf("%v rows are %s at offset 217 in minute %s, want %v", n, kind, minute, want)
			}
		}
		shows("missing", 0)
		s.table.setRows("orders.raw/0/217", 0)
		shows("missing", 1)
		s.table.setRows("orders.raw/0/217", 2)
		shows("doubled", 1)
		s.table.setRows("orders.raw/0/217", 1)
		shows("doubled", 0)
		if n := m.value(m.metrics.records.WithLabelValues("orders.raw", "0")).GetGauge().GetValue(); n != 460 {
			t.Errorf("%v records were counted, of 460", n)
		}
	})
}

func (l *ledger) setRows(position string, n int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.rows[position] = n
}
