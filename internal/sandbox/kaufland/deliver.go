package kaufland

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// The patience of Kaufland with a callback URL (sellerapi.kaufland.com, Push Notifications).
const (
	pushWait      = 5 * time.Second
	challengeWait = 15 * time.Second
	answerMax     = 4 << 10 // bytes of an answer that are read
)

// documentedRetries are a minute, then 15, 30 and 60 minutes, until about 12 hours are over.
func documentedRetries() []time.Duration {
	pauses := []time.Duration{time.Minute, 15 * time.Minute, 30 * time.Minute}
	for range 11 {
		pauses = append(pauses, time.Hour)
	}
	return pauses
}

// echoes asks a callback URL whether it wants pushes.
func (a *API) echoes(callback string) bool {
	challenge := rand.Text()
	at, err := url.Parse(callback)
	if err != nil {
		return false
	}
	query := at.Query()
	query.Set("mode", "subscribe")
	query.Set("challenge", challenge)
	at.RawQuery = query.Encode()
	answer, status, err := a.ask(http.MethodGet, at.String(), nil, challengeWait, nil)
	return err == nil && status == http.StatusOK && string(bytes.TrimSpace(answer)) == challenge
}

func (a *API) ask(method, to string, body []byte, wait time.Duration, header http.Header) (answer []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(a.until, wait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	request.Header = header
	response, err := a.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, answerMax))
	return answer, response.StatusCode, err
}

// announce tells all who want to know of an event of an order, or of one of its units. The API must be locked.
func (a *API) announce(event string, h *held, unit int) {
	resource := "/orders/" + h.ref + "/"
	if unit >= 0 {
		resource = "/order-units/" + strconv.FormatInt(h.units[unit].id, 10) + "/"
	}
	for _, id := range slices.Sorted(maps.Keys(a.subscriptions)) {
		s := a.subscriptions[id]
		if !s.IsActive || s.EventName != event || s.Storefront != h.store {
			continue
		}
		a.pushes++
		a.send(s, push{
			event: event, id: wire.UUID(wire.Throw(uint64(a.market), a.pushes, forPush, 1), a.now()),
			resource: s.base + resource, storefront: h.store,
		})
	}
}

// send puts a push on its way, if its fault allows.
func (a *API) send(s *subscription, p push) {
	blow := a.chance.Next(a.Name(), PushOperation, fault.Pushing)
	if blow.Kind == fault.Omit {
		a.books.Enter(PushOperation, p.id, p.resource, ledger.Omitted)
		return
	}
	wait := blow.Wait
	if blow.Kind == fault.Reorder {
		wait += blow.For
	}
	a.after(wait, s, p)
	if blow.Kind == fault.Duplicate {
		a.after(wait, s, p)
	}
}

// after lets a push wait behind others of its subscription, now or after a while.
func (a *API) after(wait time.Duration, s *subscription, p push) {
	queue := func() {
		select {
		case s.waiting <- p:
		default:
			a.books.Enter(PushOperation, p.id, p.resource, ledger.Failed)
		}
	}
	if wait <= 0 {
		queue()
		return
	}
	a.later.After(wait, queue)
}

// deliver posts the pushes of a subscription, one after the other.
func (a *API) deliver(s *subscription) {
	for {
		select {
		case p := <-s.waiting:
			a.post(s, p)
		case <-s.gone:
			return
		case <-a.until.Done():
			return
		}
	}
}

// post sends a push once; what was not taken is sent again later, until the subscription is given up.
func (a *API) post(s *subscription, p push) {
	a.mu.Lock()
	callback, active := s.CallbackURL, s.IsActive
	a.mu.Unlock()
	if !active {
		a.books.Enter(PushOperation, p.id, p.resource, ledger.Failed)
		return
	}
	line := wire.Line{}
	wire.Element(&line, &p, (*push).write)
	at := a.now().Unix()
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "Kaufland-Marketplace-Push")
	header.Set(headerTimestamp, strconv.FormatInt(at, 10))
	header.Set(headerSignature, Sign(a.options.Secret, http.MethodPost, callback, line, at))
	_, status, err := a.ask(http.MethodPost, callback, line, pushWait, header)
	switch {
	case err == nil && slices.Contains([]int{200, 201, 202, 204}, status):
		a.books.Enter(PushOperation, p.id, p.resource, ledger.Answered)
	case a.until.Err() != nil:
	case p.tries < len(a.options.Retries):
		pause := a.options.Retries[p.tries]
		p.tries++
		a.after(pause, s, p)
	default:
		a.books.Enter(PushOperation, p.id, p.resource, ledger.Failed)
		a.mu.Lock()
		s.IsActive = false
		a.mu.Unlock()
	}
}
