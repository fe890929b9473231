package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/gateway"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// shopDay is a day in the life of an Allegro account, in a time of its own: orders come, the journal leaves some out, and whoever reads it
// is killed now and then.
type shopDay struct {
	*testing.T
	registry *schemas.Registry
	dir      string
	network  kfake.VirtualNetwork
	kafka    []kgo.Opt
	client   *kgo.Client
	shop     *sandboxserver.Server
	account  marketplaces.Account
	traits   marketplaces.Traits

	mu   sync.Mutex
	raw  map[string][]string // revisions that came, by order
	came map[string]time.Time

	swept int // records that the sweep had asked for
}

const dayParty = "allegro"

// A day's orders come in, each as often as it changed, though the journal leaves out one event in fifty and there is a kill an hour: what it
// left out is found by the sweep (items 2 and 10). WAYBILL_DAY_ORDERS says how many there are.
func TestADayOfAnAccountWhoseJournalLeavesSomeOut(t *testing.T) {
	orders := 1000
	if set, err := strconv.Atoi(os.Getenv("WAYBILL_DAY_ORDERS")); err == nil {
		orders = set
	}
	topics.Call([]string{dayParty})
	t.Cleanup(func() { topics.Call(nil) })
	d := &shopDay{T: t, dir: t.TempDir(), raw: map[string][]string{}, came: map[string]time.Time{}}
	var err error
	if d.registry, err = schemas.NewRegistry(embeddedtest.Registry(t)); err != nil {
		t.Fatal(err)
	}
	for _, topic := range d.roads() {
		if _, err := d.registry.Register(t.Context(), topic.Subject(), topic.Schema); err != nil {
			t.Fatal(err)
		}
	}
	embeddedtest.InBubble(t, func(t *testing.T) {
		d.T = t
		d.live(orders)
	})
}

func (d *shopDay) roads() []*topics.Topic {
	return []*topics.Topic{
		topics.Outbox(dayParty), topics.Ledger(dayParty), topics.OrdersRaw, topics.OrdersFetch, topics.OrdersAcknowledged, topics.Missing, topics.Trash, topics.Gateways,
		topics.Receipts,
	}
}

// live is the day, and half an hour of the next.
func (d *shopDay) live(orders int) {
	time.Sleep(time.Until(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))) // the orders of the market are older than that
	defer d.open()()
	random, kills := rand.New(rand.NewPCG(1, 2)), 0
	stop := d.serve(kills)
	const portion = 5 * time.Minute
	for at := range 24 * time.Hour / portion {
		share := func(n time.Duration) int { return int(n) * orders / int(24*time.Hour/portion) }
		if err := d.shop.Allegro().Sell(share(at+1) - share(at)); err != nil {
			d.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(portion))))
		if at%12 == 7 {
			stop()
			kills++
			stop = d.serve(kills)
		}
		if at%3 == 0 {
			d.sweep()
		}
		time.Sleep(time.Until(time.Now().Truncate(portion).Add(portion)))
	}
	for range 2 {
		time.Sleep(15 * time.Minute)
		d.sweep()
	}
	time.Sleep(10 * time.Minute)
	stop()
	d.compare(orders, kills)
}

// open starts the broker and the shop; what it returns ends them.
func (d *shopDay) open() (end func()) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ListenFn(d.network.Listen))
	if err != nil {
		d.Fatal(err)
	}
	d.kafka = []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DisableClientMetrics(), kgo.Dialer(d.network.DialContext)}
	if d.client, err = kgo.NewClient(append(slices.Clone(d.kafka), kgo.ConsumeTopics(topics.OrdersRaw.Name), kgo.FetchIsolationLevel(kgo.ReadCommitted()))...); err != nil {
		d.Fatal(err)
	}
	for _, topic := range d.roads() {
		if _, err := kadm.NewClient(d.client).CreateTopic(d.Context(), 1, 1, nil, topic.Name); err != nil {
			d.Fatal(err)
		}
	}
	if d.shop, err = sandboxserver.New(sandboxserver.Options{Seed: 11, RequestsPerSecondMax: 100_000}); err != nil {
		d.Fatal(err)
	}
	if err := d.shop.UseFaults([]fault.Rule{{Party: dayParty, Operation: "event", Fault: fault.Omit, Probability: 0.02}}); err != nil {
		d.Fatal(err)
	}
	listener, err := d.network.Listen("tcp", "127.0.0.1:8089")
	if err != nil {
		d.Fatal(err)
	}
	server := &http.Server{Handler: d.shop.Handler()}
	go func() { _ = server.Serve(listener) }()
	transport := http.DefaultTransport.(*http.Transport)
	was := transport.Clone().DialContext
	transport.DialContext = d.network.DialContext
	d.logIn("http://" + listener.Addr().String())
	read := make(chan struct{})
	ctx, cancel := context.WithCancel(d.Context())
	go func() { defer close(read); d.read(ctx) }()
	return func() {
		cancel()
		<-read
		time.Sleep(5 * time.Minute) // connections that nobody uses end
		transport.CloseIdleConnections()
		transport.DialContext = was
		_ = server.Close()
		d.shop.Close()
		d.client.Close()
		cluster.Close()
	}
}

