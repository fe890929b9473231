package drain

import (
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/topics"
)

// rig is a broker, and a survey of two stages on topics of one partition.
type rig struct {
	t      *testing.T
	broker *embeddedtest.Broker
	kafka  []kgo.Opt
	admin  *kadm.Client
	plain  *kgo.Client
	survey *survey
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, broker: embeddedtest.StartBroker(t)}
	r.kafka = append(embeddedtest.Quick(), kgo.SeedBrokers(r.broker.Brokers()...))
	r.plain = r.client()
	r.admin = kadm.NewClient(r.plain)
	for _, s := range stagesOfRig() {
		for _, topic := range s.Reads {
			_, _ = r.admin.CreateTopic(t.Context(), 1, 1, nil, topic.Name) // two stages read orders.raw
		}
	}
	var err error
	if r.survey, err = newSurvey(r.kafka, stagesOfRig()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.survey.close)
	r.survey.patient = time.Hour
	return r
}

func stagesOfRig() []Stage {
	stages := stagesOfPlant()
	for i := range stages {
		stages[i].Group = "test." + stages[i].Name
	}
	return stages
}

func (r *rig) client(opts ...kgo.Opt) *kgo.Client {
	r.t.Helper()
	client, err := kgo.NewClient(append(opts, r.kafka...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(client.Close)
	return client
}

// put writes records, as a door does.
func (r *rig) put(topic *topics.Topic, n int) {
	r.t.Helper()
	for i := range n {
		if err := r.plain.ProduceSync(r.t.Context(), &kgo.Record{Topic: topic.Name, Value: fmt.Append(nil, i)}).FirstErr(); err != nil {
			r.t.Fatal(err)
		}
	}
}

// transact writes records, each in a transaction of its own that ends so.
func (r *rig) transact(topic *topics.Topic, n int, end kgo.TransactionEndTry) {
	r.t.Helper()
	client := r.client(kgo.TransactionalID(fmt.Sprint("test", time.Now().UnixNano())))
	for i := range n {
		if err := client.BeginTransaction(); err != nil {
			r.t.Fatal(err)
		}
		if err := client.ProduceSync(r.t.Context(), &kgo.Record{Topic: topic.Name, Value: fmt.Append(nil, i)}).FirstErr(); err != nil {
			r.t.Fatal(err)
		}
		if err := client.EndTransaction(r.t.Context(), end); err != nil {
			r.t.Fatal(err)
		}
	}
}

// commit says how far a group has come.
func (r *rig) commit(stage string, topic *topics.Topic, offset int64, metadata string) {
	r.t.Helper()
	offsets := kadm.Offsets{}
	offsets.Add(kadm.Offset{Topic: topic.Name, At: offset, LeaderEpoch: -1, Metadata: metadata})
	if err := r.admin.CommitAllOffsets(r.t.Context(), "test."+stage, offsets); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) look() sample {
	r.t.Helper()
	s, err := r.survey.look(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func TestWhatWaitsIsCountedFromWhereEachGroupIs(t *testing.T) {
	r := newRig(t)
	r.put(topics.OrdersRaw, 10)
	if s := r.look(); s.stages[0].waiting != 10 || s.stages[1].waiting != 10 || s.stages[0].done != 0 {
		t.Errorf("no group was there yet: %+v", s.stages)
	}
	r.commit("step", topics.OrdersRaw, 7, "")
	r.commit("landing", topics.OrdersRaw, 2, "")
	r.put(topics.OrdersRaw, 1)
	s := r.look()
	if want := []position{{waiting: 4, done: 7}, {waiting: 9, done: 2}}; s.stages[0] != want[0] || s.stages[1] != want[1] || s.grown[topics.OrdersRaw] != 1 {
		t.Errorf("got %+v, grown %v", s.stages, s.grown)
	}
}

func TestAGroupThatIsSetBackHasMoreBeforeItAndHasDoneNothing(t *testing.T) {
	r := newRig(t)
	r.put(topics.OrdersRaw, 10)
	r.commit("step", topics.OrdersRaw, 10, "")
	r.look()
	r.commit("step", topics.OrdersRaw, 1, "")
	if s := r.look(); s.stages[0].waiting != 9 || s.stages[0].done != 0 {
		t.Errorf("got %+v", s.stages[0])
	}
}

// A step that commits one record at a time writes a marker behind each.
func TestMarkersOfTransactionsAreNotTakenForRecords(t *testing.T) {
	r := newRig(t)
	r.transact(topics.OrdersNormalized, 20, kgo.TryCommit)
	r.commit("landing", topics.OrdersNormalized, 8, "1;last=2-8/3;next=8-12/2")
	s := r.look()
	if waiting := s.stages[1].waiting; waiting != 16 {
		t.Errorf("of 20 records in 40 offsets 4 have landed, and %v are said to wait", waiting)
	}
	r.commit("landing", topics.OrdersNormalized, 12, "1;last=8-12/2;next=12-20/4")
	r.transact(topics.OrdersNormalized, 5, kgo.TryCommit)
	if s = r.look(); s.stages[1].waiting != 19 || s.stages[1].done != 2 || s.grown[topics.OrdersNormalized] != 5 {
		t.Errorf("got %+v, grown %v", s.stages[1], s.grown)
	}
}

// Nobody will ever commit the offsets of an aborted transaction at the end of a topic: it would wait for ever.
func TestWhatAnAbortedTransactionLeftBehindDoesNotWait(t *testing.T) {
	r := newRig(t)
	r.put(topics.OrdersRaw, 3)
	r.commit("step", topics.OrdersRaw, 3, "")
	r.commit("landing", topics.OrdersRaw, 3, "")
	r.transact(topics.OrdersRaw, 4, kgo.TryAbort)
	if s := r.look(); s.stages[0].waiting != 8 {
		t.Fatalf("before anybody has looked: %+v", s.stages)
	}
	r.survey.patient = 0
	if s := r.look(); s.stages[0].waiting != 0 || s.stages[1].waiting != 0 || !s.stages[0].oldest.IsZero() || s.stages[0].done != 0 {
		t.Errorf("got %+v", s.stages)
	}
	r.put(topics.OrdersRaw, 2)
	if s := r.look(); s.stages[0].waiting != 2 {
		t.Errorf("after two more: %+v", s.stages)
	}
	r.commit("step", topics.OrdersRaw, 12, "")
	if s := r.look(); s.stages[0].waiting != 1 || s.stages[0].done != 1 {
		t.Errorf("after one of them was done: %+v", s.stages)
	}
}

func TestTheOldestRecordOfAPartitionThatDoesNotMoveIsKnown(t *testing.T) {
	r := newRig(t)
	r.transact(topics.OrdersRaw, 2, kgo.TryAbort)
	came := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	if err := r.plain.ProduceSync(t.Context(), &kgo.Record{Topic: topics.OrdersRaw.Name, Timestamp: came}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	r.put(topics.OrdersRaw, 1)
	r.survey.patient = 0
	if s := r.look(); !s.stages[0].oldest.Equal(came) || s.stages[0].waiting != 2 {
		t.Errorf("got %+v", s.stages[0])
	}
	r.commit("step", topics.OrdersRaw, 5, "")
	r.survey.patient = time.Hour
	if s := r.look(); !s.stages[0].oldest.IsZero() {
		t.Errorf("it moves: %+v", s.stages[0])
	}
}

func TestAMeasurementOfWhatIsEmptyTakesNoTime(t *testing.T) {
	r := newRig(t)
	report, err := Measure(t.Context(), Config{Kafka: r.kafka, Stages: stagesOfRig(), BoundSeconds: 900}, time.Hour)
	if err != nil || !report.Admitting || report.Stages[0].State != Idle {
		t.Fatalf("got %+v, %v", report, err)
	}
	if eta, ok := report.ETASeconds(); eta != 0 || !ok {
		t.Errorf("its ETA is %v", eta)
	}
}

func TestAMeasurementFindsWhatHasWaitedForTooLong(t *testing.T) {
	r := newRig(t)
	came := time.Now().Add(-20 * time.Minute)
	if err := r.plain.ProduceSync(t.Context(), &kgo.Record{Topic: topics.OrdersRaw.Name, Timestamp: came}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	report, err := Measure(t.Context(), Config{Kafka: r.kafka, Stages: stagesOfRig(), BoundSeconds: 900}, 2*time.Second)
	if err != nil || report.Admitting || report.Reason == "" || math.Abs(report.Stages[0].OldestSeconds-1200) > 60 {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestATopicThatIsNotThereIsNamed(t *testing.T) {
	r := newRig(t)
	if _, err := r.admin.DeleteTopic(t.Context(), topics.Trash.Name); err != nil {
		t.Fatal(err)
	}
	_, err := Measure(t.Context(), Config{Kafka: r.kafka, Stages: stagesOfRig()}, time.Second)
	if err == nil || !strings.Contains(err.Error(), "topic trash (waybill provision makes it)") {
		t.Errorf("got %v", err)
	}
}

// The broker goes while the doors are shut: they stay shut, and are opened when it is back and nothing waits.
func TestWhileNobodyAnswersTheLastWordHolds(t *testing.T) {
	r := newRig(t)
	came := time.Now().Add(-time.Hour)
	if err := r.plain.ProduceSync(t.Context(), &kgo.Record{Topic: topics.OrdersRaw.Name, Timestamp: came}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	w := New(Config{Kafka: r.kafka, Stages: stagesOfRig(), BoundSeconds: 900, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	done := make(chan error, 1)
	go func() { done <- w.Run(t.Context()) }()
	await(t, "full", func() bool { why, _ := w.Full(); return why != "" })
	r.broker.Stop()
	looked := w.Report().At
	time.Sleep(3 * lookEvery / 2)
	if why, _ := w.Full(); why == "" || w.Report().At.Sub(looked) > lookEvery {
		t.Errorf("the broker is away, and it says %q, as seen at %v", why, w.Report().At)
	}
	r.broker.Start()
	r.commit("step", topics.OrdersRaw, 1, "")
	r.commit("landing", topics.OrdersRaw, 1, "")
	await(t, "open", func() bool { why, _ := w.Full(); return why == "" })
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it is not %s after a minute", what)
		}
	}
}

// A partition has a rate of its own from the time on since when something waits there.
func TestWhatIsLeftOfAPartitionGoesByItsOwnRate(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	s := &stand{committed: -1}
	for second := range int64(30) {
		s.move(now.Add(time.Duration(second)*time.Second), 10*second, 1000)
	}
	if left := s.left(); left != 71*time.Second {
		t.Errorf("at 10 a second, 710 take %v", left)
	}
	s.move(now.Add(31*time.Second), 1000, 1000)
	if left := s.left(); left != 0 || s.seen != nil {
		t.Errorf("of nothing, %v are left", left)
	}
}
