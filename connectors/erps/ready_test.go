package erps

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
)

// floor is a warehouse, of which every reading tells all that changed within the overlap.
type floor struct {
	now     time.Time
	changed map[string]schemas.Readied
	watched []string
}

func (f *floor) set(ref, kind, mark string) {
	f.changed[ref] = schemas.Readied{Kind: kind, Ref: ref, Mark: mark, Revision: mark, ChangedAt: f.now}
}

func (f *floor) read(_ context.Context, at string, watched []string) (page schemas.Readies, err error) {
	f.watched = watched
	page.Again, page.Next = f.now.Add(-time.Minute), f.now.Format(time.RFC3339)
	var refs []string
	for ref := range f.changed {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	for _, ref := range refs {
		one := f.changed[ref]
		if !one.ChangedAt.Before(page.Again) && (one.Kind != schemas.ERPUnready || slices.Contains(watched, ref)) {
			page.Told = append(page.Told, one)
		}
	}
	return page, nil
}

// tell is what is told next, and where it goes on.
func (f *floor) tell(t *testing.T, cursor string) (said, next string) {
	t.Helper()
	page, err := ready(t.Context(), f.read, nil, cursor)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, one := range page.Told {
		words = append(words, one.Ref+" "+one.Kind)
	}
	return strings.Join(words, ", "), page.Next
}

func TestEachStateOfAShipmentIsToldOnceThoughItIsReadAgain(t *testing.T) {
	f := &floor{now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), changed: map[string]schemas.Readied{}}
	cursor := ""
	step := func(want string) {
		t.Helper()
		said, next := f.tell(t, cursor)
		if said != want {
			t.Errorf("told %q, want %q", said, want)
		}
		if said, same := f.tell(t, next); said != "" || same != next {
			t.Errorf("read again, it told %q, and goes on at %s behind %s", said, same, next)
		}
		cursor = next
	}
	f.set("1", schemas.ERPReady, "a")
	f.set("2", schemas.ERPReady, "b")
	step("1 ready, 2 ready")
	f.now = f.now.Add(time.Second)
	f.set("1", schemas.ERPReady, "a") // somebody wrote to it, and changed nothing
	step("")
	f.set("1", schemas.ERPUnready, "c")
	step("1 unready")
	f.set("1", schemas.ERPReady, "a") // as it was before
	step("1 ready")
	f.set("2", schemas.ERPGone, "d")
	step("2 gone")
	f.now = f.now.Add(time.Hour)
	step("")
	f.set("1", schemas.ERPUnready, "e") // long after
	step("1 unready")
	if f.now = f.now.Add(time.Hour); len(f.watched) != 0 {
		t.Errorf("it is still watched: %v", f.watched)
	}
	if step(""); strings.Contains(cursor, "told") {
		t.Errorf("what is of no use is remembered: %s", cursor)
	}
	if _, err := ready(t.Context(), f.read, nil, "{"); err == nil {
		t.Error("half a cursor was taken for one")
	}
}

// What is remembered has an end, the oldest of which is forgotten first.
func TestACursorDoesNotGrowWithoutEnd(t *testing.T) {
	f := &floor{now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), changed: map[string]schemas.Readied{}}
	cursor := ""
	for i := range 5 * watchedMax {
		clear(f.changed)
		f.now = f.now.Add(time.Hour)
		f.set(fmt.Sprint(1000+i), schemas.ERPReady, "aaaaaaaaaaaaaaaa")
		_, cursor = f.tell(t, cursor)
	}
	if len(f.watched) != watchedMax || f.watched[watchedMax-1] != fmt.Sprint(1000+5*watchedMax-2) {
		t.Errorf("%d are watched: %v", len(f.watched), f.watched)
	}
	if len(cursor) > 100*watchedMax {
		t.Errorf("the cursor has %d bytes", len(cursor))
	}
}
