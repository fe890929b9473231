package landing

import (
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// Config says what lands, how, and within which limits. The zero value of a limit is its default.
type Config struct {
	Kafka    []kgo.Opt       // how to reach the brokers: seeds, TLS, SASL
	Group    string          // the consumer group, whose offsets say what has landed: waybill.landing
	Instance string          // the static member id, the same after a restart; "" makes a dynamic member
	Topics   []*topics.Topic // all that land

	BlockRowsMax      int   // records of a block: 20,000
	BlockBytesMax     int64 // bytes of a block: 32 MiB
	BlockMilliseconds int   // how long a record may wait for others to fill its block: 500
	MemoryBytesMax    int64 // bytes of all records that were read and have not landed: 256 MiB
	WritersMax        int   // blocks that are written at the same time: 4
	StopSeconds       int   // how long a block that is being written may take when its partition is taken away: 5

	// May is nil while this process may land. While it may not it is no member of the group, so that those who may have all
	// partitions. Without it, it may.
	May func() error

	Log     *slog.Logger
	Metrics prometheus.Registerer
}

const mib = 1 << 20

// Limits that nobody has yet needed to set.
const (
	backoffMinMilliseconds = 100
	backoffMaxMilliseconds = 10_000
	sessionSeconds         = 10 // after which the group gives the partitions of a killed instance to another
	commitSeconds          = 30 // one try to commit
	fetchMilliseconds      = 500
	fetchBytesMax          = 16 * mib // of one answer
	fetchPartitionBytesMax = 4 * mib
	batchBytesMax          = 64 * mib // of one batch, decompressed
	measureSeconds         = 10       // between two looks at how far there is to go
	lookSeconds            = 10       // between two looks at which life the engine is in, and how long one may take
	lookAgainMilliseconds  = 500      // between two looks while it does not answer
	reconcileSeconds       = 60       // between two counts of what has landed
	maySeconds             = 1        // between two looks at whether it may land
	reconcileRowsMax       = 50e6     // rows that one count looks at, beside the newest of each partition
	pieceRecordsMax        = 1e6      // records that are counted together
	tailSeconds            = 2        // how long records that were given up wait for others to land with
	shrinkSeconds          = 30       // how long a log may end before a range that was promised, until it counts as cut off
)

func (c Config) withDefaults() Config {
	orElse(&c.Group, "waybill.landing")
	orElse(&c.BlockRowsMax, 20_000)
	orElse(&c.BlockBytesMax, 32*mib)
	orElse(&c.BlockMilliseconds, 500)
	orElse(&c.MemoryBytesMax, 256*mib)
	orElse(&c.WritersMax, 4)
	orElse(&c.StopSeconds, 5)
	if c.Topics == nil {
		c.Topics = topics.Landing()
	}
	if c.May == nil {
		c.May = func() error { return nil }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	return c
}

func orElse[T comparable](setting *T, usual T) {
	var zero T
	if *setting == zero {
		*setting = usual
	}
}

func (c Config) patience() time.Duration {
	return time.Duration(c.BlockMilliseconds) * time.Millisecond
}

// consumer are the client's settings for the group. They stand behind those of the configuration, which can not weaken them.
func (c Config) consumer() []kgo.Opt {
	names := make([]string, len(c.Topics))
	for i, topic := range c.Topics {
		names[i] = topic.Name
	}
	opts := append(c.reader(),
		kgo.ConsumerGroup(c.Group),
		kgo.ConsumeTopics(names...),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // a marker uses an offset: with it in hand, the position is known
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.SessionTimeout(sessionSeconds*time.Second),
		kgo.HeartbeatInterval(sessionSeconds*time.Second/5),
		kgo.FetchMaxWait(fetchMilliseconds*time.Millisecond),
		kgo.FetchMaxBytes(fetchBytesMax),
		kgo.FetchMaxPartitionBytes(fetchPartitionBytesMax),
		kgo.MaxConcurrentFetches(2),
	)
	if c.Instance != "" {
		opts = append(opts, kgo.InstanceID(c.Instance))
	}
	return opts
}

// reader are the settings of a client that only reads what it is asked for.
func (c Config) reader() []kgo.Opt {
	opts := make([]kgo.Opt, 0, len(c.Kafka)+16)
	return append(append(opts, c.Kafka...), kgo.MaxDecompressBatchBytes(batchBytesMax))
}
