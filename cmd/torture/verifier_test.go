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

func TestAFaultlessPipelineIsFoundToBeSo(t *testing.T) {
	tl := told(t)
	for _, d := range tl.check(tl.records) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}

// Rows are written once a transaction, which may hold many events of an order.
func TestRowsThatATransactionWroteOverAreNotMissed(t *testing.T) {
	tl := told(t)
	last := map[string]*record{}
	for _, r := range tl.records {
		if r.Topic == topics.TableNormalize {
			last[r.Key] = r
		}
	}
	kept := slices.DeleteFunc(slices.Clone(tl.records), func(r *record) bool { return r.Topic == topics.TableNormalize && last[r.Key] != r })
	if len(kept) == len(tl.records) {
		t.Fatal("no order has two rows")
	}
	for _, d := range tl.check(kept) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}

func TestEachRecordThatIsMissingIsFound(t *testing.T) {
	tl := told(t)
	tried := map[string]int{}
	for i, r := range tl.records {
		name := r.Topic.Name
		if r.Topic == topics.IDCatalogue || r.Topic == topics.StepNormalize || tried[name] > 12 {
			continue // a second word of a pair that came is one too many
		}
		if r.Topic == topics.TableNormalize && slices.ContainsFunc(tl.records[i+1:], func(l *record) bool { return l.Topic == r.Topic && l.Key == r.Key }) {
			continue // it was written over
		}
		tried[name]++
		if len(tl.checkOrder(r.order(), slices.Delete(slices.Clone(tl.records), i, i+1))) == 0 {
			t.Errorf("nobody misses %s", r.position())
		}
	}
	for _, topic := range []*topics.Topic{topics.OrdersRaw, topics.OrdersNormalized, topics.Trash, topics.TableNormalize, topics.IDMap} {
		if tried[topic.Name] == 0 {
			t.Errorf("no record of %s was taken away", topic.Name)
		}
	}
}

func TestEachRecordThatIsThereTwiceIsFound(t *testing.T) {
	tl := told(t)
	tried := map[string]int{}
	for i, r := range tl.records {
		if r.Topic == topics.IDCatalogue || r.Topic == topics.StepNormalize || tried[r.Topic.Name] > 12 {
			continue
		}
		tried[r.Topic.Name]++
		if len(tl.checkOrder(r.order(), slices.Insert(slices.Clone(tl.records), i, r))) == 0 {
			t.Errorf("nobody minds that %s is there twice", r.position())
		}
	}
}

func TestTwoEventsOfAnOrderThatChangedPlacesAreFound(t *testing.T) {
	tl := told(t)
	swapped := 0
	at := map[string]int{}
	for i, r := range tl.records {
		if r.Topic != topics.OrdersNormalized {
			continue
		}
		j, before := at[r.Key]
		at[r.Key] = i
		if !before {
			continue
		}
		swapped++
		records := slices.Clone(tl.records)
		records[i], records[j] = records[j], records[i]
		if len(tl.checkOrder(r.order(), records)) == 0 {
			t.Errorf("nobody minds that %s stands before %s", r.position(), tl.records[j].position())
		}
		if swapped == 10 {
			break
		}
	}
	if swapped == 0 {
		t.Error("no order has two events")
	}
}

func TestAnOrderThatSleepsThoughItsPairHasComeIsFound(t *testing.T) {
	tl := newTale(t)
	p := parties[3]
	tl.tell(p, 10, 1)
	for i, r := range tl.records {
		if r.Topic != topics.StepNormalize {
			continue
		}
		differences := tl.check(tl.records[:i])
		if !slices.ContainsFunc(differences, func(d difference) bool { return strings.HasPrefix(d.Why, "asleep:") }) {
			t.Errorf("nobody says that %s sleeps: %v", r.Key, differences)
		}
		return
	}
	t.Fatal("no order waited")
}

// Each line's pair may have been seen missing, faulty or good: that are 3^8 ways for each snapshot, and their product for two that
// waited. Seed 7701, round 3 of 2026-11-22: the search gave up.
func TestAnOrderOfManyLinesWhoseSnapshotsAllWaitedIsExplained(t *testing.T) {
	tl := newTale(t)
	channel, err := channels()
	if err != nil {
		t.Fatal(err)
	}
	const lines = 7
	var snapshots []*schemas.RawOrder
	var order *schemas.Order
	for raw := range tl.payloads(parties[3], 20_000, 1) {
		read, err := channel[raw.Party].Normalize(raw)
		if err != nil || read.Status == schemas.StatusCancelled || len(read.Lines) < lines || len(snapshots) > 0 && raw.OrderID != snapshots[0].OrderID {
			continue
		}
		if len(snapshots) == 0 || read.Revision != order.Revision {
			snapshots, order = append(snapshots, raw), read
		}
		if len(snapshots) == 2 {
			break
		}
	}
	if len(snapshots) < 2 {
		t.Fatal("no order of many lines was amended")
	}
	pair := func(line int, quantity string) {
		offer := processors.OfferOf(&order.Lines[line])
		entry := &schemas.CatalogueEntry{Party: order.Party, OfferRef: offer, SKU: "SKU", Quantity: quantity, Unit: schemas.UnitPiece}
		tl.verifier.offers.add(tl.put(topics.IDCatalogue, schemas.OfferKey(order.Party, offer), entry))
	}
	for i := range order.Lines[1:] {
		pair(1+i, "0")
		if i%2 == 0 {
			pair(1+i, "1")
		}
	}
	for _, raw := range snapshots {
		tl.comesIn(raw)
	}
	for i := range order.Lines {
		pair(i, "1")
	}
	row := tl.known[order.OrderID].row
	if len(row.Held) != 2 {
		t.Fatalf("%d wait", len(row.Held))
	}
	tl.comes(order.OrderID, row.WaitsFor)
	for _, d := range tl.check(tl.records) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}
