// Package drain tells how long the pipeline needs for what waits in it, and says when no more may come in that can come later
// (docs/decisions/0019-admission.md). It asks Kafka alone: where the topics end and how far the consumer groups have come. So it
// knows what all processes of a deployment do, wherever they run.
//
// It knows stages, topics and groups, and neither doors nor what records say.
package drain

import (
	"encoding/json"
	"math"
	"time"
)

// State is what a stage does.
type State string

// The states of a stage.
const (
	Idle       State = "idle"       // nothing waits for it
	Draining   State = "draining"   // it works
	Unmeasured State = "unmeasured" // something waits, and nobody has seen it move yet
	Standing   State = "standing"   // something waits, and it has moved nothing for a minute
)

// StageReport is how one stage stands.
type StageReport struct {
	Stage string
	State State
	Lag   int64   // records that wait for it
	Rate  float64 // records a second that it does when it has enough to do; 0 as long as nobody has seen that
	// OldestSeconds is the age of the oldest record on the partitions that do not move, 0 if all move or are empty.
	OldestSeconds float64

	eta float64 // seconds; NaN: nobody knows yet; infinite: it stands
}

// ETASeconds is how long it needs for all that the doors have taken, what the stages above it have still to do with it included. ok is
// false while nobody can say.
func (r StageReport) ETASeconds() (seconds float64, ok bool) {
	return r.eta, !math.IsNaN(r.eta) && !math.IsInf(r.eta, 0)
}

// Report is how full the pipeline is.
type Report struct {
	At           time.Time // when the brokers were asked last
	Stages       []StageReport
	BoundSeconds int // 0: none
	Admitting    bool
	Reason       string // why not
}

// ETASeconds is how long the pipeline needs until all that the doors have taken has landed, if nothing more came. ok is false while
// nobody can say, because a stage stands or was not seen to move yet.
func (r *Report) ETASeconds() (seconds float64, ok bool) {
	eta := longest(r.Stages)
	return eta, !math.IsNaN(eta) && !math.IsInf(eta, 0)
}

// longest is that of the slowest stage: infinite if one stands, NaN if one is unmeasured and none is known to stand.
func longest(stages []StageReport) (eta float64) {
	unknown := false
	for _, s := range stages {
		if math.IsNaN(s.eta) {
			unknown = true
			continue
		}
		eta = max(eta, s.eta)
	}
	if unknown && !math.IsInf(eta, 1) {
		return math.NaN()
	}
	return eta
}

// oldest is the age of the oldest record on a partition that does not move.
func oldest(stages []StageReport) (seconds float64) {
	for _, s := range stages {
		seconds = max(seconds, s.OldestSeconds)
	}
	return seconds
}

// MarshalJSON writes what nobody can say as null.
func (r StageReport) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Stage  string   `json:"stage"`
		State  State    `json:"state"`
		Lag    int64    `json:"lag_records"`
		Rate   *float64 `json:"rate_records"` // a second
		ETA    *float64 `json:"eta_seconds"`
		Oldest *float64 `json:"oldest_seconds"`
	}{r.Stage, r.State, r.Lag, known(r.Rate, r.Rate > 0), known(r.ETASeconds()), known(r.OldestSeconds, r.OldestSeconds > 0)})
}

// MarshalJSON writes what nobody can say as null.
func (r *Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		At        time.Time     `json:"at"`
		ETA       *float64      `json:"eta_seconds"`
		Bound     int           `json:"bound_seconds"`
		Admitting bool          `json:"admitting"`
		Reason    string        `json:"reason,omitempty"`
		Stages    []StageReport `json:"stages"`
	}{r.At.UTC(), known(r.ETASeconds()), r.BoundSeconds, r.Admitting, r.Reason, r.Stages})
}

func known(value float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	value = math.Round(value*1000) / 1000
	return &value
}
