package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors"
	"waybill/connectors/marketplaces/direct"
	"waybill/internal/embedded"
	"waybill/internal/feed"
)

func (a *app) feed() *cobra.Command {
	var party, to string
	var dry bool
	var wait time.Duration
	cmd := verb("feed", "feed FILE…", "Feed files of orders: JSON, arrays, NDJSON, the channel's own lists, or a CSV of a till; - is stdin", func(cmd *cobra.Command, files []string) error {
		if dry {
			return a.feedDry(cmd, party, files)
		}
		return a.feedFiles(cmd, party, to, wait, files)
	})
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.Example = `  waybill feed orders.json --party allegro --dry-run
  waybill feed till-3.csv --party direct
  waybill simulate --orders 1000 | waybill feed - --party allegro`
	cmd.Flags().StringVar(&party, "party", "", "the configured account the orders come from")
	cmd.Flags().StringVar(&to, "to", "", "URL of an instance's doors, instead of the one on the data folder")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only print the orders that would come of it")
	cmd.Flags().DurationVar(&wait, "wait", feed.WaitDefault, "how long to go on trying while nothing is accepted; while the instance asks to wait, the time stands still")
	stackFlags(cmd)
	_ = cmd.MarkFlagRequired("party") // the flag is ours
	return cmd
}

func (a *app) feedDry(cmd *cobra.Command, party string, files []string) error {
	c, err := a.settings(cmd)
	if err != nil {
		return err
	}
	d, err := a.newDryRun(c, party)
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := a.reading(name, func(r io.Reader, _ int64) error { return d.file(name, r) }); err != nil {
			return err
		}
	}
	return d.end()
}

// reading opens a file, or stdin for "-".
func (a *app) reading(name string, do func(r io.Reader, size int64) error) error {
	if name == "-" {
		return do(a.stdin, 0)
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	return do(f, info.Size())
}

// fed is what a feed says at its end.
type fed struct {
	Accepted int `json:"accepted"` // orders
	Rejected int `json:"rejected"` // documents
	Retried  int `json:"retried"`  // requests sent once more
}

func (a *app) feedFiles(cmd *cobra.Command, party, to string, wait time.Duration, files []string) error {
	c, err := a.settings(cmd)
	if err != nil {
		return err
	}
	if _, known := c.Parties[party]; !known && to == "" {
		return unknownParty(c, party)
	}
	where := func() (string, error) { return to, nil }
	if to == "" {
		if len(c.Kafka.Brokers) > 0 {
			return usage("kafka.brokers is set, so name the instance to feed: --to URL")
		}
		if _, err := embedded.Find(c.Data); errors.Is(err, embedded.ErrNotRunning) {
			return a.withOwnInstance(cmd, func(ctx context.Context, p *pipeline) error {
				return a.feedTo(ctx, feed.Settings{
					Party: party, Token: tokenOf(c, party), Where: func() (string, error) { return p.doors.url, nil }, Wait: wait,
				}, files)
			})
		}
		where = func() (string, error) {
			instance, err := embedded.Find(c.Data)
			if err != nil {
				return "", err
			}
			return instance.Listen, nil
		}
	}
	return a.feedTo(cmd.Context(), feed.Settings{Party: party, Token: tokenOf(c, party), Where: where, Wait: wait}, files)
}

// askedToWait tells people why a feed does not go on: when it begins to wait, and every so often while it lasts.
func (a *app) askedToWait() func(wait time.Duration, why string) {
	var told time.Time
	return func(wait time.Duration, why string) {
		if wait < askedToldMin || time.Since(told) < askedToldEvery {
			return
		}
		told = time.Now()
		a.say("the instance asks to wait: %s (the next try is in %s)", why, wait.Round(time.Second))
	}
}

// A wait is told if it is long enough to be noticed, and not each time that it is made longer.
const (
	askedToldMin   = 3 * time.Second
	askedToldEvery = time.Minute
)

// feedTo feeds the files one after the other, and says what became of them.
func (a *app) feedTo(ctx context.Context, settings feed.Settings, files []string) error {
	bar := a.newBar()
	rejected := 0
	settings.Progress, settings.Asked = bar.show, a.askedToWait()
	settings.Reject = func(d feed.Document, reason string) {
		file, line, _ := cutLast(d.Place)
		a.printReject(reject{File: file, Line: line, Reason: reason})
	}
	client := feed.New(settings)
	var failed error
	for _, name := range files {
		failed = a.reading(name, func(r io.Reader, size int64) error {
			bar.add(size)
			return a.feedFile(ctx, client, name, r, &rejected)
		})
		if failed != nil {
			break
		}
	}
	if failed == nil {
		failed = client.Flush(ctx)
	}
	bar.end()
	report := client.Report()
	result := fed{Accepted: report.Accepted, Rejected: report.Rejected + rejected, Retried: report.Retried}
	if err := a.printFed(result); err != nil {
		return err
	}
	if failed != nil && result.Accepted > 0 && ctx.Err() == nil {
		return &exitError{code: exitPartial, err: failed}
	}
	if failed != nil {
		return failed
	}
	t := tally{accepted: result.Accepted, rejected: result.Rejected}
	return t.result()
}

func (a *app) feedFile(ctx context.Context, client *feed.Client, name string, r io.Reader, rejected *int) error {
	for document, err := range documentsOf(name, r, documentBytesMax) {
		switch {
		case err == nil:
			err = client.Add(ctx, feed.Document{Bytes: document.Bytes, Place: name + ":" + strconv.Itoa(document.Line)})
			if err != nil {
				return err
			}
		case isFaulty(err):
			*rejected++
			a.printReject(reject{File: name, Line: document.Line, Reason: err.Error(), Code: codeOf(err)})
		default:
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return nil
}

// documentsOf are the documents of a file: of a table, whose name ends in .csv, one of each order, in the format of direct.
func documentsOf(name string, r io.Reader, bytesMax int) iter.Seq2[connectors.Document, error] {
	if !strings.HasSuffix(strings.ToLower(name), ".csv") {
		return connectors.Documents(r, bytesMax)
	}
	return func(yield func(connectors.Document, error) bool) {
		index := 0
		for order, err := range direct.FromCSV(r) {
			document := connectors.Document{Bytes: order.Bytes, Index: index, Line: order.Line}
			var wrong *direct.TableError
			if errors.As(err, &wrong) {
				document.Line = wrong.Line
			}
			if !yield(document, err) {
				return
			}
			index++
		}
	}
}

// documentBytesMax bounds one document of a file. The door has a limit of its own, which it tells.
const documentBytesMax = 64 << 20

func cutLast(place string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return place, 0, false
	}
	line, err := strconv.Atoi(place[i+1:])
	return place[:i], line, err == nil
}

func (a *app) printFed(f fed) error {
	if a.output == "json" {
		return a.json(f)
	}
	_, err := fmt.Fprintf(a.stdout, "%d orders accepted, %d documents rejected, %d requests sent once more\n", f.Accepted, f.Rejected, f.Retried)
	return err
}
