package runner

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// How large the test of order is, if it is told: item 199 of the features asks for a million events, ten thousand keys and twenty
// rebalances.
const (
	eventsVariable     = "WAYBILL_ORDER_EVENTS"
	keysVariable       = "WAYBILL_ORDER_KEYS"
	rebalancesVariable = "WAYBILL_ORDER_REBALANCES"
	seedVariable       = "WAYBILL_SEED"
)

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

// The topics of the second step of the chain.
var (
	lastOut   = &topics.Topic{Name: "last.out", Schema: schemas.RawOrderSchema, MessageBytes: 1 << 20}
	lastBack  = topics.Step("last", toyOut)
	lastTable = topics.Table("last")
)

// moody is a step that passes numbers on, now and then not at once: "7 fails" does twice in this process, "7 waits" does for a
// moment, "7 dies" until somebody mends it.
type moody struct {
	mu    sync.Mutex
	tries map[string]int
}

// chain is two such steps, one behind the other.
func (m *moody) chain() []processors.Processor {
	first := processors.Step(processors.Processor{
		Name: "toy", Reads: []*topics.Topic{toyIn}, Back: toyBack, Table: toyTable, Writes: []*topics.Topic{toyOut}, State: schemas.OrderVersionsSchema,
	}, m.handler(toyOut))
	second := processors.Step(processors.Processor{
		Name: "last", Reads: []*topics.Topic{toyOut}, Back: lastBack, Table: lastTable, Writes: []*topics.Topic{lastOut}, State: schemas.OrderVersionsSchema,
	}, m.handler(lastOut))
	return []processors.Processor{first, second}
}

const waitMilliseconds = 300

func (m *moody) handler(out *topics.Topic) func(*topics.Event, *schemas.RawOrder, *schemas.OrderVersions) (processors.Result, error) {
	return func(event *topics.Event, in *schemas.RawOrder, state *schemas.OrderVersions) (processors.Result, error) {
		if in == nil {
			return processors.Result{}, nil
		}
		number, mood, _ := strings.Cut(string(in.Body.Bytes), " ")
		switch {
		case mood == "fails" && m.tried(out.Name+event.Key+number) <= 2:
			return processors.Result{}, errors.New("it is in a mood")
		case mood == "waits" && topics.Find(event.Headers, headerWake) == "":
			return processors.Result{}, processors.Wait("a moment", schemas.At(time.Now().Add(waitMilliseconds*time.Millisecond)))
		case mood == "dies" && out == toyOut:
			return processors.Result{}, processors.Dead(schemas.ClassInvalid, errors.New("dead"))
		}
		state.Events++
		return processors.Result{Messages: []topics.Message{toyMessage(out, event.Key, string(in.Body.Bytes))}}, nil
	}
}

func (m *moody) tried(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tries == nil {
		m.tries = map[string]int{}
	}
	m.tries[what]++
	return m.tries[what]
}

// moodOf is how an event is: most are good.
func moodOf(dice *rand.Rand) string {
	switch n := dice.IntN(10_000); {
	case n < 2:
		return " fails"
	case n < 22:
		return " waits"
	case n < 27:
		return " dies"
	}
	return ""
}

// Item 199: per key the sequence is strictly increasing at every stage, whoever fails, waits, is mended, comes, goes or is killed.
func TestTheEventsOfAKeyStayInOrderAtEveryStageWhoeverComesAndGoes(t *testing.T) {
	seed := uint64(number(seedVariable, int(time.Now().UnixNano())))
	events, keys, rebalances := number(eventsVariable, 30_000), number(keysVariable, 1000), number(rebalancesVariable, 5)
	t.Logf("seed %d: %d events of %d keys, %d rebalances", seed, events, keys, rebalances)
	dice := rand.New(rand.NewPCG(seed, 199))
	r := newRig(t)
	chain := (&moody{}).chain()
	r.provision(chain[0])
	r.provisionMore(chain[1])
	crew := &crew{rig: r, dice: dice}
	crew.join()
	fed := map[string]int{}
	admin := kadm.NewClient(r.client())
	for piece := range rebalances + 1 {
		r.awaitWithin(10*time.Minute, "the first step has come closer", func() bool { return r.unread(admin, chain[0], toyIn) < int64(events/(rebalances+1)) })
		r.feedMoody(dice, events*(piece+1)/(rebalances+1)-events*piece/(rebalances+1), keys, fed)
		if piece < rebalances {
			crew.change()
		}
	}
	r.mendAll(events)
	crew.leave()
	for _, topic := range []*topics.Topic{toyIn, toyOut, lastOut} {
		r.inOrder(topic, fed)
	}
	t.Logf("%v", crew.changes)
}

