package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/topics"
)

// topicPlan is what becomes of one topic.
type topicPlan struct {
	topic      *topics.Topic
	missing    bool
	partitions int // that it has, or will have
	replicas   int // that it has; 0 when it is missing
	changes    []change
	notes      []string // what is not as configured, and stays
}

// change is a setting on its way from one value to another.
type change struct{ setting, from, to string }

func (p *Plan) planTopics(ctx context.Context) error {
	names := make([]string, len(p.desired.Topics))
	for i, t := range p.desired.Topics {
		names[i] = t.Name
	}
	there, err := p.admin.ListTopics(ctx, names...)
	if err != nil {
		return fmt.Errorf("ask the brokers: %w", err)
	}
	for _, t := range p.desired.Topics {
		detail := there[t.Name]
		switch {
		case !there.Has(t.Name):
			p.topics = append(p.topics, topicPlan{topic: t, missing: true, partitions: p.wanted(t)})
		case detail.Err != nil:
			return fmt.Errorf("topic %s: %w", t.Name, detail.Err)
		default:
			plan, err := p.compare(ctx, t, detail)
			if err != nil {
				return fmt.Errorf("topic %s: %w", t.Name, err)
			}
			p.topics = append(p.topics, plan)
		}
	}
	p.refuseSmall()
	p.refuseUnequal()
	return nil
}

func (p *Plan) compare(ctx context.Context, t *topics.Topic, detail kadm.TopicDetail) (topicPlan, error) {
	plan := topicPlan{topic: t, partitions: len(detail.Partitions), replicas: detail.Partitions.NumReplicas()}
	described, err := p.admin.DescribeTopicConfigs(ctx, t.Name)
	if err != nil {
		return plan, fmt.Errorf("read its settings: %w", err)
	}
	found, err := described.On(t.Name, func(r *kadm.ResourceConfig) error { return r.Err })
	if err != nil {
		return plan, fmt.Errorf("read its settings: %w", err)
	}
	for _, want := range settings(t, plan.replicas) {
		from := ""
		if i := slices.IndexFunc(found.Configs, func(c kadm.Config) bool { return c.Key == want.setting }); i >= 0 {
			from = found.Configs[i].MaybeValue()
		}
		if from != want.to {
			plan.changes = append(plan.changes, change{want.setting, from, want.to})
		}
	}
	p.comparePartitions(&plan)
	return plan, nil
}

// wanted is how many partitions a topic is to have.
func (p *Plan) wanted(t *topics.Topic) int {
	if t.Partitions > 0 {
		return t.Partitions
	}
	return p.desired.Partitions
}

// comparePartitions notes what stays as it is. A topic that has fewer partitions than configured is not grown: its keys would
// move, and what is known of an order would lie where nobody looks.
func (p *Plan) comparePartitions(plan *topicPlan) {
	switch has, want := plan.partitions, p.wanted(plan.topic); {
	case has != want && plan.topic.Partitions > 0:
		p.refusals = append(p.refusals, fmt.Errorf("topic %s has %s, and must have %d, so that one process makes all its calls: make it anew",
			plan.topic.Name, count(has, "partition"), want))
	case has < want:
		p.small = append(p.small, *plan)
	case has > want:
		plan.notes = append(plan.notes, fmt.Sprintf("has %d partitions, kafka.partitions is %d; it keeps them", has, want))
	}
	if want := p.desired.Replication; want > 0 && plan.replicas != want {
		plan.notes = append(plan.notes, fmt.Sprintf("has %d replicas, kafka.replication is %d; moving replicas is for kafka-reassign-partitions", plan.replicas, want))
	}
}

// refuseSmall refuses, in a line, the topics with fewer partitions than configured.
func (p *Plan) refuseSmall() {
	if len(p.small) == 0 {
		return
	}
	first, others := p.small[0], ""
	if n := len(p.small) - 1; n > 0 {
		others = fmt.Sprintf(", and %d more topics have too few", n)
	}
	p.refusals = append(p.refusals, fmt.Errorf(
		"topic %s has %s, kafka.partitions is %d%s: a topic with keys can not grow, its keys would move; set kafka.partitions to %d, or begin with a new deployment",
		first.topic.Name, count(first.partitions, "partition"), p.desired.Partitions, others, first.partitions))
}

