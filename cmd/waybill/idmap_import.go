package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/pairs"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// imported is what an import says at its end.
type imported struct {
	Rows     int  `json:"rows"`
	New      int  `json:"new"`
	Changed  int  `json:"changed"`
	Same     int  `json:"same"`
	Rejected int  `json:"rejected"`
	Preview  bool `json:"preview"` // nothing was written
}

func (a *app) idmapImport() *cobra.Command {
	var p pairing
	var r reasoned
	var party string
	var preview bool
	cmd := &cobra.Command{Use: "import FILE", Short: "Set all pairs of a file, CSV with a header or NDJSON; - is stdin", Args: cobra.ExactArgs(1)}
	cmd.Example = `  waybill idmap import pairs.csv --party allegro --preview
  waybill idmap import pairs.csv --party allegro --reason "spring catalogue"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		by, err := whoDoes(r.by)
		if err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		if err := p.checkParty(stack.config, party); err != nil {
			return err
		}
		i := &importing{app: a, pairing: p, party: party, by: by, reason: r.reason, at: schemas.At(time.Now()), file: args[0]}
		i.total.Preview = preview
		return a.reading(args[0], func(in io.Reader, _ int64) error { return i.run(cmd.Context(), stack, in) })
	}
	p.flag(cmd)
	r.flags(cmd)
	cmd.Flags().StringVar(&party, "party", "", "the configured account whose references they are")
	cmd.Flags().BoolVar(&preview, "preview", false, "only say what it would change")
	_ = cmd.MarkFlagRequired("party") // the flag is ours
	stackFlags(cmd)
	return cmd
}

// importing is one file on its way.
type importing struct {
	app *app
	pairing
	party, by, reason, file string
	at                      schemas.Millis
	known                   map[string]digest // what is there, by key
	lines                   map[string]int    // where in the file each key stands
	store                   *runner.Store
	batch                   []topics.Message
	total                   imported
}

// digest stands for what a pair says, without who said it.
type digest [16]byte

// importBatch is how many pairs are stored at a time.
const importBatch = 10_000

func (i *importing) run(ctx context.Context, stack *stack, in io.Reader) error {
	if err := i.learn(ctx, stack); err != nil {
		return err
	}
	registry, err := stack.schemas()
	if err != nil {
		return err
	}
	if i.store, err = runner.NewStore(stack.kafka, registry); err != nil {
		return err
	}
	defer i.store.Close()
	buffered := bufio.NewReaderSize(in, pairs.RowBytesMax)
	begin, _ := buffered.Peek(64) // what can not be read shows below
	failed := i.rows(ctx, pairs.Read(buffered, pairs.FormatOf(i.file, begin), i.party, i.ofLinks()))
	if failed == nil {
		failed = i.flush(ctx)
	}
	if err := i.app.printImported(i.total); err != nil || failed != nil {
		return errors.Join(failed, err)
	}
	t := tally{accepted: i.total.Rows - i.total.Rejected, rejected: i.total.Rejected}
	return t.result()
}

func (i *importing) rows(ctx context.Context, rows iter.Seq2[pairs.Row, error]) error {
	for row, err := range rows {
		var wrong *pairs.RowError
		switch {
		case errors.As(err, &wrong):
			i.reject(wrong.Line, wrong.Field, wrong.Code, wrong.Reason)
		case err != nil:
			return fmt.Errorf("import %s: %w", i.file, err)
		default:
			if err := i.take(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *importing) reject(line int, field, code, reason string) {
	i.total.Rows++
	i.total.Rejected++
	i.app.printReject(reject{File: i.file, Line: line, Field: field, Code: code, Reason: reason})
}

// learn reads what is there, so that only what changes is written.
func (i *importing) learn(ctx context.Context, stack *stack) error {
	i.known, i.lines = map[string]digest{}, map[string]int{}
	return stack.pairs(ctx, i.topic(), anyKey, func(key string, value any) error {
		i.known[key] = digestOf(value)
		return nil
	})
}

func digestOf(pair any) digest {
	switch pair := pair.(type) {
	case *schemas.CatalogueEntry:
		said := *pair
		said.At, said.By, said.Reason = 0, "", ""
		if len(said.EANs) == 0 {
			said.EANs = nil
		}
		if len(said.Components) == 0 {
			said.Components = nil
		}
		return sumOf(said)
	case *schemas.Link:
		said := *pair
		said.At, said.By, said.Reason = 0, "", ""
		return sumOf(said)
	}
	return digest{}
}

func sumOf(said any) digest {
	b, err := json.Marshal(said)
	if err != nil {
		panic(err) // texts and numbers only
	}
	sum := sha256.Sum256(b)
	return digest(sum[:16])
}

// take adds a row to what is stored, unless it says what is known.
func (i *importing) take(ctx context.Context, row pairs.Row) error {
	key, value, faults := i.pair(row)
	if len(faults) > 0 {
		for n, f := range faults {
			if n == 0 {
				i.total.Rows++
				i.total.Rejected++
			}
			i.app.printReject(reject{File: i.file, Line: row.Line, Field: strings.TrimPrefix(f.Path, "$."), Code: f.Code, Reason: f.Text})
		}
		return nil
	}
	sum := digestOf(value)
	known, is := i.known[key]
	if line := i.lines[key]; line > 0 && known != sum {
		i.reject(row.Line, "", "twice", fmt.Sprintf("line %d says otherwise about the same reference", line))
		return nil
	}
	i.total.Rows++
	i.lines[key], i.known[key] = row.Line, sum
	switch {
	case is && known == sum:
		i.total.Same++
		return nil
	case is:
		i.total.Changed++
	default:
		i.total.New++
	}
	i.batch = append(i.batch, topics.Message{Topic: i.topic(), Key: key, Value: value})
	if len(i.batch) < importBatch {
		return nil
	}
	return i.flush(ctx)
}

func (i *importing) pair(row pairs.Row) (key string, value any, faults schemas.Faults) {
	if row.Link != nil {
		l := row.Link
		l.At, l.By, l.Reason = i.at, i.by, i.reason
		return schemas.LinkKey(l.Party, l.Kind, l.Ref), l, nil
	}
	e := row.Offer
	e.At, e.By, e.Reason = i.at, i.by, i.reason
	return schemas.OfferKey(e.Party, e.OfferRef), e, processors.CheckEntry(e)
}

func (i *importing) flush(ctx context.Context) error {
	defer func() { i.batch = i.batch[:0] }()
	if i.total.Preview || len(i.batch) == 0 {
		return nil
	}
	if err := i.store.Store(ctx, i.batch); err != nil {
		return fmt.Errorf("import %s: %w; what was stored before stays: run it again", i.file, err)
	}
	return nil
}

func (a *app) printImported(t imported) error {
	if a.output == "json" {
		return a.json(t)
	}
	would := ""
	if t.Preview {
		would = "; a preview, so nothing was written"
	}
	_, err := fmt.Fprintf(a.stdout, "%d rows: %d new, %d changed, %d the same, %d rejected%s\n", t.Rows, t.New, t.Changed, t.Same, t.Rejected, would)
	return err
}
