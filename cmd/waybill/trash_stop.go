package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// stopped tells whether the errand ends before each entry has its answer, and how.
func (r *errand) stopped(ctx context.Context) (bool, error) {
	if ctx.Err() != nil {
		return true, r.stop(ctx.Err())
	}
	if job := r.tail.job; r.kept && job != nil && (job.State == schemas.JobPaused || job.State == schemas.JobCancelled) {
		r.app.say("job %s was %s by another command; %d of %d entries have an answer", job.JobID, job.State, r.told, len(r.job.Items))
		return true, &exitError{code: exitPartial}
	}
	waits := len(r.asked) > 0 && r.next == len(r.job.Items) || len(r.asked) >= askedMax
	switch {
	case r.stack.own != nil && r.next == len(r.job.Items) && time.Since(r.at) > ownTime: // nothing runs here that could answer
		r.app.say("nothing runs on this data folder: what was sent is carried out when 'waybill up' runs")
		return true, r.leave(resultSent)
	case waits && time.Since(r.at) > r.wait:
		r.app.say("no answer for %s: is the step running? ('waybill doctor' looks.) What was sent is not lost", r.wait)
		return true, r.leave(resultUnanswered)
	}
	return false, nil
}

// leave tells of the entries without an answer, and ends the errand.
func (r *errand) leave(result string) error {
	for _, i := range slices.Sorted(maps.Keys(r.asked)) {
		if err := r.tell(i, result); err != nil {
			return err
		}
	}
	if err := r.stop(nil); err != nil {
		return err
	}
	return r.verdict()
}

// stop pauses the job, also after an interrupt.
func (r *errand) stop(why error) error {
	if !r.kept {
		return why
	}
	ctx, cancel := context.WithTimeout(context.Background(), jobWriteTime)
	defer cancel()
	if err := r.say(ctx, schemas.JobPaused); err != nil {
		r.app.log.Warn("the job could not be marked as paused; it can be resumed all the same", "job", r.job.JobID, "error", err)
	}
	r.app.say("job %s is paused: %d of %d entries have an answer; 'waybill trash resume %s' goes on", r.job.JobID, r.told, len(r.job.Items), r.job.JobID)
	return why
}

const (
	jobWriteTime = 10 * time.Second
	ownTime      = time.Second // in which what needs no step has its answer
)

// say writes the state of a job that is kept.
func (r *errand) say(ctx context.Context, state string) error {
	r.job.State = state
	if !r.kept {
		return nil
	}
	return r.stack.store(ctx, []topics.Message{{Topic: topics.TrashJobs, Key: r.job.JobID, Value: r.job}})
}

// verdict is the exit code: done, done in part, failed.
func (r *errand) verdict() error {
	all, failed := len(r.job.Items)+len(r.leftOut), r.failed+len(r.leftOut)
	if all > 1 {
		r.app.say("%d entries: %d done, %d not", all, all-failed, failed)
	}
	switch {
	case failed == 0:
		return nil
	case failed < all:
		return &exitError{code: exitPartial}
	}
	return &exitError{code: exitFailed, err: fmt.Errorf("not done; 'waybill trash show ID' says why")}
}
