package provision_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/provision"
	"waybill/schemas"
	"waybill/topics"
)

// place is a broker and a registry with nothing in them.
type place struct {
	t        *testing.T
	url      string // of the registry
	broker   *embeddedtest.Broker
	admin    *kadm.Client
	registry *schemas.Registry
	subjects *sr.Client
	chosen   map[string]*schemas.VersionChoice
}

func newPlace(t *testing.T) *place {
	t.Helper()
	broker := embeddedtest.StartBroker(t)
	client, err := kgo.NewClient(append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	url := embeddedtest.Registry(t)
	registry := registryAt(t, url)
	subjects, err := sr.NewClient(sr.URLs(url))
	if err != nil {
		t.Fatal(err)
	}
	return &place{t, url, broker, kadm.NewClient(client), registry, subjects, map[string]*schemas.VersionChoice{}}
}

func registryAt(t *testing.T, url string) *schemas.Registry {
	t.Helper()
	registry, err := schemas.NewRegistry(url)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

func (p *place) desired() provision.Desired {
	return provision.Desired{
		Chosen: func(_ context.Context, subject string) (*schemas.VersionChoice, error) { return p.chosen[subject], nil },
		Choose: func(_ context.Context, first []*schemas.VersionChoice) error {
			for _, choice := range first {
				p.chosen[choice.Subject] = choice
			}
			return nil
		},
		Topics:       topics.All(),
		StateSchemas: map[string]schemas.Any{"table.normalize.state-value": schemas.OrderVersionsSchema},
		Partitions:   4, Replication: 1,
	}
}

func (p *place) plan(d provision.Desired) *provision.Plan {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	plan, err := provision.Prepare(ctx, p.admin, p.registry, d)
	if err != nil {
		p.t.Fatal(err)
	}
	return plan
}

func (p *place) apply(d provision.Desired) {
	p.t.Helper()
	if err := p.plan(d).Apply(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) create(partitions int32, topic string) {
	p.t.Helper()
	p.createWith(partitions, topic, nil)
}

// createWith makes a topic with settings, and waits until each broker knows of it.
func (p *place) createWith(partitions int32, topic string, settings map[string]*string) {
	p.t.Helper()
	if _, err := p.admin.CreateTopic(p.t.Context(), partitions, 1, settings, topic); err != nil {
		p.t.Fatal(err)
	}
	// A client of its own asks, because what one has heard it remembers for a while.
	client, err := kgo.NewClient(append(embeddedtest.Quick(), kgo.SeedBrokers(p.broker.Brokers()...))...)
	if err != nil {
		p.t.Fatal(err)
	}
	defer client.Close()
	brokers, err := kadm.NewClient(client).ListBrokers(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, broker := range brokers { // each hears of it a little later than its controller
		ask := kmsg.NewPtrMetadataRequest()
		ask.Topics = []kmsg.MetadataRequestTopic{{Topic: &topic}}
		for there := false; !there; {
			answer, err := client.Broker(int(broker.NodeID)).RetriableRequest(p.t.Context(), ask)
			if err != nil {
				p.t.Fatal(err)
			}
			there = answer.(*kmsg.MetadataResponse).Topics[0].ErrorCode == 0
		}
	}
}

func (p *place) topicNames() []string {
	p.t.Helper()
	there, err := p.admin.ListTopics(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return there.Names()
}

func (p *place) setting(topic, name string) string {
	p.t.Helper()
	described, err := p.admin.DescribeTopicConfigs(p.t.Context(), topic)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range described[0].Configs {
		if c.Key == name {
			return c.MaybeValue()
		}
	}
	return ""
}

func (p *place) versions(subject string) []schemas.Registered {
	p.t.Helper()
	registered, err := p.registry.Registered(p.t.Context(), subject, schemas.RawOrderSchema)
	if err != nil {
		p.t.Fatal(err)
	}
	return registered
}

func want(t *testing.T, plan *provision.Plan, lines ...string) {
	t.Helper()
	got := plan.Lines()
	for _, line := range lines {
		if !slices.Contains(got, line) {
			t.Errorf("no line %q in\n%s", line, strings.Join(got, "\n"))
		}
	}
}

func TestAnEmptyClusterGetsAllAndASecondPlanIsEmpty(t *testing.T) {
	p := newPlace(t)
	plan := p.plan(p.desired())
	want(t, plan,
		"+ topic orders.raw  4 partitions, kept 400 days, records to 6 MiB",
		"+ topic table.normalize  4 partitions, compacted, records to 8 MiB",
		"+ subject orders.raw-value  first version",
		"+ subject table.normalize.state-value  first version")
	if plan.Empty() || len(p.topicNames()) != 0 {
		t.Error("planning is not empty, or did something")
	}
	p.apply(p.desired())
	for _, w := range []struct{ topic, name, value string }{
		{"orders.raw", "retention.ms", "34560000000"},
		{"orders.raw", "cleanup.policy", "delete"},
		{"orders.raw", "max.message.bytes", "6291456"},
		{"trash", "cleanup.policy", "compact"},
	} {
		if got := p.setting(w.topic, w.name); got != w.value {
			t.Errorf("%s: %s is %s, want %s", w.topic, w.name, got, w.value)
		}
	}
	if got := p.versions("orders.raw-value"); len(got) != 1 || got[0].Number != 1 || p.chosen["orders.raw-value"].Version != 1 {
		t.Errorf("orders.raw-value: %v, written: %v", got, p.chosen["orders.raw-value"])
	}
	again := p.plan(p.desired())
	if !again.Empty() {
		t.Errorf("the second plan is\n%s", strings.Join(again.Lines(), "\n"))
	}
	want(t, again, "= topic orders.raw", "= subject orders.raw-value")
	if err := again.Apply(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestASettingThatDiffersIsChanged(t *testing.T) {
	p := newPlace(t)
	week, small := "604800000", "1000000"
	p.createWith(4, "orders.raw", map[string]*string{"retention.ms": &week, "max.message.bytes": &small})
	plan := p.plan(p.desired())
	want(t, plan, "~ topic orders.raw  retention.ms 7 days → 400 days, max.message.bytes 1000000 bytes → 6 MiB")
	p.apply(p.desired())
	for end := time.Now().Add(10 * time.Second); !p.plan(p.desired()).Empty() && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond) // each broker hears of a setting a little later than its controller
	}
	if got := p.setting("orders.raw", "retention.ms"); got != "34560000000" {
		t.Errorf("retention.ms is %s", got)
	}
	if again := p.plan(p.desired()); !again.Empty() {
		t.Errorf("the second plan is\n%s", strings.Join(again.Lines(), "\n"))
	}
}

func TestATopicWithFewerPartitionsIsRefusedAndNothingTouched(t *testing.T) {
	p := newPlace(t)
	p.create(2, "orders.raw")
	plan := p.plan(p.desired())
	err := plan.Apply(t.Context())
	if err == nil || !strings.Contains(err.Error(), "topic orders.raw has 2 partitions, kafka.partitions is 4") {
		t.Errorf("got %v", err)
	}
	if names := p.topicNames(); !slices.Equal(names, []string{"orders.raw"}) || p.setting("orders.raw", "retention.ms") == "34560000000" {
		t.Errorf("it touched something: %v", names)
	}
	if got := p.versions("orders.raw-value"); len(got) != 0 || len(p.chosen) != 0 {
		t.Errorf("it registered %v and chose %v", got, p.chosen)
	}
}

// A broker of a cluster may not yet tell of a topic that another has just created: a plan then says that it is missing.
func TestATopicThatCameAfterThePlanIsComparedBeforeAnythingIsTouched(t *testing.T) {
	p := newPlace(t)
	plan := p.plan(p.desired())
	p.create(2, "orders.raw")
	err := plan.Apply(t.Context())
	if err == nil || !strings.Contains(err.Error(), "topic orders.raw has 2 partitions, kafka.partitions is 4") {
		t.Errorf("got %v", err)
	}
	if names := p.topicNames(); !slices.Equal(names, []string{"orders.raw"}) || len(p.chosen) != 0 {
		t.Errorf("it touched something: %v, chose %v", names, p.chosen)
	}
	p = newPlace(t)
	plan = p.plan(p.desired())
	p.create(4, "orders.raw")
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.setting("orders.raw", "retention.ms"); got != "34560000000" {
		t.Errorf("retention.ms of the topic that another created is %s", got)
	}
}

func TestMoreReplicasThanThereAreBrokersAreRefusedAndNothingTouched(t *testing.T) {
	p := newPlace(t)
	many := p.desired()
	many.Replication = 99
	if err := p.plan(many).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was changed: create topic") {
		t.Errorf("got %v", err)
	}
	if names := p.topicNames(); len(names) != 0 {
		t.Errorf("it touched something: %v", names)
	}
}

func TestTopicsWithMorePartitionsAreKeptIfAllHaveThem(t *testing.T) {
	p := newPlace(t)
	eight := p.desired()
	eight.Partitions = 8
	p.apply(eight)
	plan := p.plan(p.desired())
	want(t, plan, "? topic orders.raw  has 8 partitions, kafka.partitions is 4; it keeps them")
	if plan.Refused() != nil || !plan.Empty() {
		t.Errorf("the plan is\n%s", strings.Join(plan.Lines(), "\n"))
	}
}

func TestUnequalPartitionsAreRefused(t *testing.T) {
	p := newPlace(t)
	p.create(8, "orders.raw")
	if err := p.plan(p.desired()).Refused(); err == nil || !strings.Contains(err.Error(), "set kafka.partitions to 8") {
		t.Errorf("got %v", err)
	}
}

func TestASchemaThatDoesNotFitIsRefusedByItsFieldAndNothingTouched(t *testing.T) {
	p := newPlace(t)
	other := strings.Replace(schemas.RawOrderSchema.Text(), `{"name": "seller", "type": "string"`, `{"name": "seller", "type": "long"`, 1)
	if other == schemas.RawOrderSchema.Text() {
		t.Fatal("the definition has changed; so must this test")
	}
	if _, err := p.subjects.CreateSchema(t.Context(), "orders.raw-value", sr.Schema{Schema: other}); err != nil {
		t.Fatal(err)
	}
	err := p.plan(p.desired()).Apply(t.Context())
	if err == nil || !strings.Contains(err.Error(), "orders.raw-value") || !strings.Contains(err.Error(), ".seller") {
		t.Errorf("got %v", err)
	}
	if names := p.topicNames(); len(names) != 0 {
		t.Errorf("it created %v", names)
	}
}

func TestANewVersionOfASchemaStandsBesideTheOldWhichIsWrittenOn(t *testing.T) {
	p := newPlace(t)
	newer := p.registry
	p.registry = registryAt(t, p.url).Knowing(schemas.Upto{"raw_order": 1})
	p.apply(p.desired())
	p.registry = newer
	want(t, p.plan(p.desired()), "~ subject orders.raw-value  version 2 beside version 1")
	p.apply(p.desired())
	again := p.plan(p.desired())
	want(t, again, "= subject orders.raw-value",
		"? subject orders.raw-value  version 2 is registered, version 1 is written: 'waybill provision --activate' when all can read it")
	if !again.Empty() || p.chosen["orders.raw-value"].Version != 1 {
		t.Errorf("version %d is written; the second plan is\n%s", p.chosen["orders.raw-value"].Version, strings.Join(again.Lines(), "\n"))
	}
}

// So it is with a deployment that ran before anything was chosen.
func TestWhereNothingWasChosenTheOlderVersionIsWrittenOn(t *testing.T) {
	p := newPlace(t)
	if _, err := registryAt(t, p.url).Knowing(schemas.Upto{"raw_order": 1}).Register(t.Context(), "orders.raw-value", schemas.RawOrderSchema); err != nil {
		t.Fatal(err)
	}
	want(t, p.plan(p.desired()), "~ subject orders.raw-value  version 2 beside version 1",
		"+ subject orders.raw-value  version 1 is written, until another is activated")
	p.apply(p.desired())
	if again := p.plan(p.desired()); !again.Empty() || p.chosen["orders.raw-value"].Version != 1 {
		t.Errorf("version %d is written; the second plan is\n%s", p.chosen["orders.raw-value"].Version, strings.Join(again.Lines(), "\n"))
	}
}

// Another deployment, or a consumer of theirs, may have registered what is none of our versions.
func TestASchemaThatFitsAndIsNoneOfOursStandsBeside(t *testing.T) {
	p := newPlace(t)
	theirs := strings.Replace(schemas.RawOrderSchema.Text(), `"fields": [`, `"fields": [{"name": "theirs", "type": "string", "default": ""},`, 1)
	if _, err := p.subjects.CreateSchema(t.Context(), "orders.raw-value", sr.Schema{Schema: theirs}); err != nil {
		t.Fatal(err)
	}
	want(t, p.plan(p.desired()), "~ subject orders.raw-value  version 2 beside version 1")
	p.apply(p.desired())
	if again := p.plan(p.desired()); !again.Empty() || p.chosen["orders.raw-value"].Version != 2 {
		t.Errorf("version %d is written; the second plan is\n%s", p.chosen["orders.raw-value"].Version, strings.Join(again.Lines(), "\n"))
	}
}

func TestTwoInstancesMayProvisionAtOnce(t *testing.T) {
	p := newPlace(t)
	first, second := p.plan(p.desired()), p.plan(p.desired())
	for _, plan := range []*provision.Plan{first, second} {
		if err := plan.Apply(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestThreeReplicasMustHaveTwoInStep(t *testing.T) {
	p := newPlace(t)
	d := p.desired()
	d.Topics, d.Replication = []*topics.Topic{topics.OrdersRaw}, 3
	asked := false
	p.broker.Cluster().ControlKey(kmsg.CreateTopics.Int16(), func(r kmsg.Request) (kmsg.Response, error, bool) {
		topic := r.(*kmsg.CreateTopicsRequest).Topics[0]
		asked = topic.ReplicationFactor == 3 && slices.ContainsFunc(topic.Configs, func(c kmsg.CreateTopicsRequestTopicConfig) bool {
			return c.Name == "min.insync.replicas" && *c.Value == "2"
		})
		return nil, nil, false
	})
	_ = p.plan(d).Apply(t.Context()) // one broker can not hold three replicas, and may say so
	if !asked {
		t.Error("it did not ask for two in step")
	}
}

func TestABrokerThatIsAwayIsAnErrorNotAPlan(t *testing.T) {
	p := newPlace(t)
	p.broker.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := provision.Prepare(ctx, p.admin, p.registry, p.desired()); err == nil || !strings.Contains(err.Error(), "ask the brokers") {
		t.Errorf("got %v", err)
	}
}

func TestATopicThatCanNotBeCreatedIsNamed(t *testing.T) {
	p := newPlace(t)
	plan := p.plan(p.desired())
	p.broker.Cluster().ControlKey(kmsg.CreateTopics.Int16(), func(r kmsg.Request) (kmsg.Response, error, bool) {
		asked := r.(*kmsg.CreateTopicsRequest)
		answer := asked.ResponseKind().(*kmsg.CreateTopicsResponse)
		said := kmsg.NewCreateTopicsResponseTopic()
		said.Topic, said.ErrorCode = asked.Topics[0].Topic, kerr.PolicyViolation.Code
		answer.Topics = append(answer.Topics, said)
		return answer, nil, true
	})
	if err := plan.Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was changed: create topic orders.raw: POLICY_VIOLATION") {
		t.Errorf("got %v", err)
	}
}
