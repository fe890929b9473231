package drain

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func stage(name string, eta, age float64) StageReport {
	return StageReport{Stage: name, State: Draining, Lag: 100, Rate: 10, eta: eta, OldestSeconds: age}
}

// seen is what a judge with a bound of 100 s says at the end of a row of looks.
func seen(etas ...float64) (v verdict) {
	j := &judge{boundSeconds: 100}
	for _, eta := range etas {
		v = j.look([]StageReport{stage("normalize", 1, 0), stage("landing", eta, 0)})
	}
	return v
}

func TestMoreMayComeUntilTheETAIsBeyondItsBound(t *testing.T) {
	nobodyKnows, stands := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		etas []float64
		full bool
	}{
		{"nothing was seen", nil, false},
		{"at the bound", []float64{100, 100, 100, 100}, false},
		{"beyond it for a moment", []float64{101, 500}, false},
		{"beyond it now and then", []float64{101, 500, 99, 101, 102, 99}, false},
		{"beyond it", []float64{101, 101, 101}, true},
		{"a little below again", []float64{101, 101, 101, 99, 90, 81}, true},
		{"well below again", []float64{101, 101, 101, 99, 80}, false},
		{"nobody knows", []float64{nobodyKnows, nobodyKnows, nobodyKnows, nobodyKnows}, false},
		{"it stands, but nothing is old", []float64{stands, stands, stands, stands}, false},
		{"beyond it, and then it stands", []float64{101, 101, 101, stands}, true},
		{"beyond it, and then nobody knows", []float64{101, 101, 101, nobodyKnows}, true},
		{"drained", []float64{101, 101, 101, 0}, false},
	} {
		if v := seen(c.etas...); v.full != c.full || v.full != (v.why != "") || v.full != (v.again > 0) {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

func TestARecordThatHasWaitedBeyondTheBoundIsReasonEnough(t *testing.T) {
	j := &judge{boundSeconds: 100}
	var v verdict
	for range overMax {
		v = j.look([]StageReport{stage("normalize", 5, 101), stage("landing", 7, 0)})
	}
	if !v.full || !strings.Contains(v.why, "the pipeline stands: 100 records wait for normalize, one of them for 101 seconds") {
		t.Errorf("got %+v", v)
	}
	if v = j.look([]StageReport{stage("normalize", 5, 0), stage("landing", 7, 0)}); v.full {
		t.Errorf("it goes on: %+v", v)
	}
}

func TestWithoutABoundMoreMayAlwaysCome(t *testing.T) {
	j := &judge{}
	for range 10 {
		if v := j.look([]StageReport{stage("landing", 1e9, 1e9)}); v.full {
			t.Fatalf("got %+v", v)
		}
	}
}

func TestTheReasonNamesTheStageTheTimeAndTheBound(t *testing.T) {
	got := seen(6000, 6000, 6000).why
	want := "the pipeline is full: landing needs 100 minutes for what was taken in before, at 10 records a second; no more is taken in while that is longer than 100 seconds"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNobodyIsToldToComeAgainTooSoonOrTooLateNorAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eta := rapid.OneOf(rapid.Float64Range(100.1, 1e7), rapid.Just(math.Inf(1))).Draw(t, "eta")
		v := seen(1e5, 1e5, 1e5, eta)
		w := New(Config{BoundSeconds: 100})
		w.verdict.Store(&v)
		told := map[time.Duration]bool{}
		for range 50 {
			why, again := w.Full()
			if why == "" || again < againMin || again > againMax*3/2 {
				t.Fatalf("%v: %q, %v", eta, why, again)
			}
			if finite(eta) && eta-80 < againMax.Seconds() && again.Seconds() < eta-80.001 {
				t.Fatalf("after %v it still needs more than 80 s: the ETA is %v", again, eta)
			}
			told[again] = true
		}
		if len(told) < 40 {
			t.Fatalf("50 were told %d times to come again", len(told))
		}
	})
}
