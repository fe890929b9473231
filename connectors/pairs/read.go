package pairs

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
	"unicode/utf8"
)

// readCSV reads rows below a header, which may name the columns in any order.
func readCSV(r io.Reader, columns []string) iter.Seq2[cells, error] {
	return func(yield func(cells, error) bool) {
		in := csv.NewReader(skipMark(r))
		in.FieldsPerRecord = -1
		in.ReuseRecord = true
		header, err := readHeader(in, columns)
		if err != nil {
			yield(cells{line: 1}, err)
			return
		}
		for {
			record, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line, _ := lineOf(in, record)
			c, err := cellsOf(line, header, record, err)
			if !yield(c, err) || err != nil && !isRow(err) {
				return
			}
		}
	}
}

func readHeader(in *csv.Reader, columns []string) ([]string, error) {
	record, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header, which names the columns: %w", err)
	}
	header := slices.Clone(record)
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if header[i] == "offer" {
			header[i] = "offer_ref"
		}
		if !slices.Contains(columns, header[i]) {
			return nil, fmt.Errorf("line 1: there is no column %q; there are: %s", name, strings.Join(columns, ", "))
		}
		if slices.Contains(header[:i], header[i]) {
			return nil, fmt.Errorf("line 1: two columns are called %q", name)
		}
	}
	return header, nil
}

func lineOf(in *csv.Reader, record []string) (line, column int) {
	if len(record) == 0 {
		return 0, 0
	}
	return in.FieldPos(0)
}

func cellsOf(line int, header, record []string, err error) (cells, error) {
	c := cells{line: line}
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax):
		c.line = syntax.StartLine
		return c, c.fault("", "not_csv", "%v", syntax.Err)
	case err != nil:
		return c, fmt.Errorf("read the file: %w", err)
	case len(record) != len(header):
		return c, c.fault("", "wrong_columns", "has %d columns, the header has %d", len(record), len(header))
	}
	c.named = make(map[string]string, len(header))
	for i, name := range header {
		if !utf8.ValidString(record[i]) {
			return c, c.fault(name, "not_utf8", "is not UTF-8")
		}
		c.named[name] = plain(strings.TrimSpace(record[i]))
	}
	return c, nil
}

func isRow(err error) bool { return errors.As(err, new(*RowError)) }

// readNDJSON reads a JSON object a line. Its fields are the columns; components may be an array, eans too.
func readNDJSON(r io.Reader, columns []string) iter.Seq2[cells, error] {
	return func(yield func(cells, error) bool) {
		lines := bufio.NewScanner(skipMark(r))
		lines.Buffer(make([]byte, 0, RowBytesMax), RowBytesMax)
		for n := 1; lines.Scan(); n++ {
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			c := cells{line: n}
			err := c.fill(line, columns)
			if !yield(c, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(cells{}, fmt.Errorf("read the file: %w (a line has at most %d bytes)", err, RowBytesMax))
		}
	}
}

func (c *cells) fill(line []byte, columns []string) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil || !utf8.Valid(line) {
		return c.fault("", "not_json", "is no JSON object")
	}
	c.named = make(map[string]string, len(fields))
	for name, value := range fields {
		if !slices.Contains(columns, name) {
			return c.fault(name, "unknown_field", "is no field; there are: %s", strings.Join(columns, ", "))
		}
		text, ok := textOf(value)
		if !ok {
			return c.fault(name, "wrong_type", "must be a text")
		}
		c.named[name] = strings.TrimSpace(text)
	}
	return nil
}

// textOf is a text as it is, a list of texts with spaces between, and anything else as it is written.
func textOf(value json.RawMessage) (text string, ok bool) {
	var list []string
	switch {
	case string(value) == "null":
		return "", true
	case value[0] == '"':
		err := json.Unmarshal(value, &text)
		return text, err == nil
	case value[0] == '[' && json.Unmarshal(value, &list) == nil:
		return strings.Join(list, " "), true
	case value[0] == '[':
		return string(value), true
	case value[0] == '{', value[0] == 't', value[0] == 'f':
		return "", false
	}
	return string(value), true // a number, as it is written
}

// skipMark leaves out the byte order mark that spreadsheets put in front.
func skipMark(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, RowBytesMax)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // they are there
	}
	return in
}
