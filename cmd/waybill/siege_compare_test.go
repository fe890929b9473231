package main

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded"
	"waybill/internal/sandbox"
	"waybill/schemas"
)

// verdict is what a siege has brought to light.
type verdict struct {
	payloads int // that were accepted, repeats counted once

	lost             int  // accepted, and not on orders.raw
	stored           int  // more often than they were sent
	forgets          bool // who stores: see siege.broker
	missing, doubled int  // versions of orders on orders.normalized
	invisible        int  // records that were seen, and are gone or are others
	raised           int  // records that appeared behind the reader
	absent, extra    int  // rows of ClickHouse, by the positions of the two topics
	charts           []string
	unclean          int // children of a killed instance that did not end well
	named, healed    int // rounds in which verify named a fault, and those in which it went away by itself
	unhealed         []string

	accepted, normalized, landed []time.Duration // from the kill until it worked again
}

func (f *verdict) sound() bool {
	if f.stored > 0 && !f.forgets {
		return false
	}
	return f.lost+f.missing+f.doubled+f.invisible+f.raised+f.absent+f.extra+f.unclean+len(f.charts)+len(f.unhealed) == 0
}

func (f *verdict) String() string {
	return fmt.Sprintf("%d kills, %d payloads accepted; lost %d, stored more often than sent %d; normalized: missing %d, doubled %d; "+
		"made invisible %d, raised %d; rows: missing %d, too many %d; charts off: %v; children that ended badly %d; verify named a fault %d times, healed %d, in the end: %v; "+
		"accepts again after %s, normalizes after %s, landed after %s",
		len(f.accepted), f.payloads, f.lost, f.stored, f.missing, f.doubled, f.invisible, f.raised, f.absent, f.extra, f.charts, f.unclean, f.named, f.healed, f.unhealed,
		spread(f.accepted), spread(f.normalized), spread(f.landed))
}

// spread is the middle, the 90th of a hundred, and the longest.
func spread(all []time.Duration) string {
	slices.Sort(all)
	at := func(share int) time.Duration {
		return all[min(len(all)*share/100, len(all)-1)].Round(10 * time.Millisecond)
	}
	return fmt.Sprintf("%s (p90 %s, max %s)", at(50), at(90), at(100))
}

// settle waits until all that was fed has landed, and compares.
func (s *siege) settle() {
	s.witness.follow(s.whereabouts())
	s.awaitNormalized()
	s.found.unhealed = s.verify()
	now, charts := s.readTopics()
	s.found.invisible, s.found.raised = s.witness.compare(now)
	s.compareRows(now)
	s.compareCharts(charts)
}

// awaitNormalized waits until the step has read all: then nothing more comes. What is missing after a minute stays so.
func (s *siege) awaitNormalized() {
	admin, err := kgo.NewClient(onThisMachine(s.whereabouts().brokers)...)
	if err != nil {
		s.Fatal(err)
	}
	defer admin.Close()
	within(s.T, siegePatience, func() int64 {
		lags, err := kadm.NewClient(admin).Lag(s.Context(), "waybill.normalize")
		left := int64(-1)
		if err == nil && lags.Error() == nil {
			left = 0
			lags.Each(func(l kadm.DescribedGroupLag) { left += l.Lag.Total() })
		}
		return left
	}, func(left int64) bool { return left == 0 })
}

