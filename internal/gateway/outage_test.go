package gateway

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
	"waybill/topics"
)

// outage is a party that is down until a time, and has books of what it did, by order.
type outage struct {
	mu    sync.Mutex
	until time.Time
	did   map[string][]string
	calls []time.Time // since it is up
	tried int         // before
}

func (o *outage) does(task *schemas.Task) (Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Now().Before(o.until) {
		o.tried++
		return Answer{}, &Failure{Class: Transient, Code: "503", Reason: "down"}
	}
	o.calls = append(o.calls, time.Now())
	o.did[task.OrderID] = append(o.did[task.OrderID], task.TaskID)
	return Answer{TheirRef: "their " + task.TaskID}, nil
}

// fastest is the most calls of any ten seconds.
func (o *outage) fastest() (most int) {
	for first, last := 0, 0; last < len(o.calls); last++ {
		for o.calls[last].Sub(o.calls[first]) > 10*time.Second {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}

// An ERP that is down for two hours, while 3,000 tasks come (WAYBILL_OUTAGE_TASKS says how many), costs nobody a look: all are done when it is back, once, in the order of
// their orders, no faster than it allows (item 48).
func TestAPartyThatIsDownForHoursCostsNobodyALook(t *testing.T) {
	tasks, down := 3_000, 2*time.Hour
	if set, err := strconv.Atoi(os.Getenv("WAYBILL_OUTAGE_TASKS")); err == nil {
		tasks = set
	}
	const perSecond, perOrder = 20, 3
	inPeace(t, func(s *sim, p *scripted) {
		o := &outage{until: time.Now().Add(down), did: map[string][]string{}}
		p.set(o.does)
		limits := DefaultLimits()
		limits.Rate = limit.Rate{PerSecond: perSecond, Burst: perSecond}
		defer s.serve("1", p, limits)()
		const portions = 100
		for portion := range portions {
			s.pour(portion*tasks/portions, (portion+1)*tasks/portions, perOrder)
			time.Sleep(down / portions)
		}
		if tried := o.tried; tried > 2000 {
			t.Errorf("it was tried %d times while it was down", tried)
		}
		time.Sleep(time.Duration(tasks/perSecond)*time.Second + 10*time.Minute)
		if trash := s.trash(); len(trash) != 0 {
			t.Errorf("%d wait for a person", len(trash))
		}
		done := 0
		for order, did := range o.did {
			if done += len(did); !slices.IsSortedFunc(did, byNumber) {
				t.Errorf("of %s, in this order: %v", order, did)
			}
		}
		if unlike := slices.Compact(slices.Sorted(allOf(o.did))); done != tasks || len(unlike) != tasks {
			t.Errorf("%d calls for %d of %d tasks", done, len(unlike), tasks)
		}
		if most := o.fastest(); most > 10*perSecond+perSecond+1 {
			t.Errorf("%d calls in ten seconds, %d a second are allowed", most, perSecond)
		}
	})
}

// pour puts tasks on the outbox, some after another about one order.
func (s *sim) pour(from, to, perOrder int) {
	s.Helper()
	records := make([]*kgo.Record, 0, to-from)
	for n := from; n < to; n++ {
		order := "order-" + strconv.Itoa(n/perOrder)
		task := &schemas.Task{TaskID: fmt.Sprintf("t/%d", n), Party: simParty, Kind: "repeatable", OrderID: order, Holds: []string{order}, Payload: schemas.Body{Bytes: []byte("{}")}}
		b, err := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
		if err != nil {
			s.Fatal(err)
		}
		records = append(records, &kgo.Record{Topic: topics.Outbox(simParty).Name, Key: []byte(task.TaskID), Value: b})
	}
	if err := s.client.ProduceSync(s.Context(), records...).FirstErr(); err != nil {
		s.Fatal(err)
	}
}

func byNumber(a, b string) int {
	number := func(id string) int {
		n, _ := strconv.Atoi(strings.TrimPrefix(id, "t/"))
		return n
	}
	return number(a) - number(b)
}

func allOf(did map[string][]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, of := range did {
			for _, id := range of {
				if !yield(id) {
					return
				}
			}
		}
	}
}
