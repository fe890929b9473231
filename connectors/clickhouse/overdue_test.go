package clickhouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// entryOf is an entry of the trash of that class and party, in that state.
func entryOf(n int, class, party, state string) *schemas.TrashEntry {
	e := trashed(n, state)
	e.Class, e.Party = class, party
	return e
}

func TestHowLongARepairTakesIsKnownByClassAndParty(t *testing.T) {
	h := migrated(t)
	var entries []any
	for n := range 10 { // offset n closes after n seconds
		entries = append(entries, entryOf(n, schemas.ClassInvalid, "allegro", schemas.TrashRepaired))
	}
	entries = append(entries,
		entryOf(100, schemas.ClassInDoubt, "erp", schemas.TrashOpen), // it is reopened below
		entryOf(100, schemas.ClassInDoubt, "erp", schemas.TrashDismissed),
		entryOf(101, schemas.ClassInDoubt, "erp", schemas.TrashDismissed),
		entryOf(102, schemas.ClassInvalid, "amazon", schemas.TrashOpen),
		entryOf(100, schemas.ClassInDoubt, "erp", schemas.TrashOpen))
	h.write(block(topics.Trash, 0, 0, entries...))
	h.write(block(topics.Trash, 0, 0, entries...)) // again: it counts once
	got := h.rows("SELECT class || ' ' || party || ' ' || toString((closed, repaired, median_seconds, p90_seconds)) FROM v_trash_mttr ORDER BY class")
	want := []string{"in_doubt erp (1,0,12,12)", "invalid allegro (10,10,4.5,8.1)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsOverdueIsCountedByTheOrdersPromiseOrByClass(t *testing.T) {
	h := migrated(t)
	promised := func(n int, at time.Duration) *schemas.TrashEntry {
		e := entryOf(n, schemas.ClassInvalid, "allegro", schemas.TrashOpen)
		e.ShipBy = new(schemas.At(noon.Time().Add(at)))
		return e
	}
	h.write(block(topics.Trash, 0, 0,
		promised(0, time.Hour), promised(1, 3*time.Hour), promised(2, 48*time.Hour),
		entryOf(3, schemas.ClassInvalid, "allegro", schemas.TrashWaiting),
		entryOf(4, schemas.ClassInDoubt, "erp", schemas.TrashOpen),
		entryOf(5, schemas.ClassInDoubt, "erp", schemas.TrashOpen), entryOf(5, schemas.ClassInDoubt, "erp", schemas.TrashRepaired)))
	due := clickhouse.Due{Hours: 24, ByClass: map[string]int{schemas.ClassInDoubt: 4, "conflict": 1}}
	for after, want := range map[time.Duration]string{
		0:              "[{in_doubt erp 0} {invalid allegro 0}]",
		2 * time.Hour:  "[{in_doubt erp 0} {invalid allegro 1}]",
		5 * time.Hour:  "[{in_doubt erp 1} {invalid allegro 2}]",
		25 * time.Hour: "[{in_doubt erp 1} {invalid allegro 3}]",
		49 * time.Hour: "[{in_doubt erp 1} {invalid allegro 4}]",
	} {
		got, err := h.OverdueTrash(t.Context(), due, noon.Time().Add(after))
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("after %s: %v, %v, want %s", after, got, err, want)
		}
	}
}

func TestWhatIsMissingIsCountedByWhatItIsAndByParty(t *testing.T) {
	h := migrated(t)
	missing := func(order, what, state string, after time.Duration) *schemas.Missing {
		return &schemas.Missing{OrderID: order, Party: "allegro", What: what, State: state, Share: 100, Since: noon, Due: schemas.At(noon.Time().Add(after)), At: noon}
	}
	h.write(block(topics.Missing, 0, 0,
		missing("allegro/1", schemas.MissingShipped, schemas.StateMissing, time.Minute), missing("allegro/2", schemas.MissingShipped, schemas.StateMissing, 2*time.Minute),
		missing("allegro/3", schemas.MissingShipped, schemas.StateMissing, time.Minute), missing("allegro/3", schemas.MissingShipped, schemas.StateCame, time.Minute),
		missing("allegro/1", schemas.MissingHandedOver, schemas.StateMissing, time.Hour)))
	for after, want := range map[time.Duration]string{
		time.Minute - time.Millisecond: "[{handed_over allegro 0} {shipped allegro 0}]",
		time.Minute:                    "[{handed_over allegro 0} {shipped allegro 1}]",
		time.Hour:                      "[{handed_over allegro 1} {shipped allegro 2}]",
	} {
		got, err := h.OverdueMissing(t.Context(), noon.Time().Add(after))
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("after %s: %v, %v, want %s", after, got, err, want)
		}
	}
}

func TestAnEntryStandsBesideItsOwner(t *testing.T) {
	h := migrated(t)
	note := func(n int, kind, owner string) *schemas.TrashNote {
		id := trashed(n, schemas.TrashOpen).TrashID
		v := &schemas.TrashNote{NoteID: schemas.OwnerNoteID(id), TrashID: id, Kind: kind, Owner: owner, By: "anna", Text: "w", At: noon, OrderID: "allegro/1", Party: "allegro"}
		if kind == schemas.NoteCommented {
			v.NoteID = id + "/1"
		}
		return v
	}
	h.write(
		block(topics.Trash, 0, 0, trashed(1, schemas.TrashOpen), trashed(2, schemas.TrashOpen), trashed(3, schemas.TrashOpen)),
		block(topics.TrashNotes, 1, 0, note(1, schemas.NoteAssigned, "ben"), note(1, schemas.NoteAssigned, "cleo"), note(2, schemas.NoteAssigned, "ben"), note(2, schemas.NoteAssigned, "")),
		block(topics.TrashNotes, 2, 0, note(1, schemas.NoteCommented, ""), note(3, schemas.NoteCommented, "")))
	got := h.rows("SELECT offset, ' ', owner, ' ', isNull(ship_by) FROM v_trash ORDER BY offset")
	if want := []string{"1 cleo 1", "2  1", "3  1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
