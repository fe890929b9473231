package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/marketplaces"
	"waybill/internal/sandbox"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// made is what a step made of the events of a key: its messages and its memory, as values and as bytes.
type made struct {
	values []any
	bytes  []byte
}

// Every processor is run on every recorded payload of every channel, and on generated ones with amendments and repeats: once in
// order, on one core; and again in goroutines that are shuffled, on several, by another clock and in another zone.
func TestEveryProcessorMakesTheSameBytesWheneverAndWhereverItRuns(t *testing.T) {
	events := corpora(t)
	for i, step := range processors.All(everySource(t)) {
		var first, second map[string]*made
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			first = runThrough(step, events, func(each func(string), keys []string) {
				for _, key := range keys {
					each(key)
				}
			})
		}()
		again := processors.All(everySource(t))[i]
		elsewhere(t, func() { second = runThrough(again, events, shuffled) })
		same(t, step.Name, first, second)
	}
}

// elsewhere is with another zone, another clock, which stands still, and more threads.
func elsewhere(t *testing.T, do func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	zone := time.Local
	defer func() { time.Local = zone }()
	time.Local = time.FixedZone("elsewhere", -11*3600)
	t.Setenv("TZ", "Pacific/Pago_Pago")
	synctest.Test(t, func(*testing.T) { do() })
}

// shuffled handles keys in goroutines of their own.
func shuffled(each func(string), keys []string) {
	keys = slices.Clone(keys)
	rand.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	var all sync.WaitGroup
	for _, key := range keys {
		all.Go(func() {
			runtime.Gosched()
			each(key)
		})
	}
	all.Wait()
}

func runThrough(step processors.Processor, events map[string][]*topics.Event, spread func(func(string), []string)) map[string]*made {
	all, lock := map[string]*made{}, sync.Mutex{}
	spread(func(key string) {
		result := handled(step, events[key])
		lock.Lock()
		defer lock.Unlock()
		all[key] = result
	}, slices.Sorted(maps.Keys(events)))
	return all
}

// handled runs the events of one key through a step, as the runner does.
func handled(step processors.Processor, events []*topics.Event) *made {
	m, state := &made{}, step.State.New()
	keep := func(s schemas.Any, v any) {
		b, err := s.Append(nil, v)
		m.bytes = fmt.Appendf(m.bytes, "%s %x %v\n", s.Name(), b, err)
		m.values = append(m.values, v)
	}
	for _, event := range events {
		result, err := step.Handle(event, state)
		m.bytes = fmt.Appendf(m.bytes, "%v %v %v %v\n", err, result.Repeat, result.Partial, result.Wake)
		m.values = append(m.values, fmt.Sprint(err))
		for _, message := range result.Messages {
			m.bytes = fmt.Appendf(m.bytes, "%s %s %q\n", message.Topic.Name, message.Key, message.Headers)
			keep(message.Topic.Schema, message.Value)
		}
	}
	keep(step.State, state)
	return m
}

// same compares bytes, and where they differ names the field.
func same(t *testing.T, step string, first, second map[string]*made) {
	t.Helper()
	if len(first) == 0 || len(first) != len(second) {
		t.Fatalf("%s: %d keys once, %d again", step, len(first), len(second))
	}
	messages := 0
	for key, once := range first {
		messages += len(once.values)
		if again := second[key]; !bytes.Equal(once.bytes, again.bytes) {
			t.Fatalf("%s of %s is not the same again (-once +again):\n%s", step, key, cmp.Diff(once.values, again.values))
		}
	}
	t.Logf("%s: %d keys, %d values, byte for byte the same", step, len(first), messages)
}

// everySource is every channel with its newest mapping, with a calendar and pairs.
func everySource(t *testing.T) processors.Sources {
	t.Helper()
	parties := processors.Parties{}
	for _, channel := range marketplaces.Channels() {
		m, err := marketplaces.Open(channel, nil)
		if err != nil {
			t.Fatal(err)
		}
		parties[channel] = m
	}
	calendar, err := processors.NewCalendar(map[string]string{"zone": "Europe/Berlin", "cutoff": "14:00", "handling_days": "1", "transit_days": "2", "holidays": "DE-BY"})
	if err != nil {
		t.Fatal(err)
	}
	return processors.Sources{
		Channels: parties, Catalogue: everyOffer{},
		Terms: func(string) processors.Terms {
			return processors.Terms{Calendar: calendar, PairsRequired: true, Patches: true}
		},
	}
}

// everyOffer is a catalogue in which each offer is a bundle.
type everyOffer struct{}

func (everyOffer) Offer(key string) (*schemas.CatalogueEntry, error) {
	party, ref, _ := schemas.SplitOrderID(key)
	return &schemas.CatalogueEntry{Party: party, OfferRef: ref, Quantity: "1", Unit: schemas.UnitPiece, Components: []schemas.BundlePart{
		{SKU: "MUG", Quantity: "2", Unit: schemas.UnitPiece}, {SKU: "TRAY", Quantity: "1", Unit: schemas.UnitPiece},
	}}, nil
}

// corpora are the recorded payloads and generated ones, by the order they are about.
func corpora(t *testing.T) map[string][]*topics.Event {
	t.Helper()
	events, offset := map[string][]*topics.Event{}, int64(0)
	add := func(channel string, body []byte) {
		m, err := marketplaces.Open(channel, nil)
		if err != nil {
			t.Fatal(err)
		}
		raws, err := m.Receive(http.Header{}, body)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raws {
			raw := &raws[i]
			raw.Party, raw.Seller, raw.Channel, raw.Origin, raw.ReceivedAt = channel, "default", channel, schemas.OriginFeed, schemas.Millis(1750000000000+offset)
			raw.OrderID = schemas.OrderID(channel, raw.Ref)
			offset++
			events[raw.OrderID] = append(events[raw.OrderID], &topics.Event{Topic: topics.OrdersRaw, Offset: offset, Key: raw.OrderID, Value: raw, At: raw.ReceivedAt})
		}
	}
	for _, channel := range marketplaces.Channels() {
		files, err := filepath.Glob(filepath.Join("../../connectors/marketplaces", channel, "testdata", "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no recorded payload (%v)", channel, err)
		}
		for _, file := range files {
			if body, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, ".golden.json") {
				add(channel, body)
			}
		}
	}
	for _, channel := range sandbox.Channels() {
		payloads, err := sandbox.Generate(sandbox.Options{Channel: channel, Orders: 200, Seed: 178, Duplicates: 10, Broken: 5, Amendments: 30})
		if err != nil {
			t.Fatal(err)
		}
		for p := range payloads {
			add(channel, p.Body)
		}
	}
	return events
}
