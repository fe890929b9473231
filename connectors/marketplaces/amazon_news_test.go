package marketplaces_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	sandboxamazon "waybill/internal/sandbox/amazon"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

func search(kind fault.Kind) fault.Rule {
	return fault.Rule{Party: "amazon", Operation: "orders.search", Fault: kind, Probability: 1, Seconds: 1}
}

// cursorOf is the cursor of a time.
func cursorOf(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func refsOf(told []schemas.Told) (refs []string) {
	for _, one := range told {
		refs = append(refs, one.Ref)
	}
	return refs
}

func TestAmazonsNewsAreWhatChangedSinceTheCursorPageByPage(t *testing.T) {
	p := playAmazon(t, 1e6)
	account := p.account()
	p.sell(250)
	began, err := account.News(t.Context(), "")
	if at, bad := time.Parse(time.RFC3339, began.Next); err != nil || bad != nil || len(began.Told) != 0 || began.More || time.Since(at) < 2*time.Minute {
		t.Fatalf("%+v, %v", began, err)
	}
	p.setBack(0)
	news, err := account.News(t.Context(), cursorOf(time.Now().Add(-2*time.Hour)))
	if err != nil || len(news.Told) != 250 || news.More || p.requests.Load() != 3 {
		t.Fatalf("%d told, more %v, after %d requests, %v", len(news.Told), news.More, p.requests.Load(), err)
	}
	for _, one := range news.Told {
		if mark, err := time.Parse(time.RFC3339Nano, one.Mark); err != nil || !mark.Equal(one.Changed) || time.Since(mark) < 50*time.Minute {
			t.Fatalf("%+v", one)
		}
	}
	p.setBack(10 * time.Minute)
	if err := p.Show(3, 2); err != nil {
		t.Fatal(err)
	}
	p.setBack(0)
	again, err := account.News(t.Context(), cursorOf(time.Now().Add(-30*time.Minute)))
	if want := sandboxamazon.Market(7).Order(3, 1).Ref; err != nil || !slices.Equal(refsOf(again.Told), []string{want}) {
		t.Errorf("%+v, %v; want %s", again, err, want)
	}
	none, err := account.News(t.Context(), again.Next)
	if err != nil || len(none.Told) != 0 || none.Next < again.Next {
		t.Errorf("%+v, %v", none, err)
	}
	changed, err := account.Changed(t.Context(), time.Now().Add(-2*time.Hour))
	if err != nil || len(changed) != 250 || changed[249].Ref != again.Told[0].Ref {
		t.Errorf("%d changed, %v", len(changed), err)
	}
	if late, err := account.Changed(t.Context(), time.Now()); err != nil || len(late) != 0 {
		t.Errorf("%d changed from now on, %v", len(late), err)
	}
	if _, err := account.News(t.Context(), "yesterday"); err == nil {
		t.Error("a cursor that is no time is taken")
	}
}

func TestOnlyTheSitesThatAreNamedAreAskedFor(t *testing.T) {
	p := playAmazon(t, 1e6)
	p.sell(100)
	p.setBack(0)
	from := time.Now().Add(-2 * time.Hour)
	count := func(sites string) int {
		p.settings[marketplaces.SettingSites] = sites
		changed, err := p.account().Changed(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		return len(changed)
	}
	if german, all := count("A1PA6795UKMFR9"), count(allSites); german == 0 || german >= all || all != 100 {
		t.Errorf("%d of %d in Germany", german, all)
	}
}

// What a failed page holds is told by the call that goes on with it.
func TestTheCursorPassesNoOrderThatWasNotToldWhenAPageFails(t *testing.T) {
	for _, c := range []struct {
		kind fault.Kind
		more bool
	}{{fault.Down, true}, {fault.Storm, false}, {fault.Drop, true}} {
		p := playAmazon(t, 1e6)
		account := p.account()
		p.sell(350)
		p.setBack(0)
		p.before.Store(func(n int64) {
			if n == 3 {
				p.use(search(c.kind))
			}
		})
		news, err := account.News(t.Context(), cursorOf(time.Now().Add(-2*time.Hour)))
		if err != nil || len(news.Told) != 200 || news.More != c.more {
			t.Fatalf("%s: %d told, more %v, %v", c.kind, len(news.Told), news.More, err)
		}
		if failed, err := account.News(t.Context(), news.Next); err == nil {
			t.Errorf("%s: the failure that lasts is told as %+v", c.kind, failed)
		}
		p.use()
		rest, err := account.News(t.Context(), news.Next)
		all := append(refsOf(news.Told), refsOf(rest.Told)...)
		slices.Sort(all)
		if err != nil || len(rest.Told) != 150 || len(slices.Compact(all)) != 350 || strings.Contains(rest.Next, "/") {
			t.Errorf("%s: %d more, %d in all, %v", c.kind, len(rest.Told), len(all), err)
		}
	}
}

func TestAPageThatAmazonForgetsIsReadFromTheBeginningOfItsPeriod(t *testing.T) {
	p := playAmazon(t, 1e6)
	account := p.account()
	p.sell(150)
	p.setBack(0)
	p.before.Store(func(n int64) {
		if n == 2 {
			p.use(search(fault.Down))
		}
	})
	from := cursorOf(time.Now().Add(-2 * time.Hour))
	news, err := account.News(t.Context(), from)
	if err != nil || len(news.Told) != 100 {
		t.Fatalf("%d told, %v", len(news.Told), err)
	}
	p.use()
	p.setBack(-25 * time.Hour)
	restarted, err := account.News(t.Context(), news.Next)
	if err != nil || len(restarted.Told) != 0 || restarted.Next != from {
		t.Fatalf("%+v, %v", restarted, err)
	}
	if whole, err := account.News(t.Context(), restarted.Next); err != nil || len(whole.Told) != 150 {
		t.Errorf("%d told, %v", len(whole.Told), err)
	}
}

// Amazon grants twenty searches at once. A call takes ten of them, and what it could not read is read by the next.
func TestAPeriodOfManyPagesIsReadByMoreThanOneCall(t *testing.T) {
	p := playAmazon(t, 1)
	account := p.account()
	p.sell(2150)
	p.setBack(0)
	cursor, told := cursorOf(time.Now().Add(-2*time.Hour)), []string{}
	for call, want := range []struct {
		told int
		more bool
	}{{1000, true}, {1000, true}} {
		news, err := account.News(t.Context(), cursor)
		if err != nil || len(news.Told) != want.told || news.More != want.more {
			t.Fatalf("call %d: %d told, more %v, %v", call+1, len(news.Told), news.More, err)
		}
		cursor, told = news.Next, append(told, refsOf(news.Told)...)
	}
	var f *remote.Failure
	if _, err := account.News(t.Context(), cursor); !errors.As(err, &f) || f.Class != remote.Throttled {
		t.Fatalf("the 21st search: %v", err)
	}
	p.setBack(-10 * time.Minute) // three searches later
	news, err := account.News(t.Context(), cursor)
	slices.Sort(told)
	if err != nil || len(news.Told) != 150 || news.More || len(slices.Compact(told)) != 2000 {
		t.Errorf("%d told, more %v, %v; %d before", len(news.Told), news.More, err, len(told))
	}
	changed, err := account.Changed(t.Context(), time.Now().Add(-2*time.Hour))
	if err != nil || len(changed) != 100 {
		t.Errorf("with one search left, %d are listed, %v", len(changed), err)
	}
}

func TestWhateverFailsOnTheWayEachChangeIsToldInTheEnd(t *testing.T) {
	p := playAmazon(t, 1e6)
	account := p.account()
	p.sell(730)
	p.setBack(0)
	var rules []fault.Rule
	for _, kind := range []fault.Kind{fault.Down, fault.Gateway, fault.Drop, fault.Wrong} {
		rules = append(rules, fault.Rule{Party: "amazon", Operation: fault.Any, Fault: kind, Probability: 0.12})
	}
	p.use(rules...)
	cursor, told, failed := cursorOf(time.Now().Add(-2*time.Hour)), map[string]bool{}, 0
	for calls, more := 0, true; more; calls++ {
		if calls > 200 {
			t.Fatalf("%d told after 200 calls, %d of which failed", len(told), failed)
		}
		news, err := account.News(t.Context(), cursor)
		if err != nil {
			failed++
			continue
		}
		for _, ref := range refsOf(news.Told) {
			told[ref] = true
		}
		cursor, more = news.Next, strings.Contains(news.Next, "/")
	}
	if len(told) != 730 || failed == 0 {
		t.Errorf("%d told, %d calls failed", len(told), failed)
	}
}
