package direct

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is one on its way to become orders.
type table struct {
	in      *csv.Reader
	source  *bounded
	yield   func(TableOrder, error) bool
	columns []column
	ref     int             // the column of that name
	done    map[string]bool // references of the orders before
	next    int             // line of the row that comes next

	order string // the reference of the rows below
	rows  []row  // of that order; none if it is given up
	lost  bool   // it is
}

type row struct {
	line  int
	cells []string
}

// row reads one row, and tells whether to go on.
func (t *table) row() bool {
	t.source.left = tableRowBytes
	cells, err := t.in.Read()
	if errors.Is(err, io.EOF) {
		t.flush()
		return false
	}
	if err != nil {
		return t.stop(faultOf(err, t.next))
	}
	line, _ := t.in.FieldPos(0)
	last, _ := t.in.FieldPos(len(cells) - 1)
	t.next = last + strings.Count(cells[len(cells)-1], "\n") + 1
	if strings.TrimSpace(strings.Join(cells, "")) == "" {
		return true // a spreadsheet's empty row
	}
	return t.take(row{line, cells})
}

// stop yields the last fault. Whether the order before it is whole can not be known, so it is not yielded.
func (t *table) stop(fault error) bool {
	line := t.next
	if at := (*TableError)(nil); errors.As(fault, &at) {
		line = at.Line
	}
	t.yield(TableOrder{Line: line}, fault)
	return false
}

// take adds a row to its order.
func (t *table) take(r row) bool {
	ref := strings.TrimSpace(r.cells[t.ref])
	if ref == "" {
		return t.stop(t.fault(t.ref, "nothing says whose line this is; nothing behind it is read"))
	}
	if ref != t.order {
		if !t.flush() {
			return false
		}
		t.order, t.lost = ref, false
		switch {
		case t.done[ref]:
			return t.giveUp(r, t.ref, "rows of one order that do not stand together")
		case len(t.done) == tableOrdersMax:
			return t.stop(t.fault(t.ref, fmt.Sprintf("more than %d orders; nothing behind it is read", tableOrdersMax)))
		}
		t.done[ref] = true
	}
	if t.lost {
		return true
	}
	for i, cell := range r.cells {
		switch {
		case !utf8.ValidString(cell):
			return t.giveUp(r, i, "not UTF-8: save the table as such")
		case len(t.rows) > 0 && !t.columns[i].line && cell != "" && cell != t.rows[0].cells[i]:
			return t.giveUp(r, i, fmt.Sprintf("something else than line %d says of the same order", t.rows[0].line))
		}
	}
	if len(t.rows) == tableRowsMax {
		return t.giveUp(r, t.ref, fmt.Sprintf("more than %d rows of one order", tableRowsMax))
	}
	t.rows = append(t.rows, r)
	return true
}

// giveUp puts the fault in the place of the order, whose other rows are passed over.
func (t *table) giveUp(r row, column int, reason string) bool {
	line := r.line
	if len(t.rows) > 0 {
		line = t.rows[0].line
	}
	t.rows, t.lost = nil, true
	return t.yield(TableOrder{Line: line}, t.fault(column, reason))
}

// fault is at that cell of the row that was read last.
func (t *table) fault(column int, reason string) error {
	line, _ := t.in.FieldPos(column)
	return &TableError{Line: line, Column: column + 1, Name: t.columns[column].name, Reason: reason}
}

// flush yields the order that is complete.
func (t *table) flush() bool {
	if len(t.rows) == 0 {
		return true
	}
	document, err := document(t.columns, t.rows)
	order := TableOrder{Bytes: document, Line: t.rows[0].line}
	t.rows = nil
	return t.yield(order, err)
}
