package main

import (
	"context"
	"errors"
	"iter"
	"time"

	"waybill/internal/feed"
	"waybill/internal/sandbox"
)

// share is one channel's part of a mix: its payloads, and the books on what was fed of them. Its party is called as the channel.
type share struct {
	party    string
	payloads iter.Seq[sandbox.Payload]
	books    *sandbox.Books // nil: nobody will ask
}

// mix shares so many orders out among the channels, about equally, each with a seed of its own.
func mix(o sandbox.Options, channels []string) ([]share, error) {
	shares, seeds := make([]share, len(channels)), marketSeeds(o.Seed, channels)
	for i, channel := range channels {
		own := o
		own.Channel = channel
		own.Orders = (o.Orders + len(channels) - 1 - i) / len(channels)
		own.Seed = seeds[channel]
		payloads, err := sandbox.Generate(own)
		if err != nil {
			return nil, err
		}
		shares[i] = share{channel, payloads, &sandbox.Books{}}
	}
	return shares, nil
}

// marketSeeds are those of the channels of a mix.
func marketSeeds(seed uint64, channels []string) map[string]uint64 {
	seeds := map[string]uint64{}
	for i, channel := range channels {
		seeds[channel] = seed + uint64(i)
	}
	return seeds
}

// inTurn is the payloads of all shares, one of each after the other; a payload stands in its books before it is fed.
func inTurn(shares []share) iter.Seq2[string, sandbox.Payload] {
	return func(yield func(string, sandbox.Payload) bool) {
		var next []func() (sandbox.Payload, bool)
		for _, s := range shares {
			pull, stop := iter.Pull(s.payloads)
			defer stop()
			next = append(next, pull)
		}
		for left := len(shares); left > 0; {
			for i, pull := range next {
				if pull == nil {
					continue
				}
				payload, more := pull()
				if !more {
					next[i] = nil
					left--
					continue
				}
				if shares[i].books != nil {
					shares[i].books.Fed(payload)
				}
				if !yield(shares[i].party, payload) {
					return
				}
			}
		}
	}
}

// teller is the marketplaces, which have the orders that are fed, and leave out to tell of some.
type teller interface {
	Show(party string, number uint64, version int) error
	Tells(party string) bool
}

// delivery feeds payloads to the doors, in batches, while the marketplaces know of each what was told.
type delivery struct {
	clients map[string]*feed.Client
	teller  teller          // nil: nobody can be asked
	waiting map[string]bool // orders with something in the batch that is not fed yet
	pause   time.Duration
}

// waitingMax is how many orders may wait for their batch.
const waitingMax = 200

// feedMix feeds all shares through the door. With a pause, each payload goes by itself, and the pause follows.
func (p *pipeline) feedMix(ctx context.Context, shares []share, pause time.Duration, told teller, client func(party string) *feed.Client) error {
	d := delivery{clients: map[string]*feed.Client{}, teller: told, waiting: map[string]bool{}, pause: pause}
	for _, s := range shares {
		d.clients[s.party] = client(s.party)
	}
	for party, payload := range inTurn(shares) {
		if err := d.deliver(ctx, party, payload); err != nil {
			return err
		}
	}
	return d.flush(ctx)
}

// deliver feeds a payload. The marketplace has the order as it is before anybody hears of it; and what was told before has arrived by
// then, so that nobody who asks there overtakes it.
func (d *delivery) deliver(ctx context.Context, party string, payload sandbox.Payload) error {
	if d.teller != nil && payload.Kind != sandbox.Broken {
		name := party + "/" + payload.Ref
		if d.waiting[name] || len(d.waiting) == waitingMax {
			if err := d.flush(ctx); err != nil {
				return err
			}
		}
		if err := d.teller.Show(party, payload.Number, payload.Version); err != nil {
			return err
		}
		if payload.Kind != sandbox.Duplicate && !d.teller.Tells(party) {
			return nil
		}
		d.waiting[name] = true
	}
	err := d.clients[party].Add(ctx, feed.Document{Bytes: payload.Body, Place: payload.Ref})
	if err != nil || d.pause == 0 {
		return err
	}
	err = d.clients[party].Flush(ctx)
	select {
	case <-ctx.Done():
	case <-time.After(d.pause):
	}
	return err
}

func (d *delivery) flush(ctx context.Context) (failed error) {
	clear(d.waiting)
	for _, client := range d.clients {
		failed = errors.Join(failed, client.Flush(ctx))
	}
	return failed
}
