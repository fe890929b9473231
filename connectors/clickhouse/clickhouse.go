// Package clickhouse is the door to ClickHouse: the tables that every event lands in, the writes that make it land once, and
// the questions asked of them.
//
// A row's identity is (topic, partition, offset). Whatever is written twice, under the same deduplication token or not, counts
// once: every table ends its order in that identity, and every number is a set of identities or recomputed from rows.
//
// It knows topics and schemas, and must not know Kafka: blocks of records are handed to it.
package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"waybill/topics"
)

// Options is what the DSN does not say. The zero value is usable.
type Options struct {
	Username string // if the DSN names none
	Password string // if the DSN names none
	// PasswordNow, if there is one, is asked instead of Password whenever it is shown: it may change. nil: it does not.
	PasswordNow func() string
	// Dial, if there is one, makes every connection, encrypted. nil: as the DSN says.
	Dial Dialer
	// Limits of Query. 0 takes the default.
	QuerySeconds   int   // how long a query may run; default 30
	QueryRows      int64 // how many rows it may answer; default 1,000,000
	QueryBytes     int64 // how large its answer may be; default 256 MiB
	ConnectSeconds int   // how long to wait for a connection; default 10
	Connections    int   // how many requests run at once; default 8
}

func (o Options) withDefaults() Options {
	fill := func(n *int, value int) {
		if *n <= 0 {
			*n = value
		}
	}
	fill(&o.QuerySeconds, 30)
	fill(&o.ConnectSeconds, 10)
	fill(&o.Connections, 8)
	if o.QueryRows <= 0 {
		o.QueryRows = 1_000_000
	}
	if o.QueryBytes <= 0 {
		o.QueryBytes = 256 << 20
	}
	return o
}

// ClickHouse is one database of one ClickHouse server.
type ClickHouse struct {
	address string // host:port, for people
	options *clickhouse.Options
	limits  Options
	conn    driver.Conn
	reader  driver.Conn // read-only, for Query

	lock   sync.Mutex
	tables map[*topics.Topic]*table
}

// Open connects to the database of a DSN: clickhouse://host:9000/db (native protocol), http://host:8123/db or
// https://host:8443/db. It fails if the server cannot be reached or refuses the user.
func Open(ctx context.Context, dsn string, o Options) (*ClickHouse, error) {
	o = o.withDefaults()
	options, err := parseDSN(dsn, o)
	if err != nil {
		return nil, err
	}
	c := &ClickHouse{address: strings.Join(options.Addr, ","), options: options, limits: o, tables: map[*topics.Topic]*table{}}
	if c.conn, err = clickhouse.Open(options); err != nil {
		return nil, fmt.Errorf("open ClickHouse at %s: %w", c.address, err)
	}
	if c.reader, err = clickhouse.Open(readOnly(options, o)); err != nil {
		return nil, errors.Join(fmt.Errorf("open ClickHouse at %s: %w", c.address, err), c.conn.Close())
	}
	if err := c.conn.Ping(ctx); err != nil {
		return nil, errors.Join(c.unreachable(err), c.Close())
	}
	return c, nil
}

// Close ends the connections. No other method may be running.
func (c *ClickHouse) Close() error { return errors.Join(c.conn.Close(), c.reader.Close()) }

// parseDSN reads the DSN and adds the settings that every write relies on.
func parseDSN(dsn string, o Options) (*clickhouse.Options, error) {
	scheme, rest, found := strings.Cut(dsn, "://")
	switch {
	case !found || scheme != "http" && scheme != "https" && scheme != "clickhouse":
		return nil, errors.New("the ClickHouse DSN must begin with clickhouse://, http:// or https://")
	case scheme == "https" && !strings.Contains(rest, "secure="):
		separator := "?"
		if strings.Contains(rest, "?") {
			separator = "&"
		}
		dsn += separator + "secure=true"
	}
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the ClickHouse DSN: %w", err)
	}
	if options.Auth.Username == "" {
		options.Auth.Username, options.Auth.Password = o.Username, o.Password
	}
	o.connect(options)
	if options.DialTimeout == 0 {
		options.DialTimeout = time.Duration(o.ConnectSeconds) * time.Second
	}
	if options.MaxOpenConns == 0 {
		options.MaxOpenConns, options.MaxIdleConns = o.Connections, o.Connections
	}
	if options.Compression == nil && !loopback(options.Addr) {
		options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	options.Settings["async_insert"] = 0 // it is on by default since 26.x: an answer must mean that the rows are there
	options.Settings["deduplicate_blocks_in_dependent_materialized_views"] = 1
	options.Settings["max_partitions_per_insert_block"] = 0 // records of many months must land too
	options.Settings["optimize_on_insert"] = 0              // a block has no repeats to remove; to look for them took four times as long
	return options, nil
}

// loopback tells whether no address leaves this machine, where compression costs more than it saves.
func loopback(addresses []string) bool {
	return !slices.ContainsFunc(addresses, func(address string) bool {
		host, _, _ := net.SplitHostPort(address)
		ip := net.ParseIP(host)
		return host != "localhost" && (ip == nil || !ip.IsLoopback())
	})
}

// table is the derived table of a topic.
func (c *ClickHouse) table(topic *topics.Topic) *table {
	c.lock.Lock()
	defer c.lock.Unlock()
	t := c.tables[topic]
	if t == nil {
		t = tableOf(topic)
		c.tables[topic] = t
	}
	return t
}

// Ping asks whether the server answers.
func (c *ClickHouse) Ping(ctx context.Context) error {
	if err := c.conn.Ping(ctx); err != nil {
		return c.unreachable(err)
	}
	return nil
}
