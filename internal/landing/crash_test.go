package landing

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"waybill/topics"
)

func TestRowsThatACrashedEngineForgotAreRepaired(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	var once atomic.Bool
	s.table.intercept(func(_ context.Context, b *topics.Block) error {
		if !once.CompareAndSwap(false, true) {
			return nil
		}
		s.table.crash(b)
		return errRefused
	}, nil)
	s.start(s.config())
	s.landed()
}

// The first try hangs in the engine while the second is on its way; then it crashes, and its successor remembers the token.
func TestAYesOfAnEngineThatWasStartedAnewMeanwhileIsNotTrusted(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 200)
	var tries atomic.Int64
	s.table.intercept(func(_ context.Context, b *topics.Block) error {
		switch tries.Add(1) {
		case 1:
			return errRefused
		case 2:
			s.table.crash(b)
		}
		return nil
	}, nil)
	s.start(s.config())
	s.landed()
}

func TestAnEngineThatLivesOnIsTrusted(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 200)
	s.table.intercept(nil, func(_ context.Context, b *topics.Block) error {
		if s.table.sent(b) == 1 {
			return errRefused // the answer is lost
		}
		return nil
	})
	m := s.start(s.config())
	s.landed()
	s.await("the offset has moved", func() bool { at, _ := s.offset(0); return at == 200 })
	m.stop()
	s.start(s.config())
	s.produce(0, 10)
	s.landed()
	if len(s.table.repaired) > 0 {
		t.Errorf("%v were repaired, and nothing was broken", s.table.repaired)
	}
}

func TestTheNewestRangeIsRepairedInANewLifeWhileNothingComes(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	m := s.start(s.config())
	s.landed()
	s.table.crash(&topics.Block{Topic: s.topic, From: 0, To: 30, Events: s.table.some("orders.raw/0/29")})
	if _, err := m.ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.landed()
	if starts := m.value(m.metrics.lives).GetCounter().GetValue(); starts != 1 {
		t.Errorf("%v starts are counted", starts)
	}
}

func TestTheNewestRangeIsRepairedIfTheEngineWasStartedAnewBeforeTheMember(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	m := s.start(s.config())
	s.landed()
	s.await("the offset has moved", func() bool { at, _ := s.offset(0); return at == 30 })
	m.stop()
	s.table.crash(&topics.Block{Topic: s.topic, From: 0, To: 30, Events: s.table.some("orders.raw/0/3")})
	s.start(s.config())
	s.landed()
}

func TestARangeThatWasPromisedInAnotherLifeIsRepaired(t *testing.T) {
	for name, life := range map[string]string{"before lives were noted": "", "in another": "another life"} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 1)
			s.produce(0, 30)
			s.commit(0, promise{next: &Span{0, 30, 30}, life: life})
			s.table.forget(&topics.Block{Topic: s.topic, From: 0, To: 30})
			s.start(s.config())
			s.landed()
			if !slices.Equal(s.table.repaired, []string{"orders.raw/0/0-30"}) {
				t.Errorf("repaired %v", s.table.repaired)
			}
		})
	}
}

// sent is how often the block was.
func (l *ledger) sent(b *topics.Block) int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.tokens[b.Token()]
}
