package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/topics"
)

// How long the pipeline may take until nothing is to be done any more, and how long that must stay so.
const (
	drainTime = 240 * time.Second
	quietTime = 600 * time.Millisecond
	tellTime  = 10 * time.Second
)

// errStuck says that a round did not come to its end.
var errStuck = errors.New("stuck")

// drain waits until all that was accepted has gone its way: no transaction is open, everything was read, both groups have handled
// all there is. It asks Kafka alone.
func (r *run) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	left, quiet, told := "nothing was asked yet", time.Now(), time.Now()
	for {
		if err := r.tape.readOn(ctx); err != nil {
			return stuck(ctx, left, err)
		}
		now, err := r.left(ctx)
		switch {
		case err != nil && ctx.Err() != nil:
			return stuck(ctx, left, err)
		case err != nil:
			now = err.Error() // a coordinator that moves says so for a moment
		}
		if left = now; left != "" {
			quiet = time.Now()
		}
		if time.Since(quiet) >= quietTime {
			return nil
		}
		if time.Since(told) > tellTime {
			told = time.Now()
			r.say("… draining: %s", left)
		}
		pause(ctx, 100*time.Millisecond)
	}
}

func stuck(ctx context.Context, left string, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: not drained after %s: %s", errStuck, drainTime, left)
	}
	return err
}

// left is something that is still to be done, "" if there is nothing.
func (r *run) left(ctx context.Context) (string, error) {
	count := len(r.tape.fresh)
	if left, err := r.tape.unread(ctx); left != "" || err != nil {
		return left, err
	}
	step := r.verifier.step
	if left, err := r.tape.behind(ctx, groupNormalize, append([]*topics.Topic{step.Back}, step.Reads...)); left != "" || err != nil {
		return left, err
	}
	if left, err := r.tape.behind(ctx, groupLanding, topics.Landing()); left != "" || err != nil {
		return left, err
	}
	if len(r.tape.fresh) > count {
		return "there is more", nil
	}
	return "", nil
}
