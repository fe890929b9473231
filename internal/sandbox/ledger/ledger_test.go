package ledger

import (
	"sync"
	"testing"
	"time"
)

func TestBooksCountWhatHappenedAndNotWhatWasOnlySaid(t *testing.T) {
	l := New(time.Now)
	for _, told := range []Told{Answered, Dropped, Late, Garbled} {
		l.Enter("create", "A", "1", told)
	}
	for _, told := range []Told{Ignored, Omitted, Failed} {
		l.Enter("create", "A", "", told)
	}
	l.Enter("create", "B", "2", Answered)
	l.Enter("cancel", "A", "1", Answered)
	l.Asked("create", "201")
	l.Asked("create", "201")
	b := l.Books()
	if s := b.Operations["create"]; s.Effects != 5 || s.Subjects != 2 || s.Repeated != 3 || s.Told[Answered] != 2 || s.Told[Ignored] != 1 {
		t.Errorf("%+v", s)
	}
	if s := b.Operations["cancel"]; s.Effects != 1 || s.Repeated != 0 {
		t.Errorf("one operation counts for another: %+v", s)
	}
	if len(b.Repeats) != 1 || b.Repeats[0] != (Repeat{"create", "A", 4}) || l.Times("create", "A") != 4 || l.Times("create", "C") != 0 {
		t.Errorf("%+v", b.Repeats)
	}
	if b.Requests["create"]["201"] != 2 {
		t.Errorf("%+v", b.Requests)
	}
}

func TestEffectsAreReadFromANumberOn(t *testing.T) {
	l := New(time.Now)
	for range 5 {
		l.Enter("create", "A", "1", Answered)
	}
	for after, want := range map[int]int{-1: 5, 0: 5, 3: 2, 5: 0, 9: 0} {
		if got := l.Effects(after); len(got) != want || want > 0 && got[0].Number != max(after, 0)+1 {
			t.Errorf("after %d: %+v", after, got)
		}
	}
}

func TestNothingIsLostWhenAllEnterAtOnce(t *testing.T) {
	l := New(time.Now)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				l.Enter("create", "A", "1", Answered)
				l.Asked("create", "201")
				l.Books()
			}
		})
	}
	all.Wait()
	if b := l.Books(); b.Operations["create"].Effects != 1600 || b.Requests["create"]["201"] != 1600 {
		t.Errorf("%+v", b)
	}
}
