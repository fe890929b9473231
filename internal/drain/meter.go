package drain

import "time"

const (
	// rateWindow is how much busy time a rate is the mean of: long enough for several transactions or blocks, short enough to follow.
	rateWindow = 20 * time.Second
	// rateTime and rateSpans are how much of that must have been seen, and in how many movements, until there is a rate: the first record may be
	// the largest of all, and a shut door for that a slip.
	rateTime  = 5 * time.Second
	rateSpans = 3
	// busyTime is how much work must have waited for a movement to tell how fast the stage can be, and not how much came.
	busyTime = 2 * time.Second
	// standTime is how long a stage may move nothing, while something waits, until it stands still and nobody can say for how long: longer
	// than the takeover of a killed process (25 s), and than the longest gathering of a block.
	standTime = 60 * time.Second
	// some is the least that counts as a record: what is less is an error of the estimate.
	some = 0.5
)

// meter measures how fast one stage works. How fast it can is seen only while it has enough to do; what was seen last holds until then.
type meter struct {
	spans   []span    // in which it was busy, the newest last
	enough  bool      // was seen of them for a rate
	pace    float64   // records a second of the last movement, if it kept up with what came; else 0
	since   time.Time // of the last movement, or when work came
	waiting float64   // records that waited then
	sure    bool      // since is that moment, and not merely when somebody began to look
}

// span is from one movement to the next.
type span struct {
	done float64 // records
	took time.Duration
}

// look tells the meter how many records wait, and how many were done since the last look.
func (m *meter) look(at time.Time, waiting, done float64) {
	took := at.Sub(m.since)
	switch {
	case m.since.IsZero():
		m.sure = waiting < some
	case done <= 0 && m.waiting >= some && waiting >= some:
		return // the span goes on
	case done > 0 && took > 0:
		if m.sure && took <= standTime {
			m.add(span{done, took})
		}
		m.sure = true
	case waiting < some:
		m.sure = true
	}
	m.since, m.waiting = at, waiting
}

// add takes a span for the rate, if the stage can not have run dry in it. One in which it did only what came shows at least that it
// can do so much.
func (m *meter) add(s span) {
	busy := m.waiting >= s.done*max(1, busyTime.Seconds()/s.took.Seconds())
	if busy {
		m.pace = 0
		m.spans = append(m.spans, s)
		for sum(m.spans[1:]).took >= rateWindow {
			m.spans = m.spans[1:]
		}
		m.enough = m.enough || len(m.spans) >= rateSpans && sum(m.spans).took >= rateTime
		return
	}
	m.pace = s.done / s.took.Seconds()
	if m.enough && m.pace > m.rate(m.since) {
		m.spans = []span{s}
	}
}

// rate is records a second while it is busy; 0 as long as too little was seen of that. It sinks while the stage stands for longer than it used to.
func (m *meter) rate(now time.Time) float64 {
	if !m.enough {
		return 0
	}
	all, longest := sum(m.spans), time.Duration(0)
	for _, s := range m.spans {
		longest = max(longest, s.took)
	}
	if m.waiting >= some {
		all.took += max(0, now.Sub(m.since)-longest)
	}
	return all.done / all.took.Seconds()
}

// stands is whether it has moved nothing for long, though something waits.
func (m *meter) stands(now time.Time) bool {
	return m.waiting >= some && now.Sub(m.since) > standTime
}

func sum(spans []span) (all span) {
	for _, s := range spans {
		all.done += s.done
		all.took += s.took
	}
	return all
}