func (d *shopDay) logIn(base string) {
	for _, played := range d.shop.Parties(base) {
		if played.Party != dayParty {
			continue
		}
		var err error
		d.account, d.traits, err = marketplaces.OpenAccount(dayParty, map[string]string{
			marketplaces.SettingURL: played.URL, marketplaces.SettingClient: played.Made["client_id"], marketplaces.SettingSecret: played.Made["client_secret"],
			marketplaces.SettingRefresh: played.Made["refresh_token"], marketplaces.SettingLogin: played.URL + "/auth/oauth/token",
			marketplaces.SettingKeep: filepath.Join(d.dir, "kept"),
		})
		if err != nil {
			d.Fatal(err)
		}
	}
}

// read takes down what comes in.
func (d *shopDay) read(ctx context.Context) {
	for ctx.Err() == nil {
		for r := range d.client.PollFetches(ctx).RecordsAll() {
			var raw schemas.RawOrder
			if err := d.registry.Decode(context.Background(), schemas.RawOrderSchema, r.Value, &raw); err != nil {
				d.Error(err)
				continue
			}
			d.mu.Lock()
			d.raw[raw.OrderID] = append(d.raw[raw.OrderID], string(raw.Body.Bytes))
			d.came[raw.OrderID] = r.Timestamp
			if raw.Origin == schemas.OriginSweep {
				d.swept++
			}
			d.mu.Unlock()
		}
	}
}

func (d *shopDay) delivered(_ context.Context, orderIDs []string) (map[string]time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := map[string]time.Time{}
	for _, id := range orderIDs {
		if at, is := d.came[id]; is {
			known[id] = at
		}
	}
	return known, nil
}

// serve makes the calls, until what it returns kills it: its cable is cut first.
func (d *shopDay) serve(kills int) (kill func()) {
	receiver, err := openReaders(edition{}, dayParty, nil)
	if err != nil {
		d.Fatal(err)
	}
	party := accountParty{d.account, connectors.Party{Name: dayParty, Seller: "s", Channel: dayParty, Receiver: receiver.newest()}, d.delivered, new(sync.Map)}
	limits, allowed := gateway.DefaultLimits(), ratesOf(d.traits)
	limits.Rate, limits.Rates = allowed.party, allowed.kinds
	cable := &embeddedtest.Cable{Network: &d.network}
	g := gateway.New(gateway.Config{
		Kafka: append(slices.Clone(d.kafka), kgo.Dialer(cable.Dial)), Deployment: "day", Instance: strconv.Itoa(kills), Name: dayParty,
		Dir: filepath.Join(d.dir, strconv.Itoa(kills)), Log: slog.New(slog.DiscardHandler), Limits: limits,
	}, party, party.kinds(d.traits), d.registry)
	ctx, cancel := context.WithCancel(d.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = g.Run(ctx) // it is cut off
	}()
	return func() {
		cable.Set(true)
		cancel()
		<-ended
	}
}

// sweep asks what changed in two days, up to two minutes ago.
func (d *shopDay) sweep() {
	to := time.Now().UTC().Add(-onItsWayMax).Truncate(time.Second)
	call, err := processors.SweepCall(dayParty, schemas.Sweeping{From: to.Add(-48 * time.Hour), To: to})
	if err != nil {
		d.Fatal(err)
	}
	value, err := d.registry.Encode(d.Context(), nil, call.Topic.Subject(), call.Topic.Schema, call.Value)
	if err == nil {
		err = d.client.ProduceSync(d.Context(), &kgo.Record{Topic: call.Topic.Name, Key: []byte(call.Key), Value: value}).FirstErr()
	}
	if err != nil {
		d.Fatal(err)
	}
}

// compare looks at what came and at the shop's own books: every order that still is one, and no state of any twice. Those that were paid
// together are one of another name since.
func (d *shopDay) compare(orders, kills int) {
	var gone []string
	for _, effect := range d.shop.Ledger(dayParty).Effects(0) {
		if effect.Operation == "market.combine" {
			gone = append(gone, strings.Fields(effect.Subject)...)
		}
	}
	sold, lost, doubled := map[string]bool{}, 0, 0
	for _, r := range d.shop.Allegro().Revisions() {
		sold[r.Ref] = true
	}
	for ref := range sold {
		bodies := d.raw[schemas.OrderID(dayParty, ref)]
		if len(bodies) == 0 && !slices.Contains(gone, ref) {
			lost++
		}
		if len(slices.Compact(slices.Sorted(slices.Values(bodies)))) != len(bodies) {
			doubled++
		}
	}
	d.Logf("%d orders were sold, %d of them became others, %d came, with %d kills; what the sweep found: %d", len(sold), len(gone), len(d.raw), kills, d.swept)
	if len(sold) < orders || kills < 20 || d.swept == 0 {
		d.Errorf("%d of %d orders were sold, with %d kills, and the sweep found %d", len(sold), orders, kills, d.swept)
	}
	if lost > 0 || doubled > 0 {
		d.Errorf("%d orders are lost, %d came twice in one state", lost, doubled)
	}
}
