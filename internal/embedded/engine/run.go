package engine

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// run prepares a fresh connection, executes the statement on it and answers with its result.
func (d *door) run(w http.ResponseWriter, r *http.Request, c *connection, q *request, data io.Reader) error {
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

	if q.insert != nil {
		rows, err := c.insert(q.insert.target, q.insert.format, data)
		if err == nil {
			d.succeed(w, q, rows, nil)
		}
		return err
	}
	result := c.run(q.statement, q.format, q.parameters)
	defer result.free()
	if err := result.err(); err != nil {
		return err
	}
	d.succeed(w, q, result.rowsWritten(), result.bytes())
	return nil
}

func (d *door) succeed(w http.ResponseWriter, q *request, rowsWritten uint64, body []byte) {
	w.Header().Set("X-ClickHouse-Summary", `{"written_rows":"`+strconv.FormatUint(rowsWritten, 10)+`"}`)
	d.answer(w, q, body)
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
