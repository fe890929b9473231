package table

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
)

const topic = "table.toy"

// rig is a topic of one partition and the store that follows it. A row is eight bytes, when to wake it, and text.
type rig struct {
	testing.TB
	broker *embeddedtest.Broker
	kafka  []kgo.Opt
	dir    string
	store  *Store
	notes  int // rows that were looked at
}

func newRig(t testing.TB) *rig {
	r := &rig{TB: t, broker: embeddedtest.StartBroker(t), dir: t.TempDir()}
	r.kafka = append(embeddedtest.Quick(), kgo.SeedBrokers(r.broker.Brokers()...))
	r.makeTopic()
	r.open()
	t.Cleanup(func() { _ = r.store.Close() })
	return r
}

func (r *rig) makeTopic() {
	r.Helper()
	policy := "compact"
	if _, err := kadm.NewClient(r.client()).CreateTopic(r.Context(), 1, 1, map[string]*string{"cleanup.policy": &policy}, topic); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) open() {
	r.Helper()
	var err error
	if r.store, err = Open(r.dir); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) client(opts ...kgo.Opt) *kgo.Client {
	r.Helper()
	client, err := kgo.NewClient(append(opts, r.kafka...)...)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(client.Close)
	return client
}

func row(wake int, text string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(wake)), text...)
}

func note(row []byte) (Note, error) {
	return Note{Wake: int64(binary.BigEndian.Uint64(row)), Waits: waitsIn(row)}, nil
}

func (r *rig) write(key string, value []byte) {
	r.Helper()
	if err := r.client().ProduceSync(r.Context(), &kgo.Record{Topic: topic, Key: []byte(key), Value: value}).FirstErr(); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) restore() {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	r.notes = 0
	err := r.store.Restore(ctx, r.kafka, topic, 0, func(row []byte) (Note, error) { r.notes++; return note(row) })
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) wants(key, text string) {
	r.Helper()
	got, ok, err := r.store.Get(nil, 0, []byte(key))
	if err != nil {
		r.Fatal(err)
	}
	if ok != (text != "") || ok && string(got[8:]) != text {
		r.Errorf("row of %s is %q, want %q", key, got, text)
	}
}

func (r *rig) due(now int64) (keys string) {
	r.Helper()
	if err := r.store.Due(0, now, func(key []byte, at int64) bool { keys += fmt.Sprintf("%s@%d ", key, at); return true }); err != nil {
		r.Fatal(err)
	}
	return keys
}

func TestARestoredTableHasTheLastRowOfEachKey(t *testing.T) {
	r := newRig(t)
	r.write("a", row(5, "first"))
	r.write("b", row(7, "waits"))
	r.write("c", row(3, "waits"))
	r.write("a", row(9, "second"))
	r.write("c", nil)
	r.restore()
	r.wants("a", "second")
	r.wants("b", "waits")
	r.wants("c", "")
	if due := r.due(8); due != "b@7 " {
		t.Errorf("due at 8 is %q", due)
	}
	if waiting, err := r.store.Waiting(0); err != nil || waiting != 1 {
		t.Errorf("%d keys wait, %v", waiting, err)
	}
}

// writeAll writes a row each, in order, and waits once.
func (r *rig) writeAll(n int, each func(i int) (key string, value []byte)) {
	r.Helper()
	client := r.client()
	for i := range n {
		key, value := each(i)
		client.Produce(r.Context(), &kgo.Record{Topic: topic, Key: []byte(key), Value: value}, func(_ *kgo.Record, err error) {
			if err != nil {
				r.Error(err)
			}
		})
	}
	if err := client.Flush(r.Context()); err != nil {
		r.Fatal(err)
	}
}

// Half of so many rows that they are read in many pieces get a wake-up, move it, and give it up.
func TestWakeUpsThatMovedWhileTheTableWasWrittenAreDueOnce(t *testing.T) {
	for name, keys := range map[string]int{"few": 12_000, "more than is kept in mind": notedMax + 12_000} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			for _, text := range []string{"first", "waits", "third"} {
				r.writeAll(keys, func(i int) (string, []byte) {
					wake := map[string]int{"first": 5, "waits": 7, "third": 0}[text]
					if i%2 == 0 && text == "third" {
						return fmt.Sprint(i), row(9, text)
					}
					return fmt.Sprint(i), row(wake, text)
				})
			}
			r.restore()
			n, late := 0, 0
			if err := r.store.Due(0, 100, func(_ []byte, at int64) bool {
				n++
				if at != 9 {
					late++
				}
				return true
			}); err != nil {
				t.Fatal(err)
			}
			if n != keys/2 || late != 0 {
				t.Errorf("%d wake-ups, %d of them of an earlier row; want %d", n, late, keys/2)
			}
			if waiting, err := r.store.Waiting(0); err != nil || waiting != 0 {
				t.Errorf("%d keys wait, %v", waiting, err)
			}
		})
	}
}

