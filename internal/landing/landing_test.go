package landing

import (
	"context"
	"sync/atomic"
	"testing"

	"waybill/topics"
)

func TestEveryRecordLandsOnceAndThenTheOffsetMoves(t *testing.T) {
	s := newStage(t, 3)
	s.produce(0, 120)
	s.produce(1, 7)
	s.start(s.config())
	s.landed()
	s.produce(1, 60)
	s.landed()
	s.await("the offsets stand at the end", func() bool {
		first, one := s.offset(0)
		second, two := s.offset(1)
		return first == 120 && second == 67 && one.next == nil && two.next == nil
	})
}

func TestARangeIsPromisedBeforeItIsWrittenAndItsOffsetMovesAfter(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 30)
	var offset int64
	var promised promise
	s.table.intercept(func(context.Context, *topics.Block) error {
		offset, promised = s.offset(0)
		return nil
	}, nil)
	s.start(s.config())
	s.landed()
	if offset != 0 || promised.next == nil || promised.next.To != 30 || promised.next.Records != 30 {
		t.Errorf("while the block was written, offset %d promised %s", offset, promised.text())
	}
}

func TestNothingIsLostOrDoubledWhenItDiesBetweenAnyTwoStages(t *testing.T) {
	stages := map[string]func(s *stage, die func()){
		"after the promise": func(s *stage, die func()) {
			s.table.intercept(func(context.Context, *topics.Block) error { die(); return errRefused }, nil)
		},
		"after the insert, its answer lost": func(s *stage, die func()) {
			s.table.intercept(nil, func(context.Context, *topics.Block) error { die(); return errRefused })
		},
		"after the insert, before the commit": func(s *stage, die func()) {
			s.table.intercept(nil, func(context.Context, *topics.Block) error { die(); return nil })
		},
	}
	for name, set := range stages {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 1)
			s.produce(0, 130)
			dead, begun := make(chan struct{}), make(chan struct{})
			var once atomic.Bool
			var m *member
			set(s, func() {
				<-begun
				if once.CompareAndSwap(false, true) {
					m.kill()
					close(dead)
				}
			})
			m = s.start(s.config())
			close(begun)
			<-dead
			<-m.done
			s.table.intercept(nil, nil)
			offset, promised := s.offset(0)
			if offset != 0 || promised.next == nil {
				t.Fatalf("it died at offset %d, promising %s", offset, promised.text())
			}
			first := s.table.order[0]
			s.produce(0, 40) // a range cut anew would now be another one
			s.start(s.config())
			s.landed()
			if s.table.tokens[first] != 2 || s.table.order[1] != first {
				t.Errorf("%s was sent first, then %v", first, s.table.order[1:])
			}
		})
	}
}
