package drain

import (
	"context"
	"errors"
	"time"
)

const (
	lookEvery   = time.Second
	lookTimeout = 5 * time.Second // of what a survey asks the brokers
)

// looks asks the brokers every second until ctx ends, and hands over how the stages stand, or why nobody can say.
func looks(ctx context.Context, c Config, patient time.Duration, each func(at time.Time, stages []StageReport, err error) error) error {
	s, err := newSurvey(c.Kafka, c.Stages)
	if err != nil {
		return err
	}
	defer s.close()
	s.patient = patient
	estimates := newEstimator(c.Stages)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		taken, err := s.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		var stages []StageReport
		if err == nil {
			stages = estimates.look(taken)
		}
		if err := each(taken.at, stages, err); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// errSeen ends a measurement.
var errSeen = errors.New("seen enough")

// Measure looks for so long at what the pipeline does, and reports it: the longer, the nearer the rates are to the truth. Of what
// stands still or is empty it knows at once. It knows nothing of what the doors said before: near the bound they may still say that.
func Measure(ctx context.Context, c Config, patience time.Duration) (*Report, error) {
	began := time.Now()
	report := &Report{BoundSeconds: c.BoundSeconds}
	err := looks(ctx, c, min(lookTime, patience/3), func(at time.Time, stages []StageReport, err error) error {
		if err != nil {
			return err
		}
		report.At, report.Stages = at, stages
		if time.Since(began) >= patience || idle(stages) {
			return errSeen
		}
		return nil
	})
	if !errors.Is(err, errSeen) {
		return nil, errors.Join(err, ctx.Err())
	}
	now := (&judge{boundSeconds: c.BoundSeconds, over: overMax}).look(report.Stages)
	report.Admitting, report.Reason = !now.full, now.why
	return report, nil
}

func idle(stages []StageReport) bool {
	for _, s := range stages {
		if s.State != Idle {
			return false
		}
	}
	return true
}
