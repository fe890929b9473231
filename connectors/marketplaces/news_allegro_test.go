package marketplaces_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/allegro"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

func TestTheJournalOfAllegroIsReadOnFromWhereItWasLeft(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	news := func(cursor string) schemas.News {
		t.Helper()
		news, err := account.News(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		return news
	}
	start := news("")
	if start.Next == "" || len(start.Told) > 0 || start.More {
		t.Fatalf("before the first event: %+v", start)
	}
	_, first := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	read := news(start.Next)
	if len(read.Told) != 1 || read.Told[0].Ref != first || read.Told[0].Mark == "" || read.More { // three events, one revision
		t.Fatalf("%+v", read)
	}
	if now := news(""); now.Next != read.Next {
		t.Errorf("begun again: %+v, not behind %s", now, read.Next)
	}
	if again := news(read.Next); len(again.Told) > 0 || again.Next != read.Next {
		t.Errorf("nothing is new: %+v", again)
	}
	if err := p.Allegro().Sell(500); err != nil {
		t.Fatal(err)
	}
	full := news(read.Next)
	rest := news(full.Next)
	if !full.More || rest.More || len(full.Told)+len(rest.Told) < 490 {
		t.Errorf("%d told, more %v; then %d", len(full.Told), full.More, len(rest.Told))
	}
	known := map[allegro.Revision]bool{}
	for _, r := range p.Allegro().Revisions() {
		known[r] = true
	}
	for _, one := range append(full.Told, rest.Told...) {
		if !known[allegro.Revision{Ref: one.Ref, Revision: one.Mark}] {
			t.Errorf("%+v never was", one)
		}
	}
	if _, err := account.News(t.Context(), "no id"); failureOf(t, err).Class != remote.Permanent {
		t.Errorf("a cursor that is none: %v", err)
	}
}

func TestWhatTheJournalLeavesOutIsFoundByTheListAndWhatItRepeatsIsToldOnce(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	p.use(allegro.EventOperation, fault.Omit)
	from := time.Now()
	_, omitted := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	news, err := account.News(t.Context(), "0")
	if err != nil || len(news.Told) != 0 {
		t.Fatalf("%+v, %v", news, err)
	}
	changed, err := account.Changed(t.Context(), from)
	if err != nil || len(changed) != 1 || changed[0].Ref != omitted || changed[0].Changed.IsZero() {
		t.Fatalf("%+v, %v", changed, err)
	}
	p.use(allegro.EventOperation, fault.Duplicate)
	p.shown(1000, "READY_FOR_PROCESSING", "NEW")
	news, err = account.News(t.Context(), "0")
	if err != nil || len(news.Told) != 1 {
		t.Errorf("%+v, %v", news, err)
	}
}

func TestWhatChangedAtAllegroIsListedPageByPageAndInHalvesOfTheTime(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	began := time.Now()
	p.ahead.Store(int64(-time.Hour))
	const early, late = 6000, 5000
	for number := range uint64(early) {
		p.show(number, 1)
	}
	p.ahead.Store(0)
	for number := range uint64(late) {
		p.show(number+early, 1)
	}
	for from, want := range map[time.Time]int{began: late, began.Add(-2 * time.Hour): early + late, began.Add(time.Hour): 0} {
		changed, err := account.Changed(t.Context(), from)
		refs := map[string]bool{}
		for _, one := range changed {
			refs[one.Ref] = true
		}
		if err != nil || len(refs) != want {
			t.Errorf("%d listed, %d wanted: %v", len(refs), want, err)
		}
	}
}

func TestPurchasesThatWerePaidTogetherAreAbsentAndTheirFormIsTold(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	var one, other uint64
	for one = 1; ; { // until two are bought at one site
		var first, second string
		one, first = p.shown(one, "FILLED_IN", "NEW")
		other, second = p.shown(one, "FILLED_IN", "NEW")
		at, err := account.News(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Allegro().Combine(one, other) != nil {
			continue
		}
		for _, ref := range []string{first, second} {
			if _, err := account.Fetch(t.Context(), schemas.FetchOrder, ref); !errors.Is(err, remote.ErrAbsent) {
				t.Errorf("one that vanished: %v", err)
			}
		}
		news, err := account.News(t.Context(), at.Next)
		if err != nil || len(news.Told) != 1 {
			t.Fatalf("%+v, %v", news, err)
		}
		document, err := account.Fetch(t.Context(), schemas.FetchOrder, news.Told[0].Ref)
		if err != nil {
			t.Fatal(err)
		}
		channel, err := marketplaces.Open("allegro", nil)
		if err != nil {
			t.Fatal(err)
		}
		orders, err := channel.Receive(http.Header{}, document)
		if err != nil {
			t.Fatal(err)
		}
		if order, err := channel.Normalize(&orders[0]); err != nil || order.Status != schemas.StatusReady || len(order.Lines) < 2 {
			t.Errorf("%+v, %v", order, err)
		}
		return
	}
}
