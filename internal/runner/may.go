package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"waybill/processors"
	"waybill/schemas"
)

// mayPoll is how often is asked whether a process may begin that may not.
const mayPoll = 200 * time.Millisecond

// mayBegin waits until this process may do the step's work; false when ctx has ended.
func (r *Runner) mayBegin(ctx context.Context) bool {
	for said := false; ctx.Err() == nil; pause(ctx, mayPoll) {
		why := r.config.May()
		if why == nil {
			return true
		}
		r.setNotReady(why.Error())
		if !said {
			said = true
			r.log.Warn("step is left to others", "reason", why)
		}
	}
	return false
}

// needsOther says that only another version of Waybill, or an operator, ends the rest of a partition.
func needsOther(err error) bool {
	return errors.Is(err, schemas.ErrForeignSchema) || errors.Is(err, processors.ErrMapping)
}

// noteRest remembers why a partition rests, and says whether that is news.
func (r *Runner) noteRest(partition int32, err error) (news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.resting[partition]
	r.resting[partition] = err.Error()
	return was != err.Error()
}

// noteGone forgets why partitions rested that have gone on, or away.
func (r *Runner) noteGone(goes func(partition int32) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.resting, func(partition int32, _ string) bool { return goes(partition) })
}

// rested is nil if no partition rests for what only another version of Waybill, or an operator, can end.
func (r *Runner) rested() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, partition := range slices.Sorted(maps.Keys(r.resting)) {
		return fmt.Errorf("step %s: partition %d rests: %s", r.step.Name, partition, r.resting[partition])
	}
	return nil
}
