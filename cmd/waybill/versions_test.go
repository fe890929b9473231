package main

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// earlier is a version of Waybill before the schemas grew.
const earlier = "raw_order:1 row:1 order:1 order_versions:1 trash_entry:1"

// side is one of two versions that work side by side.
type side struct {
	*up
	door, ops string
}

// startSide starts an instance of a version of Waybill, which says that when it is ready.
func startSide(t *testing.T, instance, version, says string) *side {
	t.Helper()
	door, ops := freeAddress(t), freeAddress(t)
	cmd := program(t, "run", "--instance", instance, "--data", t.TempDir(), "--listen", door, "--ops-listen", ops)
	cmd.Env = append(cmd.Env, asEdition+"="+version)
	return &side{start(t, says, cmd), "http://" + door, "http://" + ops}
}

const isReady = "metrics and health at"

// feedSide feeds so many new orders to one side's door.
func (s *side) feed(t *testing.T, orders int, seed string) {
	t.Helper()
	file := writeFile(t, ask(t, "simulate", "--orders", fmt.Sprint(orders), "--seed", seed))
	ask(t, "feed", "--party", "allegro", "--to", s.door, file)
}

// tell runs a command line, and gives what it says and its exit code.
func tell(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	cmd := program(t, args...)
	out, _ := cmd.CombinedOutput() // the code says so
	return string(out), cmd.ProcessState.ExitCode()
}

