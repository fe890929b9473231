package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// answer is what the door said.
type answer struct {
	status   int
	after    time.Duration // it asked to wait so long
	Accepted int           `json:"accepted"`
	Error    string        `json:"error"`
	Document int           `json:"document"` // at fault, counted from 1; 0 if none was named
}

func (a *answer) accepted() bool { return a.status == http.StatusAccepted }

// aboutDocuments says that it was refused because of what was sent, not because of who sent it or where.
func (a *answer) aboutDocuments() bool {
	return a.status == http.StatusRequestEntityTooLarge || a.status == http.StatusUnprocessableEntity
}

// passes says that the same may be accepted a while later.
func (a *answer) passes() bool {
	return a.status == http.StatusTooManyRequests || a.status == http.StatusRequestTimeout || a.status >= 500
}

func (a *answer) reason() string {
	if a.Error != "" {
		return a.Error
	}
	return strconv.Itoa(a.status) + " " + http.StatusText(a.status)
}

// send posts the documents, again and again, until the door answers something that stays so.
func (c *Client) send(ctx context.Context, batch []Document) (*answer, error) {
	body := bodyOf(batch)
	giveUp := time.Now().Add(c.settings.Wait)
	for attempt := 0; ; attempt++ {
		said, err := c.post(ctx, body)
		if err == nil && !said.passes() {
			return said, nil
		}
		var asked time.Duration
		if err == nil {
			err, asked = fmt.Errorf("the instance says: %s", said.reason()), said.after
		}
		pause := backoff(attempt, asked)
		if asked > 0 && said.status == http.StatusTooManyRequests {
			giveUp = giveUp.Add(pause)
			c.settings.Asked(pause, said.reason())
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if time.Now().Add(pause).After(giveUp) {
			return nil, fmt.Errorf("nothing was accepted for %s, the last time because: %w", c.settings.Wait, err)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
		c.report.Retried++
	}
}

// Limits of the pauses between attempts.
const (
	pauseMin = 100 * time.Millisecond
	pauseMax = 5 * time.Second
	askedMax = 10 * time.Minute // longest wait that a door may ask for
)

// backoff is any time up to a limit that doubles with each attempt ("full jitter"), behind what the door asked for.
func backoff(attempt int, asked time.Duration) time.Duration {
	limit := min(pauseMin<<min(attempt, 20), pauseMax)
	return min(asked, askedMax) + rand.N(limit)
}

// requestSeconds bounds one attempt: longer than the door waits for its brokers.
const requestSeconds = 60

func patientHTTP() *http.Client {
	return &http.Client{
		Timeout:       requestSeconds * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answerBytesMax bounds what is read of an answer.
const answerBytesMax = 64 << 10

func (c *Client) post(ctx context.Context, body []byte) (*answer, error) {
	where, err := c.settings.Where()
	if err != nil {
		return nil, fmt.Errorf("find the instance: %w", err)
	}
	address, err := url.JoinPath(where, "feed", url.PathEscape(c.settings.Party))
	if err != nil {
		return nil, fmt.Errorf("the instance's address %q: %w", where, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the instance's address %q: %w", where, err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("User-Agent", "waybill")
	if c.settings.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.settings.Token)
	}
	response, err := c.settings.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return read(response)
}

// read understands an answer. One that breaks off is none: the documents may be stored, or not.
func read(response *http.Response) (*answer, error) {
	text, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	said := &answer{status: response.StatusCode}
	if err := json.Unmarshal(text, said); err != nil && said.accepted() {
		return nil, fmt.Errorf("%s answered %d, but not as a feed door does: %w", response.Request.URL.Host, response.StatusCode, err)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		said.after = time.Duration(seconds) * time.Second
	}
	return said, nil
}
