// Command torture breaks a Waybill of three processes on a real cluster, in every way it knows and under load, and proves after each
// round that nothing was lost, nothing doubled and nothing out of order. Its seed decides what is broken when. It is not shipped.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(os.Stdout, os.Stderr).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

// wishes are what the command line says.
type wishes struct {
	seed       uint64
	seconds    int
	rounds     int
	faults     string
	perSecond  float64
	dir        string
	keep       bool
	program    string
	recordFile string
	output     string
}

func command(stdout, stderr io.Writer) *cobra.Command {
	var w wishes
	c := &cobra.Command{
		Use: "torture", Short: "Break Waybill in every known way, and prove that nothing was lost", Args: cobra.NoArgs,
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if w.seed == 0 {
				w.seed = rand.Uint64()
			}
			return torture(cmd.Context(), &w, stdout, stderr)
		},
	}
	flags := c.Flags()
	flags.Uint64Var(&w.seed, "seed", 0, "of the run; a round's own follows from it (default: any)")
	flags.IntVar(&w.seconds, "seconds", 180, "begin no round later than this")
	flags.IntVar(&w.rounds, "rounds", 0, "end after so many rounds, however long that takes")
	flags.StringVar(&w.faults, "faults", "", "comma-separated kinds of fault to draw from, or none (default: all)")
	flags.Float64Var(&w.perSecond, "rate", 200, "payloads fed a second")
	flags.StringVar(&w.dir, "dir", "", "new folder for all that is kept on disk (default: one that is removed after a good run)")
	flags.BoolVar(&w.keep, "keep", false, "keep the folder after a good run too")
	flags.StringVar(&w.program, "waybill", "bin/waybill", "the program to torture")
	flags.StringVar(&w.recordFile, "record", "", "Markdown file to append a line about the run to")
	flags.StringVarP(&w.output, "output", "o", "text", "text, or json for one JSON object a line")
	return c
}

// errWrong says that a round was wrong; what it was has been said.
var errWrong = errors.New("a round was wrong")

// tell prints a round.
func tell(w io.Writer, output string, out *result) {
	if output == "json" {
		_ = json.NewEncoder(w).Encode(out) // who reads it sees that it broke off
		return
	}
	verdict := "good"
	if !out.good() {
		verdict = "WRONG"
	}
	fmt.Fprintf(w, "round %d seed %d %s: %s; fed %d in %d requests, %d records of %d orders; lost %d, doubled %d, inverted %d, wrong %d; %.1f s, %.1f s to drain\n",
		out.Round, out.Seed, verdict, (&plan{faults: out.Faults}).String(), out.Payloads, out.Requests, out.Records, out.Orders,
		out.Lost, out.Doubled, out.Inverted, out.Wrong, out.Seconds, out.Drain)
	for _, why := range out.Why {
		fmt.Fprintln(w, "    "+why)
	}
}
