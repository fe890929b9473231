package engine

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// run prepares a fresh connection, executes the statement on it and answers with its result.
func (d *door) run(a *answer, r *http.Request, c *connection, q *request, data io.Reader) error {
	readsOnly, err := c.admit(q)
	if err != nil {
		return err
	}
	for _, statement := range q.prologue() {
		if err := c.exec(statement); err != nil {
			return err
		}
	}
	// Nobody waits for the rows of a client that has left; but what changes something runs to its end, as on a server.
	unwanted := d.killAll
	if readsOnly {
		unwanted = r.Context().Done()
	}
	settled := d.killWhen(unwanted, q.mark)
	defer settled()

	switch {
	case q.insert != nil:
		rowsWritten, err := c.insert(q.insert.target, q.insert.format, data)
		summary(a.w, rowsWritten)
		return err
	case readsOnly && q.comesInPieces():
		return runInPieces(a, c, q)
	default:
		return runWhole(a, c, q)
	}
}

// runWhole answers with a result that the engine has built whole, within its limits of memory.
func runWhole(a *answer, c *connection, q *request) error {
	result := c.run(q.statement, q.format, q.parameters)
	defer result.free()
	if err := result.err(); err != nil {
		return err
	}
	summary(a.w, result.rowsWritten())
	return a.write(result.bytes())
}

// runInPieces answers with a result of any size.
func runInPieces(a *answer, c *connection, q *request) error {
	rows, err := c.runInPieces(q.statement, q.format, q.parameters)
	if err != nil {
		return err
	}
	defer rows.end()
	for {
		if more, err := rows.next(a.write); err != nil || !more {
			return err
		}
	}
}

// inPieces are the formats in which pieces, one behind the other, are one document.
var inPieces = map[string]bool{
	"native": true, "tabseparated": true, "tsv": true, "tabseparatedraw": true, "tsvraw": true, "csv": true,
	"jsoneachrow": true, "jsonlines": true, "ndjson": true, "jsoncompacteachrow": true, "rowbinary": true, "null": true,
}

// selects tells whether the statement is a SELECT.
func (q *request) selects() bool {
	words := scanner{text: q.statement}
	first, _ := words.next()
	return q.insert == nil && (strings.EqualFold(first, "SELECT") || strings.EqualFold(first, "WITH"))
}

// comesInPieces tells whether the engine can give the statement's result piece by piece. The format may stand in the
// statement; where a word after FORMAT is something else, the format of the request holds: so both must fit.
func (q *request) comesInPieces() bool {
	if !q.selects() || !inPieces[strings.ToLower(q.format)] {
		return false
	}
	words := scanner{text: q.statement}
	for {
		word, _ := words.next()
		if word == "" {
			return true
		}
		if strings.EqualFold(word, "FORMAT") {
			if format, _ := words.next(); !inPieces[strings.ToLower(format)] {
				return false
			}
		}
	}
}

const killAgainAfter = 200 * time.Millisecond

// killWhen cancels the query under mark when it is unwanted, again and again, for it may not have begun yet. The
// returned function ends the watch.
func (d *door) killWhen(unwanted <-chan struct{}, mark string) (settled func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		select {
		case <-done:
			return
		case <-unwanted:
		}
		for {
			if err := d.engine.kill(mark); err != nil {
				d.config.Log.Warn("a query that nobody wants any more could not be killed", "error", err)
			}
			select {
			case <-done:
				return
			case <-time.After(killAgainAfter):
			}
		}
	}()
	return func() { close(done); <-over }
}
