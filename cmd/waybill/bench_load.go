package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// load is what so many senders send to a door, each over a connection that it keeps. The requests are written before, so that next
// to nothing of what is measured is the senders' own work.
type load struct {
	address     string // host:port
	connections int
	requests    [][]byte      // as they go over the wire; one each opens the connections and is not measured
	every       time.Duration // one is due each; 0: as soon as a sender has his answer
}

// answers is how a load was answered.
type answers struct {
	perSecond float64
	waits     []time.Duration // of each request, since it was due
}

func (l *load) send(ctx context.Context) (answers, error) {
	lines, err := l.dial(ctx)
	defer func() {
		for _, line := range lines {
			line.Close()
		}
	}()
	if err != nil {
		return answers{}, err
	}
	var next atomic.Int64
	requests := l.requests[len(lines):]
	waits, began := make([]time.Duration, len(requests)), time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, line := range lines {
		group.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(requests) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				due := l.await(began, i)
				if err := line.ask(requests[i]); err != nil {
					return err
				}
				waits[i] = time.Since(due)
			}
			return ctx.Err()
		})
	}
	err = group.Wait()
	return answers{float64(len(requests)) / time.Since(began).Seconds(), waits}, err
}

// await returns when request i is due. One that comes too late, because all senders wait for an answer, was due nevertheless: what
// it waited for them counts too.
func (l *load) await(began time.Time, i int) (due time.Time) {
	if l.every == 0 {
		return time.Now()
	}
	due = began.Add(time.Duration(i) * l.every)
	time.Sleep(time.Until(due))
	return due
}

// line is the connection of one sender.
type line struct {
	net.Conn
	answers *bufio.Reader
}

// lineSeconds bounds how long a connection is used.
const lineSeconds = 120

// dial opens the connections, each with a request that is not measured: so neither is what connecting takes.
func (l *load) dial(ctx context.Context) (lines []line, err error) {
	for i := range l.connections {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.address)
		if err != nil {
			return lines, err
		}
		lines = append(lines, line{conn, bufio.NewReader(conn)})
		if err := conn.SetDeadline(time.Now().Add(lineSeconds * time.Second)); err != nil {
			return lines, err
		}
		if err := lines[i].ask(l.requests[i]); err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// ask sends a request and reads its answer, which must be that it is accepted.
func (l line) ask(request []byte) error {
	if _, err := l.Write(request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("the door answered %s: %.200s", answer.Status, text)
	}
	return err
}
