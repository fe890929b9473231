package landing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// life is what is known of the life that the table's engine is in.
type life struct {
	asked  atomic.Int64 // how often it was asked for
	lock   sync.Mutex
	name   string // empty until it is known
	answer int64  // which question the name answers
	silent bool   // the engine did not answer the last time
}

func (l *life) known() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.name
}

// isOther is whether the life is known, and not that one.
func (l *life) isOther(than string) bool {
	name := l.known()
	return name != "" && name != than
}

// hear notes an answer, unless that to a later question is there already: whether the engine has a new life, and whether it is back
// after a silence.
func (l *life) hear(name string, question int64) (isNew, isBack bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if question < l.answer {
		return false, false
	}
	isNew, isBack = l.name != "" && l.name != name, l.silent || l.name != name
	l.name, l.answer, l.silent = name, question, false
	return isNew, isBack
}

func (l *life) hearNothing() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.silent = true
}

// ask asks which life the engine is in, and tells all partitions if it is a new one.
func (l *Landing) ask(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookSeconds*time.Second)
	defer cancel()
	question := l.life.asked.Add(1)
	name, err := l.table.Life(ctx)
	if err != nil {
		l.life.hearNothing()
		return "", &failure{"table", fmt.Errorf("ask whether the engine was started anew: %w", err)}
	}
	isNew, isBack := l.life.hear(name, question)
	if isNew {
		l.metrics.lives.Inc()
		l.log.Warn("the table's engine was started anew: what was in flight is looked for and repaired", "life", name)
	}
	if isBack {
		for _, p := range l.owned() {
			p.wake()
		}
	}
	return name, nil
}

// watch notices a new life of the engine also while nothing lands, and the end of an outage before those who wait do.
func (l *Landing) watch(ctx context.Context) {
	for {
		pause := lookSeconds * time.Second
		if _, err := l.ask(ctx); err != nil { // whoever writes complains
			pause = lookAgainMilliseconds * time.Millisecond
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// errNewLife is a yes that is not trusted.
var errNewLife = errors.New("the table's engine was started anew while a range was written again")

// look asks which life the engine is in. If it is a new one, the newest range is repaired, and what was in flight is in doubt.
func (p *partition) look(ctx context.Context) (doubt bool, err error) {
	name, err := p.landing.ask(ctx)
	if err != nil || name == p.life {
		return false, err
	}
	return true, p.mend(ctx, name)
}

// mend repairs the newest range that has landed: a machine that lost its power can have lost it.
func (p *partition) mend(ctx context.Context, life string) error {
	if p.last != nil {
		p.log.Info("repairing the newest range, because the engine was started anew", "from", p.last.From, "to", p.last.To)
		if err := p.put(ctx, block{span: *p.last}, p.landing.table.Repair); err != nil {
			return err
		}
	}
	p.life = life
	return nil
}

// mendIdle mends until it is done: nothing is in flight.
func (p *partition) mendIdle(ctx context.Context) {
	for attempt := 0; ; attempt++ {
		err := p.mend(ctx, p.landing.life.known())
		if err == nil || !p.backOff(ctx, attempt, err) {
			return
		}
	}
}
