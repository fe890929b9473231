package bills

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words are our names of the columns, in the order in which they are asked for.
var words = []string{"number", "reference", "amount", "currency", "charge"}

// given are the names that somebody gave.
func (c Columns) given() map[string]string {
	return map[string]string{"number": c.Number, "reference": c.Reference, "amount": c.Amount, "currency": c.Currency, "charge": c.Charge}
}

// find tells which of the file's columns is which of ours.
func (c Columns) find(header []string) (called map[string]string, err error) {
	called = map[string]string{}
	given := c.given()
	for _, word := range words {
		if name := given[word]; name != "" {
			if !slices.Contains(header, name) {
				return nil, fmt.Errorf("row 1: there is no column %q; there are: %s", name, strings.Join(header, ", "))
			}
			called[word] = name
			continue
		}
		for _, name := range usual[word] {
			if at := slices.IndexFunc(header, func(h string) bool { return bare(h) == name }); at >= 0 {
				called[word] = header[at]
				break
			}
		}
	}
	switch there := strings.Join(header, ", "); {
	case called["amount"] == "":
		return nil, fmt.Errorf("row 1: which column is the amount? give --amount-column; there are: %s", there)
	case called["number"] == "" && called["reference"] == "":
		return nil, fmt.Errorf("row 1: which column is the tracking number, or the reference? give --number-column or --reference-column; there are: %s", there)
	}
	return called, nil
}

// bare is a name without what stands between its words.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// tableRows are those of a CSV file, separated by commas, semicolons or tabs, whichever is most often in its header.
func tableRows(in *bufio.Reader, columns Columns) iter.Seq2[*cells, error] {
	return func(yield func(*cells, error) bool) {
		begin, _ := in.Peek(4 << 10) // what can not be read shows below
		table := csv.NewReader(in)
		table.Comma = separatorOf(begin)
		header, err := table.Read()
		if err != nil {
			yield(nil, fmt.Errorf("read the header, which names the columns: %w", err))
			return
		}
		for i, name := range header {
			header[i] = strings.TrimSpace(name)
		}
		called, err := columns.find(header)
		for err == nil {
			var record []string
			if record, err = table.Read(); errors.Is(err, io.EOF) {
				return
			}
			var c *cells
			if c, err = cellsOf(table, header, record, called, err); err == nil && !yield(c, nil) {
				return
			}
		}
		yield(nil, err)
	}
}

func separatorOf(begin []byte) rune {
	line, _, _ := bytes.Cut(begin, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(line, []byte(string(r))) > bytes.Count(line, []byte(string(best))) {
			best = r
		}
	}
	return best
}

func cellsOf(table *csv.Reader, header, record []string, called map[string]string, err error) (*cells, error) {
	c := &cells{values: map[string]string{}, called: called}
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax):
		c.row = syntax.StartLine
		return c, c.fault("", "is no CSV: %v", syntax.Err)
	case err != nil:
		return c, fmt.Errorf("read the file: %w", err)
	}
	c.row, _ = table.FieldPos(0)
	for word, name := range called {
		value := record[slices.Index(header, name)]
		if !utf8.ValidString(value) {
			return c, c.fault(word, "is not UTF-8: convert the file")
		}
		c.values[word] = value
	}
	return c, nil
}

// rowBytesMax bounds a JSON object.
const rowBytesMax = 1 << 20

// objectRows are JSON objects, one a line. The fields of the first are the columns.
func objectRows(in *bufio.Reader, columns Columns) iter.Seq2[*cells, error] {
	return func(yield func(*cells, error) bool) {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, rowBytesMax)
		var called map[string]string
		for row := 1; lines.Scan(); row++ {
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			c, err := objectOf(line, row, &called, columns)
			if !yield(c, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, fmt.Errorf("read the file: %w (a row has at most %d bytes)", err, rowBytesMax))
		}
	}
}

func objectOf(line []byte, row int, called *map[string]string, columns Columns) (*cells, error) {
	c := &cells{row: row, values: map[string]string{}}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil || !utf8.Valid(line) {
		return c, c.fault("", "is no JSON object in UTF-8")
	}
	if *called == nil {
		var names []string
		for name := range fields {
			names = append(names, name)
		}
		slices.Sort(names)
		found, err := columns.find(names)
		if err != nil {
			return c, err
		}
		*called = found
	}
	c.called = *called
	for word, name := range c.called {
		value := fields[name]
		if len(value) == 0 || string(value) == "null" {
			continue
		}
		text := string(value) // of a number, as it is written
		if value[0] == '"' {
			if err := json.Unmarshal(value, &text); err != nil {
				return c, c.fault(word, "is no text: %v", err)
			}
		} else if strings.ContainsRune("{[tf", rune(value[0])) {
			return c, c.fault(word, "must be a text or a number")
		}
		c.values[word] = text
	}
	return c, nil
}
