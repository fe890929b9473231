package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func generate(t *testing.T, o Options) []Payload {
	t.Helper()
	stream, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	var all []Payload
	for p := range stream {
		all = append(all, p)
	}
	return all
}

func TestASeedPromisesTheSameBytes(t *testing.T) {
	golden := map[string]string{
		"allegro":  "98085de479de94018ad1ce3e9ce1f853531c57b4876d7b5703b9f1bd0552b289",
		"amazon":   "8a1a62c7faed460c665881f7cf3a451274a9fadc13b74cadc3103e90e743d879",
		"ebay":     "24810a9f24b488f5475c64c548ed63ecb0a451a067ca74098e4e0ef923d8e73e",
		"kaufland": "e27be47db27f287819a665042cdc849a5c03f9fc7106684118bb7e080d74bb95",
		"shopify":  "76e78b45af0de253bc4cd4cb06145874ed51d2fba14479a4be91c782f48d11d5",
	}
	for _, channel := range Channels() {
		sum := sha256.New()
		for _, p := range generate(t, Options{Channel: channel, Orders: 1000, Seed: 42, Duplicates: 3, Broken: 1, Amendments: 5})[:1000] {
			sum.Write(append(p.Body, '\n'))
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != golden[channel] {
			t.Errorf("the first 1000 payloads of %s, seed 42, hash to %s, they were %s: simulations kept elsewhere change", channel, got, golden[channel])
		}
	}
}

func TestCountsAreExact(t *testing.T) {
	for _, c := range []struct {
		options                               Options
		fresh, duplicates, broken, amendments int
	}{
		{Options{Orders: 0, Duplicates: 50, Broken: 50, Amendments: 50}, 0, 0, 0, 0},
		{Options{Orders: 1}, 1, 0, 0, 0},
		{Options{Orders: 1, Duplicates: 1000, Broken: 1000, Amendments: 1000}, 1, 10, 10, 10},
		{Options{Orders: 777}, 777, 0, 0, 0},
		{Options{Orders: 1000, Duplicates: 3, Broken: 1, Amendments: 5}, 1000, 30, 10, 50},
		{Options{Orders: 333, Duplicates: 0.5, Broken: 33.3, Amendments: 150}, 333, 2, 111, 500},
	} {
		for seed, channel := range Channels() {
			c.options.Channel, c.options.Seed = channel, uint64(seed)
			got := map[Kind]int{}
			refs := map[string]bool{}
			for _, p := range generate(t, c.options) {
				got[p.Kind]++
				if p.Kind == New || p.Kind == Broken && p.Ref != "" {
					if refs[p.Ref] {
						t.Fatalf("%+v: reference %s was given twice", c.options, p.Ref)
					}
					refs[p.Ref] = true
				}
			}
			if got[New] != c.fresh || got[Duplicate] != c.duplicates || got[Broken] != c.broken || got[Amendment]+got[Cancellation] != c.amendments {
				t.Errorf("%+v gave %v", c.options, got)
			}
		}
	}
}

func TestEveryPayloadIsOneLineOfJSON(t *testing.T) {
	for _, channel := range Channels() {
		for _, p := range generate(t, Options{Channel: channel, Orders: 2000, Seed: 3, Duplicates: 5, Broken: 5, Amendments: 30}) {
			if !json.Valid(p.Body) || bytes.ContainsAny(p.Body, "\n\r") {
				t.Fatalf("not one line of JSON: %s", p.Body)
			}
		}
	}
}

func TestRepeatsAndAmendmentsComeSoonAfterWhatTheyFollow(t *testing.T) {
	type version struct {
		ref    string
		number int
	}
	at := map[version]int{}
	body := map[version][]byte{}
	overtaken := 0
	for i, p := range generate(t, Options{Channel: "allegro", Orders: 5000, Seed: 4, Duplicates: 20, Broken: 1, Amendments: 40}) {
		this := version{p.Ref, p.Version}
		before := this
		switch p.Kind {
		case Broken:
			continue
		case Duplicate:
			if !bytes.Equal(p.Body, body[this]) {
				t.Fatalf("duplicate of %v differs from it", this)
			}
			if _, newer := at[version{p.Ref, p.Version + 1}]; newer {
				overtaken++
			}
		default:
			if _, twice := at[this]; twice {
				t.Fatalf("%v came twice as %s", this, p.Kind)
			}
			at[this], body[this] = i, p.Body
			before.number--
		}
		if before.number == 0 {
			continue
		}
		first, came := at[before]
		if distance := i - first; !came || distance > 2*horizon {
			t.Fatalf("%s %v came %d payloads after what it follows (which came: %v)", p.Kind, this, distance, came)
		}
	}
	if overtaken == 0 {
		t.Error("no duplicate was overtaken by a newer version: a late repeat is not tried")
	}
}

func TestOtherSeedsHaveOtherReferences(t *testing.T) {
	for _, channel := range Channels() {
		refs := map[string]uint64{}
		for seed := range uint64(20) {
			for _, p := range generate(t, Options{Channel: channel, Orders: 500, Seed: seed, Broken: 10}) {
				if other, taken := refs[p.Ref]; taken && p.Ref != "" {
					t.Fatalf("seeds %d and %d of %s share %s", seed, other, channel, p.Ref)
				}
				refs[p.Ref] = seed
			}
		}
	}
}

func TestEveryFaultIsPutInAndKeepsItsName(t *testing.T) {
	for _, channel := range Channels() {
		found := map[string]int{}
		for _, p := range generate(t, Options{Channel: channel, Orders: 1000, Seed: 5, Broken: 10}) {
			if p.Kind == Broken {
				found[p.Fault]++
			}
		}
		for _, fault := range Faults(channel) {
			if found[fault] == 0 {
				t.Errorf("no payload of %s with the fault %q among %v", channel, fault, found)
			}
			delete(found, fault)
		}
		if len(found) > 0 {
			t.Errorf("faults of %s that Faults does not name: %v", channel, found)
		}
	}
}

func TestAnImpossibleOrderOfOrdersIsRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"unknown":    {Channel: "bazaar"},
		"orders":     {Channel: "allegro", Orders: -1},
		"duplicates": {Channel: "allegro", Duplicates: -0.1},
		"broken":     {Channel: "allegro", Broken: math.NaN()},
		"amendments": {Channel: "allegro", Amendments: maxShare + 1},
	} {
		if _, err := Generate(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: error %v does not speak of %q", o, err, name)
		}
	}
}

func TestTheReaderMayStopAtAnyPayload(t *testing.T) {
	stream, err := Generate(Options{Channel: "allegro", Orders: 1_000_000_000_000, Seed: 1, Amendments: 10})
	if err != nil {
		t.Fatal(err)
	}
	left := 100
	for range stream {
		if left--; left == 0 {
			return
		}
	}
	t.Error("the stream ended by itself")
}

func BenchmarkGenerate(b *testing.B) {
	for _, channel := range Channels() {
		b.Run(channel, func(b *testing.B) {
			stream, err := Generate(Options{Channel: channel, Orders: b.N, Seed: 7, Duplicates: 3, Broken: 1, Amendments: 5})
			if err != nil {
				b.Fatal(err)
			}
			payloads := 0
			for p := range stream {
				payloads++
				b.SetBytes(int64(len(p.Body)))
			}
			b.ReportMetric(float64(payloads)/b.Elapsed().Seconds(), "payloads/s")
		})
	}
}
