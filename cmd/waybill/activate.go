package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/internal/provision"
	"waybill/internal/runner"
	"waybill/internal/versions"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// activating is what provision --activate was told.
type activating struct {
	reasoned
	dryRun, force bool
}

// activationView is one subject as it is printed.
type activationView struct {
	Subject   string   `json:"subject"`
	Written   int      `json:"written"`   // before
	Activated int      `json:"activated"` // the same, if there is nothing to do
	Refused   []string `json:"refused,omitempty"`
}

// activate makes the named subjects, or all, be written in a newer version, or in the one that was named.
func (a *app) activate(cmd *cobra.Command, s *stack, names []string, how *activating) error {
	by, err := whoDoes(how.by)
	if err != nil {
		return err
	}
	_, choices, err := s.versioned()
	if err != nil {
		return err
	}
	plan, err := activations(cmd.Context(), choices, names)
	if err != nil {
		return err
	}
	pending := slices.DeleteFunc(slices.Clone(plan), (*versions.Activation).Done)
	refused, err := a.refusals(cmd.Context(), s, pending)
	if err != nil {
		return err
	}
	for _, v := range plan {
		if err := a.printActivation(v, refused[v.Subject]); err != nil {
			return err
		}
	}
	switch {
	case len(pending) == 0:
		a.say("nothing to do: that is what is written")
		return nil
	case len(refused) > 0 && !how.force:
		return fmt.Errorf("%d of %d subjects can not be activated, nothing was changed; mend what stands above, or give --force and take what it says", len(refused), len(pending))
	case how.dryRun:
		a.say("%d things to do; nothing was touched", len(pending))
		return nil
	}
	if err := s.writeAs(cmd.Context(), pending, by, how.reason); err != nil {
		return err
	}
	a.say("done: every process writes so within a second")
	return nil
}

// activations plans each SUBJECT or SUBJECT@VERSION; all subjects, if none is named.
func activations(ctx context.Context, choices *versions.Choices, names []string) (plan []*versions.Activation, err error) {
	if len(names) == 0 {
		names = choices.Subjects()
	}
	for _, name := range names {
		subject, text, at := strings.Cut(name, "@")
		version := 0
		if at {
			if version, err = strconv.Atoi(text); err != nil || version < 1 {
				return nil, usage("--activate %s: give SUBJECT@VERSION with a number from 1", name)
			}
		}
		if !slices.Contains(choices.Subjects(), subject) {
			return nil, usage("--activate %s: there is no such subject; there are: %s", name, strings.Join(choices.Subjects(), ", "))
		}
		activation, err := choices.Activation(ctx, subject, version)
		if err != nil {
			return nil, err
		}
		plan = append(plan, activation)
	}
	return plan, nil
}

