// Package landing takes every record of the topics that land to its table: all of them, and each once.
//
// Of every partition it cuts blocks, by size or time. The range of a block is committed as metadata of the group's offset
// before the block is written, and the offset itself moves on only after the table has said yes. So whoever comes next, after
// a kill or a rebalance, finds the range in doubt, reads it again, and writes that very range first: it carries the same
// token, and the table takes a token once. If the table's engine has been started anew since, its memory of tokens is not trusted,
// and the rows themselves are looked for.
//
//	cut [500,731) ─► commit offset 500, next=500-731 ─► write ─► commit offset 731, last=500-731, next=731-… ─► write …
//
// It knows Kafka and the framing of values. It must not know what a value means, nor what the table is: that is a Table.
package landing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/membership"
	"waybill/schemas"
	"waybill/topics"
)

// Table is where blocks land. One that is also a Store is asked every minute what it has.
type Table interface {
	// Write adds the block's rows, once for each token, however often it is called.
	Write(ctx context.Context, b *topics.Block) error
	// Repair adds those of the block's rows that are not there, whatever the token says: an engine that was killed can
	// remember a token whose rows it has lost.
	Repair(ctx context.Context, b *topics.Block) error
	// Life names the present run of the table's engine: another one after each start, however the former ended.
	Life(ctx context.Context) (string, error)
}

// Landing is one member of the group.
type Landing struct {
	config   Config
	table    Table
	registry *schemas.Registry
	log      *slog.Logger
	metrics  *metrics
	topics   map[string]*topics.Topic
	memory   *memory
	writers  chan struct{} // one token for each block that may be written at the same time
	life     life          // of the table's engine

	client  *kgo.Client // of the group
	reader  *reader
	commits chan commit
	leave   context.CancelCauseFunc // ends the membership

	lock       sync.Mutex
	partitions map[place]*partition
	promises   map[place]promise // what the group's offsets said, until their partitions start
}

// place is one partition of one topic.
type place struct {
	topic     string
	partition int32
}

// New checks the configuration. It connects to nothing.
func New(c Config, table Table, registry *schemas.Registry) (*Landing, error) {
	c = c.withDefaults()
	if len(c.Topics) == 0 {
		return nil, errors.New("landing: no topic lands")
	}
	if c.BlockRowsMax < 1 || c.BlockBytesMax < 1 || c.BlockMilliseconds < 1 || c.MemoryBytesMax < 1 || c.WritersMax < 1 || c.StopSeconds < 1 {
		return nil, errors.New("landing: a limit is negative")
	}
	m, err := newMetrics(c.Metrics)
	if err != nil {
		return nil, fmt.Errorf("landing: %w", err)
	}
	l := &Landing{
		config: c, table: table, registry: registry, log: c.Log, metrics: m,
		topics:     map[string]*topics.Topic{},
		memory:     &memory{max: c.MemoryBytesMax},
		writers:    make(chan struct{}, c.WritersMax),
		commits:    make(chan commit),
		partitions: map[place]*partition{},
		promises:   map[place]promise{},
	}
	for _, topic := range c.Topics {
		l.topics[topic.Name] = topic
	}
	return l, nil
}

// Run lands records until ctx ends; then it finishes the blocks that are being written, within StopSeconds. An outage of
// Kafka, the registry or the table is waited for. It returns an error only if it can not go on: the configuration is refused,
// or another process runs under the same instance id.
func (l *Landing) Run(ctx context.Context) error {
	reading, err := kgo.NewClient(l.config.reader()...)
	if err != nil {
		return fmt.Errorf("landing: connect to Kafka: %w", err)
	}
	defer reading.Close()
	l.reader = &reader{client: reading}
	_, _ = l.ask(ctx) // a promise that does not know the engine's life is not repeated but looked for, row by row; so it is, if there is no answer
	for l.mayBegin(ctx) {
		err := l.member(ctx)
		if !errors.Is(err, errMayNot) && !errors.Is(err, errGoneBack) {
			return err
		}
	}
	return nil
}

// errGoneBack ends a membership whose partitions must be read again from another place.
var errGoneBack = errors.New("a partition has gone back")

// member is one membership of the group, from joining to leaving.
func (l *Landing) member(ctx context.Context) error {
	polling, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	l.leave = leave
	var err error
	l.client, err = kgo.NewClient(append(l.config.consumer(), l.assignment(ctx)...)...)
	if err != nil {
		return fmt.Errorf("landing: join group %s: %w", l.config.Group, err)
	}
	working, finish := context.WithCancel(context.WithoutCancel(ctx))
	var helpers sync.WaitGroup
	helpers.Go(func() { l.commitAll(working) })
	helpers.Go(func() { l.measure(working) })
	helpers.Go(func() { l.reconcile(working) })
	helpers.Go(func() { l.watch(working) })
	helpers.Go(func() { l.watchMay(working) })
	err = l.poll(polling)
	l.stop(l.all())
	was := membership.Of(l.client, l.config.Group)
	l.client.CloseAllowingRebalance()
	l.abandon(l.all())
	finish()
	helpers.Wait()
	if errors.Is(err, errGoneBack) {
		return err // and comes again
	}
	if err := was.Leave(l.config.Kafka); err != nil {
		l.log.Warn("the group was not left, its other members wait for this one until its session is over", "error", err)
	}
	return err
}

// poll hands what comes to its partition. A rebalance waits only while a poll is handed out, which takes no time.
func (l *Landing) poll(ctx context.Context) error {
	for {
		fetches := l.client.PollRecords(ctx, l.config.BlockRowsMax)
		if ctx.Err() != nil {
			if cause := context.Cause(ctx); errors.Is(cause, errGoneBack) || errors.Is(cause, errMayNot) {
				return cause
			}
			return nil
		}
		err := l.complain(fetches)
		fetches.EachPartition(l.hand)
		l.client.AllowRebalance()
		if err != nil {
			return err
		}
	}
}

func (l *Landing) hand(fetched kgo.FetchTopicPartition) {
	l.lock.Lock()
	p := l.partitions[place{fetched.Topic, fetched.Partition}]
	l.lock.Unlock()
	if p == nil || len(fetched.Records) == 0 {
		return
	}
	if expired := p.queue.put(fetched.Records, fetched.LogStartOffset); expired != nil {
		p.log.Error("retention has deleted records before they landed: lengthen it, or land faster", "from", expired.From, "to", expired.To)
	}
}

// complain logs what is wrong with a fetch; the client goes on by itself, except where the error is returned.
func (l *Landing) complain(fetches kgo.Fetches) (fatal error) {
	fetches.EachError(func(topic string, partition int32, err error) {
		if errors.Is(err, kgo.ErrClientClosed) || errors.Is(err, kerr.FencedInstanceID) {
			fatal = fmt.Errorf("landing: leave group %s: another process may run as instance %q: %w", l.config.Group, l.config.Instance, err)
			return
		}
		l.metrics.retries.WithLabelValues(topic, "broker").Inc()
		l.log.Warn("fetch failed, trying again", "topic", topic, "partition", partition, "error", err)
	})
	return fatal
}
