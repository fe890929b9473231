// Command waybill carries orders from the marketplace to the customer's door, and is its own broker, registry and engine where
// none is given. One file a verb; this is the only place that knows both a processor and a connector.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes that scripts rely on.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartial     = 3
	exitInterrupted = 130
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program, once.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runAs(edition{}, args, stdin, stdout, stderr)
}

func runAs(has edition, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{has: has, stdin: stdin, stdout: stdout, stderr: stderr, level: new(slog.LevelVar)}
	a.level.Set(slog.LevelWarn)
	a.log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: a.level}))
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.exitCode(ctx, root.ExecuteContext(ctx))
}

// app is what the verbs share.
type app struct {
	has            edition
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	level          *slog.LevelVar

	configFile string
	output     string
	verbose    bool
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "waybill",
		Short:         "Carries orders from the marketplace to the customer's door, and keeps the account of every event",
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.verbose {
				a.level.Set(slog.LevelInfo)
			}
			if a.output != "text" && a.output != "json" {
				return usage("-o %s: give text or json", a.output)
			}
			return nil
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configFile, "config", "", "configuration file (YAML); default: $WAYBILL_CONFIG, else waybill.yaml in this folder, if there is one")
	flags.StringVarP(&a.output, "output", "o", "text", "text, or json for one JSON object a line")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "log what is done to stderr")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	root.AddGroup(
		&cobra.Group{ID: "run", Title: "Run it:"},
		&cobra.Group{ID: "feed", Title: "Feed it:"},
		&cobra.Group{ID: "ask", Title: "Ask it:"},
		&cobra.Group{ID: "keep", Title: "Keep it:"},
	)
	root.AddCommand(
		a.up(), a.runSteps(), a.demo(),
		a.feed(), a.track(), a.simulate(), a.sandbox(),
		a.order(), a.sql(), a.trash(), a.verify(), a.drain(), a.limits(), a.repair(), a.doubt(), a.credits(), a.graph(),
		a.accept(), a.reject(), a.idmap(), a.mapping(), a.renormalize(), a.tracking(), a.scan(), a.label(), a.shipments(), a.missing(), a.manifest(), a.proof(), a.prove(),
		a.provision(), a.acls(), a.doctor(), a.transactions(), a.config(), a.bench(), a.version(),
		a.kafka(), a.clickhouse(),
	)
	return root
}

// exitError ends the program with a code of its own.
type exitError struct {
	code int
	err  error // nil: all has been said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func (a *app) exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitFailed
	var exit *exitError
	switch {
	case errors.As(err, &exit):
		code = exit.code
	case ctx.Err() != nil:
		fmt.Fprintln(a.stderr, "waybill: interrupted")
		return exitInterrupted
	case isUsage(err):
		code = exitUsage
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(a.stderr, "waybill:", text)
	}
	if code == exitUsage {
		fmt.Fprintln(a.stderr, "Run 'waybill help' for what can be done, 'waybill help VERB' for how.")
	}
	return code
}
