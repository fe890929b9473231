// Package feed brings documents to the feed door of an instance, wherever that is at the moment, until each is accepted or
// refused. What was sent and not answered is sent again: an order may then be stored twice, which is counted and does no harm,
// but none is lost.
//
// It knows the door's requests and answers, and nothing of what the documents say.
package feed

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"
)

// Document is one document to feed, and where it comes from, for a complaint about it: "orders.ndjson:17".
type Document struct {
	Bytes []byte
	Place string
}

// Report counts what became of the documents so far.
type Report struct {
	Documents int // that were settled: accepted or rejected
	Accepted  int // orders accepted; a document may hold several
	Rejected  int // documents the door refused for good
	Retried   int // requests that were sent once more
	Bytes     int64
}

// Limits of one request. The door's own are higher, unless someone lowered them: then a request is cut in halves.
const (
	batchDocumentsMax = 500
	batchBytesMax     = 4 << 20
)

// Settings say where to and how patiently.
type Settings struct {
	Party string
	Token string // that the party's feed door asks for; "" for none
	// Where is the instance's address, http://host:port. It is asked before each attempt, because an instance that was started
	// again may listen elsewhere.
	Where func() (string, error)
	// Wait is how long to go on trying without any success. While the door asks to wait, it is there, and the time does not count.
	Wait time.Duration
	// Reject hears of each document that the door refused for good.
	Reject func(document Document, reason string)
	// Progress hears of each request that was settled; nil if nobody cares.
	Progress func(Report)
	// Asked hears when the door asks to wait, for so long and why; nil if nobody cares.
	Asked func(wait time.Duration, why string)
	// HTTP does the requests; nil for one with a timeout.
	HTTP *http.Client
}

// WaitDefault is how long an instance may be away before a feed gives up.
const WaitDefault = time.Minute

// Client feeds one party. One request is under way at a time, so that what is said about one order stays in order.
type Client struct {
	settings Settings
	batch    []Document
	bytes    int
	report   Report
}

// New prepares a client; it opens nothing.
func New(settings Settings) *Client {
	if settings.Wait == 0 {
		settings.Wait = WaitDefault
	}
	if settings.HTTP == nil {
		settings.HTTP = patientHTTP()
	}
	if settings.Reject == nil {
		settings.Reject = func(Document, string) {}
	}
	if settings.Asked == nil {
		settings.Asked = func(time.Duration, string) {}
	}
	if settings.Progress == nil {
		settings.Progress = func(Report) {}
	}
	return &Client{settings: settings}
}

// Add takes a document, and sends what has gathered when that is enough for a request. It keeps the bytes until then.
func (c *Client) Add(ctx context.Context, document Document) error {
	alone := bytes.HasPrefix(document.Bytes, []byte{'['}) // the door counts the elements of an array as documents of their own
	if len(c.batch) > 0 && (alone || c.bytes+len(document.Bytes) > batchBytesMax) {
		if err := c.Flush(ctx); err != nil {
			return err
		}
	}
	c.batch = append(c.batch, document)
	c.bytes += len(document.Bytes) + 1
	if !alone && len(c.batch) < batchDocumentsMax && c.bytes < batchBytesMax {
		return nil
	}
	return c.Flush(ctx)
}

// Flush sends what has gathered. After an error nothing more is sent; the report says how far it came.
func (c *Client) Flush(ctx context.Context) error {
	batch := c.batch
	c.batch, c.bytes = nil, 0
	return c.settle(ctx, batch)
}

// Report is what became of the documents so far.
func (c *Client) Report() Report { return c.report }

// settle sends the documents until each is accepted or rejected. When the door refuses a request because of one document, the
// others go without that one.
func (c *Client) settle(ctx context.Context, batch []Document) error {
	for len(batch) > 0 {
		said, err := c.send(ctx, batch)
		if err != nil {
			return fmt.Errorf("feed %s from %s on: %w", c.settings.Party, batch[0].Place, err)
		}
		switch {
		case said.accepted():
			c.accept(batch, said)
			return nil
		case !said.aboutDocuments():
			return fmt.Errorf("feed %s from %s on: the instance refused: %s", c.settings.Party, batch[0].Place, said.reason())
		case said.Document >= 1 && said.Document <= len(batch):
			// What stands before the faulty one goes first: documents about one order stay in order.
			if err := c.settle(ctx, batch[:said.Document-1]); err != nil {
				return err
			}
			c.reject(batch[said.Document-1], said)
			batch = batch[said.Document:]
		case len(batch) == 1:
			c.reject(batch[0], said)
			return nil
		default: // too much at once
			if err := c.settle(ctx, batch[:len(batch)/2]); err != nil {
				return err
			}
			batch = batch[len(batch)/2:]
		}
	}
	return nil
}

func (c *Client) accept(batch []Document, said *answer) {
	c.report.Documents += len(batch)
	c.report.Accepted += said.Accepted
	for _, d := range batch {
		c.report.Bytes += int64(len(d.Bytes))
	}
	c.settings.Progress(c.report)
}

func (c *Client) reject(document Document, said *answer) {
	c.report.Documents++
	c.report.Rejected++
	c.settings.Reject(document, said.reason())
	c.settings.Progress(c.report)
}

// bodyOf puts the documents one behind the other. The line feed keeps two numbers apart.
func bodyOf(batch []Document) []byte {
	var body bytes.Buffer
	for _, d := range batch {
		body.Write(d.Bytes)
		body.WriteByte('\n')
	}
	return body.Bytes()
}
