package drain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/topics"
)

// plant is a pipeline of two stages in which time is counted and not waited for: a step that makes records of records, and a landing
// that reads both. Each stage works in batches and commits at their ends.
type plant struct {
	now     time.Time
	raw     float64 // a second that come in
	yield   float64 // records that the step makes of each
	step    worker
	landing worker
	grown   map[*topics.Topic]float64
	before  [2]float64 // done at the last look
}

// worker is one stage: so many records a second at most, committed batch by batch.
type worker struct {
	speed, batch  float64 // records a second, seconds
	came          float64
	done, started float64 // committed; taken up
	left          float64 // seconds of the batch
}

const tick = 10 * time.Millisecond

func (w *worker) work() (finished float64) {
	if w.left <= 0 && w.came-w.started >= 1 {
		take := min(math.Floor(w.came-w.started), math.Ceil(w.speed*w.batch))
		w.started += take
		w.left = take / w.speed
	}
	if w.left > 0 {
		if w.left -= tick.Seconds(); w.left <= 0 {
			finished = w.started - w.done
			w.done = w.started
		}
	}
	return finished
}

func (w *worker) waiting() float64 { return w.came - w.done }

func newPlant(step, landing worker, yield float64) *plant {
	return &plant{now: time.Unix(1_700_000_000, 0), yield: yield, step: step, landing: landing, grown: map[*topics.Topic]float64{}}
}

// run lets so much time pass.
func (p *plant) run(d time.Duration) {
	for range d / tick {
		p.now = p.now.Add(tick)
		in := p.raw * tick.Seconds()
		p.step.came += in
		made := p.step.work() * p.yield
		p.landing.came += in + made
		p.landing.work()
		p.grown[topics.OrdersRaw] += in
		p.grown[topics.OrdersNormalized] += made
	}
}

func (p *plant) sample() sample {
	s := sample{at: p.now, grown: p.grown, stages: []position{
		{waiting: p.step.waiting(), done: p.step.done - p.before[0]}, {waiting: p.landing.waiting(), done: p.landing.done - p.before[1]},
	}}
	p.grown, p.before = map[*topics.Topic]float64{}, [2]float64{p.step.done, p.landing.done}
	return s
}

// drained is how long it takes until nothing waits, if nothing more comes.
func (p plant) drained() float64 {
	p.raw, p.grown = 0, map[*topics.Topic]float64{}
	began := p.now
	for p.step.waiting() >= 1 || p.landing.waiting() >= 1 {
		p.run(100 * time.Millisecond)
	}
	return p.now.Sub(began).Seconds()
}

func stagesOfPlant() []Stage {
	return []Stage{
		{Name: "step", Reads: []*topics.Topic{topics.OrdersRaw}, Writes: []*topics.Topic{topics.Trash, topics.OrdersNormalized}},
		{Name: "landing", Reads: []*topics.Topic{topics.OrdersRaw, topics.OrdersNormalized, topics.Trash}},
	}
}

// watched lets the plant work under a watch, and returns what that says at the end.
func watched(p *plant, e *estimator, d time.Duration) (stages []StageReport) {
	for range d / time.Second {
		p.run(time.Second)
		stages = e.look(p.sample())
	}
	return stages
}

func TestTheETAIsHowLongTheDrainTakesWhicheverStageIsTheSlower(t *testing.T) {
	for _, c := range []struct {
		name          string
		step, landing worker
		yield         float64
	}{
		{"the step is slow", worker{speed: 40, batch: 0.025}, worker{speed: 20_000, batch: 0.5}, 1.9},
		{"the step is slow and commits seldom", worker{speed: 40, batch: 5}, worker{speed: 20_000, batch: 0.5}, 1.9},
		{"the landing is slow", worker{speed: 20_000, batch: 0.1}, worker{speed: 60, batch: 0.1}, 1.9},
		{"the landing is slow and its blocks are large", worker{speed: 20_000, batch: 0.1}, worker{speed: 60, batch: 4}, 1.9},
		{"both are slow, the step more", worker{speed: 30, batch: 0.1}, worker{speed: 120, batch: 0.5}, 2},
		{"both are slow, the landing more", worker{speed: 50, batch: 0.1}, worker{speed: 60, batch: 0.5}, 2},
		{"most is refused by the step", worker{speed: 50, batch: 0.1}, worker{speed: 70, batch: 0.5}, 0.1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, e := newPlant(c.step, c.landing, c.yield), newEstimator(stagesOfPlant())
			p.raw = 5 * min(c.step.speed, c.landing.speed/(1+c.yield))
			for range 4 {
				stages := watched(p, e, 20*time.Second)
				eta, truth := longest(stages), p.drained()
				if off := eta/truth - 1; math.IsNaN(off) || math.Abs(off) > 0.2 {
					t.Errorf("after %v: %0.1f s shown, %0.1f s needed", p.now.Sub(time.Unix(1_700_000_000, 0)), eta, truth)
				}
			}
		})
	}
}

func TestUnderAnyLoadTheETAIsNearTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		speed, batch := rapid.Float64Range(5, 5_000), rapid.Float64Range(0.02, 3)
		p := newPlant(
			worker{speed: speed.Draw(t, "step"), batch: batch.Draw(t, "transaction")},
			worker{speed: speed.Draw(t, "landing"), batch: batch.Draw(t, "block")}, rapid.Float64Range(0.2, 3).Draw(t, "yield"))
		e := newEstimator(stagesOfPlant())
		capacity := min(p.step.speed, p.landing.speed/(1+p.yield))
		for range rapid.IntRange(1, 3).Draw(t, "swings") {
			p.raw = capacity * rapid.Float64Range(0, 1).Draw(t, "calm")
			watched(p, e, 10*time.Second)
			p.raw = capacity * rapid.Float64Range(2, 8).Draw(t, "rush")
			stages := watched(p, e, 40*time.Second)
			// A stage that kept up all the time was never measured; it must not have been the slowest.
			measured := slices.DeleteFunc(slices.Clone(stages), func(s StageReport) bool { return s.State == Unmeasured })
			if eta, truth := longest(measured), p.drained(); math.Abs(eta-truth) > 0.2*truth+1 || math.IsNaN(eta) {
				t.Fatalf("%0.1f s shown, %0.1f s needed: %+v", eta, truth, stages)
			}
		}
	})
}

func TestWhatKeepsUpHasNoETAToSpeakOf(t *testing.T) {
	p, e := newPlant(worker{speed: 20_000, batch: 0.1}, worker{speed: 20_000, batch: 0.5}, 1.9), newEstimator(stagesOfPlant())
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		p.raw = float64(random.IntN(3) * random.IntN(1000))
		if eta := longest(watched(p, e, time.Second)); eta > 5 {
			t.Fatalf("%0.1f s shown, %0.1f s needed", eta, p.drained())
		}
	}
}

func TestAnIdlePipelineKeepsTheRateItHadUnderLoad(t *testing.T) {
	p, e := newPlant(worker{speed: 100, batch: 0.1}, worker{speed: 20_000, batch: 0.5}, 1), newEstimator(stagesOfPlant())
	p.raw = 500
	watched(p, e, 30*time.Second)
	p.raw = 1
	stages := watched(p, e, 10*time.Minute)
	if rate := stages[0].Rate; rate < 90 || rate > 110 {
		t.Errorf("the rate is %0.1f", rate)
	}
	p.step.came += 6000
	if eta := longest(watched(p, e, time.Second)); math.Abs(eta/59-1) > 0.2 {
		t.Errorf("at the first look at a new rush %0.1f s are shown", eta)
	}
}

func TestAStageThatStandsTakesLongerAndLongerUntilNobodyKnows(t *testing.T) {
	p, e := newPlant(worker{speed: 100, batch: 0.1}, worker{speed: 20_000, batch: 0.5}, 1), newEstimator(stagesOfPlant())
	p.raw = 300
	before := longest(watched(p, e, 30*time.Second))
	p.step.speed, p.raw = 1e-9, 0
	p.step.left = 1e12 // the transaction that never ends
	if eta := longest(watched(p, e, 30*time.Second)); eta < 1.5*before {
		t.Errorf("%0.1f s, and after it stood for 30 s still %0.1f s", before, eta)
	}
	stages := watched(p, e, 40*time.Second)
	if stages[0].State != Standing || !math.IsInf(longest(stages), 1) {
		t.Errorf("after 70 s: %+v", stages)
	}
	p.step.speed, p.step.left = 100, 0.1
	stages = watched(p, e, 10*time.Second)
	if eta, truth := longest(stages), p.drained(); math.Abs(eta/truth-1) > 0.2 {
		t.Errorf("it goes on, and %0.1f s are shown where %0.1f s are needed: the time it stood is not its rate", eta, truth)
	}
}

func TestNobodyKnowsBeforeAStageWasSeenToMove(t *testing.T) {
	e := newEstimator(stagesOfPlant())
	at := time.Unix(1_700_000_000, 0)
	stages := e.look(sample{at: at, stages: []position{{waiting: 1000}, {waiting: 1000}}})
	if stages[0].State != Unmeasured || !math.IsNaN(longest(stages)) {
		t.Errorf("at the first look: %+v", stages)
	}
	// How long it had stood when somebody began to look, nobody knows: the first movement tells nothing of the rate.
	e.look(sample{at: at.Add(time.Second), stages: []position{{waiting: 900, done: 100}, {waiting: 1000}}})
	for i := range 5 {
		if stages[0].State != Unmeasured {
			t.Errorf("after %d s, of which little is to be seen: %+v", i, stages[0])
		}
		left := float64(890 - 10*i)
		stages = e.look(sample{at: at.Add(time.Duration(i+2) * time.Second), stages: []position{{waiting: left, done: 10}, {waiting: 1000}}})
	}
	if eta, ok := stages[0].ETASeconds(); !ok || eta != 85 {
		t.Errorf("after 5 s: %+v", stages[0])
	}
}

