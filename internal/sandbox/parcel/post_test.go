package parcel

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// door is where pushes come in, and the post that brings them, in a sandbox where a day takes a tenth of a second.
type door struct {
	*testing.T
	chance *fault.Chance
	book   *Book
	post   *Post

	mu     sync.Mutex
	came   map[string][]string // by number: the ids
	answer func(path, id string) int
}

func listen(t *testing.T, rules ...fault.Rule) *door {
	t.Helper()
	d := &door{T: t, came: map[string][]string{}, answer: func(string, string) int { return http.StatusAccepted }, chance: fault.New(1, time.Now)}
	d.chance.Use(rules)
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		number, id := r.URL.Query().Get("number"), r.URL.Query().Get("id")
		d.came[number] = append(d.came[number], id+" "+r.URL.Query().Get("kind"))
		w.WriteHeader(d.answer(r.URL.Path, id))
	}))
	later := party.NewLater()
	calendar := NewCalendar(time.Now)
	if err := calendar.Pace(dayMin); err != nil {
		t.Fatal(err)
	}
	d.book = NewBook(1, calendar, German, false)
	d.post = NewPost(calendar, d.chance, later, map[string]Teller{"dhl": {
		Book: d.book, Books: ledger.New(time.Now), Pauses: []time.Duration{time.Hour, time.Hour},
		Tell: func(p Parcel, id uint64) Message {
			return Message{Query: url.Values{"number": {p.Number}, "id": {fmt.Sprint(id)}, "kind": {string(p.Last().Kind)}}}
		},
	}})
	t.Cleanup(func() {
		d.post.Close()
		later.Close()
		served.Close()
	})
	if err := d.post.Use(served.URL); err != nil {
		t.Fatal(err)
	}
	return d
}

// settle books parcels, and waits until all lives are over and told.
func (d *door) settle(parcels int) Sums {
	d.Helper()
	for n := range parcels {
		d.book.Add(fmt.Sprint(n), "", false, time.Now())
	}
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if s := d.book.Sums(); s.Living == 0 && s.Pushed+s.Omitted+s.Failed == s.Scans {
			return s
		}
	}
	d.Fatalf("not every scan is accounted for: %+v", d.book.Sums())
	return Sums{}
}

func TestEveryScanIsToldOnceInOrder(t *testing.T) {
	d := listen(t)
	s := d.settle(40)
	if s.Pushed != s.Scans || s.Omitted != 0 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
	for n := range 40 {
		number := fmt.Sprint(n)
		p, _ := d.book.Find(number)
		d.mu.Lock()
		if len(d.came[number]) != len(p.Scans) {
			t.Errorf("%s: %v came of %+v", number, d.came[number], p.Scans)
		}
		for i, told := range d.came[number] {
			var id, kind string
			if _, err := fmt.Sscan(told, &id, &kind); err != nil || kind != string(p.Scans[i].Kind) {
				t.Errorf("%s: %d is %s", number, i, told)
			}
		}
		d.mu.Unlock()
	}
}

func TestWhatIsOmittedNeverComesAndIsThereAllTheSame(t *testing.T) {
	d := listen(t, fault.Rule{Party: "dhl", Operation: PushOperation, Fault: fault.Omit, Probability: 1})
	if s := d.settle(5); s.Omitted != s.Scans || s.Pushed != 0 {
		t.Errorf("%+v", s)
	}
	if p, _ := d.book.Find("0"); len(d.came) != 0 || !p.Status().Ended() {
		t.Errorf("%v came, %+v", d.came, p)
	}
}

func TestADuplicateComesTwiceUnderOneIDAndCountsOnce(t *testing.T) {
	d := listen(t, fault.Rule{Party: "dhl", Operation: PushOperation, Fault: fault.Duplicate, Probability: 1})
	s := d.settle(3)
	all, ids := 0, map[string]bool{}
	for until := time.Now().Add(10 * time.Second); all != 2*s.Scans && time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		d.mu.Lock()
		all = 0
		for _, told := range d.came {
			for _, one := range told {
				all, ids[one] = all+1, true
			}
		}
		d.mu.Unlock()
	}
	if s.Pushed != s.Scans || all != 2*s.Scans || len(ids) != s.Scans {
		t.Errorf("%d came, %d different: %+v", all, len(ids), s)
	}
}

func TestWhatIsRefusedComesAgainUntilTheCarrierGivesUp(t *testing.T) {
	d := listen(t)
	d.answer = func(string, string) int { return http.StatusServiceUnavailable }
	s := d.settle(1)
	if len(d.came["0"]) != 3*s.Scans || s.Failed != s.Scans {
		t.Errorf("%v: %+v", d.came["0"], s)
	}
}

func TestAPushToAnotherMachineOrToNoURLIsNotSent(t *testing.T) {
	d := listen(t)
	for _, wrong := range []string{"file:///tmp", "127.0.0.1:8080", "://"} {
		if d.post.Use(wrong) == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
	if err := d.post.Use("http://192.0.2.1:8080"); err != nil {
		t.Fatal(err)
	}
	if s := d.settle(1); s.Failed != s.Scans {
		t.Errorf("%+v", s)
	}
}
