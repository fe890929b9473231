package connectors

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

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
	Receiver              Receiver
}

// FeedPath is where the feed door is, with the party's name behind it.
const FeedPath = "/feed/"

// Feed is the door for orders from files and from those who have them at hand: POST /feed/{party} with a JSON document, an
// array of them, NDJSON, or the channel's own list, as it is or gzipped. All of a request is accepted or nothing of it.
type Feed struct {
	Now func() time.Time // the clock; set before the first request, as is Log
	Log *slog.Logger

	parties  map[string]Party
	store    Store
	limits   Limits
	metrics  *Metrics
	limiters map[string]*rate.Limiter
	places   chan struct{} // one for each request that is worked on
}

// Limits are those of a door.
type Limits struct {
	BodyBytesMax         int // of one order
	RequestBytesMax      int // of one request, inflated
	DocumentsMax         int // orders in one request
	RequestsPerSecondMax int // of one party
	RequestBurstMax      int // of one party
	RequestsInFlightMax  int // of all parties; times RequestBytesMax it bounds the memory
	StoreSecondsMax      int // wait for the brokers
}

// NewFeed is the feed door of these parties, by their names.
func NewFeed(parties map[string]Party, store Store, limits Limits, metrics *Metrics) *Feed {
	limiters := make(map[string]*rate.Limiter, len(parties))
	for name := range parties {
		limiters[name] = rate.NewLimiter(rate.Limit(limits.RequestsPerSecondMax), limits.RequestBurstMax)
	}
	return &Feed{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
		parties: parties, store: store, limits: limits, metrics: metrics, limiters: limiters,
		places: make(chan struct{}, limits.RequestsInFlightMax),
	}
}

// ServeHTTP answers one request, and counts it, whatever became of it.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := f.Now()
	party, known := f.parties[strings.TrimPrefix(r.URL.Path, FeedPath)]
	var a answer
	switch {
	case !known:
		a = refuse(http.StatusNotFound, outcomeUnknownParty, "no party of that name is configured here")
	case r.Method != http.MethodPost:
		a = refuse(http.StatusMethodNotAllowed, outcomeWrongMethod, "orders come in by POST")
	default:
		a = f.admit(w, r, party)
	}
	a.write(w)
	f.metrics.count("feed", party.Name, a, f.Now().Sub(began)) // an unknown name makes no label: it is anybody's word
}

// admit lets a request in as the limits allow.
func (f *Feed) admit(w http.ResponseWriter, r *http.Request, party Party) answer {
	reservation := f.limiters[party.Name].ReserveN(f.Now(), 1)
	if wait := reservation.DelayFrom(f.Now()); wait > 0 {
		reservation.CancelAt(f.Now())
		return refuse(http.StatusTooManyRequests, outcomeRateLimited, "too many requests of this party").after(wait)
	}
	select {
	case f.places <- struct{}{}:
		defer func() { <-f.places }()
	default:
		return refuse(http.StatusServiceUnavailable, outcomeBusy, "as many requests as the door can hold are being worked on").after(time.Second)
	}
	body, err := readBody(w, r, f.limits.RequestBytesMax)
	if err != nil {
		return refusalOf(err)
	}
	messages, err := f.messages(r.Header, party, body)
	if err != nil {
		return refusalOf(err)
	}
	return f.accept(r.Context(), party, messages)
}

// messages makes one message an order of the body.
func (f *Feed) messages(header http.Header, party Party, body []byte) ([]topics.Message, error) {
	d := delivery{
		Party: party, at: schemas.At(f.Now()), contentType: clip(header.Get("Content-Type")), headers: kept(header), traceparent: traceparent(header),
		bodyBytesMax: f.limits.BodyBytesMax, ordersMax: f.limits.DocumentsMax,
	}
	documents := 0
	for document, err := range documentsOf(body) {
		documents++
		if err == nil {
			err = d.add(header, document)
		}
		if err != nil {
			return nil, &documentError{Document: document.Index + 1, Line: document.Line, err: err}
		}
	}
	if documents == 0 && !holdsArray(body) {
		return nil, &documentError{Document: 1, Line: 1, err: schemas.SyntaxAt(body, len(body), "the body holds no document")}
	}
	return d.messages, nil
}

// accept stores the messages, and only then says that they are accepted (invariant 1). A sender who hangs up meanwhile does not
// stop it.
func (f *Feed) accept(ctx context.Context, party Party, messages []topics.Message) answer {
	if len(messages) > 0 {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(f.limits.StoreSecondsMax)*time.Second)
		defer cancel()
		if err := f.store.Store(ctx, messages); err != nil {
			f.Log.Warn("orders were not accepted, because they could not be stored", "door", "feed", "party", party.Name, "orders", len(messages), "error", err)
			return refuse(http.StatusServiceUnavailable, outcomeNotStored, reasonNotStored(err)).after(time.Second)
		}
	}
	return accepted(messages)
}

func reasonNotStored(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "the brokers did not confirm in time; some orders may be stored: send them again"
	}
	return "the orders could not be stored; some may be: send them again"
}
