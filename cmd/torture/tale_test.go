package main

import (
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/sandbox"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// tale is what a faultless pipeline leaves on the topics.
type tale struct {
	*testing.T
	registry *schemas.Registry
	verifier *verifier
	offsets  map[lane]int64
	records  []*record
	known    map[string]known
}

func newTale(t *testing.T) *tale {
	registry, err := schemas.NewRegistry(embeddedtest.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	tl := &tale{T: t, registry: registry, offsets: map[lane]int64{}, known: map[string]known{}}
	for _, topic := range topics.All() {
		tl.register(topic.Subject(), topic.Schema)
	}
	tl.register("table.normalize.state-value", schemas.OrderVersionsSchema)
	tl.verifier = tl.newVerifier()
	return tl
}

func (t *tale) register(subject string, schema schemas.Any) {
	if _, err := t.registry.Register(t.Context(), subject, schema); err != nil {
		t.Fatal(err)
	}
}

func (t *tale) newVerifier() *verifier {
	channels, err := channels()
	if err != nil {
		t.Fatal(err)
	}
	return newVerifier(t.registry, processors.Sources{Channels: channels, Terms: terms})
}

// put lays a record on a topic.
func (t *tale) put(topic *topics.Topic, key string, value any, headers ...topics.Header) *record {
	at := lane{topic.Name, 0}
	r := &record{Event: topics.Event{Topic: topic, Offset: t.offsets[at], Key: key, Value: value, At: 1_800_000_000_000, Headers: headers}}
	t.offsets[at]++
	if value != nil {
		var err error
		if r.bytes, err = t.registry.Encode(t.Context(), nil, topic.Subject(), topic.Schema, value); err != nil {
			t.Fatal(err)
		}
	}
	t.records = append(t.records, r)
	return r
}

// happens lets a record have its consequences, and a row be written behind it.
func (t *tale) happens(r *record, do func(*consequence, *record) error) {
	before, is := t.known[r.Key]
	if !is {
		before = known{state: new(schemas.OrderVersions)}
	}
	t.verifier.offers.settle() // the step sees the newest pairs
	t.verifier.offers.begin()
	c := &consequence{
		known: before.copied(), ctx: t.Context(), registry: t.registry, step: t.verifier.step, offers: t.verifier.offers, key: r.Key,
	}
	if err := do(c, r); err != nil {
		t.Fatal(err)
	}
	for _, m := range c.said {
		headers := append(slices.Clone(m.headers), topics.Header{Key: topics.HeaderRunID, Value: []byte("run")})
		t.put(m.topic, m.key, m.value, headers...)
	}
	t.known[r.Key] = c.known
	if c.changed {
		t.writeRow(r.Key)
	}
}

func (t *tale) writeRow(order string) {
	k := t.known[order].copied()
	var err error
	if k.row.State, err = t.registry.Encode(t.Context(), nil, "table.normalize.state-value", schemas.OrderVersionsSchema, k.state); err != nil {
		t.Fatal(err)
	}
	t.put(topics.TableNormalize, order, &k.row)
}

// tell feeds so many orders of a party, with all that goes with them; the pairs of half of them come later.
func (t *tale) tell(p party, orders int, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	for raw := range t.payloads(p, orders, seed) {
		t.comesIn(raw)
		if p.pairs && random.IntN(2) == 0 {
			t.pairUp()
		}
	}
	t.pairUp()
}

// payloads are what a party sends.
func (t *tale) payloads(p party, orders int, seed uint64) iter.Seq[*schemas.RawOrder] {
	channel, err := channels()
	if err != nil {
		t.Fatal(err)
	}
	payloads, err := sandbox.Generate(sandbox.Options{Channel: p.channel, Orders: orders, Seed: seed, Duplicates: 20, Broken: 10, Amendments: 60})
	if err != nil {
		t.Fatal(err)
	}
	receiver := channel[p.name].(interface {
		Receive(http.Header, []byte) ([]schemas.RawOrder, error)
	})
	return func(yield func(*schemas.RawOrder) bool) {
		for payload := range payloads {
			cut, err := receiver.Receive(nil, payload.Body)
			if err != nil || len(cut) != 1 {
				t.Fatal(err)
			}
			raw := &cut[0]
			if payload.Ref == "" {
				raw.Ref = schemas.Unidentified + "x"
			}
			raw.Party, raw.Channel, raw.Seller, raw.OrderID = p.name, p.channel, "default", schemas.OrderID(p.name, raw.Ref)
			if !yield(raw) {
				return
			}
		}
	}
}

func (t *tale) comesIn(raw *schemas.RawOrder) {
	r := t.put(topics.OrdersRaw, raw.OrderID, raw, topics.Header{Key: topics.HeaderOrigin, Value: []byte("feed")})
	t.happens(r, (*consequence).newDelivery)
}

// pairUp writes the pairs that orders wait for, and lets those hear of it.
func (t *tale) pairUp() {
	for again := true; again; {
		again = false
		for order, k := range t.known {
			key, waits := strings.CutPrefix(k.row.WaitsFor, "pair ")
			if !waits {
				continue
			}
			party, offer, _ := strings.Cut(key, "/")
			pair := &schemas.CatalogueEntry{Party: party, OfferRef: offer, SKU: "SKU", Quantity: "1", Unit: schemas.UnitPiece}
			if t.verifier.offers.newest(key) == nil {
				t.verifier.offers.add(t.put(topics.IDCatalogue, key, pair))
			}
			for range 2 { // a new owner says it again
				t.comes(order, k.row.WaitsFor)
			}
			again = true
		}
	}
}

// comes lets an order hear that what it waits for is there.
func (t *tale) comes(order, what string) {
	at := topics.TableNormalize.Name + "/" + order
	r := t.put(topics.StepNormalize, order, nil,
		topics.Header{Key: "came", Value: []byte(what)}, topics.Header{Key: topics.HeaderOrderID, Value: []byte(order)},
		topics.Header{Key: topics.HeaderCause, Value: []byte(at)}, topics.Header{Key: topics.HeaderEventID, Value: []byte(at + "#0")})
	t.happens(r, (*consequence).cameBack)
}

// check gives the records to a verifier that knows nothing yet.
func (t *tale) check(records []*record) []difference {
	return t.checkBy(t.newVerifier(), records)
}

// checkOrder is check, of one order alone.
func (t *tale) checkOrder(order string, records []*record) []difference {
	return t.checkBy(t.newVerifier(), slices.DeleteFunc(records, func(r *record) bool { return r.Topic != topics.IDCatalogue && r.order() != order }))
}

func (t *tale) checkBy(v *verifier, records []*record) []difference {
	differences, err := v.check(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return differences
}

func told(t *testing.T) *tale {
	tl := newTale(t)
	for n, p := range parties[:4] {
		tl.tell(p, 40, uint64(n+1))
	}
	if len(tl.records) < 500 {
		t.Fatalf("only %d records", len(tl.records))
	}
	return tl
}
