package landing

import (
	"context"
	"sync/atomic"
	"testing"

	"waybill/topics"
)

func TestRowsThatACrashedEngineForgotAreRepaired(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	var m *member
	var once atomic.Bool
	s.table.intercept(func(_ context.Context, b *topics.Block) error {
		if !once.CompareAndSwap(false, true) {
			return nil
		}
		s.table.forget(b)
		m.EngineCrashed()
		return errRefused
	}, nil)
	m = s.start(s.config())
	s.landed()
}

func TestTheLastRangeIsRepairedAfterACrashWhileNothingComes(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	m := s.start(s.config())
	s.landed()
	s.table.forget(&topics.Block{Topic: s.topic, From: 0, To: 30, Events: s.table.some("orders.raw/0/29")})
	m.EngineCrashed()
	s.landed()
}

func TestTheLastRangesAreRepairedIfTheEngineCrashedBeforeTheStart(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	m := s.start(s.config())
	s.landed()
	m.stop()
	s.table.forget(&topics.Block{Topic: s.topic, From: 0, To: 30, Events: s.table.some("orders.raw/0/3")})
	c := s.config()
	c.EngineCrashed = true
	s.start(c)
	s.landed()
}

func TestACrashThatIsToldLateIsRepairedToo(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 200)
	var once atomic.Bool
	s.table.intercept(func(_ context.Context, b *topics.Block) error {
		if once.CompareAndSwap(false, true) {
			s.table.forget(b)
			return errRefused
		}
		return nil
	}, nil)
	m := s.start(s.config())
	s.await("the others have landed", func() bool { return s.table.count() == 150 })
	m.EngineCrashed()
	s.landed()
}
