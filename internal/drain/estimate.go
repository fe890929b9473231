package drain

import (
	"math"
	"slices"
	"time"

	"waybill/topics"
)

// sample is where the stages stood at one moment.
type sample struct {
	at     time.Time
	stages []position                // as the stages
	grown  map[*topics.Topic]float64 // records that came since the sample before
}

// position is where one stage stood, in records.
type position struct {
	waiting float64
	done    float64       // since the sample before
	oldest  time.Time     // record of those that wait on a partition which does not move; zero if there is none
	longest time.Duration // that what waits on a partition takes at that partition's own rate; 0: not known
}

// estimator makes of samples how long each stage will take. It asks nobody and no clock.
type estimator struct {
	stages []Stage
	meters []meter
	yields [][]yield // [of][for]
}

func newEstimator(stages []Stage) *estimator {
	e := &estimator{stages: stages, meters: make([]meter, len(stages)), yields: make([][]yield, len(stages))}
	for i := range e.yields {
		e.yields[i] = make([]yield, len(stages))
	}
	return e
}

// look takes a sample, and says how every stage stands.
//
// The stages work at the same time, and what one does becomes work of the next. So a stage has before it what waits for it and what the
// stages above it will still make of what waits for them; and the pipeline has drained when the slowest of them has, by then: the
// maximum. A sum would count the time twice in which both work.
func (e *estimator) look(s sample) []StageReport {
	reports := make([]StageReport, len(e.stages))
	ahead := make([]float64, len(e.stages))
	for i, at := range s.stages {
		e.meters[i].look(s.at, at.waiting, at.done)
		ahead[i] = at.waiting
		for above := range i {
			shared := sharedTopics(e.stages[above], e.stages[i])
			if len(shared) == 0 {
				continue
			}
			y := &e.yields[above][i]
			y.look(s.stages[above].done, shared, s.grown)
			ahead[i] += y.each() * ahead[above]
		}
		reports[i] = e.report(i, s, ahead[i])
	}
	return reports
}

func (e *estimator) report(i int, s sample, ahead float64) StageReport {
	m, at := &e.meters[i], s.stages[i]
	r := StageReport{Stage: e.stages[i].Name, Lag: int64(math.Round(at.waiting)), Rate: m.rate(s.at), State: Draining, eta: math.NaN()}
	if !at.oldest.IsZero() {
		r.OldestSeconds = max(0, s.at.Sub(at.oldest).Seconds())
	}
	switch {
	case ahead < some:
		r.State, r.eta = Idle, 0
	case m.stands(s.at):
		r.State, r.eta = Standing, math.Inf(1)
	case r.Rate > 0:
		r.eta = ahead / r.Rate
		if e.stages[i].Apart {
			r.eta += uneven(at, r.Rate)
		}
	case at.waiting < some:
		r.eta = 0 // it keeps up with the stages above, whose time it is
	case at.waiting <= 2*busyTime.Seconds()*m.pace: // what it did when little came says nothing of what it can do when much does
		r.eta = at.waiting / m.pace
	default:
		r.State = Unmeasured
	}
	return r
}

// uneven is how many seconds more it takes because some partitions have more left than others, and are alone in the end. As much as the
// others took of the machine, they are faster then, and as far as each waits for itself, they are not: the middle of both is never far off.
func uneven(at position, rate float64) float64 {
	even := at.waiting / rate
	return max(0, min(at.longest.Seconds(), 2*even)-even) / 2
}

// yield is how many records one stage makes for another of each that it does.
type yield struct{ made, of float64 }

// yieldMemory is how many records a yield is the mean of.
const yieldMemory = 100_000

func (y *yield) look(done float64, onto []*topics.Topic, grown map[*topics.Topic]float64) {
	if done <= 0 {
		return // what came then is not its work
	}
	y.of += done
	for _, t := range onto {
		y.made += grown[t]
	}
	if y.of > yieldMemory {
		y.of, y.made = y.of/2, y.made/2
	}
}

// each is 1 as long as nobody knows better: most steps turn one record into one.
func (y *yield) each() float64 {
	if y.of < some {
		return 1
	}
	return y.made / y.of
}

// sharedTopics are those on which the one writes what the other reads.
func sharedTopics(above, below Stage) []*topics.Topic {
	return slices.DeleteFunc(slices.Clone(above.Writes), func(t *topics.Topic) bool { return !slices.Contains(below.Reads, t) })
}
