package reach

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"waybill/internal/config"
	"waybill/internal/credentials"
)

// metadataAge is how long what is known of a cluster is good enough when a write is to be tried again: the client asks anew before
// each such try. A coordinator of Kafka 4 often refuses the first write of a transaction that several brokers tell it of at once
// (CONCURRENT_TRANSACTIONS; KIP-890), and with the client's own five seconds each transaction took five or ten.
const metadataAge = 100 * time.Millisecond

// KafkaOptions is how the configured cluster is reached: every connection shows what the files hold when it is made.
func KafkaOptions(c config.Kafka, l credentials.Login) []kgo.Opt {
	options := []kgo.Opt{kgo.SeedBrokers(c.Brokers...), kgo.ClientID("waybill"), kgo.MetadataMinAge(metadataAge)}
	if l.Certificates != nil {
		options = append(options, kgo.Dialer(l.Certificates.Dial))
	}
	asScram := func(context.Context) (scram.Auth, error) {
		return scram.Auth{User: l.User, Pass: l.Password.Now()}, nil
	}
	switch c.SASL.Mechanism {
	case "plain":
		options = append(options, kgo.SASL(plain.Plain(func(context.Context) (plain.Auth, error) {
			return plain.Auth{User: l.User, Pass: l.Password.Now()}, nil
		})))
	case "scram-sha-256":
		options = append(options, kgo.SASL(scram.Sha256(asScram)))
	case "scram-sha-512":
		options = append(options, kgo.SASL(scram.Sha512(asScram)))
	}
	return options
}

// Brokers asks the cluster who its brokers are. It fails within seconds: at the first that answers, or when none does.
func (t Target) Brokers(ctx context.Context, addresses []string, l credentials.Login, options []kgo.Opt) (kadm.Metadata, error) {
	ctx, cancel := context.WithTimeout(ctx, AskTimeout)
	defer cancel()
	where := strings.Join(addresses, ",")
	open, err := t.dialable(ctx, addresses, l)
	if err != nil {
		return kadm.Metadata{}, t.orAsItIs(where, err)
	}
	client, err := kgo.NewClient(append(append([]kgo.Opt{}, options...), Bounded(open...)...)...)
	if err != nil {
		return kadm.Metadata{}, fmt.Errorf("kafka at %s: %w", where, err)
	}
	defer client.Close()
	metadata, err := kadm.NewClient(client).BrokerMetadata(ctx)
	if err != nil {
		return kadm.Metadata{}, t.orAsItIs(where, err)
	}
	return metadata, nil
}

// orAsItIs is Why, or the error behind what could not be asked.
func (t Target) orAsItIs(where string, err error) error {
	var fault *Fault
	if err = t.Why(where, err); errors.As(err, &fault) {
		return err
	}
	return fmt.Errorf("kafka at %s: ask who the brokers are: %w", where, err)
}

// Bounded are options of a client that asks a little and gives up soon, behind those of the configuration.
func Bounded(seeds ...string) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(seeds...), kgo.DialTimeout(dialTimeout), kgo.RequestTimeoutOverhead(AskTimeout), kgo.RequestRetries(2), kgo.RetryTimeout(AskTimeout),
		kgo.RetryBackoffFn(func(int) time.Duration { return 100 * time.Millisecond }), kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.DisableClientMetrics(), // Close would wait a second for a broker that is gone to take them
	}
}

// dialable are the addresses that can be connected to, over TLS if that is wanted; the error is that of the first if there is none.
func (t Target) dialable(ctx context.Context, addresses []string, l credentials.Login) ([]string, error) {
	faults := make([]error, len(addresses))
	var tries sync.WaitGroup
	for i, address := range addresses {
		tries.Go(func() { faults[i] = Dial(ctx, address, l.Certificates) })
	}
	tries.Wait()
	var open []string
	for i, err := range faults {
		if err == nil {
			open = append(open, addresses[i])
		}
	}
	if len(open) == 0 {
		return nil, faults[0]
	}
	return open, nil
}

// Dial says whether a connection can be made.
func Dial(ctx context.Context, address string, c *credentials.Certificates) error {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	dial := (&net.Dialer{}).DialContext
	if c != nil {
		dial = c.Dial
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}
