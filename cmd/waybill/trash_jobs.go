package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

// jobView is a job as it is listed. How far it is, the entries say.
type jobView struct {
	JobID    string         `json:"job_id"`
	State    string         `json:"state"`
	Does     string         `json:"does"`
	By       string         `json:"by"`
	Why      string         `json:"why"`
	ToldBy   string         `json:"told_by,omitempty"` // who paused, cancelled or went on with it last
	ToldWhy  string         `json:"told_why,omitempty"`
	Chosen   string         `json:"chosen"`
	Rate     int64          `json:"rate"`
	At       schemas.Millis `json:"at"`
	Entries  int            `json:"entries"`
	Answered int            `json:"answered"`
	Failed   int            `json:"failed"`
}

func (a *app) trashJobs() *cobra.Command {
	cmd := &cobra.Command{Use: "jobs", Short: "List what is and was done to many entries at once, and how far it is", Args: cobra.NoArgs}
	cmd.Long = "Lists the jobs, the oldest first. One that says running may have lost its process: 'waybill trash resume JOB' goes on with it."
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		now := map[string]*trashItem{}
		items, err := stack.trashOf(cmd.Context(), func(t *trashItem) bool { t.Value = nil; return true })
		if err != nil {
			return err
		}
		for _, t := range items {
			now[t.TrashID] = t
		}
		p := a.printer("job", "state", "does", "entries", "answered", "failed", "by", "why")
		err = stack.pairs(cmd.Context(), topics.TrashJobs, anyKey, func(_ string, value any) error {
			v := viewJob(value.(*schemas.TrashJob), now)
			return p.row(v, v.JobID, v.State, v.Does, v.Entries, v.Answered, v.Failed, v.By, v.Why)
		})
		if err != nil {
			return err
		}
		return p.end()
	}
	stackFlags(cmd)
	return cmd
}

func viewJob(job *schemas.TrashJob, now map[string]*trashItem) jobView {
	v := jobView{
		JobID: job.JobID, State: job.State, Does: job.Does, By: job.By, Why: job.Why, ToldBy: job.ToldBy, ToldWhy: job.ToldWhy, Chosen: job.Chosen, Rate: job.Rate, At: job.At,
		Entries: len(job.Items),
	}
	r := &errand{job: job, kept: true, tail: &trashTail{items: now}}
	for i := range job.Items {
		if result := r.resultOf(i); result != "" {
			v.Answered++
			if !r.done(result) {
				v.Failed++
			}
		}
	}
	return v
}

// job is that of an id.
func (s *stack) job(ctx context.Context, id string) (job *schemas.TrashJob, err error) {
	known, err := s.pair(ctx, topics.TrashJobs, id)
	job, is := known.(*schemas.TrashJob)
	if err == nil && !is {
		err = fmt.Errorf("job %s: there is none; 'waybill trash jobs' lists them", id)
	}
	return job, err
}

func (a *app) trashResume() *cobra.Command {
	var wait time.Duration
	cmd := a.onJob("resume JOB", "Go on with a job that was paused, or whose process died", func(cmd *cobra.Command, stack *stack, job *schemas.TrashJob) error {
		r := &errand{app: a, stack: stack, job: job, wait: wait, kept: true}
		if len(job.Edits) > 0 {
			var err error
			if r.mender, err = stack.mender(cmd.Context(), job.Edits, job.Force); err != nil {
				return err
			}
		}
		if err := r.say(cmd.Context(), schemas.JobRunning); err != nil {
			return err
		}
		a.say("job %s goes on: Ctrl-C pauses it", job.JobID)
		return r.run(cmd.Context())
	})
	cmd.Flags().DurationVar(&wait, "wait", 30*time.Second, "how long to wait for an answer of the step")
	return cmd
}

func (a *app) trashPause() *cobra.Command {
	return a.onJob("pause JOB", "Stop a job that runs, so that it can go on later", func(cmd *cobra.Command, stack *stack, job *schemas.TrashJob) error {
		return a.end(cmd, stack, job, schemas.JobPaused)
	})
}

func (a *app) trashCancel() *cobra.Command {
	return a.onJob("cancel JOB", "End a job for good; what it has sent is carried out", func(cmd *cobra.Command, stack *stack, job *schemas.TrashJob) error {
		return a.end(cmd, stack, job, schemas.JobCancelled)
	})
}

// onJob is a verb about one job that has not ended; who says it stands on the job.
func (a *app) onJob(use, short string, do func(*cobra.Command, *stack, *schemas.TrashJob) error) *cobra.Command {
	var by, why string
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := whoDoes(by)
		if err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		job, err := stack.job(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if job.State == schemas.JobCancelled || job.State == schemas.JobDone {
			return fmt.Errorf("job %s is %s", job.JobID, job.State)
		}
		job.ToldBy, job.ToldWhy = by, why
		return do(cmd, stack, job)
	}
	signFlags(cmd, &by, &why)
	stackFlags(cmd)
	return cmd
}

// end tells whoever carries the job out to stop.
func (a *app) end(cmd *cobra.Command, stack *stack, job *schemas.TrashJob, state string) error {
	job.State = state
	if err := stack.store(cmd.Context(), []topics.Message{{Topic: topics.TrashJobs, Key: job.JobID, Value: job}}); err != nil {
		return err
	}
	a.say("job %s is %s", job.JobID, state)
	return nil
}
