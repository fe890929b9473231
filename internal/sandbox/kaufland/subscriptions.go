package kaufland

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waybill/internal/sandbox/party"
)

// The specification's SubscriptionEventName; only those of orders ever happen here.
var eventNames = []string{
	"order_new", "order_unit_new", "order_unit_status_changed", "item_changed", "category_changed", "return_new", "return_status_changed",
	"return_unit_status_changed", "item_unit_new", "item_unit_changed", "item_unit_deleted", "item_unit_out_of_stock",
	"item_unit_not_available", "item_unit_available",
}

const (
	subscriptionsMax = 100
	waitingMax       = 10_000 // pushes of a subscription
)

// subscription is a seller's wish to be told of an event. Its fields are guarded by the API's lock.
type subscription struct {
	ID            int64  `json:"id_subscription"`
	CallbackURL   string `json:"callback_url"`
	FallbackEmail string `json:"fallback_email"`
	EventName     string `json:"event_name"`
	IsActive      bool   `json:"is_active"`
	Storefront    string `json:"storefront"`

	base    string // the URL of the API, as its subscriber wrote it
	waiting chan push
	gone    chan struct{}
}

// wish is the body of a new subscription, and of a change to one.
type wish struct {
	CallbackURL   *string `json:"callback_url"`
	FallbackEmail *string `json:"fallback_email"`
	EventName     *string `json:"event_name"`
	IsActive      *bool   `json:"is_active"`
	Storefront    *string `json:"storefront"`
}

func (w wish) check() *party.Reply {
	if w.CallbackURL != nil {
		at, err := url.Parse(*w.CallbackURL)
		if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || len(*w.CallbackURL) > 2000 {
			return invalid("callback_url", "must be a URL")
		}
	}
	switch {
	case w.FallbackEmail != nil && (!strings.Contains(*w.FallbackEmail, "@") || len(*w.FallbackEmail) > 320):
		return invalid("fallback_email", "must be an e-mail address")
	case w.EventName != nil && !slices.Contains(eventNames, *w.EventName):
		return invalid("event_name", "not valid")
	case w.Storefront != nil && storeOf(*w.Storefront) == nil:
		return invalid("storefront", "not valid")
	}
	return nil
}

// put changes what is wished for.
func (w wish) put(s *subscription) {
	s.CallbackURL = *cmp.Or(w.CallbackURL, &s.CallbackURL)
	s.FallbackEmail = *cmp.Or(w.FallbackEmail, &s.FallbackEmail)
	s.EventName = *cmp.Or(w.EventName, &s.EventName)
	s.IsActive = *cmp.Or(w.IsActive, &s.IsActive)
	s.Storefront = strings.ToLower(*cmp.Or(w.Storefront, &s.Storefront))
}

func (a *API) subscribe(c *party.Call) party.Reply {
	var w wish
	if bad := readBody(c, &w); bad != nil {
		return *bad
	}
	for name, missing := range map[string]bool{
		"callback_url": w.CallbackURL == nil, "fallback_email": w.FallbackEmail == nil, "event_name": w.EventName == nil,
	} {
		if missing {
			return *invalid(name, "missing")
		}
	}
	store := c.URL.Query().Get("storefront")
	w.Storefront, w.IsActive = &store, nil
	if bad := w.check(); bad != nil {
		return *bad
	}
	if !a.echoes(*w.CallbackURL) {
		return *refused(http.StatusBadRequest, problemCallback, "the callback URL does not answer with the challenge")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.subscriptions) >= subscriptionsMax {
		return *refused(http.StatusForbidden, problemNotAllowed, "there are too many subscriptions")
	}
	a.subscribed++
	s := &subscription{
		ID: 11_000 + a.subscribed, IsActive: true, base: c.Base(a.Name()) + "/v2", waiting: make(chan push, waitingMax), gone: make(chan struct{}),
	}
	w.put(s)
	subject := s.EventName + " " + s.Storefront
	if !c.Pretend(subject) {
		a.subscriptions[s.ID] = s
		a.later.Go(func() { a.deliver(s) })
		c.Done(subject, strconv.FormatInt(s.ID, 10))
	}
	return party.JSON(http.StatusCreated, map[string]any{"data": s})
}

func (a *API) listSubscriptions(c *party.Call) party.Reply {
	query := c.URL.Query()
	w, bad := windowOf(c, 30)
	if bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	found := []*subscription{}
	for _, id := range slices.Sorted(maps.Keys(a.subscriptions)) {
		s := a.subscriptions[id]
		if store, event := query.Get("storefront"), query.Get("event_name"); (store == "" || strings.EqualFold(store, s.Storefront)) && (event == "" || event == s.EventName) {
			found = append(found, s)
		}
	}
	return party.JSON(http.StatusOK, map[string]any{
		"data": cut(found, w), "pagination": map[string]int{"offset": w.offset, "limit": w.limit, "total": len(found)},
	})
}

func (a *API) getSubscription(c *party.Call) party.Reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.subscription(c); s != nil {
		return data(s)
	}
	return notFound()
}

func (a *API) updateSubscription(c *party.Call) party.Reply {
	var w wish
	if bad := readBody(c, &w); bad != nil {
		return *bad
	}
	if bad := w.check(); bad != nil {
		return *bad
	}
	a.mu.Lock()
	found := a.subscription(c)
	a.mu.Unlock()
	if found == nil {
		return notFound()
	}
	if w.CallbackURL != nil && !a.echoes(*w.CallbackURL) {
		return *refused(http.StatusBadRequest, problemCallback, "the callback URL does not answer with the challenge")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := strconv.FormatInt(found.ID, 10)
	if c.Pretend(id) {
		pretended := *found
		w.put(&pretended)
		return data(pretended)
	}
	w.put(found)
	c.Done(id, found.EventName+" "+found.Storefront)
	return data(found)
}

func (a *API) unsubscribe(c *party.Call) party.Reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.subscription(c)
	if s == nil {
		return notFound()
	}
	id := strconv.FormatInt(s.ID, 10)
	if c.Pretend(id) {
		return done
	}
	delete(a.subscriptions, s.ID)
	close(s.gone)
	c.Done(id, s.EventName+" "+s.Storefront)
	return done
}

// subscription is that of the path.
func (a *API) subscription(c *party.Call) *subscription {
	id, err := strconv.ParseInt(c.PathValue("id_subscription"), 10, 64)
	if err != nil {
		return nil
	}
	return a.subscriptions[id]
}
