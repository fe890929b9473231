package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded"
	"waybill/topics"
)

// age writes what the trash says last of an entry once more, as if that had been said before so long.
func (i instance) age(id string, ago time.Duration) {
	i.t.Helper()
	found, err := embedded.Find(i.data)
	if err != nil {
		i.t.Fatal(err)
	}
	s := &stack{brokers: found.Brokers, kafka: onThisMachine(found.Brokers), running: found}
	var last *kgo.Record
	err = s.readTopic(i.t.Context(), topics.Trash, func(r *kgo.Record) error {
		if string(r.Key) == id {
			last = &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: bytes.Clone(r.Key), Value: bytes.Clone(r.Value), Headers: r.Headers, Timestamp: time.Now().Add(-ago)}
		}
		return nil
	})
	if err != nil || last == nil {
		i.t.Fatalf("trash %s is not there: %v", id, err)
	}
	client, err := kgo.NewClient(append(onThisMachine(found.Brokers), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	if err != nil {
		i.t.Fatal(err)
	}
	defer client.Close()
	if err := client.ProduceSync(context.Background(), last).FirstErr(); err != nil {
		i.t.Fatal(err)
	}
}

// thisYear is in the times of notes.
var thisYear = regexp.MustCompile(`("text":"[a-z]*",)"at":"20\d\d-`)

func TestOnlyWhatWasSaidOfLongClosedEntriesIsTakenAway(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	i := newInstance(t)
	entries := i.breakOrders(3, 16)
	long, lately, open := entries[0].ID, entries[1].ID, entries[2].ID
	ask(t, i.at("trash", "assign", "--class", "invalid", "--to", "anna", "--why", "w", "--yes")...)
	ask(t, i.at("trash", "comment", long, lately, open, "--text", "seen")...)
	old := thisYear.ReplaceAllString(ask(t, i.at("trash", "export")...), `$1"at":"2024-`)
	ask(t, i.at("trash", "import", writeFile(t, old), "--replace", "--why", "older")...)
	ask(t, i.at("trash", "dismiss", long, "--why", "w")...)
	ask(t, i.at("trash", "dismiss", lately, "--why", "w")...)
	i.age(long, 60*days)
	i.age(open, 60*days)

	tidy := func(want string, args ...string) {
		t.Helper()
		if got := ask(t, i.at(append([]string{"trash", "tidy", "-o", "json", "--yes"}, args...)...)...); got != want+"\n" {
			t.Errorf("%v: %swant %s", args, got, want)
		}
	}
	if _, said, code := i.try("trash", "tidy", "--closed-days", "30", "--yes"); code != exitUsage || !strings.Contains(said, "give 31 or more") {
		t.Errorf("exit %d, %s", code, said)
	}
	if _, said, code := i.try("trash", "tidy", "--closed-days", "31"); code != exitUsage || !strings.Contains(said, "2 notes will be taken away, on 1 entries") {
		t.Errorf("exit %d, %s", code, said)
	}
	tidy(`{"notes":0,"entries":0,"left":6}`) // 400 days
	tidy(`{"notes":2,"entries":1,"left":4}`, "--closed-days", "31")
	tidy(`{"notes":0,"entries":0,"left":4}`, "--closed-days", "31")
	for id, comments := range map[string]int{long: 0, lately: 1, open: 1} {
		if v := i.show(id); len(v.Comments) != comments || (v.Owner == "anna") != (comments > 0) {
			t.Errorf("%s: %+v", id, v)
		}
	}
	ask(t, i.at("trash", "comment", long, "--text", "said today")...)
	tidy(`{"notes":0,"entries":0,"left":5}`, "--closed-days", "31")
	landed(t, i.at()...)
}
