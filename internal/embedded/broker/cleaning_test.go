package broker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/broker"
)

func always(c *broker.Config) { c.CleanAboveBytes = -1 }

func TestSettingsOfATopicSurviveARestart(t *testing.T) {
	ctx := deadline(t)
	dir := t.TempDir()
	settings := map[string]string{"cleanup.policy": "delete", "retention.ms": "34560000000", "max.message.bytes": "6291456"}
	first := start(t, dir)
	create(t, first, "orders", settings)
	ledger := map[string]string{"cleanup.policy": "compact,delete", "retention.ms": "34560000000"}
	create(t, first, "ledger", ledger)
	stop(t, first)

	second := start(t, dir, always)
	described, err := kadm.NewClient(client(t, second)).DescribeTopicConfigs(ctx, "orders", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range described {
		for _, c := range d.Configs {
			if want, set := map[string]map[string]string{"orders": settings, "ledger": ledger}[d.Name][c.Key]; set && c.MaybeValue() != want {
				t.Errorf("%s of %s is %s, not %s", c.Key, d.Name, c.MaybeValue(), want)
			}
		}
	}
	producer := client(t, second, kgo.ProducerBatchMaxBytes(6<<20), kgo.ProducerBatchCompression(kgo.NoCompression()))
	large := strings.Repeat("x", 5<<20)
	if err := producer.ProduceSync(ctx, kgo.StringRecord(large)).FirstErr(); err != nil {
		t.Fatalf("a record of 5 MiB: %v", err)
	}
	stop(t, second)
	third := start(t, dir)
	want(t, third, large)
	stop(t, third)
}

func TestAStartCompactsToTheLastValueOfEachKeyAndExpiresNone(t *testing.T) {
	for name, settings := range map[string]map[string]string{
		"without a retention": {"cleanup.policy": "compact"},
		// It is not one for a compacted topic, but kfake's cleaner would apply it.
		"with a retention": {"cleanup.policy": "compact", "retention.ms": "1000"},
	} {
		t.Run(name, func(t *testing.T) { compacts(t, settings) })
	}
}

func compacts(t *testing.T, settings map[string]string) {
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", settings)
	producer := client(t, first, kgo.TransactionalID("a"))
	old := time.Now().Add(-30 * 24 * time.Hour)
	for i := range 10 {
		put(t, producer, kgo.TryCommit, old, "a", fmt.Sprint("a", i))
		put(t, producer, kgo.TryAbort, old, "b", "aborted")
	}
	put(t, producer, kgo.TryCommit, old, "b", "b0")
	put(t, producer, kgo.TryCommit, old, "c", "c0")
	end := endOf(t, first)
	stop(t, first)
	for range 2 {
		b := start(t, dir, always)
		want(t, b, "a9", "b0", "c0")
		if now := endOf(t, b); now != end {
			t.Errorf("the log ended at %d and ends at %d", end, now)
		}
		stop(t, b)
	}
}

func TestACleaningThatWasInterruptedNeverHappened(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", map[string]string{"cleanup.policy": "compact", "retention.ms": "-1"})
	inTransaction(t, client(t, first, kgo.TransactionalID("a")), kgo.TryCommit, "one", "two")
	stop(t, first)

	log, saved := filepath.Join(dir, "log"), filepath.Join(dir, "cleaning")
	copyFolder(t, log, saved)
	if err := os.WriteFile(filepath.Join(log, "topics.json"), []byte(`{"version":1,"topics":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	segments, _ := filepath.Glob(filepath.Join(log, "partitions", "orders-0", "*"))
	for _, s := range segments {
		if err := os.Remove(s); err != nil {
			t.Fatal(err)
		}
	}
	second := start(t, dir)
	want(t, second, "one", "two")
	stop(t, second)
	third := start(t, dir)
	want(t, third, "one", "two")
	stop(t, third)
}

func TestAStartExpiresWhatIsOldAndOffsetsGoOn(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", map[string]string{"cleanup.policy": "delete", "retention.ms": "3600000"})
	producer := client(t, first, kgo.TransactionalID("a"))
	old := time.Now().Add(-2 * time.Hour)
	put(t, producer, kgo.TryCommit, old, "", "old")
	put(t, producer, kgo.TryCommit, time.Now(), "", "young")
	put(t, producer, kgo.TryCommit, old, "", "late") // old as it is, it must not take the young one along
	stop(t, first)
	second := start(t, dir)
	want(t, second, "young", "late")
	stop(t, second)
}

func TestAPartitionWhoseRecordsAllExpiredGoesOnWithItsOffsets(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", map[string]string{"cleanup.policy": "delete", "retention.ms": "3600000"})
	producer := client(t, first)
	for i := range 3 {
		record := kgo.StringRecord(fmt.Sprint(i))
		record.Timestamp = time.Now().Add(-2 * time.Hour)
		if err := producer.ProduceSync(deadline(t), record).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	stop(t, first)
	for range 2 {
		b := start(t, dir)
		if end := endOf(t, b); end != 3 {
			t.Errorf("the partition ends at %d, not at 3", end)
		}
		stop(t, b)
	}
}

func TestAStartKnowsNoMemberOfAGroup(t *testing.T) {
	ctx := deadline(t)
	dir := t.TempDir()
	first := start(t, dir)
	create(t, first, "orders", nil)
	inTransaction(t, client(t, first, kgo.TransactionalID("a")), kgo.TryCommit, "one")
	member := client(t, first, kgo.ConsumerGroup("step"), kgo.ConsumeTopics("orders"), kgo.InstanceID("1"))
	if err := member.PollFetches(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	if n := members(t, first); n != 1 {
		t.Fatalf("the group has %d members", n)
	}
	stop(t, first)
	member.Close()
	second := start(t, dir)
	if n := members(t, second); n != 0 {
		t.Errorf("the group has %d members that nobody has seen alive", n)
	}
	stop(t, second)
}

func members(t *testing.T, b *broker.Broker) int {
	t.Helper()
	groups, err := kadm.NewClient(client(t, b)).DescribeGroups(deadline(t), "step")
	if err != nil {
		t.Fatal(err)
	}
	return len(groups["step"].Members)
}

func put(t *testing.T, c *kgo.Client, end kgo.TransactionEndTry, at time.Time, key, value string) {
	t.Helper()
	begin(t, c)
	record := kgo.KeyStringRecord(key, value)
	record.Timestamp = at
	if err := c.ProduceSync(deadline(t), record).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := c.EndTransaction(deadline(t), end); err != nil {
		t.Fatal(err)
	}
}

func endOf(t *testing.T, b *broker.Broker) int64 {
	t.Helper()
	ends, err := kadm.NewClient(client(t, b)).ListEndOffsets(deadline(t), "orders")
	if err != nil {
		t.Fatal(err)
	}
	end, _ := ends.Lookup("orders", 0)
	return end.Offset
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(to, "*"))
	for _, name := range names {
		if !slices.Contains([]string{"topics.json", "partitions"}, filepath.Base(name)) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}
