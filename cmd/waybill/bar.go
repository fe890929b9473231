package main

import (
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"

	"waybill/internal/feed"
)

// bar shows how far a feed is, on a terminal only.
type bar struct {
	writer  progress.Writer // nil off a terminal
	tracker *progress.Tracker
	done    chan struct{}
}

func (a *app) newBar() *bar {
	if !a.onTerminal() || a.output == "json" {
		return &bar{}
	}
	b := &bar{writer: progress.NewWriter(), tracker: &progress.Tracker{Message: "feeding", Units: progress.UnitsBytes}, done: make(chan struct{})}
	b.writer.SetOutputWriter(a.stderr)
	b.writer.SetUpdateFrequency(200 * time.Millisecond)
	b.writer.SetTrackerLength(30)
	b.writer.Style().Visibility.ETA, b.writer.Style().Visibility.Speed = true, true
	b.writer.AppendTracker(b.tracker)
	go func() {
		defer close(b.done)
		b.writer.Render()
	}()
	return b
}

// add says that so many bytes more are to be fed; 0 if nobody knows.
func (b *bar) add(size int64) {
	if b.writer != nil {
		b.tracker.UpdateTotal(b.tracker.Total + size)
	}
}

func (b *bar) show(r feed.Report) {
	if b.writer != nil {
		b.tracker.SetValue(r.Bytes)
	}
}

func (b *bar) end() {
	if b.writer == nil {
		return
	}
	b.tracker.MarkAsDone()
	b.writer.Stop()
	<-b.done
}
