package main

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/topics"
)

// compare is the ETA that is shown next, and how long it then takes until all that had come by then has landed: those raw orders, and
// what normalize made of them. What came later, and what was made of that, does not count.
func (m *admission) compare(ctx context.Context) (shown, took float64, err error) {
	began := time.Now()
	for asked := began; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		report := m.drain.Report()
		if eta, ok := report.ETASeconds(); ok && report.At.After(asked) {
			shown, began = eta, report.At
			break
		}
	}
	err = m.stack.admin(ctx, func(admin *kadm.Client) error {
		t := &truth{admin: admin, deployment: m.config.Deployment}
		return t.await(ctx)
	})
	return shown, time.Since(began).Seconds(), err
}

// truth follows what had come at one moment to its rows.
type truth struct {
	admin      *kadm.Client
	deployment string
	left       map[int32]int64 // where the partitions of raw orders ended that normalize has not passed
	landing    map[mark]int64  // how far the landing has to come
}

// mark is a partition of a topic.
type mark struct {
	topic     string
	partition int32
}

// truthEvery is how often it looks: it shares the machine with what it measures.
const truthEvery = 50 * time.Millisecond

func (t *truth) await(ctx context.Context) error {
	ends, err := t.ends(ctx)
	if err != nil {
		return err
	}
	t.left, t.landing = map[int32]int64{}, ends
	for at, end := range ends {
		if at.topic == topics.OrdersRaw.Name {
			t.left[at.partition] = end
		}
	}
	for ; len(t.left) > 0; time.Sleep(truthEvery) {
		if err := t.normalized(ctx); err != nil {
			return err
		}
	}
	for ; ; time.Sleep(truthEvery) {
		if landed, err := t.landed(ctx); landed || err != nil {
			return err
		}
	}
}

// ends are where the topics end that land, as the landing sees them.
func (t *truth) ends(ctx context.Context) (map[mark]int64, error) {
	var names []string
	for _, topic := range topics.Landing() {
		names = append(names, topic.Name)
	}
	listed, err := t.admin.ListCommittedOffsets(ctx, names...)
	ends := map[mark]int64{}
	listed.Each(func(o kadm.ListedOffset) { ends[mark{o.Topic, o.Partition}] = o.Offset })
	return ends, err
}

// normalized notes what became of a partition's raw orders as soon as normalize has read them all. An order keeps its key and so its
// partition: what lies there by then on the other topics was made of these, and of what was read in the meantime between two looks.
func (t *truth) normalized(ctx context.Context) error {
	at, err := t.admin.FetchOffsets(ctx, t.deployment+".normalize")
	if err != nil {
		return err
	}
	ends, err := t.ends(ctx)
	if err != nil {
		return err
	}
	for partition, end := range t.left {
		if here, _ := at.Lookup(topics.OrdersRaw.Name, partition); here.At < end {
			continue
		}
		delete(t.left, partition)
		for place, end := range ends {
			if place.partition == partition && place.topic != topics.OrdersRaw.Name {
				t.landing[place] = end
			}
		}
	}
	return nil
}

func (t *truth) landed(ctx context.Context) (bool, error) {
	at, err := t.admin.FetchOffsets(ctx, t.deployment+".landing")
	for place, end := range t.landing {
		if here, _ := at.Lookup(place.topic, place.partition); here.At < end {
			return false, err
		}
	}
	return true, err
}
