package drain

import (
	"fmt"
	"math"
	"time"
)

// Limits of a verdict.
const (
	overMax     = 3   // looks in a row beyond the bound, until no more may come in: one may be an error
	resumeShare = 0.8 // of the bound: below it more may come in again
	againMin    = 5 * time.Second
	againMax    = 200 * time.Second // and up to half as much again, so that not all come back at once
	againStands = 60 * time.Second
)

// judge decides whether more may come in. Between the bound and where it lets in again it stays with what it said, so that doors do
// not open and shut with each look.
type judge struct {
	boundSeconds int // 0: none
	over         int // looks in a row
	full         bool
}

// verdict is what the doors hear.
type verdict struct {
	full  bool
	why   string
	again time.Duration // after which it makes sense to come again
}

// look takes how the stages stand. A record that has waited for longer than the bound on a partition which does not move is reason
// enough, whatever the others do.
func (j *judge) look(stages []StageReport) verdict {
	if j.boundSeconds == 0 {
		return verdict{}
	}
	bound, eta := float64(j.boundSeconds), longest(stages)
	switch {
	case atLeast(stages) > bound, oldest(stages) > bound:
		j.over++
		j.full = j.full || j.over >= overMax
	case finite(eta) && eta <= bound*resumeShare:
		j.over, j.full = 0, false
	default:
		j.over = 0
	}
	if !j.full {
		return verdict{}
	}
	if slow := slowest(stages); slow.eta > bound*resumeShare {
		return verdict{true, slow.full(bound), again(slow.eta - bound*resumeShare)}
	}
	return verdict{true, still(stages).stands(bound), againStands}
}

// atLeast is how long the pipeline needs if the stages of which nobody knows need no longer than the others.
func atLeast(stages []StageReport) float64 { return slowest(stages).eta }

// slowest is the stage that needs longest, of those of which that is known.
func slowest(stages []StageReport) (slow StageReport) {
	for _, s := range stages {
		if eta, ok := s.ETASeconds(); ok && eta >= slow.eta {
			slow = s
		}
	}
	return slow
}

// still is the stage for which something waits longest without any movement.
func still(stages []StageReport) (still StageReport) {
	for _, s := range stages {
		if s.OldestSeconds >= still.OldestSeconds && s.State != Idle {
			still = s
		}
	}
	return still
}

func finite(seconds float64) bool { return !math.IsNaN(seconds) && !math.IsInf(seconds, 0) }

// again is when little enough is expected to wait, if no more comes.
func again(over float64) time.Duration {
	return max(time.Duration(min(over, againMax.Seconds())*float64(time.Second)), againMin)
}

func (r StageReport) full(bound float64) string {
	return fmt.Sprintf("the pipeline is full: %s needs %s for what was taken in before, at %.3g records a second; %s", r.Stage, inWords(r.eta), r.Rate, limit(bound))
}

func (r StageReport) stands(bound float64) string {
	return fmt.Sprintf("the pipeline stands: %d records wait for %s, one of them for %s; %s", r.Lag, r.Stage, inWords(r.OldestSeconds), limit(bound))
}

func limit(bound float64) string {
	return "no more is taken in while that is longer than " + inWords(bound)
}

// inWords is a time as people say it.
func inWords(s float64) string {
	switch {
	case s < 120:
		return fmt.Sprintf("%.0f seconds", s)
	case s < 2*60*60:
		return fmt.Sprintf("%.0f minutes", s/60)
	case s < 48*60*60:
		return fmt.Sprintf("%.0f hours", s/60/60)
	}
	return fmt.Sprintf("%.0f days", s/60/60/24)
}
