package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/rights"
	"waybill/internal/runner"
	"waybill/schemas"
	"waybill/topics"
)

// errand carries a job out: it sends what is to be done, entry by entry, and tells what became of each. How far it is stands on the
// trash and nowhere else, so it can be killed at any moment and begun again: an entry that has an answer is not sent again, and one
// that was sent without an answer is done once, because the step leaves alone what was tried since it was chosen (invariant 4).
type errand struct {
	app    *app
	stack  *stack
	job    *schemas.TrashJob
	kept   bool              // the job lies on its topic, for it is of many
	mended map[string][]byte // the messages that were edited, by trash id
	mender *mender           // edits each message on its way; nil if none is
	wait   time.Duration     // for an answer
	tail   *trashTail
	store  *runner.Store

	next     int                // of the items, to be looked at
	lost     map[int]bool       // whose message lies nowhere any more
	refused  map[int]unmendable // whose message can not be mended
	asked    map[int]bool       // sent, and without an answer
	at       time.Time          // of the last answer, or of the last that was sent
	told     int                // items that have an answer
	failed   int                // of those
	reported time.Time
	leftOut  []itemResult // that were not made part of the job
}

// Limits of an errand.
const (
	askedMax   = 1000 // entries that are under way at a time
	batchMax   = 500
	reportTime = 5 * time.Second
)

// run ends when each entry has an answer, when somebody stops it, or when nobody answers.
func (r *errand) run(ctx context.Context) (err error) {
	back := wayBack(stepOf(r.job))
	if back == nil {
		return fmt.Errorf("step %s: this version of Waybill does not have it", stepOf(r.job))
	}
	if err := r.stack.mustLet(ctx, rights.Keeper, rights.ToWrite(back)...); err != nil {
		return err
	}
	registry, err := r.stack.schemas()
	if err != nil {
		return err
	}
	if r.store, err = runner.NewStore(r.stack.kafka, registry); err != nil {
		return err
	}
	defer r.store.Close()
	if r.tail, err = r.stack.tail(ctx, r.job); err != nil {
		return err
	}
	defer r.tail.close()
	if err := r.keepsEdits(ctx); err != nil {
		return err
	}
	r.asked, r.lost, r.refused, r.at, r.reported = map[int]bool{}, map[int]bool{}, map[int]unmendable{}, time.Now(), time.Now()
	for _, left := range r.leftOut {
		if err := r.print(left); err != nil {
			return err
		}
	}
	limit := rate.NewLimiter(rate.Inf, 1)
	if r.job.Rate > 0 {
		limit = rate.NewLimiter(rate.Limit(r.job.Rate), int(max(1, r.job.Rate/10)))
	}
	for r.told < len(r.job.Items) {
		if err := r.sendSome(ctx, back, limit); err != nil {
			return r.stop(err)
		}
		if err := r.hear(); err != nil {
			return err
		}
		if stopped, err := r.stopped(ctx); stopped || err != nil {
			return err
		}
		if err := r.tail.poll(ctx, 50*time.Millisecond, nil); err != nil {
			return r.stop(err)
		}
	}
	if err := r.say(ctx, schemas.JobDone); err != nil {
		return err
	}
	return r.verdict()
}

func stepOf(job *schemas.TrashJob) string {
	step, _, _, _, _ := schemas.SplitTrashID(job.Items[0].TrashID)
	return step
}

// sendSome sends as many as the rate and what is under way leave room for.
func (r *errand) sendSome(ctx context.Context, back *topics.Topic, limit *rate.Limiter) error {
	var deeds []runner.Deed
	for ; r.next < len(r.job.Items) && len(r.asked) < askedMax && len(deeds) < batchMax; r.next++ {
		item := r.tail.items[r.job.Items[r.next].TrashID]
		r.asked[r.next] = true
		if result := r.resultOf(r.next); result != "" {
			continue // it has its answer
		}
		if !limit.Allow() {
			delete(r.asked, r.next)
			break
		}
		deed, err := r.deed(ctx, item)
		if errors.Is(err, errGone) {
			r.lost[r.next] = true
			r.app.say("%v", err)
			continue
		}
		if why := unmendable(""); errors.As(err, &why) {
			r.refused[r.next] = why
			continue
		}
		if err != nil {
			return err
		}
		if deed == nil {
			continue
		}
		deeds = append(deeds, *deed)
	}
	if len(deeds) == 0 {
		return nil
	}
	r.at = time.Now()
	return r.store.Send(ctx, back, deeds)
}

