package parcel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// The bounds of the post.
const (
	senders     = 8
	inHand      = 64     // pushes that wait for one sender
	putOffMax   = 10_000 // pushes that wait for their time: late, overtaken or refused ones
	atOnce      = 200
	lookEvery   = 20 * time.Millisecond
	pushWait    = 5 * time.Second
	pauseMin    = 100 * time.Millisecond // by the clock, however fast the calendar runs
	answerMax   = 4 << 10                // bytes of an answer that are read
	firstPushID = 335_165
)

// Post tells of scans, for all carriers that do: within the bounds above, in order for each parcel unless a fault says otherwise.
type Post struct {
	calendar *Calendar
	chance   *fault.Chance
	later    *party.Later
	client   *http.Client
	tellers  map[string]Teller // by party
	until    context.Context   // ends with the post
	end      context.CancelFunc

	begun  sync.Once
	turn   sync.Mutex // one after the other says where receivers are
	hands  [senders]chan errand
	putOff atomic.Int64

	mu    sync.Mutex
	hooks string // below which the receivers are; empty: nobody is told
	sent  uint64
}

// errand is a push on its way.
type errand struct {
	told
	party string
	id    uint64
	tries int // that failed
}

// NewPost tells nobody yet.
func NewPost(calendar *Calendar, chance *fault.Chance, later *party.Later, tellers map[string]Teller) *Post {
	p := &Post{calendar: calendar, chance: chance, later: later, client: party.OnThisMachine(pushWait), tellers: tellers, sent: firstPushID}
	p.until, p.end = context.WithCancel(context.Background())
	for i := range p.hands {
		p.hands[i] = make(chan errand, inHand)
	}
	return p
}

// CheckHooks returns what is wrong with a URL below which receivers are.
func CheckHooks(hooks string) error {
	if at, err := url.Parse(hooks); hooks != "" && (err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https") {
		return fmt.Errorf("push to %q: give a URL that begins with http:// or https://", hooks)
	}
	return nil
}

// Use tells at URL/tracking/PARTY from now on; an empty URL ends it. What happened before is not told.
func (p *Post) Use(hooks string) error {
	if err := CheckHooks(hooks); err != nil {
		return err
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	p.mu.Lock()
	before := p.hooks
	p.hooks = strings.TrimSuffix(hooks, "/")
	p.mu.Unlock()
	if (before == "") != (hooks == "") {
		for _, t := range p.tellers {
			t.Book.push(hooks != "")
		}
	}
	if hooks != "" {
		p.begun.Do(p.begin)
	}
	return nil
}

// Close ends what is on its way.
func (p *Post) Close() {
	p.end()
	p.client.CloseIdleConnections()
}

// Hooks is below what URL is told.
func (p *Post) Hooks() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hooks
}

func (p *Post) begin() {
	for _, hand := range p.hands {
		p.later.Go(func() { p.deliver(hand) })
	}
	p.later.Go(p.look)
}

// look looks for what happened.
func (p *Post) look() {
	for p.later.Wait(lookEvery) {
		for name, t := range p.tellers {
			for {
				all := t.Book.happened(atOnce)
				for _, one := range all {
					p.send(name, one)
				}
				if len(all) < atOnce {
					break
				}
			}
		}
	}
}

// send puts a push on its way, if its fault allows.
func (p *Post) send(name string, one told) {
	p.mu.Lock()
	p.sent++
	e := errand{told: one, party: name, id: p.sent}
	p.mu.Unlock()
	blow := p.chance.Next(name, PushOperation, fault.Pushing)
	if blow.Kind == fault.Omit {
		p.tellers[name].Books.Asked(PushOperation, string(ledger.Omitted))
		e.note(&e.record.omitted)
		return
	}
	wait := blow.Wait
	if blow.Kind == fault.Reorder {
		wait += blow.For
	}
	p.hand(wait, e)
	if blow.Kind == fault.Duplicate {
		p.hand(wait, e)
	}
}

// hand gives a push to who sends those of its parcel, now or after a while. One that finds no place to wait goes at once.
func (p *Post) hand(wait time.Duration, e errand) {
	if wait <= 0 || p.putOff.Load() >= putOffMax {
		p.give(e)
		return
	}
	p.after(wait, e)
}

func (p *Post) give(e errand) {
	select {
	case p.hands[digest(e.parcel.Number)%senders] <- e:
	case <-p.later.Done():
	}
}

func (p *Post) after(wait time.Duration, e errand) {
	p.putOff.Add(1)
	p.later.After(wait, func() {
		p.putOff.Add(-1)
		p.give(e)
	})
}

func (p *Post) deliver(hand <-chan errand) {
	for {
		select {
		case e := <-hand:
			p.post(e)
		case <-p.later.Done():
			return
		}
	}
}

// post sends a push once. What was not taken is sent again later, until the carrier gives up.
func (p *Post) post(e errand) {
	t := p.tellers[e.party]
	outcome, taken := p.ask(t, e)
	t.Books.Asked(PushOperation, outcome)
	switch {
	case taken:
		e.note(&e.record.pushed)
	case e.tries < len(t.Pauses) && p.putOff.Load() < putOffMax:
		pause := max(p.calendar.Takes(t.Pauses[e.tries]), pauseMin)
		e.tries++
		p.after(pause, e) // never at once: this one sends it
	default:
		e.note(&e.record.failed)
	}
}

func (p *Post) ask(t Teller, e errand) (outcome string, taken bool) {
	hooks := p.Hooks()
	if hooks == "" {
		return "nowhere", false
	}
	ctx, cancel := context.WithTimeout(p.until, pushWait)
	defer cancel()
	request, err := t.Tell(e.parcel, e.id).request(ctx, hooks+"/tracking/"+e.party)
	if err != nil {
		return "unwritten", false
	}
	answered, err := p.client.Do(request)
	if err != nil {
		return "unreachable", false
	}
	defer answered.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answered.Body, answerMax))
	if err != nil {
		return "cut off", false
	}
	taken = answered.StatusCode/100 == 2
	if t.Taken != nil {
		taken = t.Taken(answered.StatusCode, said, e.id)
	}
	return strconv.Itoa(answered.StatusCode), taken
}

func (e errand) note(in *uint16) { e.book.note(in, len(e.parcel.Scans)) }
