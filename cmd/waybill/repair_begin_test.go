package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded"
	"waybill/schemas"
	"waybill/topics"
)

// rehearse has a run that is not live say of an order that it is normalized, with all that another says: what comes of it is asked for, and is
// not made.
func (p *placed) rehearse(like, id string) {
	p.Helper()
	found, err := embedded.Find(p.data)
	if err != nil {
		p.Fatal(err)
	}
	s := &stack{brokers: found.Brokers, kafka: onThisMachine(found.Brokers), running: found}
	registry, err := schemas.NewRegistry(found.Registry)
	if err != nil {
		p.Fatal(err)
	}
	var order schemas.Order
	err = s.readTopic(p.Context(), topics.OrdersNormalized, func(r *kgo.Record) error {
		if string(r.Key) != like {
			return nil
		}
		return registry.Decode(p.Context(), schemas.OrderSchema, r.Value, &order)
	})
	if err != nil {
		p.Fatal(err)
	}
	order.OrderID = id
	_, order.Ref, _ = schemas.SplitOrderID(id)
	value, err := registry.Encode(p.Context(), nil, topics.OrdersNormalized.Subject(), schemas.OrderSchema, &order)
	if err != nil {
		p.Fatal(err)
	}
	client, err := kgo.NewClient(s.kafka...)
	if err != nil {
		p.Fatal(err)
	}
	defer client.Close()
	record := &kgo.Record{Topic: topics.OrdersNormalized.Name, Key: []byte(id), Value: value, Headers: []kgo.RecordHeader{
		{Key: topics.HeaderOrderID, Value: []byte(id)}, {Key: topics.HeaderMode, Value: []byte("dry_run")},
	}}
	if err := client.ProduceSync(p.Context(), record).FirstErr(); err != nil {
		p.Fatal(err)
	}
}

// A run repeats no call that stands. The one that was never made is held until somebody approves it, also over a pause, and is made then, once.
func TestARepairRunRepeatsNoCallThatStandsAndMakesTheOneThatIsMissing(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	for _, ref := range []string{"1", "2"} {
		p.order(ref, "MUG")
		p.awaitReceipt("direct/"+ref, "order", "confirmed")
	}
	p.rehearse("direct/1", "direct/9")
	eventually(t, func() []effect { return rows[effect](t, p.ask("repair", "erp", "-o", "json")) }, func(all []effect) bool { return len(all) == 1 })
	begin := func(args ...string) string {
		return p.ask(append([]string{"repair", "begin", "place", "-o", "json"}, args...)...)
	}
	foreseen := rows[foreseenRow](t, begin())
	if len(foreseen) != 1 || foreseen[0] != (foreseenRow{Party: "erp", Kind: "customer", Calls: 3, Stand: 2, Never: 1}) {
		t.Errorf("foreseen: %+v", foreseen)
	}
	for _, nothing := range []string{
		begin("--order", "direct/1", "--why", "w"), begin("--order", "direct/404", "--why", "w"), begin("--until", "1h", "--why", "w"),
		begin("--offsets", "orders.placed/0/0-0", "--why", "w"), p.ask("repair", "runs", "-o", "json"),
	} {
		if strings.Contains(nothing, "held") || strings.Contains(nothing, "run_id") {
			t.Errorf("with nothing missing in it, there is %s", nothing)
		}
	}
	held := rows[repairResult](t, begin("--why", "it was only rehearsed", "--by", "anna", "--yes", "--rate", "5/s"))
	if len(held) != 1 || held[0].Result != resultHeld || held[0].OrderID != "direct/9" || held[0].Kind != "customer" {
		t.Fatalf("asked for: %+v", held)
	}
	id := held[0].RunID
	run := func() runView {
		t.Helper()
		return rows[runView](t, p.ask("repair", "runs", "-o", "json"))[0]
	}
	if r := run(); r.RunID != id || r.State != schemas.RunHeld || r.Calls != 1 || r.Held != 1 || r.By != "anna" || r.Rate != 5 {
		t.Errorf("the run: %+v", r)
	}
	p.ask("repair", "pause", id, "--why", "stocktaking", "--by", "bob")
	if r := run(); r.State != schemas.JobPaused || r.ToldBy != "bob" || r.ToldWhy != "stocktaking" {
		t.Errorf("the run that was paused: %+v", r)
	}
	if held := rows[repairResult](t, p.ask("repair", "resume", id, "-o", "json")); len(held) != 1 || held[0].Result != resultHeld {
		t.Errorf("gone on with, and not approved: %+v", held)
	}
	if effects := p.effects(); effects != "map[customers.create:{1 0} orders.create:{2 0}]" {
		t.Errorf("without approval the ERP's books say %s", effects)
	}
	plan := rows[effect](t, p.ask("repair", "erp", "--run", id, "-o", "json"))
	if len(plan) != 1 || plan[0].Mode != topics.ModeRepair {
		t.Fatalf("the plan: %+v", plan)
	}
	p.ask("repair", "erp", "--run", id, "--approve", plan[0].Plan, "--why", "it was lost", "--by", "anna")
	if made := rows[repairResult](t, p.ask("repair", "resume", id, "-o", "json")); len(made) != 1 || made[0].Result != stands {
		t.Errorf("approved: %+v", made)
	}
	p.awaitReceipt("direct/9", "order", "confirmed")
	if r := run(); r.State != schemas.JobDone || r.Made != 1 || r.Held != 0 {
		t.Errorf("the run that is done: %+v", r)
	}
	if effects := p.effects(); effects != "map[customers.create:{1 0} orders.create:{3 0}]" {
		t.Errorf("the ERP's books say %s", effects)
	}
	if after := rows[foreseenRow](t, begin()); len(after) != 1 || after[0].Never != 0 || after[0].Stand != 3 {
		t.Errorf("read once more: %+v", after)
	}
	p.refusesToRepair(id)
}