// deed is what is to be sent about an entry; nil if it was done at once, because no step knows of the entry.
func (r *errand) deed(ctx context.Context, item *trashItem) (*runner.Deed, error) {
	d := &runner.Deed{
		Entry: item.TrashEntry, Does: r.job.Does, Key: item.Key, By: r.job.By, Why: r.job.Why, Loose: item.imported != "",
	}
	if r.kept {
		d.Job = r.job.JobID
	}
	if d.Does == schemas.DidReopen {
		return d, r.bringBack(ctx, item, d)
	}
	mended, err := r.mendedMessage(ctx, item)
	if err != nil {
		return nil, err
	}
	if mended != nil {
		d.Value = mended
	} else if d.Does != schemas.DidDismiss {
		key, value, err := r.stack.message(ctx, item)
		if err != nil {
			return nil, err
		}
		d.Key, d.Value = key, value
	}
	if d.Loose && d.Does != schemas.DidRetry {
		return nil, r.store.Store(ctx, []topics.Message{byHand(d, item.imported)})
	}
	return d, nil
}

// byHand does to an entry what a step would, if one knew of it.
func byHand(d *runner.Deed, imported string) topics.Message {
	e := *d.Entry
	e.Did, e.By, e.Why, e.Job = d.Does, d.By, d.Why, d.Job
	if d.Does == schemas.DidDismiss {
		e.State, e.Resolution, e.Value = schemas.TrashDismissed, fmt.Sprintf("dismissed by %s: %s", d.By, d.Why), nil
		e.ShipBy = nil
	} else {
		e.Value, e.ValueSHA256 = &schemas.Body{Bytes: d.Value}, sha256Of(d.Value)
	}
	return importedMessage(&e, imported)
}

func sha256Of(value []byte) string {
	sum := sha256.Sum256(value)
	return hex.EncodeToString(sum[:])
}

// resultOf is what became of an item, "" while nothing has.
func (r *errand) resultOf(i int) string {
	chosen := r.job.Items[i]
	now := r.tail.items[chosen.TrashID]
	switch {
	case now == nil || r.lost[i]:
		return resultGone
	case r.refused[i] != "":
		return resultRefused
	case r.job.Does == schemas.DidReopen:
		return reopened(now)
	case !now.isOpen():
		return now.State
	case now.Attempts != chosen.Attempts && now.State == schemas.TrashWaiting:
		return schemas.TrashWaiting
	case now.Attempts != chosen.Attempts:
		return resultFailed
	case r.kept && r.job.Does == schemas.DidEdit && now.Did == schemas.DidEdit && now.Job == r.job.JobID:
		return schemas.DidEdit
	case !r.kept && r.job.Does == schemas.DidEdit && now.ValueSHA256 == sha256Of(r.mended[chosen.TrashID]):
		return schemas.DidEdit
	}
	return ""
}

// The results of an item that has not come to an end.
const (
	resultFailed     = "failed"     // again; its entry says why
	resultGone       = "gone"       // its entry, or its message
	resultRefused    = "refused"    // it can not be mended like that, and is as it was
	resultUnanswered = "unanswered" // nobody runs the step, or it is behind
	resultSent       = "sent"       // and nobody runs the step
)

// done tells whether a result leaves nothing to do.
func (r *errand) done(result string) bool {
	return result == schemas.TrashRepaired || result == schemas.TrashDismissed || result == schemas.DidEdit || result == schemas.DidReopen || result == resultSent
}

// hear tells of each item that has its answer now.
func (r *errand) hear() error {
	for _, i := range slices.Sorted(maps.Keys(r.asked)) {
		if result := r.resultOf(i); result != "" {
			delete(r.asked, i)
			r.at = time.Now()
			if err := r.tell(i, result); err != nil {
				return err
			}
		}
	}
	if r.kept && time.Since(r.reported) > reportTime {
		r.reported = time.Now()
		r.app.say("job %s: %d of %d, %d failed", r.job.JobID, r.told, len(r.job.Items), r.failed)
	}
	return nil
}

// itemResult is what became of one entry, as it is printed.
type itemResult struct {
	TrashID string `json:"trash_id"`
	OrderID string `json:"order_id"`
	Result  string `json:"result"` // repaired, dismissed, edited, reopened, assigned, commented, failed, refused, waiting, gone, sent or unanswered
	Reason  string `json:"reason,omitempty"`
	Job     string `json:"job,omitempty"`
}

func (r *errand) tell(i int, result string) error {
	r.told++
	res := itemResult{TrashID: r.job.Items[i].TrashID, Result: result}
	if r.kept {
		res.Job = r.job.JobID
	}
	if now := r.tail.items[res.TrashID]; now != nil {
		if res.OrderID = now.OrderID; !r.done(result) {
			res.Reason = cmp.Or(string(r.refused[i]), now.Reason)
		}
	}
	if !r.done(result) {
		r.failed++
	}
	return r.print(res)
}

func (r *errand) print(res itemResult) error { return r.app.printResult(res) }

func (a *app) printResult(res itemResult) error {
	if a.output == "json" {
		return a.json(res)
	}
	_, err := fmt.Fprintf(a.stdout, "%-10s %s  %s  %s\n", res.Result, res.TrashID, res.OrderID, clip(res.Reason))
	return err
}
