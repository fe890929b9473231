package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/internal/gateway"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/processors"
	"waybill/schemas"
)

// A channel that says it took a parcel, and did not, is told again: a demo ended with a parcel that Shopify had acknowledged and did not know,
// and what became of it on its way could not be told there for ever (N6).
func TestAParcelThatAChannelAcknowledgedAndDoesNotKnowIsToldAgain(t *testing.T) {
	for _, channel := range []string{"allegro", "amazon", "ebay", "kaufland", "shopify"} {
		t.Run(channel, func(t *testing.T) {
			party, ground := lentAccount(t, channel)
			task := openParcel(t, party)
			told := func(task *schemas.Task) {
				t.Helper()
				ground.ignore(t, channel, 1)
				var f *gateway.Failure
				if _, err := party.Call(t.Context(), task); !errors.As(err, &f) || !f.Perhaps {
					t.Fatalf("what was acknowledged and ignored ended with %v", err)
				}
				ground.ignore(t, channel, 0)
				if _, err := party.Call(t.Context(), task); err != nil {
					t.Fatalf("told again: %v", err)
				}
				if _, err := party.Find(t.Context(), task); err != nil {
					t.Errorf("looked for: %v", err)
				}
			}
			told(task)
			if _, tells := party.account.(marketplaces.Teller); !tells {
				return
			}
			s, err := schemas.ParseShipping(task.Payload)
			if err != nil {
				t.Fatal(err)
			}
			standing := schemas.Standing{Ref: s.Ref, Carrier: s.Carrier, Number: s.Number, Status: schemas.ParcelDelivered, Word: "DELIVERED", At: 1780000000000}
			body, err := standing.Body()
			if err != nil {
				t.Fatal(err)
			}
			told(&schemas.Task{TaskID: "a", Party: channel, Kind: processors.KindStatus, OrderID: task.OrderID, Payload: body})
		})
	}
}

// lentAccount is an account of a channel that the sandbox plays.
func lentAccount(t *testing.T, channel string) (accountParty, *playground) {
	t.Helper()
	a := &app{stderr: t.Output(), log: slog.New(slog.DiscardHandler)}
	var behind atomic.Int64 // Amazon shows no order that is younger than two minutes
	behind.Store(int64(5 * time.Minute))
	ground, err := a.openPlayground(t.Context(), sandboxserver.Options{
		Seed: 7, Orders: 30, Now: func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	behind.Store(0)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- ground.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	c := config.Defaults()
	c.Data, c.Parties = t.TempDir(), map[string]config.Party{channel: {Channel: channel}}
	ground.lend(c)
	account, _, err := marketplaces.OpenAccount(channel, c.Parties[channel].Settings)
	if err != nil {
		t.Fatal(err)
	}
	receiver, err := openReaders(edition{}, channel, nil)
	if err != nil {
		t.Fatal(err)
	}
	return accountParty{account, connectors.Party{Name: channel, Channel: channel, Receiver: receiver.newest()}, nil, new(sync.Map)}, ground
}

// openParcel is a call that tells of a parcel with all of an order that has not left.
func openParcel(t *testing.T, party accountParty) *schemas.Task {
	t.Helper()
	changed, err := party.account.Changed(t.Context(), time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := marketplaces.Open(party.party.Channel, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range changed {
		document, err := party.account.Fetch(t.Context(), schemas.FetchOrder, one.Ref)
		if err != nil {
			t.Fatal(err)
		}
		raws, err := reader.Receive(http.Header{}, document)
		if err != nil {
			t.Fatal(err)
		}
		order, err := reader.Normalize(&raws[0])
		if err != nil || order.Status != schemas.StatusReady {
			continue // the sandbox shows some that can not be read
		}
		what := schemas.Shipping{Ref: one.Ref, Parcel: 1, Carrier: "ups", CarrierName: "UPS", Number: "1Z45BE981100000049", At: 1780000000000}
		body, err := what.Body()
		if err != nil {
			t.Fatal(err)
		}
		return &schemas.Task{TaskID: "a", Party: party.party.Name, Kind: processors.KindShip, OrderID: party.party.Name + "/" + one.Ref, Payload: body}
	}
	t.Fatalf("none of %d orders is to be shipped", len(changed))
	return nil
}

// ignore lets the channel acknowledge what it is told, and do nothing, with that probability.
func (p *playground) ignore(t *testing.T, channel string, probability float64) {
	t.Helper()
	if err := p.UseFaults([]fault.Rule{{Party: channel, Operation: fault.Any, Fault: fault.Ignore, Probability: probability}}); err != nil {
		t.Fatal(err)
	}
}
