package direct

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"waybill/connectors/reading"
)

// Limits of a table.
const (
	tableOrdersMax  = 1_000_000
	tableRowsMax    = reading.LinesMax // of one order
	tableRowBytes   = 1 << 20          // most of one row
	tableColumnsMax = 200
	tableAhead      = 64 << 10 // bytes that are read ahead, the first row among them
)

// TableOrder is an order of a table: its document, as Receive takes it, and the line where its first row begins, counted from 1.
type TableOrder struct {
	Bytes []byte
	Line  int
}

// TableError is what is wrong with a table, and where: lines and columns count from 1.
type TableError struct {
	Line   int
	Column int    // a cell of the row; 0 is all of the row
	Name   string // of that column
	Reason string
}

func (e *TableError) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d, column %d (%s): %s", e.Line, e.Column, e.Name, e.Reason)
}

// FromCSV reads a table as tills and spreadsheets export it (RFC 4180; the README has the columns): rows that follow each other
// with the same ref are the lines of one order. It understands no more of it than that, and holds one order at a time.
//
// A *TableError comes in place of an order, with its line. Whoever goes on gets the orders behind it, unless the rows can not be
// told apart any more: then it is the last. Any other error is the reader's, and the last. No order is ever cut in two.
func FromCSV(r io.Reader) iter.Seq2[TableOrder, error] {
	return func(yield func(TableOrder, error) bool) {
		source := &bounded{source: r, left: tableRowBytes}
		ahead := bufio.NewReaderSize(source, tableAhead)
		t := &table{source: source, yield: yield, done: map[string]bool{}, next: 2, in: csv.NewReader(ahead)}
		t.in.Comma = separator(ahead)
		if err := t.head(); err != nil {
			yield(TableOrder{Line: 1}, err)
			return
		}
		for more := true; more; {
			more = t.row()
		}
	}
}

// separator passes over the byte order mark, and answers what stands between the names of the first row.
func separator(r *bufio.Reader) rune {
	mark := []byte("\xef\xbb\xbf")
	if start, _ := r.Peek(len(mark)); bytes.Equal(start, mark) {
		_, _ = r.Discard(len(mark)) // it is there
	}
	first, _ := r.Peek(tableAhead) // less, where there is less; whoever reads on meets what was wrong
	first, _, _ = bytes.Cut(first, []byte{'\n'})
	if i := bytes.IndexAny(first, ",;\t"); i >= 0 {
		return rune(first[i])
	}
	return ','
}

// bounded is a source that gives so many bytes before it is asked for a new row.
type bounded struct {
	source io.Reader
	left   int
}

var errRowTooLong = errors.New("the row is too long")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := b.source.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// faultOf is what keeps the reader of the table from going on.
func faultOf(err error, line int) error {
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, errRowTooLong):
		return &TableError{Line: line, Reason: fmt.Sprintf("a row of more than %d bytes: is a quotation mark missing?", tableRowBytes)}
	case !errors.As(err, &syntax):
		return fmt.Errorf("read the table: %w", err)
	case errors.Is(err, csv.ErrFieldCount):
		return &TableError{Line: syntax.Line, Reason: "more or fewer cells than the first row has names; nothing behind it is read"}
	}
	return &TableError{Line: syntax.Line, Reason: fmt.Sprintf("byte %d: %v; nothing behind it is read", syntax.Column, syntax.Err)}
}

// head reads the first row, which names the columns.
func (t *table) head() error {
	names, err := t.in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return &TableError{Line: 1, Reason: "an empty table: its first row names the columns"}
	case err != nil:
		return faultOf(err, 1)
	case len(names) > tableColumnsMax:
		return &TableError{Line: 1, Reason: fmt.Sprintf("more than %d columns", tableColumnsMax)}
	}
	t.ref = -1
	seen := map[string]bool{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		c, known := columnOf(name)
		switch {
		case !known:
			return &TableError{Line: 1, Column: i + 1, Name: tellable(name), Reason: "there is no such column; what is only to be kept begins with x_"}
		case seen[name]:
			return &TableError{Line: 1, Column: i + 1, Name: tellable(name), Reason: "a second column of that name"}
		case name == "ref":
			t.ref = i
		}
		seen[name] = true
		t.columns = append(t.columns, c)
	}
	if t.ref < 0 {
		return &TableError{Line: 1, Reason: "no column is called ref, which says whose line a row is"}
	}
	return nil
}

func tellable(name string) string {
	if !isName(name) || !utf8.ValidString(name) {
		return "*"
	}
	return name
}