func TestARestartReadsOnlyWhatCameSinceTheCheckpoint(t *testing.T) {
	r := newRig(t)
	for i := range 100 {
		r.write(fmt.Sprint(i%10), row(0, "old"))
	}
	r.restore()
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	r.broker.Restart()
	r.write("new", row(0, "new"))
	r.open()
	r.restore()
	r.wants("new", "new")
	r.wants("3", "old")
	if r.notes != 1 {
		t.Errorf("%d rows were looked at, want 1", r.notes)
	}
}

func TestAStoreOfATopicThatWasMadeAnewIsReadAgain(t *testing.T) {
	r := newRig(t)
	for i := range 5 {
		r.write(fmt.Sprint(i), row(4, "waits"))
	}
	r.restore()
	if _, err := kadm.NewClient(r.client()).DeleteTopics(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	r.makeTopic()
	for range 9 {
		r.write("3", row(0, "new"))
	}
	r.restore()
	r.wants("3", "new")
	r.wants("1", "")
	if waiting, err := r.store.Waiting(0); err != nil || waiting != 0 || r.due(9) != "" {
		t.Errorf("%d keys wait, due is %q, %v", waiting, r.due(9), err)
	}
}

func TestAStoreThatIsFurtherThanItsTopicIsReadAgain(t *testing.T) {
	r := newRig(t)
	r.write("a", row(0, "right"))
	r.restore()
	if err := r.store.Apply(0, 1000, []Change{{Key: []byte("ghost"), Value: row(0, "ghost")}}); err != nil {
		t.Fatal(err)
	}
	r.restore()
	r.wants("a", "right")
	r.wants("ghost", "")
}

func TestABrokenStoreIsThrownAwayAndReadAgain(t *testing.T) {
	r := newRig(t)
	r.write("a", row(0, "right"))
	r.restore()
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(r.dir, "MANIFEST-*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if err := os.WriteFile(file, []byte("not a manifest at all, but long enough to be looked at"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.open()
	r.wants("a", "")
	r.restore()
	r.wants("a", "right")
}

func TestTwoProcessesDoNotShareAStore(t *testing.T) {
	r := newRig(t)
	if s, err := Open(r.dir); !errors.Is(err, errInUse) {
		t.Errorf("a second one opened it: %v, %v", s, err)
	}
	r.write("a", row(0, "right"))
	r.restore()
	r.wants("a", "right")
}

func TestAnOpenTransactionIsWaitedForAndAnAbortedOneLeavesNothing(t *testing.T) {
	for _, commit := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort} {
		t.Run(fmt.Sprint("commit ", commit), func(t *testing.T) {
			r := newRig(t)
			r.write("a", row(0, "before"))
			producer := r.client(kgo.TransactionalID("toy"))
			if err := producer.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			if err := producer.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Key: []byte("a"), Value: row(0, "within")}).FirstErr(); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- r.store.Restore(t.Context(), r.kafka, topic, 0, note) }()
			for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
				if at, err := r.store.Checkpoint(0); err != nil || at == 1 {
					break
				}
				time.Sleep(time.Millisecond)
			}
			select {
			case err := <-done:
				t.Fatalf("restored while the transaction was open: %v", err)
			default:
			}
			if err := producer.EndTransaction(t.Context(), commit); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			want := map[kgo.TransactionEndTry]string{kgo.TryCommit: "within", kgo.TryAbort: "before"}
			r.wants("a", want[commit])
		})
	}
}

func TestAMovedWakeUpIsDueOnceAtItsNewTime(t *testing.T) {
	r := newRig(t)
	key := []byte("a")
	was := Note{}
	for _, wake := range []int64{5, 9, 2, 7} {
		now := Note{Wake: wake}
		if err := r.store.Apply(0, 1, []Change{{Key: key, Value: row(int(wake), ""), Now: now, Was: was}}); err != nil {
			t.Fatal(err)
		}
		was = now
	}
	if due := r.due(100); due != "a@7 " {
		t.Errorf("due is %q", due)
	}
	if due := r.due(6); due != "" {
		t.Errorf("due at 6 is %q", due)
	}
}

// waitsIn is what a row says that it waits for: all that follows the word.
func waitsIn(row []byte) string {
	_, what, _ := strings.Cut(string(row), "waits")
	if strings.Contains(string(row), "waits") && what == "" {
		return "something"
	}
	return what
}
