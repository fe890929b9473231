package landing

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

func (l *ledger) Ranges(_ context.Context, topic *topics.Topic) (ranges []topics.Range, err error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for at, spans := range l.ranges {
		for _, s := range spans {
			if at.topic == topic.Name {
				r := topics.Range{Partition: at.partition, From: s.From, To: s.To}
				for _, e := range l.events {
					if e.Partition == at.partition && e.Offset >= s.From && e.Offset < s.To {
						r.Records++
					}
				}
				r.Superseded = max(0, int64(s.Records)-r.Records)
				ranges = append(ranges, r)
			}
		}
	}
	return ranges, nil
}

func (l *ledger) Count(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) (rows, distinct int64, err error) {
	offsets, err := l.Offsets(ctx, topic, partition, from, to)
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, e := range l.events {
		if e.Partition == partition && e.Offset >= from && e.Offset < to {
			rows += int64(l.rows[e.Position()])
		}
	}
	return rows, int64(len(offsets)), err
}

func (l *ledger) RangesFrom(ctx context.Context, topic *topics.Topic, partition int32, from int64) (ranges []topics.Range, err error) {
	all, err := l.Ranges(ctx, topic)
	for _, r := range all {
		if r.Partition == partition && r.To > from {
			ranges = append(ranges, r)
		}
	}
	slices.SortFunc(ranges, func(a, b topics.Range) int { return int(a.From - b.From) })
	return ranges, err
}

func (l *ledger) Doubled(_ context.Context, _ *topics.Topic, partition int32, from, to int64) (found []topics.Doubled, err error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, e := range l.events {
		if n := l.rows[e.Position()]; n > 1 && e.Partition == partition && e.Offset >= from && e.Offset < to {
			found = append(found, topics.Doubled{Offset: e.Offset, Rows: int64(n), Minutes: []time.Time{e.At.Time().Truncate(time.Minute)}})
		}
	}
	return found, nil
}

func (l *ledger) Minutes(context.Context, *topics.Topic, int32, int64, int64) ([]time.Time, error) {
	return nil, nil
}

func (l *ledger) Offsets(_ context.Context, _ *topics.Topic, partition int32, from, to int64) (offsets []int64, err error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, e := range l.events {
		if e.Partition == partition && e.Offset >= from && e.Offset < to && l.rows[e.Position()] > 0 {
			offsets = append(offsets, e.Offset)
		}
	}
	slices.Sort(offsets)
	return offsets, nil
}

// some are the events at these positions.
func (l *ledger) some(positions ...string) (events []topics.Landed) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, p := range positions {
		events = append(events, l.events[p])
	}
	return events
}

func (s *stage) verify(wait int) (report Report) {
	s.t.Helper()
	err := Verify(s.t.Context(), VerifyConfig{Kafka: s.options(), Topics: []*topics.Topic{s.topic}, WaitSeconds: wait}, s.table,
		func(r Report) error { report = r; return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

// verified is that Verify finds all that was produced, once.
func (s *stage) verified(superseded int64) {
	s.t.Helper()
	n := int64(len(s.want))
	if r := s.verify(10); r.Records != n || r.Rows != n || r.Distinct != n || r.Superseded != superseded || !r.Sound() {
		s.t.Errorf("of %d records, verify reports %+v", n, r)
	}
}

func TestVerifyFindsWhatIsMissingAndWhatIsDoubled(t *testing.T) {
	s := newStage(t, 2)
	s.produce(0, 100)
	s.produce(1, 20)
	m := s.start(s.config())
	s.landed()
	s.verified(0)
	m.stop()
	s.table.rows["orders.raw/0/17"] = 0
	s.table.rows["orders.raw/1/3"] = 2
	r := s.verify(-1)
	if r.Missing != 1 || r.Doubled != 1 || r.Distinct != 119 || r.Rows != 120 {
		t.Errorf("%+v", r)
	}
	minute := []time.Time{s.table.events["orders.raw/0/17"].At.Time().UTC().Truncate(time.Minute)}
	want := []Damage{
		{Topic: "orders.raw", Partition: 0, From: 17, To: 18, Missing: 1, Minutes: minute},
		{Topic: "orders.raw", Partition: 1, From: 3, To: 4, Doubled: 1, Minutes: minute},
	}
	if diff := cmp.Diff(want, r.Damages); diff != "" {
		t.Errorf("damages (-want +got):\n%s", diff)
	}
	told := strings.Join(r.Faults, "\n")
	for _, want := range []string{"partition 0: 1 records from offset 17 to 17 have no row", "range [0,50) has 49 rows, of 50", "partition 1: 1 rows have the position of another"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told in:\n%s", want, told)
		}
	}
}

func TestVerifyFindsGapsAndOverlapsOfRanges(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 150)
	m := s.start(s.config())
	s.landed()
	m.stop()
	at := place{s.topic.Name, 0}
	spans := slices.SortedFunc(slices.Values(s.table.ranges[at]), func(a, b Span) int { return int(a.From - b.From) })
	s.table.ranges[at] = append(spans[1:], Span{140, 150, 10})
	s.table.ranges[at] = append(s.table.ranges[at], Span{160, 170, 0})
	told := strings.Join(s.verify(-1).Faults, "\n")
	for _, want := range []string{"two ranges cover offsets [140,150)", "no range covers offsets [150,160)"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told in:\n%s", want, told)
		}
	}
}

func TestVerifySaysThatSomethingHasNotLandedYet(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 12)
	r := s.verify(-1)
	if r.Missing != 12 || r.Records != 12 || r.Rows != 0 || r.Sound() {
		t.Errorf("%+v", r)
	}
}

func TestVerifyDoesNotMissWhatAnOpenTransactionHides(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 10)
	open := s.connect(kgo.TransactionalID("open"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err := open.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	s.send(open, &kgo.Record{Value: s.raw(1)}, false)
	if err := open.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.produce(0, 0)
	s.start(s.config())
	s.landed()
	s.verified(0)
	if err := open.EndTransaction(t.Context(), kgo.TryAbort); err != nil {
		t.Fatal(err)
	}
	s.verified(0)
}