// writtenAs counts the records of a topic by the version of its subject that wrote them.
func (s *stack) writtenAs(t *testing.T, topic *topics.Topic) map[int]int {
	t.Helper()
	registry, err := s.unversioned()
	if err != nil {
		t.Fatal(err)
	}
	registered, err := registry.Registered(t.Context(), topic.Subject(), topic.Schema)
	if err != nil {
		t.Fatal(err)
	}
	numbers, counts := map[uint32]int{}, map[int]int{}
	for _, v := range registered {
		numbers[uint32(v.ID)] = v.Number
	}
	err = s.readTopic(t.Context(), topic, func(r *kgo.Record) error {
		counts[numbers[binary.BigEndian.Uint32(r.Value[1:5])]]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func wantWritten(t *testing.T, s *stack, topic *topics.Topic, first, second int) {
	t.Helper()
	if got := s.writtenAs(t, topic); got[1] != first || got[2] != second || len(got) > 2 {
		t.Errorf("%s: by version %v, want %d by the first and %d by the second", topic.Name, got, first, second)
	}
}

func TestTwoVersionsOfWaybillWorkSideBySideForwardAndBack(t *testing.T) {
	t.Parallel()
	cluster := startClusterOf(t, editionOf(earlier))
	older := startSide(t, "older", earlier, isReady)
	older.feed(t, 200, "1")

	t.Run("a new version is registered and not written", func(t *testing.T) {
		if out := ask(t, "provision"); !strings.Contains(out, "~ subject orders.raw-value  version 2 beside version 1") {
			t.Errorf("provision says\n%s", out)
		}
		if out := ask(t, "provision"); !strings.Contains(out, "? subject orders.raw-value  version 2 is registered, version 1 is written") {
			t.Errorf("provision says\n%s", out)
		}
	})
	newer := startSide(t, "newer", "", isReady)
	newer.feed(t, 200, "2")
	landed(t)
	wantWritten(t, cluster, topics.OrdersRaw, 400, 0)
	wantWritten(t, cluster, topics.OrdersNormalized, 400, 0)

	t.Run("it is not activated while one runs that can not read it", func(t *testing.T) {
		out, code := tell(t, "provision", "--activate")
		if code != exitFailed || !strings.Contains(out, "! subject orders.raw-value  instance older (doors normalize landing, version dev, pid ") {
			t.Errorf("exit %d: %s", code, out)
		}
		if !strings.Contains(ask(t, "provision"), "version 1 is written") {
			t.Error("it was activated")
		}
	})
	older.stop(t)
	t.Run("all write it once it is activated", func(t *testing.T) {
		if out, code := tell(t, "provision", "--activate", "--dry-run"); code != exitDone || !strings.Contains(out, "~ subject orders.raw-value  version 1 → version 2 is written") {
			t.Errorf("exit %d: %s", code, out)
		}
		ask(t, "provision", "--activate", "--reason", "all are upgraded")
		if out, code := tell(t, "provision", "--activate"); code != exitDone || !strings.Contains(out, "= subject orders.raw-value  version 2 is written") {
			t.Errorf("the second time: exit %d: %s", code, out)
		}
		eventually(t, func() int { newer.feed(t, 1, "77"); return cluster.writtenAs(t, topics.OrdersRaw)[2] }, func(n int) bool { return n > 0 })
	})
	newer.feed(t, 200, "3")
	landed(t)

	older = startSide(t, "older", earlier, "upgrade this instance")
	t.Run("an older one leaves the work to others, takes orders, and says what to do", func(t *testing.T) {
		older.feed(t, 200, "4")
		landed(t)
		wantNormalized(t, 801)
		status, said := ready(t, older.ops)
		if status != http.StatusServiceUnavailable || !strings.Contains(said, "which this version of Waybill can not read: upgrade this instance") {
			t.Errorf("%d %s", status, said)
		}
		if status, said := ready(t, newer.ops); status != http.StatusOK {
			t.Errorf("the newer one: %d %s", status, said)
		}
	})
	goesBack(t, cluster, newer)
	older.kill() // it holds partitions whose rows it can not read
	wantNormalized(t, 1002)
	eventually(t, func() int { _, code := tell(t, "verify"); return code }, func(code int) bool { return code == exitDone })
	if code := newer.stop(t); code != exitDone {
		t.Errorf("ended with %d:\n%s", code, newer.stderr.text())
	}
}

// goesBack activates the earlier version again.
func goesBack(t *testing.T, cluster *stack, newer *side) {
	t.Run("the way back is refused where something would be lost", func(t *testing.T) {
		out, code := tell(t, "provision", "--activate", "orders.raw-value@1")
		if code != exitFailed || !strings.Contains(out, "! subject orders.raw-value  version 1 can not say .form, .part, .delivery_id, .idempotency_key") {
			t.Errorf("exit %d: %s", code, out)
		}
	})
	t.Run("and goes by force", func(t *testing.T) {
		before := cluster.writtenAs(t, topics.OrdersRaw)[1]
		ask(t, "provision", "--activate", "--force", "orders.raw-value@1", "orders.normalized-value@1", "trash-value@1", "table.normalize-value@1",
			"table.normalize.state-value@1", "step.normalize-value@1")
		eventually(t, func() int { newer.feed(t, 1, "78"); return cluster.writtenAs(t, topics.OrdersRaw)[1] }, func(n int) bool { return n > before })
		newer.feed(t, 200, "5")
	})
}

// wantNormalized waits until so many orders are there, each once.
func wantNormalized(t *testing.T, orders int) {
	t.Helper()
	want := fmt.Sprintf(`{"n":%d,"ids":%d}`+"\n", orders, orders)
	eventually(t, func() string {
		return ask(t, "sql", "-o", "json", "SELECT toUInt32(count()) AS n, toUInt32(uniqExact(order_id)) AS ids FROM orders_normalized FINAL")
	}, func(got string) bool { return got == want })
}

func ready(t *testing.T, ops string) (status int, said string) {
	t.Helper()
	answer, err := http.Get(ops + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, read(t, answer)
}

func TestTwoVersionsOfAMappingWorkSideBySideForwardAndBack(t *testing.T) {
	t.Parallel()
	startCluster(t)
	ask(t, "mapping", "use", "allegro/1")
	older, newer := startSide(t, "older", "allegro/2", isReady), startSide(t, "newer", "", isReady)
	newer.feed(t, 100, "1")
	wantReadBy(t, "allegro/1", 100)

	out, code := tell(t, "mapping", "use", "allegro/2")
	if code != exitFailed || !strings.Contains(out, "instance older (doors normalize landing") || !strings.Contains(out, "upgrade it first") {
		t.Errorf("exit %d: %s", code, out)
	}
	ask(t, "mapping", "use", "allegro/2", "--force")
	eventually(t, func() string {
		newer.feed(t, 50, "2")
		_, said := ready(t, older.ops)
		return said
	}, func(said string) bool {
		return strings.Contains(said, "does not have the mapping: upgrade this instance")
	})
	ask(t, "mapping", "use", "allegro/1")
	eventually(t, func() int { status, _ := ready(t, older.ops); return status }, func(status int) bool { return status == http.StatusOK })
	wantNormalized(t, 150)

	ask(t, "mapping", "use", "allegro/2", "--force")
	newer.feed(t, 100, "3")
	older.kill() // others take what it left
	wantNormalized(t, 250)
	wantReadBy(t, "allegro/2", 100)
}

// wantReadBy waits until so many orders at least were read by that mapping, each once.
func wantReadBy(t *testing.T, mapping string, orders int) {
	t.Helper()
	eventually(t, func() string {
		return ask(t, "sql", "-o", "json", "SELECT toUInt32(count()) >= "+fmt.Sprint(orders)+" AS enough FROM orders_normalized FINAL WHERE mapping = '"+mapping+"'")
	}, func(got string) bool { return got == `{"enough":1}`+"\n" })
}
