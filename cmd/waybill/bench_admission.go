package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"waybill/internal/drain"
)

// admission measures what becomes of a pipeline to which five times as much comes as it can do: who is refused, how much memory the
// process takes, and whether it needs as long as it said. The process is this one: its memory is that of those who send, too.
type admission struct {
	*bench
	slow         string // the stage that is made slow
	warmSeconds  int    // that each rush lasts before the ETA is looked at
	boundSeconds int
	sending      []float64 // the ETA shown, of the time it took, by round
	stopped      []float64 // the same after they stopped
	megabytesMax float64
}

func (a *app) benchAdmission() *cobra.Command {
	m := &admission{bench: a.newBench()}
	cmd := &cobra.Command{
		Use: "admission", Args: cobra.NoArgs,
		Short: "Measure who is refused, memory and ETA while five times as much comes as the pipeline can do",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, known := slowStages[m.slow]; !known {
				return usage("--slow %s: give normalize or landing", m.slow)
			}
			return m.alone(cmd, m.settle, m.run)
		},
	}
	cmd.Flags().StringVar(&m.slow, "slow", "normalize", "the stage that is made to wait: normalize or landing")
	cmd.Flags().IntVar(&m.warmSeconds, "seconds", 40, "how long each rush lasts before the ETA is looked at")
	cmd.Flags().IntVar(&m.boundSeconds, "bound", 20, "how long the pipeline may need, in seconds")
	cmd.Flags().IntVar(&m.rounds, "rounds", 3, "rounds")
	return cmd
}

func (m *admission) measure(ctx context.Context, p *pipeline) error {
	m.pipeline = p
	for range m.rounds {
		if err := m.round(ctx); err != nil {
			return err
		}
	}
	m.add("ETA shown ÷ time it took, while they send", m.sending, "", 0, fmt.Sprintf("%.2f, %s slow", m.sending, m.slow))
	m.add("ETA shown ÷ time it took, after they stopped", m.stopped, "", 0, fmt.Sprintf("%.2f", m.stopped))
	m.add("memory of the process, at most", []float64{m.megabytesMax}, "MB RSS", 0, "those who send among it")
	return nil
}

// round sends a rush, and compares what is shown with what it takes: first while it lasts, then when nothing more comes.
func (m *admission) round(ctx context.Context) error {
	r := &rush{admission: m, answers: map[string]int{}}
	sending, stop := context.WithCancel(ctx)
	defer stop()
	sent := make(chan error, 1)
	go func() { sent <- r.run(sending) }()
	select {
	case <-time.After(time.Duration(m.warmSeconds) * time.Second):
	case err := <-sent:
		return err
	}
	shown, took, err := m.compare(ctx)
	stop()
	if err = errors.Join(err, <-sent); err != nil {
		return err
	}
	m.sending = append(m.sending, shown/took)
	m.megabytesMax = max(m.megabytesMax, r.megabytes)
	m.add("came, times what was drained", []float64{r.offered / r.seconds / (r.rate / slowStages[m.slow].records)}, "×", 0, fmt.Sprintf("%.0f orders/s, %.0f records/s drained by %s", r.offered/r.seconds, r.rate, m.slow))
	m.add("refused at the feed", []float64{100 * r.refusedShare()}, "%", 0, r.said("feed"))
	m.add("accepted at the webhooks", []float64{100 * r.acceptedShare()}, "%", 0, r.said("webhooks"))
	m.add("ETA shown, while they send", []float64{shown}, "s", shown/took, fmt.Sprintf("it took %.1f s; the highest was %.1f s, the bound is %d s", took, r.etaMax, m.boundSeconds))
	if shown, took, err = m.compare(ctx); err != nil {
		return err
	}
	m.stopped = append(m.stopped, shown/took)
	m.add("ETA shown, after they stopped", []float64{shown}, "s", shown/took, fmt.Sprintf("it took %.1f s", took))
	return nil
}

// slowOne is how the stage that was made slow stands.
func (m *admission) slowOne() (found drain.StageReport) {
	for _, s := range m.drain.Report().Stages {
		if s.Stage == m.slow {
			found = s
		}
	}
	return found
}

var residentLine = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB`)

// residentMegabytes is the memory of this process that is in use; NaN where nobody tells.
func residentMegabytes() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	found := residentLine.FindSubmatch(status)
	if found == nil {
		return math.NaN()
	}
	kilobytes, _ := strconv.ParseFloat(string(found[1]), 64) // digits, as the expression has it
	return kilobytes / 1000
}
