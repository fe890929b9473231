package broker_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// A transaction writes a record to each of these partitions.
const stormPartitions = 4

func TestWhatWasAcknowledgedIsThereOnceHoweverOftenTheBrokerIsKilled(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("WAYBILL_KILLS")); err == nil {
		kills = n
	}
	dir := t.TempDir()
	at, end := launch(t, dir)
	admin := kadm.NewClient(clientOf(t, at.Brokers))
	if _, err := admin.CreateTopic(deadline(t), stormPartitions, 1, nil, "orders"); err != nil {
		t.Fatal(err)
	}
	var s storm
	for range kills {
		client := clientOf(t, at.Brokers, kgo.TransactionalID("storm-"+at.BootID), kgo.RecordPartitioner(kgo.ManualPartitioner()))
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.blow(client, at.BootID)
		}()
		time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond) // any moment will do
		end(syscall.SIGKILL)
		client.Close() // it would try for ever
		<-done
		at, end = launch(t, dir)
	}
	seen := map[string]int{}
	for _, value := range readFrom(t, at.Brokers, "orders") {
		seen[value]++
	}
	end(syscall.SIGTERM)
	s.check(t, seen)
}

// storm is transactions one after the other, and what became of them.
type storm struct{ committed, aborted, unknown []string }

// blow goes on until the broker is gone.
func (s *storm) blow(client *kgo.Client, life string) {
	for {
		name := fmt.Sprint(life, "-", len(s.committed)+len(s.aborted))
		how, ended := kgo.TryCommit, &s.committed
		if rand.IntN(3) == 0 {
			how, ended = kgo.TryAbort, &s.aborted
		}
		if err := s.one(client, name, how); err != nil {
			s.unknown = append(s.unknown, name)
			return
		}
		*ended = append(*ended, name)
	}
}

func (s *storm) one(client *kgo.Client, name string, how kgo.TransactionEndTry) error {
	if err := client.BeginTransaction(); err != nil {
		return err
	}
	var records []*kgo.Record
	for p := range stormPartitions {
		records = append(records, &kgo.Record{Topic: "orders", Partition: int32(p), Value: []byte(name)})
	}
	if err := client.ProduceSync(context.Background(), records...).FirstErr(); err != nil {
		return err
	}
	return client.EndTransaction(context.Background(), how)
}

func (s *storm) check(t *testing.T, seen map[string]int) {
	for _, name := range s.committed {
		if seen[name] != stormPartitions {
			t.Errorf("committed %s has %d records of %d", name, seen[name], stormPartitions)
		}
	}
	for _, name := range s.aborted {
		if seen[name] != 0 {
			t.Errorf("aborted %s has %d records", name, seen[name])
		}
	}
	// A kill between the markers of one transaction tears it: kfake ends it partition by partition.
	torn := 0
	for _, name := range s.unknown {
		if n := seen[name]; n != 0 && n != stormPartitions {
			torn++
		}
	}
	t.Logf("committed %d, aborted %d, unknown %d, torn %d", len(s.committed), len(s.aborted), len(s.unknown), torn)
	if len(s.committed) == 0 {
		t.Error("nothing was committed")
	}
}
