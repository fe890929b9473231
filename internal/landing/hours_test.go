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
			return m.value(m.metrics.missing.WithLabelValues(s.topic.Name)).GetGauge().GetValue()
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
