package connectors

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"waybill/schemas"
	"waybill/topics"
)

// Store writes messages. It returns when the brokers have them with all replicas; an error means that some may be missing.
type Store interface {
	Store(ctx context.Context, messages []topics.Message) error
}

// Receiver cuts a JSON document of a channel into its orders: Ref and Body of each.
type Receiver interface {
	Receive(header http.Header, body []byte) ([]schemas.RawOrder, error)
}

// Party is one configured account, as a door knows it.
type Party struct {
	Name, Seller, Channel string
	Receiver              Receiver          // the channel; what else it can do, a door that needs it asks it
	Settings              map[string]string // of which the doors read those named in this package; they hold secrets
	// Ask is of a party whose webhooks only say that something is new: it is asked what (item 46). nil: they say it themselves.
	Ask func(ctx context.Context) error
}

// Limits are those of a door.
type Limits struct {
	BodyBytesMax         int // of one order
	RequestBytesMax      int // of one request, inflated
	DocumentsMax         int // orders in one request
	RequestsPerSecondMax int // of one party
	RequestBurstMax      int // of one party
	RequestsInFlightMax  int // of all parties
	InFlightBytesMax     int // of the bodies of these; 0: RequestsInFlightMax times RequestBytesMax
	StoreSecondsMax      int // wait for the brokers
}

// door is what all doors have in common: who is let in, how much of it at a time, and what is told when. What a door does with
// those it let in is its own.
type door struct {
	Now func() time.Time // the clock; set before the first request, as is Log
	Log *slog.Logger

	name     string
	brings   string // what comes in here, in the plural
	unknown  string // what is said to who names no party of the door
	parties  map[string]Party
	store    Store
	limits   Limits
	metrics  *Metrics
	limiters map[string]*rate.Limiter
	places   chan struct{}       // one for each request that is worked on
	room     *semaphore.Weighted // in bytes, for their bodies
	roomMax  int64
}

// visit is one request of a party at a door.
type visit struct {
	w     http.ResponseWriter
	r     *http.Request
	party Party
	at    time.Time
	holds int64 // bytes of the door's room
}

// work answers a visit. What it refuses it may answer with an error.
type work func(v *visit) (answer, error)

func newDoor(name string, parties map[string]Party, store Store, limits Limits, metrics *Metrics) door {
	limiters := make(map[string]*rate.Limiter, len(parties))
	for name := range parties {
		limiters[name] = rate.NewLimiter(rate.Limit(limits.RequestsPerSecondMax), limits.RequestBurstMax)
	}
	room := int64(cmp.Or(limits.InFlightBytesMax, limits.RequestsInFlightMax*limits.RequestBytesMax))
	return door{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
		name: name, brings: "orders", unknown: "no party of that name is configured here", parties: parties, store: store, limits: limits, metrics: metrics, limiters: limiters,
		places: make(chan struct{}, limits.RequestsInFlightMax), room: semaphore.NewWeighted(room), roomMax: room,
	}
}

// serve answers one request for the party of that name, and counts it, whatever became of it.
func (d *door) serve(w http.ResponseWriter, r *http.Request, party string, methods map[string]work) {
	v := &visit{w: w, r: r, party: d.parties[party], at: d.Now()} // an unknown name makes no label: it is anybody's word
	a, err := d.attend(v, methods)
	if err != nil {
		a = refusalOf(err)
	}
	if a.wait > 0 {
		d.passOver(r)
	}
	a.write(w)
	d.metrics.count(d.name, v.party.Name, a, d.Now().Sub(v.at))
}

func (d *door) attend(v *visit, methods map[string]work) (answer, error) {
	if v.party.Name == "" {
		return answer{}, refuse(http.StatusNotFound, outcomeUnknownParty, d.unknown)
	}
	work, known := methods[v.r.Method]
	if !known {
		return answer{}, wrongMethod(methods)
	}
	return work(v)
}

// keep stores the messages (invariant 1). A sender who hangs up meanwhile does not stop it.
func (d *door) keep(v *visit, messages []topics.Message) error {
	if len(messages) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), time.Duration(d.limits.StoreSecondsMax)*time.Second)
	defer cancel()
	err := d.store.Store(ctx, messages)
	if err == nil {
		return nil
	}
	d.Log.Warn(d.brings+" were not accepted, because they could not be stored", "door", d.name, "party", v.party.Name, "messages", len(messages), "error", err)
	return refuse(http.StatusServiceUnavailable, outcomeNotStored, d.reasonNotStored(err)).after(time.Second)
}

func (d *door) reasonNotStored(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "the brokers did not confirm in time; some " + d.brings + " may be stored: send them again"
	}
	return "the " + d.brings + " could not be stored; some may be: send them again"
}
