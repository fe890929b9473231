package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/mattn/go-isatty"
)

// printer puts rows on stdout: one JSON object a line, or a table with the given columns. It holds the rows of a table back
// until the end, so that its columns fit.
type printer struct {
	app   *app
	table table.Writer
}

func (a *app) printer(columns ...string) *printer {
	p := &printer{app: a}
	if a.output == "json" {
		return p
	}
	p.table = table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	p.table.SetStyle(style)
	header := make(table.Row, len(columns))
	for i, c := range columns {
		header[i] = c
	}
	p.table.AppendHeader(header)
	return p
}

// row prints value as JSON, or cells as a row of the table.
func (p *printer) row(value any, cells ...any) error {
	if p.table == nil {
		return p.app.json(value)
	}
	p.table.AppendRow(cells)
	return nil
}

func (p *printer) end() error {
	if p.table == nil || p.table.Length() == 0 {
		return nil
	}
	for line := range strings.SplitSeq(p.table.Render(), "\n") {
		if _, err := fmt.Fprintln(p.app.stdout, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// json prints one value as one line, with text as it is.
func (a *app) json(value any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// say tells progress, on stderr.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }

// onTerminal says whether progress is looked at by a person.
func (a *app) onTerminal() bool {
	f, ok := a.stderr.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// result puts the one result of a verb on stdout: as JSON, or in words.
func (a *app) result(value any, format string, args ...any) error {
	if a.output == "json" {
		return a.json(value)
	}
	_, err := fmt.Fprintf(a.stdout, format, args...)
	return err
}
