package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"waybill/connectors/signature"
	"waybill/schemas"
)

// WebhooksPath is where the webhook door is, with the party's name behind it.
const WebhooksPath = "/webhooks/"

// Verifier is a channel that signs what it delivers in a way of its own. All others sign as Standard Webhooks has it.
type Verifier interface {
	Verify(d *signature.Delivery, secrets []string) (signature.Verified, error)
}

// Challenger is a channel that makes sure who listens at an address, by a GET. The answer is the body to answer with.
type Challenger interface {
	Challenge(query url.Values) (answer string, ok bool)
}

// Pinger is a channel that makes sure, by a POST that is not signed, that somebody listens. There is nothing in it to keep.
type Pinger interface {
	Ping(d *signature.Delivery) bool
}

// Webhooks is the door for what channels tell by themselves: POST /webhooks/{party}, signed with a secret of the party. The
// signature is over the bytes as they were sent: those of a gzipped body are inflated when they are known to be the channel's,
// and nothing else is read of them before. What was delivered already is accepted again, and not stored again.
type Webhooks struct {
	door
	known map[string]*deeds[struct{}] // deliveries, by party
	quiet map[string]*rate.Limiter    // of what is logged, by party
}

// NewWebhooks is the webhook door of these parties, by their names. An error says which setting of a party is wrong.
func NewWebhooks(parties map[string]Party, store Store, limits Limits, metrics *Metrics) (*Webhooks, error) {
	h := &Webhooks{
		door: newDoor("webhooks", parties, store, limits, metrics), known: map[string]*deeds[struct{}]{}, quiet: map[string]*rate.Limiter{},
	}
	var faults []error
	for name, party := range parties {
		h.known[name], h.quiet[name] = newDeeds[struct{}](), rate.NewLimiter(rate.Every(time.Minute), 1)
		faults = append(faults, party.checkWebhooks())
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("open the webhook door: %w", err)
	}
	return h, nil
}

// ServeHTTP answers one request.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.serve(w, r, strings.TrimPrefix(r.URL.Path, WebhooksPath), map[string]work{http.MethodPost: h.take, http.MethodGet: h.challenge})
}

// take stores what the channel delivered, and only then says that it is accepted (invariant 1).
func (h *Webhooks) take(v *visit) (answer, error) {
	leave, err := h.admit(v)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	sent, err := readSent(v.w, v.r, h.limits.RequestBytesMax)
	if err != nil {
		return answer{}, err
	}
	if channel, ok := v.party.Receiver.(Pinger); ok && channel.Ping(&signature.Delivery{Header: v.r.Header, Body: sent}) {
		return answer{status: http.StatusOK, outcome: outcomeChallenged, text: "somebody listens\n"}, nil
	}
	signed, err := h.verify(v, sent)
	if err != nil {
		return answer{}, err
	}
	if v.party.Ask != nil {
		return h.ask(v)
	}
	body, err := inflated(v.w, v.r, sent, h.limits.RequestBytesMax)
	if err != nil {
		return answer{}, err
	}
	h.holdsOnly(v, len(body))
	return h.accept(v, signed, body)
}

// accept stores the orders of a delivery once. It is remembered when they are stored: the sender comes again with what was not.
func (h *Webhooks) accept(v *visit, signed signature.Verified, body []byte) (answer, error) {
	d := h.delivery(v, schemas.OriginWebhook)
	d.id = signed.ID
	if err := d.cut(v.r.Header, body); err != nil {
		return answer{}, malformed(err)
	}
	d.asSent(body)
	_, repeated, err := h.known[v.party.Name].once(v.at, deliveryKey(signed, body), digest{}, func() (struct{}, error) {
		return struct{}{}, h.keep(v, d.messages)
	})
	if err != nil {
		return answer{}, err
	}
	a := accepted(d.messages)
	if repeated {
		a.outcome = outcomeRepeated
	}
	return a, nil
}

// ask has the party asked what is new. What the webhook says of it is not believed, and not kept: the answer is.
func (h *Webhooks) ask(v *visit) (answer, error) {
	ctx, cancel := context.WithTimeout(v.r.Context(), time.Duration(h.limits.StoreSecondsMax)*time.Second)
	defer cancel()
	if err := v.party.Ask(ctx); err != nil {
		h.Log.Error("a party that says that something is new can not be asked", "door", h.name, "party", v.party.Name, "error", err)
		return answer{}, refuse(http.StatusServiceUnavailable, outcomeNotStored, "it could not be noted: send it again")
	}
	return answer{status: http.StatusAccepted, outcome: outcomeAccepted, text: v.party.Name + " is asked what is new\n"}, nil
}

// deliveryKey is the same for a delivery that is sent again: by the id that its signature covers, else by when it was signed. The
// body belongs to it: whatever a sender says twice under one id, nothing it says is lost.
func deliveryKey(signed signature.Verified, body []byte) digest {
	if signed.ID != "" {
		return digestOf([]byte(signed.ID), body)
	}
	return digestOf([]byte(signed.At.UTC().Format(time.RFC3339Nano)), body)
}

// challenge answers a channel that wants to know who listens here.
func (h *Webhooks) challenge(v *visit) (answer, error) {
	leave, err := h.admit(v)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	if channel, ok := v.party.Receiver.(Challenger); ok {
		if text, ok := channel.Challenge(v.r.URL.Query()); ok && text != "" {
			return answer{status: http.StatusOK, outcome: outcomeChallenged, text: text}, nil
		}
	}
	return answer{}, refuse(http.StatusNotFound, outcomeNoChallenge, "webhooks come in by POST")
}