// Seen under a flood: a record of 5 MB was the first that landed, after four seconds, and the doors were shut for 22 hours' work.
func TestAFirstRecordThatTakesLongShutsNoDoor(t *testing.T) {
	e, j, at := newEstimator(stagesOfPlant()[1:]), &judge{boundSeconds: 900}, time.Unix(1_700_000_000, 0)
	look := func(after time.Duration, waiting, done float64) verdict {
		at = at.Add(after)
		return j.look(e.look(sample{at: at, stages: []position{{waiting: waiting, done: done}}}))
	}
	look(0, 0, 0)
	look(time.Second, 20_000, 0)
	look(4*time.Second, 39_999, 1)
	for i := range 8 {
		if v := look(time.Second, 39_999-100*float64(i), 100); v.full {
			t.Fatalf("after %d s more: %s", i+1, v.why)
		}
	}
}

func TestAReportSaysNullWhereNobodyKnows(t *testing.T) {
	r := &Report{At: time.Unix(1_700_000_000, 0), BoundSeconds: 900, Admitting: true, Stages: []StageReport{
		{Stage: "step", State: Standing, Lag: 7, OldestSeconds: 61.0004, eta: math.Inf(1)}, {Stage: "landing", State: Draining, Lag: 3, Rate: 2, eta: 1.5},
	}}
	text, err := r.MarshalJSON()
	want := `{"at":"2023-11-14T22:13:20Z","eta_seconds":null,"bound_seconds":900,"admitting":true,"stages":[` +
		`{"stage":"step","state":"standing","lag_records":7,"rate_records":null,"eta_seconds":null,"oldest_seconds":61},` +
		`{"stage":"landing","state":"draining","lag_records":3,"rate_records":2,"eta_seconds":1.5,"oldest_seconds":null}]}`
	if err != nil || string(text) != want {
		t.Errorf("got  %s (%v)\nwant %s", text, err, want)
	}
	if fmt.Sprint(r.ETASeconds()) != "+Inf false" {
		t.Errorf("got %v", fmt.Sprint(r.ETASeconds()))
	}
}

// Seen under a flood: one record had landed in a second, then 26,000 came at once, and the doors were shut for ten hours' work.
func TestWhatWasDoneWhenLittleCameSaysNothingOfARush(t *testing.T) {
	e, at := newEstimator(stagesOfPlant()[1:]), time.Unix(1_700_000_000, 0)
	look := func(waiting, done float64) StageReport {
		at = at.Add(time.Second)
		return e.look(sample{at: at, stages: []position{{waiting: waiting, done: done}}})[0]
	}
	look(0, 0)
	look(1, 0)
	if s := look(1, 1); s.eta != 1 {
		t.Errorf("it keeps up: %+v", s)
	}
	for range 5 {
		if s := look(26_000, 0); s.State != Unmeasured {
			t.Fatalf("it has not moved since: %+v", s)
		}
	}
}

// A step that was slow, because something was wrong, is right again: the little that comes shows it at once.
func TestARateRisesWhenAStageIsSeenToDoMore(t *testing.T) {
	p, e := newPlant(worker{speed: 20, batch: 0.1}, worker{speed: 20_000, batch: 0.5}, 1), newEstimator(stagesOfPlant())
	p.raw = 40
	watched(p, e, 30*time.Second)
	p.raw = 0
	watched(p, e, time.Minute)
	p.step.speed, p.raw = 10_000, 2_000
	if rate := watched(p, e, 5*time.Second)[0].Rate; rate < 1_000 {
		t.Errorf("it does 2000 a second without any delay, and its rate is said to be %0.1f", rate)
	}
}

// What is left lies on a few partitions in the end. The truth is between the mean and the longest of them, and so is what is shown.
func TestPartitionsThatHaveMoreLeftThanOthersTakeLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(1, 1000).Draw(t, "rate")
		even := rapid.Float64Range(1, 600).Draw(t, "even")
		longest := rapid.Float64Range(0, 1200).Draw(t, "longest")
		more := uneven(position{waiting: even * rate, longest: time.Duration(longest * float64(time.Second))}, rate)
		least, most := even, max(even, min(longest, 2*even))
		if shown := even + more; shown < least-0.001 || shown > most+0.001 || shown < most*0.74 || shown > least*1.51 {
			t.Fatalf("%.1f s shown, between %.1f and %.1f", shown, least, most)
		}
	})
}
