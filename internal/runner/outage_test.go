package runner

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestNothingIsLostOrDoubledWhenTheBrokerRestarts(t *testing.T) {
	r := newRig(t)
	r.limits.BatchRecordsMax = 10
	step := r.toyTopics(&toy{})
	m := r.start(step, "1")
	var want map[string][]string
	for round := range 4 {
		want = r.feed(10, 5*round, 5)
		r.broker.Restart()
		if round%2 == 0 {
			m.Reset()
		}
	}
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestNothingIsLostOrDoubledWhenTheBrokersCanNotBeReached(t *testing.T) {
	for name, outage := range map[string]time.Duration{"for a moment": 300 * time.Millisecond, "for longer than a session": 4 * time.Second} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.limits.SessionMax = time.Second
			line := &wire{}
			var cut atomic.Bool
			step := r.toyTopics(&toy{before: func(_, body string) {
				if body == "3" && cut.CompareAndSwap(false, true) {
					line.cut()
				}
			}})
			r.start(step, "1", line.option())
			want := r.feed(10, 0, 6)
			r.await("the wire was cut in mid-batch", cut.Load)
			pause(t.Context(), outage) // how long it lasts is what is tested
			line.mend()
			r.awaitRead(step)
			r.saidOnce(step, want)
		})
	}
}

func TestACommitWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	for _, key := range []kmsg.Key{kmsg.EndTxn, kmsg.TxnOffsetCommit, kmsg.Produce, kmsg.AddOffsetsToTxn} {
		for name, reachable := range map[string]bool{"and the broker is there": true, "and the broker is gone": false} {
			t.Run(key.Name()+" "+name, func(t *testing.T) {
				r := newRig(t)
				r.limits.SessionMax = time.Second
				step := r.toyTopics(&toy{})
				line := &wire{}
				want := r.feed(10, 0, 6)
				var lost atomic.Bool
				r.broker.Cluster().ControlKey(int16(key), func(kmsg.Request) (kmsg.Response, error, bool) {
					r.broker.Cluster().DropControl()
					line.deafen.Store(true)
					line.dead.Store(!reachable)
					lost.Store(true)
					return nil, nil, false
				})
				r.start(step, "1", line.option())
				if key != kmsg.AddOffsetsToTxn { // newer clients do without it
					r.await("the answer was lost", func() bool { return lost.Load() && line.answers.Load() > 0 })
				}
				if !reachable {
					pause(t.Context(), 2*time.Second) // longer than the transaction may last
				}
				line.mend()
				r.awaitRead(step)
				r.saidOnce(step, want)
			})
		}
	}
}

func TestACommitThatTheBrokerRefusesIsMadeAgain(t *testing.T) {
	for name, fault := range map[string]kfake.Fault{
		"the group has moved on":         {Keys: []kmsg.Key{kmsg.TxnOffsetCommit}, Err: kerr.IllegalGeneration, Count: 3},
		"the member is unknown":          {Keys: []kmsg.Key{kmsg.TxnOffsetCommit}, Err: kerr.UnknownMemberID, Count: 2},
		"the coordinator has moved":      {Keys: []kmsg.Key{kmsg.TxnOffsetCommit}, Err: kerr.NotCoordinator, Count: 3},
		"the server does not know":       {Keys: []kmsg.Key{kmsg.EndTxn}, Err: kerr.UnknownServerError, Count: 2, TopLevel: true},
		"the end is fenced":              {Keys: []kmsg.Key{kmsg.EndTxn}, Err: kerr.ProducerFenced, Count: 1, TopLevel: true},
		"the transaction can be aborted": {Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.TransactionAbortable, Count: 2},
		"the epoch is old":               {Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.InvalidProducerEpoch, Count: 1},
		"the record is too long":         {Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.MessageTooLarge, Count: 2},
		"offsets can not be fetched":     {Keys: []kmsg.Key{kmsg.OffsetFetch}, Err: kerr.UnstableOffsetCommit, Count: 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			step := r.toyTopics(&toy{})
			fault.TxnID = ""
			want := r.feed(10, 0, 6)
			faults := r.broker.Cluster().Fault(fault)
			r.start(step, "1")
			r.awaitRead(step)
			if faults.Hits() == 0 {
				t.Fatal("the fault was never met")
			}
			r.saidOnce(step, want)
		})
	}
}

// What the step was told is committed stands in its local table: with that, what is aborted by hand would be taken for done (KIP-664).
func TestACommitThatIsAbortedAfterAllIsDoneAgainByAStepWithoutItsLocalTable(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	var undone atomic.Bool
	r.broker.Cluster().ControlKey(int16(kmsg.EndTxn), func(asked kmsg.Request) (kmsg.Response, error, bool) {
		if end := asked.(*kmsg.EndTxnRequest); end.Commit && undone.CompareAndSwap(false, true) {
			end.Commit = false
		}
		return nil, nil, false
	})
	want := r.feed(1, 0, 5)
	m := r.start(step, "1")
	r.await("the commit was made an abort", undone.Load)
	m.stop()
	if err := os.RemoveAll(filepath.Join(r.dir, "1")); err != nil {
		t.Fatal(err)
	}
	r.start(step, "1")
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestAPartitionThatMovesToAnotherBrokerIsReadOn(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.GroupMinSessionTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	r := newRigOn(t, cluster.ListenAddrs())
	step := r.toyTopics(&toy{})
	r.start(step, "1")
	r.feed(10, 0, 3)
	for round := range 4 {
		for n := range int32(partitions) {
			for _, topic := range []string{toyIn.Name, toyOut.Name, toyTable.Name} {
				if err := cluster.MoveTopicPartition(topic, n, int32(round%2)); err != nil {
					t.Fatal(err)
				}
			}
		}
		r.feed(10, 3+3*round, 3)
	}
	want := r.feed(10, 15, 1)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestACleanStopCommitsWhatItHas(t *testing.T) {
	r := newRig(t)
	held := newGate()
	step := r.toyTopics(&toy{before: func(_, body string) {
		if body == "5" {
			held.wait()
		}
	}})
	want := r.feed(1, 0, 6)
	m := r.start(step, "1")
	<-held.reached
	m.cancel()
	close(held.open)
	m.stop()
	r.saidOnce(step, want)
}
