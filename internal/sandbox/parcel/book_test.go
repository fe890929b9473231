package parcel

import (
	"fmt"
	"testing"
	"time"
)

// street is a book, and the clock of its calendar.
type street struct {
	clock time.Time
	*Book
}

func open(t *testing.T, follows bool) *street {
	t.Helper()
	s := &street{clock: time.Date(2026, 11, 23, 12, 0, 20, 0, time.UTC)}
	s.Book = NewBook(1, NewCalendar(func() time.Time { return s.clock }), German, follows)
	return s
}

func (s *street) add(parcels int) {
	for n := range parcels {
		s.Add(fmt.Sprint(n), fmt.Sprint("R", n), false, s.clock)
	}
}

func TestABookTellsWhatBecameOfEachParcel(t *testing.T) {
	s := open(t, false)
	s.add(2500)
	if sums := s.Sums(); sums != (Sums{Parcels: 2500, Living: 2500, Scans: 2500}) {
		t.Errorf("at first: %+v", sums)
	}
	s.clock = s.clock.Add(8 * 24 * time.Hour)
	scans, ended := 0, 0
	for truth := range s.Truths {
		scans += truth.Scans
		if truth.Ended {
			ended++
		}
		if p, found := s.Find(truth.Number); !found || p.Reference != truth.Reference || p.Status() != truth.Status || len(p.Scans) != truth.Scans {
			t.Fatalf("%+v, %+v", truth, p)
		}
	}
	sums := s.Sums()
	if ended != 2500 || sums.Living != 0 || sums.Delivered+sums.Returned+sums.Lost != 2500 || sums.Lost == 0 || sums.Returned == 0 || sums.Scans != scans {
		t.Errorf("%d scans, %d ended: %+v", scans, ended, sums)
	}
}

func TestScansAreOfWholeMinutesAndOfThisCalendar(t *testing.T) {
	s := open(t, false)
	s.add(1)
	s.clock = s.clock.Add(8 * 24 * time.Hour)
	p, _ := s.Find("0")
	if !p.Booked.Equal(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)) || !p.Scans[0].At.Equal(p.Booked) {
		t.Errorf("%+v", p)
	}
	for i, scan := range p.Scans[1:] {
		if before := p.Scans[i].At; !scan.At.Truncate(time.Minute).After(before) || scan.Place.City == "" {
			t.Errorf("%+v after %v", scan, before)
		}
	}
}

func TestWhatIsCancelledHasNoLifeAndWhatTheCarrierHasIsNotCancelled(t *testing.T) {
	s := open(t, false)
	s.add(2)
	if !s.Cancel("0") || s.Cancel("0") || s.Cancel("another") || s.Held("0") {
		t.Error("what was announced is cancelled once")
	}
	s.clock = s.clock.Add(8 * 24 * time.Hour)
	if s.Cancel("1") || !s.Held("1") || s.Held("0") {
		t.Error("what arrived was cancelled")
	}
	if p, _ := s.Find("0"); p.Status() != StatusCancelled || len(p.Scans) != 1 {
		t.Errorf("%+v", p)
	}
	if sums := s.Sums(); sums.Cancelled != 1 || sums.Living != 0 {
		t.Errorf("%+v", sums)
	}
}

func TestOnlyWhatIsFollowedIsToldOfAndNotWhatWasBefore(t *testing.T) {
	s := open(t, true)
	s.add(2)
	s.push(true)
	s.clock = s.clock.Add(12 * time.Hour)
	before, _ := s.Find("0")
	if !s.Follow("0", s.clock.Add(14*24*time.Hour)) || s.Follow("another", s.clock) {
		t.Error("whom it follows")
	}
	s.clock = s.clock.Add(8 * 24 * time.Hour)
	after, _ := s.Find("0")
	all := s.happened(1000)
	if len(all) != len(after.Scans)-len(before.Scans) || len(all) == 0 {
		t.Fatalf("told of %d, there were %d and then %d", len(all), len(before.Scans), len(after.Scans))
	}
	for i, one := range all {
		if one.parcel.Number != "0" || one.parcel.Last() != after.Scans[len(before.Scans)+i] {
			t.Errorf("%d: %+v", i, one.parcel)
		}
	}
}