// feedMoody stores n events of keys by chance, each with its number.
func (r *rig) feedMoody(dice *rand.Rand, n, keys int, fed map[string]int) {
	r.t.Helper()
	var batch []topics.Message
	for range n {
		k := key(dice.IntN(keys))
		batch = append(batch, toyMessage(toyIn, k, strconv.Itoa(fed[k])+moodOf(dice)))
		fed[k]++
		if len(batch) == 1000 {
			r.put(batch...)
			batch = nil
		}
	}
	r.put(batch...)
}

// mendAll mends what died until all has come out at the end of the chain.
func (r *rig) mendAll(events int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Minute)
	defer cancel()
	client := r.client(kgo.ConsumeTopics(lastOut.Name, topics.Trash.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	mended := map[string]bool{}
	for came := 0; came < events; {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			r.t.Fatalf("%d of %d events came out within 20 minutes", came, events)
		}
		for record := range fetches.RecordsAll() {
			if record.Topic == lastOut.Name {
				came++
				continue
			}
			var entry schemas.TrashEntry
			if err := r.registry.Decode(ctx, topics.Trash.Schema, record.Value, &entry); err != nil {
				r.t.Fatal(err)
			}
			if entry.State == schemas.TrashOpen && !mended[entry.TrashID] {
				mended[entry.TrashID] = true
				r.mendMoody(&entry)
			}
		}
	}
	r.t.Logf("%d events died and were mended", len(mended))
}

func (r *rig) mendMoody(entry *schemas.TrashEntry) {
	r.t.Helper()
	in := new(schemas.RawOrder)
	if err := r.registry.Decode(r.t.Context(), toyIn.Schema, entry.Value.Bytes, in); err != nil {
		r.t.Fatal(err)
	}
	number, _, _ := strings.Cut(string(in.Body.Bytes), " ")
	r.put(toyMessage(toyBack, entry.Key, number+" mended", topics.Header{Key: headerTrash, Value: []byte(entry.TrashID)}))
}

// inOrder checks that each key's numbers on a topic are 0, 1, 2 … to what was fed.
func (r *rig) inOrder(topic *topics.Topic, fed map[string]int) {
	r.t.Helper()
	next := map[string]int{}
	wrong := 0
	for _, l := range readAll[schemas.RawOrder](r, topic) {
		k := string(l.record.Key)
		number, _, _ := strings.Cut(string(l.value.Body.Bytes), " ")
		if number != strconv.Itoa(next[k]) {
			if wrong++; wrong < 10 {
				r.t.Errorf("%s/%d/%d: %s says %s, want %d", topic.Name, l.record.Partition, l.record.Offset, k, number, next[k])
			}
		}
		next[k]++
	}
	for k, n := range fed {
		if next[k] != n {
			r.t.Errorf("%s says %d things on %s, want %d", k, next[k], topic.Name, n)
		}
	}
	r.t.Logf("%s: %d keys, %d out of order", topic.Name, len(next), wrong)
}

// crew is the processes that run the chain.
type crew struct {
	*rig
	dice    *rand.Rand
	members []*process
	names   int
	changes map[string]int
}

func (c *crew) join() {
	c.names++
	c.members = append(c.members, c.spawn("chain", fmt.Sprint(c.names)))
}

// change lets one come, go, or die.
func (c *crew) change() {
	what := []string{"join", "leave", "kill"}[c.dice.IntN(3)]
	if len(c.members) < 2 {
		what = "join"
	} else if len(c.members) > 3 && what == "join" {
		what = "leave"
	}
	if c.changes == nil {
		c.changes = map[string]int{}
	}
	c.changes[what]++
	if what == "join" {
		c.join()
		return
	}
	i := c.dice.IntN(len(c.members))
	p := c.members[i]
	c.members = append(c.members[:i], c.members[i+1:]...)
	if what == "kill" {
		p.kill()
		return
	}
	p.signal(c.t.(*testing.T), syscall.SIGTERM)
	p.once.Do(func() { _ = p.Wait() })
}

func (c *crew) leave() {
	for _, p := range c.members {
		p.signal(c.t.(*testing.T), syscall.SIGTERM)
		p.once.Do(func() { _ = p.Wait() })
	}
}
