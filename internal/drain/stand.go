package drain

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// stand is where a stage stands on one partition.
type stand struct {
	committed int64     // what the group says; -1 before the first look
	at        int64     // from where on there are records for it: behind committed, if nothing is there that it could read
	end       int64     // of the partition
	done      int64     // offsets, in the last move
	since     time.Time // it has stood there, with something to do
	oldest    time.Time // when the record there came; zero: not known, or there is none
	retry     time.Time // when to look for that record again
	seen      []sight   // since something waits there, the newest last
}

// sight is how far a group had come at one moment.
type sight struct {
	at        time.Time
	committed int64
}

// move notes how far the group has come and where the partition ends.
func (s *stand) move(now time.Time, committed, end int64) {
	s.done = 0
	if committed != s.committed {
		if s.committed >= 0 {
			s.done = max(0, committed-s.at)
		}
		s.committed, s.at = committed, committed
		s.since, s.oldest, s.retry = now, time.Time{}, time.Time{}
	}
	if s.waiting() == 0 && end > s.at {
		s.since, s.retry = now, time.Time{} // nothing waited before
	}
	s.end = end
	if s.waiting() == 0 {
		s.seen = nil
		return
	}
	s.seen = append(s.seen, sight{now, committed})
	for len(s.seen) > 2 && now.Sub(s.seen[1].at) >= rateWindow {
		s.seen = s.seen[1:]
	}
}

func (s *stand) waiting() int64 { return max(0, s.end-s.at) }

// left is how long what waits there takes at the partition's own rate; 0 as long as too little was seen of that.
func (s *stand) left() time.Duration {
	if len(s.seen) < 2 {
		return 0
	}
	first, last := s.seen[0], s.seen[len(s.seen)-1]
	took, done := last.at.Sub(first.at), last.committed-first.committed
	if took < rateTime || done <= 0 {
		return 0
	}
	return time.Duration(float64(s.waiting()) / float64(done) * float64(took))
}

const (
	// lookTime is how long a partition stands until its first record is looked at, by those who have the time.
	lookTime = 10 * time.Second
	// looksMax is how many partitions are looked at in one survey, lookWait how long that may take.
	looksMax = 8
	lookWait = 2 * time.Second
	// lookBytesMax bounds what is read of a partition, but for one batch; lookUnpackedMax what that may unpack to.
	lookBytesMax    = 64 << 10
	lookUnpackedMax = 64 << 20
)

// lookAtFirst looks at the first record of partitions that do not move: when it came, or whether there is one at all. An aborted
// transaction at the end of a topic leaves offsets behind for which nobody will ever read a record.
func (s *survey) lookAtFirst(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	var looking sync.WaitGroup
	defer looking.Wait()
	looks := 0
	for at, here := range s.places {
		if here.waiting() == 0 || !here.oldest.IsZero() || now.Sub(here.since) < s.patient || now.Before(here.retry) {
			continue
		}
		if looks++; looks > looksMax {
			return // the others at the next survey
		}
		here.retry = now.Add(standTime)
		looking.Go(func() { here.at, here.oldest = s.first(ctx, at.mark, *here) })
	}
}

// first reads from where a stage stands to the first record that it could read. Without one it returns how far there is none.
func (s *survey) first(ctx context.Context, at mark, here stand) (offset int64, came time.Time) {
	from := map[string]map[int32]kgo.Offset{at.topic: {at.partition: kgo.NewOffset().At(here.at)}}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(from), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.FetchMaxPartitionBytes(lookBytesMax), kgo.MaxDecompressBatchBytes(lookUnpackedMax),
	}, s.kafka...)...)
	if err != nil {
		return here.at, time.Time{}
	}
	defer client.Close()
	for offset = here.at; offset < here.end && ctx.Err() == nil; {
		fetches := client.PollFetches(ctx)
		for r := range fetches.RecordsAll() {
			if !r.Attrs.IsControl() {
				return r.Offset, r.Timestamp
			}
			offset = r.Offset + 1
		}
		if len(fetches.Errors()) > 0 {
			break // an outage, or a batch that unpacks to too much: nobody knows
		}
	}
	return offset, time.Time{}
}
