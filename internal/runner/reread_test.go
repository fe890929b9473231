package runner

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// What is read again from its beginning leads to the same bytes, in the table too, whatever waited, failed, was mended or dismissed, broke the
// step or was woken; and nothing is written (item 176).
func TestWhatIsReadAgainLeadsToTheSameBytes(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	for n := range 40 {
		r.put(toyMessage(toyIn, key(n), "first"))
	}
	r.put(
		toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "behind"), toyMessage(toyIn, key(2), "dead"), toyMessage(toyIn, key(2), "behind"),
		toyMessage(toyIn, key(3), "wait"), toyMessage(toyIn, key(3), "behind"), toyMessage(toyIn, key(4), "wake:1"), toyMessage(toyIn, key(5), "panic"),
		toyMessage(toyIn, key(6), "fail"), toyMessage(toyIn, key(6), "behind"), toyMessage(toyIn, key(7), "undeclared"), toyMessage(toyIn, key(8), "wait:2"),
	)
	member := r.start(step, "1")
	r.await("all has failed that does", func() bool { return len(r.entries()) == 6 })
	for _, entry := range r.entries() {
		switch entry.Key {
		case key(1):
			r.do(schemas.DidRetry, entry, "mended", false)
		case key(2):
			r.do(schemas.DidDismiss, entry, "", false)
		}
	}
	r.put(toyMessage(toyPairs, key(3), "pair"))
	for _, n := range []int{1, 2, 3} {
		r.await(fmt.Sprintf("%s goes on", key(n)), func() bool { return slices.Contains(r.said()[key(n)], "behind") })
	}
	r.await("the hour has come", func() bool { return slices.Contains(r.said()[key(4)], "wake the hour") })
	member.stop()

	again, err := NewRereading(Config{Instance: "again", Dir: filepath.Join(t.TempDir(), "table"), Log: quiet(), Limits: r.limits}, step, r.registry)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	before := len(readAll[schemas.RawOrder](r, toyOut))
	var written []kgo.Record
	for partition, records := range r.inputs() {
		out, err := again.Read(t.Context(), partition, records)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, out...)
	}
	told := func(record *kgo.Record) string {
		id, _ := header(record, topics.HeaderEventID)
		return fmt.Sprintf("%s %s %s %x", record.Topic, record.Key, id, record.Value)
	}
	want, got := map[string]bool{}, map[string]bool{}
	for _, l := range readAll[schemas.RawOrder](r, toyOut) {
		want[told(l.record)] = true
	}
	for i := range written {
		if written[i].Topic == toyOut.Name {
			got[told(&written[i])] = true
		}
	}
	for line := range want {
		if !got[line] {
			t.Errorf("it does not come again: %s", line)
		}
	}
	if len(got) != len(want) || len(want) < 40 {
		t.Errorf("%d messages come again, there were %d", len(got), len(want))
	}
	r.hasRows(again)
	if after := len(readAll[schemas.RawOrder](r, toyOut)); after != before {
		t.Errorf("there are %d messages, there were %d", after, before)
	}
}

// inputs are all that the toy has read, by partition, in the order of time.
func (r *rig) inputs() map[int32][]*kgo.Record {
	r.t.Helper()
	by := map[int32][]*kgo.Record{}
	for _, topic := range Inputs((&toy{}).step()) {
		for _, l := range readAll[schemas.RawOrder](r, topic) {
			by[l.record.Partition] = append(by[l.record.Partition], l.record)
		}
	}
	for _, records := range by {
		slices.SortStableFunc(records, func(a, b *kgo.Record) int { return a.Timestamp.Compare(b.Timestamp) })
	}
	return by
}

// hasRows compares the table of a rereading with that of the toy.
func (r *rig) hasRows(again *Rereading) {
	r.t.Helper()
	rows := map[string]*kgo.Record{}
	for _, l := range readAll[schemas.Row](r, toyTable) {
		rows[string(l.record.Key)] = l.record
	}
	for name, row := range rows {
		value, _, err := again.store.Get(nil, row.Partition, []byte(name))
		if err != nil || string(value) != string(row.Value) {
			r.t.Errorf("the row of %s is %x, want %x (%v)", name, value, row.Value, err)
		}
	}
}
