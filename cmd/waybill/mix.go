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
	shares := make([]share, len(channels))
	for i, channel := range channels {
		own := o
		own.Channel = channel
		own.Orders = (o.Orders + len(channels) - 1 - i) / len(channels)
		own.Seed = o.Seed + uint64(i)
		payloads, err := sandbox.Generate(own)
		if err != nil {
			return nil, err
		}
		shares[i] = share{channel, payloads, &sandbox.Books{}}
	}
	return shares, nil
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

// feedMix feeds all shares through the door. With a pause, each payload goes by itself, and the pause follows.
func (p *pipeline) feedMix(ctx context.Context, shares []share, pause time.Duration, client func(party string) *feed.Client) error {
	clients := map[string]*feed.Client{}
	for _, s := range shares {
		clients[s.party] = client(s.party)
	}
	for party, payload := range inTurn(shares) {
		err := clients[party].Add(ctx, feed.Document{Bytes: payload.Body, Place: payload.Ref})
		if err == nil && pause > 0 {
			err = clients[party].Flush(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
		if err != nil {
			return err
		}
	}
	var failed error
	for _, s := range shares {
		failed = errors.Join(failed, clients[s.party].Flush(ctx))
	}
	return failed
}
