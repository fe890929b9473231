package allegro

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
)

type told struct {
	ID    string
	Type  string
	Order struct {
		CheckoutForm struct{ ID, Revision string }
		LineItems    []struct{ ID string }
	}
}

func (s *shop) events(query string) []told {
	s.t.Helper()
	var page struct{ Events []told }
	status, answer := s.ask("GET", "/order/events?"+query, "")
	if err := json.Unmarshal(answer, &page); err != nil || status != 200 {
		s.t.Fatalf("%d, %v: %s", status, err, answer)
	}
	return page.Events
}

func typesOf(events []told) (types []string) {
	for _, e := range events {
		types = append(types, e.Type)
	}
	return types
}

func TestTheJournalIsReadOnFromWhereItWasLeft(t *testing.T) {
	s := openShop(t)
	if status, answer := s.ask("GET", "/order/event-stats", ""); status != 200 || string(answer) != "{}" {
		t.Errorf("before the first: %s", answer)
	}
	if err := s.api.Sell(60); err != nil {
		t.Fatal(err)
	}
	all := s.events("limit=1000")
	var read []told
	for from := "0"; ; from = read[len(read)-1].ID {
		page := s.events("limit=7&from=" + from)
		read = append(read, page...)
		if len(page) < 7 {
			break
		}
	}
	if len(all) < 100 || fmt.Sprint(read) != fmt.Sprint(all) {
		t.Errorf("%d events, page by page %d", len(all), len(read))
	}
	if page := s.events(""); len(page) != 100 {
		t.Errorf("%d events by default", len(page))
	}
	if _, answer := s.ask("GET", "/order/event-stats", ""); !strings.Contains(string(answer), all[len(all)-1].ID) {
		t.Errorf("the latest: %s", answer)
	}
	some := s.events("limit=1000&type=BOUGHT&type=BUYER_CANCELLED,AUTO_CANCELLED")
	for _, e := range some {
		if !slices.Contains([]string{boughtEvent, buyerCancelEvent, autoCancelEvent}, e.Type) {
			t.Errorf("%s is told", e.Type)
		}
	}
	if len(some) == 0 || len(some) >= len(all) {
		t.Errorf("%d of %d", len(some), len(all))
	}
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "from=x", "type=LOST"} {
		if status, answer := s.ask("GET", "/order/events?"+query, ""); status != 422 || code(answer) != codeValidation {
			t.Errorf("%s: %d %s", query, status, answer)
		}
	}
}

func TestTheJournalTellsWhatHappenedToAnOrder(t *testing.T) {
	s := openShop(t)
	number := find(t, 1, func(s *sale) bool { return s.form.Status == bought })
	version, want := 1, []string{boughtEvent}
	s.show(number, 1)
	if got := typesOf(s.events("")); !slices.Equal(got, want) {
		t.Errorf("bought: %v", got)
	}
	for statusOf := func() string { return Market(8).Order(number, version).Status }; statusOf() == bought || statusOf() == filledIn; {
		version++
		s.show(number, version)
	}
	got := typesOf(s.events(""))
	last := map[string][]string{ready: {readyEvent}, canceled: {buyerCancelEvent, autoCancelEvent}}[Market(8).Order(number, version).Status]
	if !slices.Contains(last, got[len(got)-1]) || got[0] != boughtEvent {
		t.Errorf("to the end: %v", got)
	}
	number = find(t, 1, isNew)
	s.show(number, 1)
	sheet := Market(8).Order(number, 1)
	s.set(sheet.Ref, sheet.Revision, "PROCESSING")
	events := s.events("")[len(got):]
	if got := typesOf(events); !slices.Equal(got, []string{boughtEvent, filledInEvent, readyEvent, fulfillmentEvent}) {
		t.Errorf("bought, paid and processed: %v", got)
	}
	f, _ := s.form(sheet.Ref)
	if first, last := events[0].Order, events[3].Order; first.CheckoutForm.Revision != sheet.Revision || last.CheckoutForm.Revision != f.Revision || len(last.LineItems) != sheet.Lines {
		t.Errorf("%+v, then %+v", first, last)
	}
}

func TestTheJournalLeavesOutRepeatsAndIsLateAsItsFaultsSay(t *testing.T) {
	for kind, check := range map[fault.Kind]func(s *shop){
		fault.Omit: func(s *shop) {
			if events := s.events(""); len(events) != 0 || s.books.Books().Operations[EventOperation].Told[ledger.Omitted] == 0 {
				t.Errorf("left out, and told: %v", events)
			}
		},
		fault.Duplicate: func(s *shop) {
			times := map[string]int{}
			for _, e := range s.events("") {
				times[e.Type]++
			}
			if n := times[readyEvent]; n < 2 || n > 3 {
				t.Errorf("told %d times", n)
			}
		},
		fault.Reorder: func(s *shop) {
			until := time.Now().Add(10 * time.Second)
			for len(s.events("")) < 3 && time.Now().Before(until) {
				time.Sleep(5 * time.Millisecond)
			}
			if got := typesOf(s.events("")); len(got) != 3 || !slices.Contains(got, readyEvent) {
				t.Errorf("late: %v", got)
			}
		},
	} {
		s := openShop(t)
		s.chance.Use([]fault.Rule{{Party: "allegro", Operation: EventOperation, Fault: kind, Probability: 1, Seconds: 0.2}})
		s.show(find(t, 1, isNew), 1)
		check(s)
	}
}
