package versions_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/versions"
	"waybill/schemas"
	"waybill/topics"
)

// announce starts a process that says what it can read.
func (p *place) announce(instance string, upto schemas.Upto) (stop func()) {
	p.Helper()
	_, registry, _ := p.follow(upto)
	self := schemas.Instance{Instance: instance, Parts: []string{"normalize"}, Program: "v0"}
	return p.during(versions.NewAnnouncer(p.kafka, registry, subjects, self, slog.New(slog.DiscardHandler)).Run)
}

// unable are those who can not read the newest version.
func (p *place) unable(silent func(int, int)) (names []string) {
	p.Helper()
	living := p.ask()
	defer living.Close()
	newest := schemas.FingerprintText(schemas.RawOrderSchema.Current())
	can := func(i *schemas.Instance) bool { return strings.Contains(strings.Join(i.Reads, " "), newest) }
	unable, err := living.Unable(p.Context(), can, silent)
	if err != nil {
		p.Fatal(err)
	}
	for _, i := range unable {
		names = append(names, i.Instance)
	}
	return names
}

func (p *place) ask() *versions.Living {
	p.Helper()
	living, err := versions.Ask(p.Context(), p.kafka, p.plain)
	if err != nil {
		p.Fatal(err)
	}
	return living
}

// announced is who has said that it runs, and who that it has ended. Who runs says so again and again.
func (p *place) announced() func() (lives, ends map[string]bool) {
	client := p.client(kgo.ConsumeTopics(topics.Instances.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	lives, ends := map[string]bool{}, map[string]bool{}
	return func() (map[string]bool, map[string]bool) {
		poll, end := context.WithTimeout(p.Context(), time.Second)
		defer end()
		for _, r := range client.PollFetches(poll).Records() {
			said := lives
			if r.Value == nil {
				said = ends
			}
			said[string(r.Key)] = true
		}
		return lives, ends
	}
}

// It takes as long as a silence does: who was killed is told from who runs.
func TestOneThatRunsAndCanNotReadIsNamedAndOneThatIsGoneIsNot(t *testing.T) {
	p := newPlace(t)
	announced := p.announced()
	p.announce("older", earlier)
	p.announce("newer", nil)
	stop := p.announce("stopped", earlier)
	p.say("killed", earlier)
	p.await("all have said so", func() bool { lives, _ := announced(); return len(lives) == 4 })
	stop()
	p.await("one has said that it ended", func() bool { _, ends := announced(); return len(ends) == 1 })
	waited := 0
	names := p.unable(func(silent, _ int) { waited = silent })
	if len(names) != 1 || names[0] != "older" || waited != 2 {
		t.Errorf("%v can not read it; of %d nobody knew at first", names, waited)
	}
}

func TestWhereAllCanReadNobodyIsWaitedFor(t *testing.T) {
	p := newPlace(t)
	announced := p.announced()
	p.announce("newer", nil)
	p.say("killed", nil)
	p.await("both have said so", func() bool { lives, _ := announced(); return len(lives) == 2 })
	if names := p.unable(func(int, int) { t.Error("it waits") }); len(names) != 0 {
		t.Errorf("%v can not read it", names)
	}
}

// say leaves the word of a process that is gone.
func (p *place) say(instance string, upto schemas.Upto) {
	p.Helper()
	i := &schemas.Instance{Instance: instance}
	for _, v := range p.registry(upto).Versions(schemas.RawOrderSchema) {
		i.Reads = append(i.Reads, schemas.FingerprintText(v.Fingerprint))
	}
	value, err := p.plain.Encode(p.Context(), nil, topics.Instances.Subject(), schemas.InstanceSchema, i)
	if err == nil {
		err = p.client().ProduceSync(p.Context(), &kgo.Record{Topic: topics.Instances.Name, Key: []byte(instance), Value: value}).FirstErr()
	}
	if err != nil {
		p.Fatal(err)
	}
}

// A process of a version before this does not announce itself.
func TestAMemberOfTheGroupThatSaidNothingIsAStranger(t *testing.T) {
	p := newPlace(t)
	p.client(kgo.ConsumerGroup("waybill.normalize"), kgo.InstanceID("stranger"), kgo.ConsumeTopics(topics.Versions.Name))
	living := p.ask()
	defer living.Close()
	p.await("it is a member", func() bool {
		strangers, err := living.Strangers(t.Context(), func(int, int) {}, "waybill.normalize", "waybill.landing")
		return err == nil && len(strangers) == 1 && strangers[0] == "stranger in waybill.normalize"
	})
}
