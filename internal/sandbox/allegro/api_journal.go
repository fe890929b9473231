package allegro

import (
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// EventOperation is the name of what comes to the journal, in rules and books.
const EventOperation = "event"

// The specification's types of events (OrderEventType).
const (
	boughtEvent        = "BOUGHT"
	filledInEvent      = "FILLED_IN"
	readyEvent         = "READY_FOR_PROCESSING"
	buyerCancelEvent   = "BUYER_CANCELLED"
	fulfillmentEvent   = "FULFILLMENT_STATUS_CHANGED"
	buyerModifiedEvent = "BUYER_MODIFIED"
	autoCancelEvent    = "AUTO_CANCELLED"
)

var eventTypes = []string{boughtEvent, filledInEvent, readyEvent, buyerCancelEvent, fulfillmentEvent, buyerModifiedEvent, autoCancelEvent}

// entry is one of the journal. Its goods and buyer are those of the form, made again when it is read.
type entry struct {
	id       int64 // microseconds of its arrival, so that ids grow by arrival and not by what happened (ALL#2700)
	kind     string
	at       time.Time
	of       *held
	revision string
}

// announceAll tells what happened to a form since it stood so; nothing before is a form that is new. All of it happens at once, so that
// every event names the revision that is shown.
func (a *API) announceAll(h *held, status, fulfilled string) {
	steps := []string{bought, filledIn, ready}
	events := []string{boughtEvent, filledInEvent, readyEvent}
	from, to := slices.Index(steps, status)+1, slices.Index(steps, h.status)+1
	switch {
	case h.status == canceled && status != canceled:
		if status == "" {
			a.announce(h, boughtEvent)
		}
		kind := buyerCancelEvent
		if wire.Throw(uint64(a.market), h.number, forEvent).Chance(300) {
			kind = autoCancelEvent
		}
		a.announce(h, kind)
	case to > from:
		for _, kind := range events[from:to] {
			a.announce(h, kind)
		}
		if status == "" && h.fulfilled() != stages[0] {
			a.announce(h, fulfillmentEvent)
		}
	case h.fulfilled() != fulfilled:
		a.announce(h, fulfillmentEvent)
	default: // another address; of the seller's own note the specification says nothing
		a.announce(h, buyerModifiedEvent)
	}
}

// announce writes an event into the journal, if its fault allows: some are missing there altogether (ALL#3090, ALL#8498), some come late,
// and some come two or three times (ALL#2087, ALL#4870).
func (a *API) announce(h *held, kind string) {
	e := entry{kind: kind, at: a.now(), of: h, revision: h.revision}
	blow := a.chance.Next(a.Name(), EventOperation, fault.Pushing)
	if blow.Kind == fault.Omit {
		a.books.Enter(EventOperation, h.ref+" "+kind+" "+h.revision, "", ledger.Omitted)
		return
	}
	wait, times := blow.Wait, 1
	switch blow.Kind {
	case fault.Reorder:
		wait += blow.For
	case fault.Duplicate:
		times = blow.Dice.Between(2, 3)
	}
	for range times {
		if wait <= 0 {
			a.write(e)
			continue
		}
		a.later.After(wait, func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.write(e)
		})
	}
}

// write lets an event arrive.
func (a *API) write(e entry) {
	a.lastID = max(a.lastID+1, a.options.Now().UnixMicro())
	e.id = a.lastID
	a.journal = append(a.journal, e)
	a.books.Enter(EventOperation, strconv.FormatInt(e.id, 10), e.of.ref+" "+e.kind, ledger.Answered)
}

func (a *API) listEvents(c *party.Call) party.Reply {
	query := c.URL.Query()
	limit, bad := wholeOf(c, "limit", 100, 1, 1000)
	if bad != nil {
		return *bad
	}
	var after int64
	if text := query.Get("from"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil {
			return *invalid("from must be the id of an event")
		}
	}
	types := values(c, "type")
	for _, kind := range types {
		if !slices.Contains(eventTypes, kind) {
			return *invalid("type must be one of: " + strings.Join(eventTypes, ", "))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	first := sort.Search(len(a.journal), func(i int) bool { return a.journal[i].id > after })
	page := &eventPage{}
	for _, e := range a.journal[first:] {
		if len(page.events) == limit {
			break
		}
		if len(types) == 0 || slices.Contains(types, e.kind) {
			page.events = append(page.events, event{e, a.form(e.of), a.sellerID()})
		}
	}
	return written(page, (*eventPage).write)
}

// latestEvent has nothing to say of a seller who has no event yet.
func (a *API) latestEvent(*party.Call) party.Reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.journal) == 0 {
		return answered(http.StatusOK, map[string]any{})
	}
	latest := a.journal[len(a.journal)-1]
	return answered(http.StatusOK, map[string]any{"latestEvent": map[string]string{"id": strconv.FormatInt(latest.id, 10), "occurredAt": wire.Instant(latest.at)}})
}

func (a *API) sellerID() string { return wire.Throw(uint64(a.market), forEvent).Digits(9) }

// eventPage is OrderEventsList.
type eventPage struct{ events []event }

// event is OrderEvent.
type event struct {
	entry
	form   *checkoutForm
	seller string
}

func (p *eventPage) write(l *wire.Line) {
	wire.Objects(l, "events", append([]event{}, p.events...), (*event).write)
}

func (e *event) write(l *wire.Line) {
	l.Text("id", strconv.FormatInt(e.id, 10))
	wire.Object(l, "order", e, (*event).writeOrder)
	l.Text("type", e.kind)
	l.Text("occurredAt", wire.Instant(e.at))
}

// writeOrder is OrderEventData.
func (e *event) writeOrder(l *wire.Line) {
	wire.Object(l, "seller", &id{e.seller}, (*id).write)
	wire.Object(l, "buyer", &e.form.Buyer, func(b *buyer, l *wire.Line) {
		l.Text("id", b.ID)
		l.Text("email", b.Email)
		l.Text("login", b.Login)
		l.Flag("guest", b.Guest)
		wire.Object(l, "preferences", &b.Preferences, (*preferences).write)
	})
	wire.Objects(l, "lineItems", e.form.LineItems, (*lineItem).writeInEvent)
	wire.Object(l, "checkoutForm", e, func(e *event, l *wire.Line) {
		l.Text("id", e.of.ref)
		l.Text("revision", e.revision)
	})
	wire.Object(l, "marketplace", &e.form.Marketplace, (*id).write)
}

// writeInEvent is OrderLineItem, which says less than that of the form.
func (i *lineItem) writeInEvent(l *wire.Line) {
	l.Text("id", i.ID)
	wire.Object(l, "offer", &i.Offer, func(o *offer, l *wire.Line) {
		l.Text("id", o.ID)
		l.Text("name", o.Name)
		if o.External != nil {
			wire.Object(l, "external", o.External, (*id).write)
		}
	})
	l.Whole("quantity", i.Quantity)
	wire.Object(l, "originalPrice", &i.OriginalPrice, (*price).write)
	wire.Object(l, "price", &i.Price, (*price).write)
	l.Text("boughtAt", i.BoughtAt)
}
