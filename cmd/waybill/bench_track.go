package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"time"

	"waybill/connectors/carriers"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// What carriers said of a parcel once, as they publish it: DHL Parcel DE when it is asked, and a push of DPD.
var (
	//go:embed samples/dhl_pieces.xml
	dhlPieces []byte
	//go:embed samples/dpd_push.txt
	dpdPush []byte
)

// sample is one of them, and the number of its parcel.
type sample struct {
	party, number, origin string
	said                  []byte
	scans                 int
}

// trackParcelsMax bounds the parcels of a round: an answer of DHL is as long as ten orders.
const trackParcelsMax = 20_000

// trackRace measures track: every second parcel is asked for at DHL and has its whole history told at once, of the others DPD pushes a scan.
// Before a round all have their links.
func (b *bench) trackRace() *race {
	f := &parcelFeed{bench: b, samples: []sample{
		{party: "dhl", number: "00340434161094015902", origin: schemas.OriginCron, said: dhlPieces},
		{party: "dpd", number: "01476810375209", origin: schemas.OriginWebhook, said: dpdPush},
	}}
	return &race{
		bench: b, name: partTrack, step: f.track, in: topics.TrackingRaw, out: []*topics.Topic{topics.TrackingEvents, topics.TableTrack},
		ready: f.link, fill: f.fill, unit: "event", note: "answers of DHL and pushes of DPD in turn",
	}
}

// parcelFeed is what carriers say of parcels that nobody sent.
type parcelFeed struct {
	*bench
	samples []sample
	last    int // parcels so far
}

func (f *parcelFeed) parcels() int { return min(f.records, trackParcelsMax) }

// track is the step, by itself: with accounts of carriers a pipeline would call them.
func (f *parcelFeed) track() *runner.Runner {
	return f.parcelStep(processors.Track(processors.Sources{
		Tracked: trackedIn, Reopens: carriers.Reopens, Terms: f.watched,
	}), nil)
}

// parcelStep is a step about parcels, on this stack, by that clock.
func (b *bench) parcelStep(step processors.Processor, now func() time.Time) *runner.Runner {
	return runner.New(runner.Config{
		Kafka: b.stack.kafka, Deployment: b.config.Deployment, Instance: b.config.Instance, Now: now,
		Dir: filepath.Join(b.config.Data, "tables", b.config.Instance), Log: b.app.log, Limits: runner.DefaultLimits(),
	}, step, b.registry)
}

// watched is how an account is watched by default whose carrier takes many numbers in a question, and questions without end.
func (b *bench) watched(party string) processors.Terms {
	t := b.config.Tracking
	return processors.Terms{Carriage: &processors.Carriage{Carrier: party}, Watch: processors.Watch{
		Every: time.Duration(t.EverySeconds) * time.Second, NumbersMax: numbersAQuestion, FirstScan: time.Duration(t.FirstScanHours) * time.Hour,
		Silence: time.Duration(t.SilenceHours) * time.Hour, Unmatched: time.Duration(t.UnmatchedHours) * time.Hour,
	}}
}

// numbersAQuestion is what DHL Parcel DE takes.
const numbersAQuestion = 20

// sample is what is said of parcel n, and its number.
func (f *parcelFeed) sample(n int) (s sample, number string) {
	s = f.samples[n%len(f.samples)]
	return s, fmt.Sprintf("%s%0*d", s.number[:4], len(s.number)-4, n)
}

// link gives new parcels their numbers, and has track take them down.
func (f *parcelFeed) link(ctx context.Context) error {
	at := schemas.At(time.Now())
	err := f.storeParcels(ctx, func(n int) topics.Message {
		s, number := f.sample(n)
		return topics.Message{Topic: topics.IDMap, Key: schemas.LinkKey(s.party, schemas.LinkTracking, number), Value: &schemas.Link{
			Party: s.party, Kind: schemas.LinkTracking, Ref: number, OurID: schemas.ShipmentID(schemas.OrderID("allegro", number), "1"), At: at,
		}}
	})
	if err != nil {
		return err
	}
	return whileRuns(ctx, f.track(), func(ctx context.Context) error {
		return f.stack.awaitRead(ctx, f.config.Deployment+"."+partTrack, []*topics.Topic{topics.IDMap})
	})
}

// fill stores what is said of them, as the door and the gateways do.
func (f *parcelFeed) fill(ctx context.Context) (events int, err error) {
	for i := range f.samples {
		s := &f.samples[i]
		tracked, err := trackedIn(&schemas.RawTracking{Carrier: s.party, Body: schemas.Body{Bytes: s.said}})
		if err != nil {
			return 0, fmt.Errorf("read the sample of %s: %w", s.party, err)
		}
		s.scans = len(tracked.Scans)
	}
	at := schemas.At(time.Now())
	err = f.storeParcels(ctx, func(n int) topics.Message {
		s, number := f.sample(n)
		events += s.scans
		return topics.Message{Topic: topics.TrackingRaw, Key: schemas.LinkKey(s.party, schemas.LinkTracking, number), Value: &schemas.RawTracking{
			Party: s.party, Carrier: s.party, Number: number, Origin: s.origin, ReceivedAt: at, Proven: true,
			Body: schemas.Body{Bytes: bytes.ReplaceAll(s.said, []byte(s.number), []byte(number))},
		}, Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(s.origin)}}}
	})
	f.last += f.parcels()
	return events, err
}

// storeParcels stores a message about each parcel of the round.
func (f *parcelFeed) storeParcels(ctx context.Context, message func(n int) topics.Message) error {
	var batch []topics.Message
	for n := range f.parcels() {
		batch = append(batch, message(f.last+n))
		if len(batch) == 1000 || n == f.parcels()-1 {
			if err := f.store.Store(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}