// readTopics reads what stands on the topics, and holds it against the books.
func (s *siege) readTopics() (map[spot]uint64, charts) {
	site, now := s.whereabouts(), map[spot]uint64{}
	stack := &stack{kafka: onThisMachine(site.brokers), running: &embedded.Instance{}}
	registry, err := schemas.NewRegistry(site.registry)
	if err != nil {
		s.Fatal(err)
	}
	copies, versions, charts := map[bodySum]int{}, []version{}, charts{}
	for _, topic := range watched {
		err := stack.readTopic(s.Context(), topic, func(r *kgo.Record) error {
			now[spotOf(r)] = contentOf(r)
			value := topic.Schema.New()
			if err := registry.Decode(s.Context(), topic.Schema, r.Value, value); err != nil {
				return err
			}
			switch v := value.(type) {
			case *schemas.RawOrder:
				copies[sha256.Sum256(v.Body.Bytes)]++
			case *schemas.Order:
				versions = append(versions, version{v.Ref, v.Revision})
				charts.add(s.feed.totals[version{v.Ref, v.Revision}], v.Change)
			}
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
	s.compareRaw(copies)
	s.compareVersions(versions)
	return now, charts
}

func (s *siege) compareRaw(copies map[bodySum]int) {
	s.found.payloads = len(s.feed.stored)
	for sum := range s.feed.stored {
		if copies[sum] == 0 {
			s.found.lost++
		}
	}
	for sum, n := range copies {
		s.found.stored += max(0, n-s.feed.attempts[sum])
	}
}

// compareVersions holds the versions against each feeder's books: a version that is in none, or twice in one, is doubled.
func (s *siege) compareVersions(versions []version) {
	known := 0
	for _, books := range s.feed.books {
		lost, doubled := books.Check(of(books, versions))
		s.found.missing += len(lost)
		s.found.doubled += len(doubled)
		for range of(books, versions) {
			known++
		}
		for _, name := range append(lost, doubled...) {
			s.Logf("version %s is missing or doubled", name)
		}
	}
	s.found.doubled += len(versions) - known
}

func of(books *sandbox.Books, versions []version) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, v := range versions {
			if books.Versions(v.ref) > 0 && !yield(v.ref, v.revision) {
				return
			}
		}
	}
}

// compareRows holds the tables against the topics, by position.
func (s *siege) compareRows(now map[spot]uint64) {
	tables := s.tables()
	defer tables.Close()
	left := map[spot]bool{}
	for at := range now {
		left[at] = true
	}
	for _, topic := range watched {
		err := tables.Query(s.Context(), "SELECT _partition, _offset FROM "+topic.Table()+" FINAL", func(_ []string, values []any) error {
			at := spot{topic: topic.Name}
			if _, err := fmt.Sscan(fmt.Sprint(values...), &at.partition, &at.offset); err != nil {
				return err
			}
			if !left[at] {
				s.found.extra++
			}
			delete(left, at)
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
	s.found.absent = len(left)
}

// chart is what the minutes must add up to.
type chart struct {
	orders, amended, cancelled int
	revenue                    big.Rat
}

// charts are those of all currencies.
type charts map[string]*chart

// add takes from the topic what happened, and from the feeder's books what it comes to.
func (all charts) add(a amount, change string) {
	c := all[a.currency]
	if c == nil {
		c = &chart{}
		all[a.currency] = c
	}
	switch change {
	case schemas.ChangeReceived:
		c.orders++
		total, _ := new(big.Rat).SetString(a.total)
		c.revenue.Add(&c.revenue, total)
	case schemas.ChangeAmended:
		c.amended++
	case schemas.ChangeCancelled:
		c.cancelled++
	}
}

func (c *chart) String() string {
	return fmt.Sprintf("%d orders, %d amended, %d cancelled, %s", c.orders, c.amended, c.cancelled, c.revenue.FloatString(4))
}

// compareCharts holds the sums of all minutes against them.
func (s *siege) compareCharts(charts charts) {
	tables := s.tables()
	defer tables.Close()
	want := map[string]string{}
	for currency, c := range charts {
		want[currency] = c.String()
	}
	err := tables.Query(s.Context(), `SELECT toString(currency), concat(toString(sum(orders)), ' orders, ', toString(sum(amended)), ' amended, ', toString(sum(cancelled)), ' cancelled, ',
		toDecimalString(sum(revenue), 4)) FROM v_orders_per_minute GROUP BY currency`, func(_ []string, values []any) error {
		currency, got := fmt.Sprint(values[0]), fmt.Sprint(values[1])
		if want[currency] != got {
			s.found.charts = append(s.found.charts, strings.Join([]string{currency, "shows", got, "and not", want[currency]}, " "))
		}
		delete(want, currency)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	for currency := range want {
		s.found.charts = append(s.found.charts, currency+" is not shown")
	}
}

func (s *siege) tables() *clickhouse.ClickHouse {
	tables, err := clickhouse.Open(s.Context(), s.whereabouts().dsn, clickhouse.Options{})
	if err != nil {
		s.Fatal(err)
	}
	return tables
}