// refuseUnequal refuses what would give the inputs of a step different partition counts: partition n of all of them has one owner.
func (p *Plan) refuseUnequal() {
	shared := slices.DeleteFunc(slices.Clone(p.topics), func(t topicPlan) bool { return t.topic.Partitions > 0 })
	if len(shared) == 0 {
		return
	}
	most, least := shared[0], shared[0]
	for _, t := range shared {
		if t.partitions > most.partitions {
			most = t
		}
		if t.partitions < least.partitions {
			least = t
		}
	}
	if most.partitions != least.partitions && !slices.ContainsFunc(shared, func(t topicPlan) bool { return !t.missing && t.partitions < p.desired.Partitions }) {
		p.refusals = append(p.refusals, fmt.Errorf("topic %s would have %d partitions, but %s has %d, and what a step reads must have equally many: set kafka.partitions to %d",
			least.topic.Name, least.partitions, most.topic.Name, most.partitions, most.partitions))
	}
}

// settings are those that a topic with that many replicas must have; 0 replicas are not known.
func settings(t *topics.Topic, replicas int) []change {
	all := []change{{setting: "cleanup.policy", to: "delete"}}
	if t.Compacted {
		all[0].to = "compact"
	} else {
		all = append(all, change{setting: "retention.ms", to: strconv.FormatInt(t.Retention.Milliseconds(), 10)})
	}
	all = append(all, change{setting: "max.message.bytes", to: strconv.Itoa(t.MessageBytes)})
	if replicas >= 3 {
		all = append(all, change{setting: "min.insync.replicas", to: "2"}) // one broker may be away, and still two hold what was accepted
	}
	return all
}

func (p *Plan) applyTopic(ctx context.Context, t topicPlan) error {
	if t.missing {
		return p.create(ctx, t)
	}
	if len(t.changes) == 0 {
		return nil
	}
	alter := make([]kadm.AlterConfig, len(t.changes))
	for i, c := range t.changes {
		alter[i] = kadm.AlterConfig{Op: kadm.SetConfig, Name: c.setting, Value: &c.to}
	}
	answers, err := p.admin.AlterTopicConfigs(ctx, alter, t.topic.Name)
	for _, a := range answers {
		err = errors.Join(err, a.Err)
	}
	if err != nil {
		return fmt.Errorf("change its settings: %w", err)
	}
	return nil
}

// rehearse lets the controller judge what would be created, before anything is. A broker tells of a new topic a moment late; the
// controller knows of it. It names a topic that is there after all.
func (p *Plan) rehearse(ctx context.Context) (late string, err error) {
	for _, t := range p.topics {
		if !t.missing {
			continue
		}
		answers, err := p.admin.ValidateCreateTopics(ctx, int32(t.partitions), p.replication(), p.configs(t), t.topic.Name)
		if err == nil {
			err = answers[t.topic.Name].Err
		}
		if errors.Is(err, kerr.TopicAlreadyExists) {
			return t.topic.Name, nil
		}
		if err != nil {
			return "", fmt.Errorf("create topic %s: %w", t.topic.Name, err)
		}
	}
	return "", nil
}

func (p *Plan) create(ctx context.Context, t topicPlan) error {
	_, err := p.admin.CreateTopic(ctx, int32(t.partitions), p.replication(), p.configs(t), t.topic.Name)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("create it: %w", err)
	}
	return nil
}

func (p *Plan) configs(t topicPlan) map[string]*string {
	configs := map[string]*string{}
	for _, c := range settings(t.topic, p.desired.Replication) {
		configs[c.setting] = &c.to
	}
	return configs
}

// replication is what a new topic asks for; -1 is Kafka's word for the broker's own (KIP-464).
func (p *Plan) replication() int16 {
	if p.desired.Replication == 0 {
		return -1
	}
	return int16(p.desired.Replication)
}

// awaitCreated waits until what was created can be written to. One that another instance created at the same moment, from another
// configuration, is told.
func (p *Plan) awaitCreated(ctx context.Context) error {
	for _, t := range p.topics {
		if !t.missing {
			continue
		}
		has, err := p.awaitTopic(ctx, t.topic.Name)
		if err != nil {
			return err
		}
		if has != t.partitions {
			return fmt.Errorf("topic %s was created by another at the same moment, with %s instead of %d: give both one configuration and begin again",
				t.topic.Name, count(has, "partition"), t.partitions)
		}
	}
	return nil
}

// visibleSeconds bounds how long a new topic may take until the brokers tell of it.
const visibleSeconds = 30

// awaitTopic waits until the brokers tell of a topic, and of how many partitions it has.
func (p *Plan) awaitTopic(ctx context.Context, name string) (partitions int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, visibleSeconds*time.Second, errors.New("the brokers did not tell of it in time"))
	defer cancel()
	for {
		there, err := p.admin.ListTopics(ctx, name)
		if n := len(there[name].Partitions); err == nil && there[name].Err == nil && n > 0 {
			return n, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("await topic %s: %w", name, context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}