// refusals is why subjects should not be activated, each reason in words; none for most.
func (a *app) refusals(ctx context.Context, s *stack, plan []*versions.Activation) (map[string][]string, error) {
	refused := map[string][]string{}
	if len(plan) == 0 {
		return refused, nil
	}
	for _, v := range plan {
		if len(v.Lost) > 0 {
			refused[v.Subject] = append(refused[v.Subject], fmt.Sprintf("version %d can not say %s: what is written from then on lacks it, and what is read and written again loses it",
				v.To, strings.Join(v.Lost, ", ")))
		}
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	living, err := versions.Ask(ctx, s.kafka, registry)
	if err != nil {
		return nil, err
	}
	defer living.Close()
	for _, v := range plan {
		unable, err := living.Unable(ctx, v.Reads, a.waitForSilent)
		if err != nil {
			return nil, err
		}
		for _, i := range unable {
			refused[v.Subject] = append(refused[v.Subject], fmt.Sprintf("%s can not read version %d: upgrade it first", nameOf(i), v.To))
		}
	}
	strangers, err := living.Strangers(ctx, a.waitForSilent, s.groups()...)
	if err != nil {
		strangers = []string{err.Error()}
	}
	for _, stranger := range strangers {
		for _, v := range plan {
			refused[v.Subject] = append(refused[v.Subject], "it is not known what these can read: "+stranger)
		}
	}
	return refused, nil
}

func (a *app) waitForSilent(silent, seconds int) {
	a.say("%d processes may have ended, or can not read it: listening for %d s", silent, seconds)
}

func nameOf(i *schemas.Instance) string {
	return fmt.Sprintf("instance %s (%s, version %s, pid %d on %s)", i.Instance, strings.Join(i.Parts, " "), i.Program, i.PID, i.Host)
}

func (a *app) printActivation(v *versions.Activation, refused []string) error {
	if a.output == "json" {
		return a.json(activationView{v.Subject, v.From, v.To, refused})
	}
	line := fmt.Sprintf("~ subject %s  version %d → version %d is written", v.Subject, v.From, v.To)
	if v.Done() {
		line = fmt.Sprintf("= subject %s  version %d is written", v.Subject, v.To)
	}
	for _, why := range refused {
		line += "\n! subject " + v.Subject + "  " + why
	}
	_, err := fmt.Fprintln(a.stdout, line)
	return err
}

// groups are the consumer groups of the deployment.
func (s *stack) groups() []string {
	names := []string{s.config.Deployment + "." + partLanding}
	for _, step := range processors.All(processors.Sources{}) {
		names = append(names, s.config.Deployment+"."+step.Name)
	}
	return names
}

// writeAs makes that the version that is written.
func (s *stack) writeAs(ctx context.Context, plan []*versions.Activation, by, reason string) error {
	messages := make([]topics.Message, len(plan))
	for i, v := range plan {
		choice := v.Choice()
		choice.At, choice.By, choice.Reason = schemas.At(time.Now()), by, reason
		messages[i] = topics.Message{Topic: topics.Versions, Key: choice.Subject, Value: choice}
	}
	return s.store(ctx, messages)
}

// agreed is what is wanted, with how it is agreed which versions are written.
func (s *stack) agreed(ctx context.Context, desired provision.Desired) (provision.Desired, error) {
	_, choices, err := s.versioned()
	if err != nil {
		return desired, err
	}
	desired.Chosen, desired.Choose = choices.Chosen, s.chooseFirst
	if err = choices.Load(ctx); errors.Is(err, kerr.UnknownTopicOrPartition) { // it is still to be made
		desired.Chosen, err = func(context.Context, string) (*schemas.VersionChoice, error) { return nil, nil }, nil
	}
	return desired, err
}

// chooseFirst writes the first choices of all. The very first is that of their own subject.
func (s *stack) chooseFirst(ctx context.Context, first []*schemas.VersionChoice) error {
	var own, others []topics.Message
	for _, choice := range first {
		choice.At, choice.By, choice.Reason = schemas.At(time.Now()), "waybill provision", "the first"
		m := topics.Message{Topic: topics.Versions, Key: choice.Subject, Value: choice}
		if choice.Subject == topics.Versions.Subject() {
			own = append(own, m)
		} else {
			others = append(others, m)
		}
	}
	if len(own) > 0 {
		registry, err := s.unversioned()
		if err == nil {
			err = s.storeBy(ctx, registry, own)
		}
		if err != nil {
			return err
		}
	}
	if len(others) == 0 {
		return nil
	}
	return s.store(ctx, others)
}

func (s *stack) storeBy(ctx context.Context, registry *schemas.Registry, messages []topics.Message) error {
	store, err := runner.NewStore(s.kafka, registry)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Store(ctx, messages)
}

// activateOwn lets an embedded stack write what this program can: nobody else works on it, unless he was told to.
func (s *stack) activateOwn(ctx context.Context) error {
	registry, choices, err := s.versioned()
	if err != nil {
		return err
	}
	plan, err := activations(ctx, choices, nil)
	if err != nil {
		return err
	}
	plan = slices.DeleteFunc(plan, func(v *versions.Activation) bool { return v.Done() || len(v.Lost) > 0 })
	if len(plan) == 0 {
		return nil
	}
	living, err := versions.Ask(ctx, s.kafka, registry)
	if err != nil {
		return err
	}
	defer living.Close()
	var ready []*versions.Activation
	for _, v := range plan {
		can := func(i *schemas.Instance) bool { return i.Instance == s.config.Instance || v.Reads(i) }
		unable, err := living.Unable(ctx, can, func(silent, seconds int) {
			s.log.Info("listening for processes that can not read a new version", "silent", silent, "seconds", seconds)
		})
		if err != nil {
			return err
		}
		if len(unable) > 0 {
			s.log.Warn("an older version is still written, for one that can not read the newer", "subject", v.Subject, "instance", nameOf(unable[0]))
			continue
		}
		ready = append(ready, v)
	}
	return s.writeAs(ctx, ready, "waybill "+release, "at the start of the embedded stack")
}
