package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"waybill/connectors"
	"waybill/internal/config"
	"waybill/internal/httpd"
	"waybill/internal/runner"
	"waybill/schemas"
	"waybill/topics"
)

// A day of the parcels passes in so much time: longer where there are many, so that their scans come as fast as doors take them.
const (
	demoDayMin      = 2 * time.Second
	demoDayAnOrder  = 2 * time.Millisecond
	demoDaysAnAsk   = 2 // days between two questions after a parcel
	demoAsksMin     = 5 * time.Second
	followedEvery   = 500 * time.Millisecond
	parcelsStillMax = 90 * time.Second // after which what is known of parcels is not expected to change any more
)

func (d *demonstration) day() time.Duration {
	return max(demoDayMin, time.Duration(d.options.Orders)*demoDayAnOrder)
}

// asksEvery is how often the pipeline asks carriers for each parcel that is on its way, in seconds; 0: never.
func (d *demonstration) asksEvery() int {
	if d.unasked {
		return 0
	}
	return int(max(demoAsksMin, demoDaysAnAsk*d.day()).Seconds())
}

// track waits, while the pipeline is killed, until it knows what became of each parcel; whoever is lost is given up by a person.
func (d *demonstration) track(ctx context.Context) error {
	followed, err := d.pipeline.followParcels()
	if err != nil {
		return err
	}
	defer followed.client.Close()
	d.followed = followed
	if followed.labelled, err = d.labelled(ctx); err != nil {
		return err
	}
	group, killing := errgroup.WithContext(ctx)
	group.Go(func() error { return d.kill(killing, d.chaos.kills) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := d.awaitParcels(ctx); err != nil {
		return err
	}
	if err := d.giveUpLost(ctx); err != nil {
		return err
	}
	if err := d.awaitDone(ctx); err != nil {
		return err
	}
	return followed.read(ctx)
}

// openHooks opens the address that carriers know, which stays the same while the pipeline is killed.
func (d *demonstration) openHooks(ctx context.Context, c *config.Config) (*httpd.Server, error) {
	server := httpd.New("hooks", "127.0.0.1:0", &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			if doors := d.doors.Load(); doors != nil {
				if at, err := url.Parse(*doors); err == nil {
					r.SetURL(at)
				}
			}
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}, httpd.Limits{}, d.app.log)
	at, err := server.Open(ctx)
	if err != nil {
		return nil, err
	}
	d.hooksURL = "http://" + at
	for name, party := range c.Parties {
		if party.Carrier == "ups" && len(party.Settings) > 0 { // it is told where to push for each parcel
			party.Settings["push_url"] = d.hooksURL + connectors.TrackingPath + name
		}
	}
	return server, nil
}

// awaitParcels waits until each parcel is at its end, and is known to be; or until nothing more is heard of any.
func (d *demonstration) awaitParcels(ctx context.Context) error {
	last, changed := -1, time.Now()
	for ctx.Err() == nil {
		if err := d.followed.read(ctx); err != nil {
			return err
		}
		living, wrong, _ := d.parcelsApart()
		if living == 0 && wrong == 0 {
			return nil
		}
		if apart := living + wrong + d.followed.events; apart != last {
			last, changed = apart, time.Now()
		}
		if living == 0 && time.Since(changed) > parcelsStillMax {
			return nil // the account tells
		}
		pause, cancel := context.WithTimeout(ctx, followedEvery)
		<-pause.Done()
		cancel()
	}
	return ctx.Err()
}

// ends are what the carriers call the end of a parcel in their books, and what we do. Of one that is lost nothing more is heard.
var ends = map[string]string{"delivered": schemas.ParcelDelivered, "returned": schemas.ParcelReturned, "lost": schemas.ParcelException}

// unsaid are the carriers that, when they are asked, have no word for a parcel that is lost, or back with its sender: GLS says not delivered, DPD
// what it said last. Both are said by DPD's pushes alone, of which any may be lost.
var unsaid = []string{"gls", "dpd"}

// isEnd tells whether a parcel that ended so, in its carrier's books, can stand so.
func isEnd(carrier, truth, standing string) bool {
	end, is := ends[truth]
	return !is || standing == end || end != schemas.ParcelDelivered && slices.Contains(unsaid, carrier) && standing != schemas.ParcelDelivered && standing != ""
}

// parcelsApart counts the parcels that live, and those that ended otherwise than is known. Those that were booked and have no label here are of
// bookings in doubt: their numbers nobody was told.
func (d *demonstration) parcelsApart() (living, wrong, doubtful int) {
	for _, carrier := range topics.Carriers() {
		for truth := range d.ground.ParcelTruths(carrier) {
			switch {
			case !truth.Ended:
				living++
			case !d.followed.labelled[carrier+" "+truth.Number]:
				doubtful++
			case !isEnd(carrier, string(truth.Status), d.followed.parcels[carrier+" "+truth.Number].standing):
				wrong++
			}
		}
	}
	return living, wrong, doubtful
}

// labelled are the parcels that have a label, by carrier and number.
func (d *demonstration) labelled(ctx context.Context) (map[string]bool, error) {
	numbers := map[string]bool{}
	err := d.pipeline.stack.readTopic(ctx, topics.Shipments, func(r *kgo.Record) error {
		var s schemas.Shipment
		if err := d.pipeline.registry.Decode(ctx, schemas.ShipmentSchema, r.Value, &s); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		for _, p := range s.Parcels {
			numbers[s.Carrier+" "+p.Number] = s.State == schemas.ShipmentLabelled || numbers[s.Carrier+" "+p.Number]
		}
		return nil
	})
	return numbers, err
}

// giveUpLost is the word of a person on each parcel that its carrier has lost: nobody asks for it any more.
func (d *demonstration) giveUpLost(ctx context.Context) error {
	store, err := runner.NewStore(d.pipeline.stack.kafka, d.pipeline.registry)
	if err != nil {
		return err
	}
	defer store.Close()
	var words []topics.Message
	for _, carrier := range topics.Carriers() {
		for truth := range d.ground.ParcelTruths(carrier) {
			id := carrier + " " + truth.Number
			if truth.Ended && d.followed.labelled[id] && !d.followed.parcels[id].ended {
				word, err := decided(carrier, carrier, truth.Number, schemas.Decision{Decision: schemas.DecisionAbandoned, By: "demo", Why: "its carrier has lost it"})
				if err != nil {
					return err
				}
				words = append(words, word)
			}
		}
	}
	return store.Store(ctx, words)
}

// auditParcels holds what is known of parcels against the carriers' own books, and what the ERP knows against those.
func (d *demonstration) auditParcels(c *account) {
	told := map[string]string{}
	for _, t := range d.ground.ERPTracking() {
		told[t.Carrier+" "+t.Number] = t.Status
	}
	for _, carrier := range topics.Carriers() {
		sums := d.ground.Parcels()[carrier]
		c.Delivered, c.Returned, c.LostParcels = c.Delivered+sums.Delivered, c.Returned+sums.Returned, c.LostParcels+sums.Lost
		c.PushesOmitted += sums.Omitted
		for truth := range d.ground.ParcelTruths(carrier) {
			if d.followed.labelled[carrier+" "+truth.Number] && !isEnd(carrier, string(truth.Status), told[carrier+" "+truth.Number]) {
				c.Untold++
			}
		}
	}
	_, wrong, doubtful := d.parcelsApart()
	c.Unknown = wrong + max(0, doubtful-c.LabelsInDoubt)
	c.TrackingEvents, c.BackwardMoves = d.followed.events, d.followed.backward
	c.ByPush, c.ByCron = d.followed.byOrigin[schemas.OriginWebhook], d.followed.byOrigin[schemas.OriginCron]
	c.Lost += c.Unknown
}
