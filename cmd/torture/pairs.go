package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/marketplaces"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// pairs writes what offers are in the warehouse: some before their orders come, some behind, some wrong at first. Orders wait for those.
type pairs struct {
	party    string
	client   *kgo.Client
	registry *schemas.Registry
	random   *rand.Rand
	paired   map[string]bool // offers that have a pair, or will have
	now      func() time.Time

	mu      sync.Mutex
	later   []latePair
	written int
}

// latePair is a pair that is written when its time has come.
type latePair struct {
	at    time.Time
	entry *schemas.CatalogueEntry
}

// How many of a hundred pairs come late, how many are faulty first, and how late they come.
const (
	lateShare   = 50
	faultyShare = 10
	lateTime    = 2500 * time.Millisecond
)

func newPairs(party string, brokers []string, registry *schemas.Registry, random *rand.Rand) (*pairs, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.DisableClientMetrics(),
		kgo.MetadataMinAge(250*time.Millisecond), kgo.ProducerLinger(0))
	if err != nil {
		return nil, fmt.Errorf("write pairs: %w", err)
	}
	return &pairs{party: party, client: client, registry: registry, random: random, paired: map[string]bool{}, now: time.Now}, nil
}

// need sees to it that the offers of an order have a pair, now or in a while.
func (p *pairs) need(ctx context.Context, channel marketplaces.Marketplace, raw *schemas.RawOrder) error {
	order, err := channel.Normalize(raw)
	if err != nil {
		return fmt.Errorf("read an order that the sandbox made: %w", err)
	}
	for i := range order.Lines {
		offer := processors.OfferOf(&order.Lines[i])
		if p.paired[offer] {
			continue
		}
		p.paired[offer] = true
		if err := p.pair(ctx, offer); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairs) pair(ctx context.Context, offer string) error {
	good := &schemas.CatalogueEntry{Party: p.party, OfferRef: offer, SKU: "SKU-" + offer, Quantity: "1", Unit: schemas.UnitPiece, By: "torture"}
	switch chance := p.random.IntN(100); {
	case chance < faultyShare:
		faulty := *good
		faulty.Quantity = "0"
		if err := p.write(ctx, &faulty); err != nil {
			return err
		}
		p.putOff(good)
	case chance < lateShare:
		p.putOff(good)
	default:
		return p.write(ctx, good)
	}
	return nil
}

func (p *pairs) putOff(entry *schemas.CatalogueEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.later = append(p.later, latePair{p.now().Add(lateTime/50 + time.Duration(p.random.Int64N(int64(lateTime)))), entry})
}

// run writes what is late when its time has come, and all of it when feeding ends.
func (p *pairs) run(feeding, ctx context.Context) error {
	for more := true; more; {
		select {
		case <-feeding.Done():
			more = false
		case <-time.After(20 * time.Millisecond):
		}
		for _, entry := range p.due(!more) {
			if err := p.write(ctx, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pairs) due(all bool) (due []*schemas.CatalogueEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []latePair
	for _, l := range p.later {
		if all || !p.now().Before(l.at) {
			due = append(due, l.entry)
		} else {
			left = append(left, l)
		}
	}
	p.later = left
	return due
}

// write puts a pair into id.catalogue, and waits until all replicas have it.
func (p *pairs) write(ctx context.Context, entry *schemas.CatalogueEntry) error {
	entry.At = schemas.At(p.now())
	value, err := p.registry.Encode(ctx, nil, topics.IDCatalogue.Subject(), topics.IDCatalogue.Schema, entry)
	for err != nil && ctx.Err() == nil { // the registry may be down just now
		time.Sleep(againTime)
		value, err = p.registry.Encode(ctx, nil, topics.IDCatalogue.Subject(), topics.IDCatalogue.Schema, entry)
	}
	if err != nil {
		return errors.Join(ctx.Err(), err)
	}
	key := schemas.OfferKey(p.party, entry.OfferRef)
	if err := p.client.ProduceSync(ctx, &kgo.Record{Topic: topics.IDCatalogue.Name, Key: []byte(key), Value: value}).FirstErr(); err != nil {
		return fmt.Errorf("write the pair %s: %w", key, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written++
	return nil
}

func (p *pairs) close() { p.client.Close() }
