package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/processors"
	"waybill/schemas"
)

// run is one run: a system, the load on it, and who looks at what comes of it.
type run struct {
	seed     uint64
	kinds    []string
	dir      string
	system   *system
	load     *load
	tape     *tape
	verifier *verifier
	minutes  *minutes
	from     map[lane]int64 // where the round began
	say      func(format string, arguments ...any)
}

// torture runs rounds until the time is up, or one was wrong.
func torture(ctx context.Context, w *wishes, stdout, stderr io.Writer) (failed error) {
	asRoot := os.Geteuid() == 0
	kinds, err := kindsOf(w.faults, asRoot)
	if err != nil {
		return err
	}
	say := func(format string, arguments ...any) { fmt.Fprintf(stderr, format+"\n", arguments...) }
	say("seed %d; faults: %s", w.seed, strings.Join(kinds, ", "))
	if !asRoot {
		say("no disk is filled: only root may make small ones")
	}
	dir, err := folder(w.dir)
	if err != nil {
		return err
	}
	r := &run{seed: w.seed, kinds: kinds, dir: dir, minutes: newMinutes(), from: map[lane]int64{}, say: say}
	totals := &totals{seed: w.seed, kinds: map[string]int{}, version: versionOf(ctx, w.program)}
	defer func() {
		if failed == nil && !w.keep {
			failed = os.RemoveAll(dir)
			return
		}
		say("all that was kept is in %s", dir)
	}()
	r.system, err = startSystem(ctx, dir, w.program, asRoot, say)
	defer func() { failed = errors.Join(failed, r.system.stop()) }()
	if err != nil {
		return err
	}
	if err := r.open(ctx, w); err != nil {
		return err
	}
	defer r.close()
	group, running := errgroup.WithContext(ctx)
	ending, end := context.WithCancel(running)
	group.Go(func() error { return r.system.keep(ending) })
	err = r.rounds(running, w, stdout, totals)
	end()
	err = errors.Join(err, group.Wait())
	say("%s", totals.String())
	if w.recordFile != "" && totals.rounds > 0 {
		err = errors.Join(err, totals.record(w.recordFile))
	}
	return err
}

// open opens what feeds and what verifies.
func (r *run) open(_ context.Context, w *wishes) error {
	registry, err := schemas.NewRegistry(r.system.shared.registry)
	if err != nil {
		return err
	}
	if r.tape, err = newTape(r.system.cluster.brokers, registry); err != nil {
		return err
	}
	channels, err := channels()
	if err != nil {
		return err
	}
	r.verifier = newVerifier(registry, processors.Sources{Channels: channels, Terms: terms})
	r.load, err = newLoad(w.seed, r.system, registry, w.perSecond)
	return err
}

func (r *run) close() {
	r.tape.close()
	if r.load != nil {
		r.load.close()
	}
}

func (r *run) rounds(ctx context.Context, w *wishes, stdout io.Writer, totals *totals) error {
	if err := r.system.awaitReady(ctx); err != nil {
		return err
	}
	began := time.Now()
	for n := 1; ctx.Err() == nil; n++ {
		if w.rounds > 0 && n > w.rounds || w.rounds == 0 && time.Since(began) > time.Duration(w.seconds)*time.Second {
			return nil
		}
		out, err := r.round(ctx, n)
		if err != nil {
			return err
		}
		totals.add(out)
		tell(stdout, w.output, out)
		if !out.good() {
			file, err := r.report(out)
			return errors.Join(fmt.Errorf("%w: seed %d, round %d; see %s", errWrong, r.seed, n, file), err)
		}
	}
	return context.Cause(ctx)
}

// folder is where everything is kept.
func folder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "torture-")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	return filepath.Abs(dir)
}

// versionOf asks the program which one it is.
func versionOf(ctx context.Context, program string) string {
	out, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return strings.Join(strings.Fields(first), " ")
}