// A run is killed while it asks for its calls, while they are held, and while they are made: it goes on where the ledgers stand, and each call is
// made once.
func TestARepairRunThatIsKilledGoesOnAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	const missing = 15
	p := startPlaced(t)
	p.order("1", "MUG")
	p.awaitReceipt("direct/1", "order", "confirmed")
	for n := range missing {
		p.rehearse("direct/1", fmt.Sprint("direct/lost-", n))
	}
	eventually(t, func() []effect { return rows[effect](t, p.ask("repair", "erp", "-o", "json")) }, func(all []effect) bool { return len(all) == missing })
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	killed := func(says string, args ...string) {
		t.Helper()
		u := startProcess(t, says, append(append([]string{"repair"}, args...), "--data", p.data)...)
		time.Sleep(time.Duration(random.Int64N(int64(1500 * time.Millisecond))))
		u.kill()
	}
	killed("also after a crash", "begin", "place", "--why", "it was only rehearsed", "--yes", "--rate", "5/s")
	run := rows[runView](t, p.ask("repair", "runs", "-o", "json"))[0]
	if run.State != schemas.JobRunning || run.Calls != missing {
		t.Fatalf("seed %d: the run that was killed: %+v", seed, run)
	}
	killed("goes on", "resume", run.RunID)
	if held := rows[repairResult](t, p.ask("repair", "resume", run.RunID, "-o", "json")); len(held) != missing || held[0].Result != resultHeld {
		t.Fatalf("seed %d: of %d calls %d were answered: %+v", seed, missing, len(held), held)
	}
	plan := rows[effect](t, p.ask("repair", "erp", "--run", run.RunID, "-o", "json"))
	if len(plan) != missing {
		t.Fatalf("seed %d: the plan: %+v", seed, plan)
	}
	p.ask("repair", "erp", "--run", run.RunID, "--approve", plan[0].Plan, "--why", "they were lost")
	for range 3 {
		if run = rows[runView](t, p.ask("repair", "runs", "-o", "json"))[0]; run.State != schemas.JobDone {
			killed("goes on", "resume", run.RunID)
		}
	}
	if run = rows[runView](t, p.ask("repair", "runs", "-o", "json"))[0]; run.State != schemas.JobDone {
		p.ask("repair", "resume", run.RunID)
	}
	for n := range missing {
		p.awaitReceipt(fmt.Sprint("direct/lost-", n), "order", "confirmed")
	}
	if run = rows[runView](t, p.ask("repair", "runs", "-o", "json"))[0]; run.State != schemas.JobDone || run.Made != missing || run.Held != 0 {
		t.Errorf("seed %d: the run that is done: %+v", seed, run)
	}
	if effects, want := p.effects(), fmt.Sprintf("map[customers.create:{1 0} orders.create:{%d 0}]", missing+1); effects != want {
		t.Errorf("seed %d: the ERP's books say %s, want %s", seed, effects, want)
	}
}

// refusesToRepair tries what makes no sense, with a run that is done.
func (p *placed) refusesToRepair(done string) {
	p.Helper()
	for want, args := range map[string][]string{
		"run " + done + " is done":        {"resume", done},
		"run nobody: there is none":       {"cancel", "nobody", "--why", "w"},
		"there is no step placee":         {"begin", "placee"},
		"place reads step.place":          {"begin", "place", "--offsets", "orders.raw/0/1-2"},
		"give TOPIC/PARTITION/FROM-TO":    {"begin", "place", "--offsets", "orders.normalized/0/9-2"},
		"nothing lies between --since 1h": {"begin", "place", "--since", "1h", "--until", "2h"},
	} {
		cmd := program(p.T, append(append([]string{"repair"}, args...), "--data", p.data)...)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			p.Errorf("%v: %v %s", args, err, out)
		}
	}
}
