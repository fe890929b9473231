package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/reading"
	"waybill/schemas"
	"waybill/topics"
)

// edit is what trash edit was told.
type edit struct {
	act
	fields                     []schemas.TrashEdit
	retry, force, showPersonal bool
}

func (a *app) trashEdit() *cobra.Command {
	var e edit
	cmd := &cobra.Command{Use: "edit [TRASH-ID…] --set PATH=JSON --why REASON", Short: "Mend messages: set or change fields of what was sent, and with --retry try them at once"}
	cmd.Long = `Sets fields of what the channel sent. PATH is the path that a fault names ($.delivery.address.zipCode), or our name of the field, where
the channel has one place for it (ship_to.postal_code). The value is JSON: a text stands in quotation marks. The rest of the message
stays as it is, byte for byte, and the message that came first stays on its topic.

--change makes the new value of the old one, by words with a bar between them:
` + reading.ChangeWords + `

Before anything is written, the message is read in memory as the step would read it. If something is wrong with it still, all of
that is shown and nothing is written, unless --force says so. Of many entries, those that can be mended like that become a job, which
is shown first, with what changes in up to 20 of them; the others are left as they are, and named.`
	cmd.Example = `  waybill trash edit normalize/orders.raw/2/17 --set 'ship_to.postal_code="01067"' --retry --why "customer called"
  waybill trash edit normalize/orders.raw/2/17 --set '$.lineItems[0].quantity=2' --why "as on the invoice"
  waybill trash edit --code invalid_postal_code --party shop --change 'ship_to.postal_code=digits | pad 5 "0"' --retry --why "the shop cut zeros" --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.edit(cmd, &e, ids) }
	e.flags(cmd, true)
	flags := cmd.Flags()
	flags.Var(&editFlag{&e.fields, false}, "set", "PATH=JSON: a field and its new value; repeat it")
	flags.Var(&editFlag{&e.fields, true}, "change", "PATH=WORDS: a field and how its value becomes the new one; repeat it")
	flags.BoolVar(&e.retry, "retry", false, "try it at once, instead of keeping it in its entry")
	flags.BoolVar(&e.force, "force", false, "though something is wrong with it still, or a field is new")
	flags.BoolVar(&e.showPersonal, "show-personal", false, "show texts as they are: they may be personal data")
	return cmd
}

func (a *app) edit(cmd *cobra.Command, e *edit, ids []string) error {
	if len(e.fields) == 0 {
		return usage("trash edit: give --set or --change, and what is to be mended, such as --set 'ship_to.postal_code=\"01067\"'")
	}
	if len(ids) != 1 || e.given() {
		return a.editMany(cmd, e, ids)
	}
	job, err := e.job(cmd, e.does(), ids)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	return a.editOne(cmd.Context(), stack, e, job, ids[0])
}

func (e *edit) does() string {
	if e.retry {
		return schemas.DidRetry
	}
	return schemas.DidEdit
}

// mayKeep refuses to keep a mended message where the other one goes on by itself.
func (e *edit) mayKeep(t *trashItem) error {
	if t.State == schemas.TrashWaiting && !e.retry {
		return usage("trash %s waits, and goes on by itself when what it waits for comes: give --retry to try the mended message in its place", t.TrashID)
	}
	return nil
}

func (a *app) editOne(ctx context.Context, stack *stack, e *edit, job *schemas.TrashJob, id string) error {
	items, err := stack.trashNamed(ctx, []string{id})
	if err != nil {
		return err
	}
	if err := errors.Join(e.mayKeep(items[0]), choose(job, items)); err != nil {
		return err
	}
	mender, err := stack.mender(ctx, e.fields, e.force)
	if err != nil {
		return err
	}
	m, err := mender.mend(ctx, items[0])
	if err != nil {
		return err
	}
	a.printChanges("", m.changes, e.showPersonal)
	wrong, err := m.check()
	if err != nil {
		return err
	}
	for _, f := range wrong {
		a.say("  %s", f)
	}
	if len(wrong) > 0 && !e.force {
		return fmt.Errorf("trash %s: with that, %d faults are left, so nothing was written; --set them too, or give --force", id, len(wrong))
	}
	value, err := m.message(ctx)
	if err != nil {
		return err
	}
	r := &errand{app: a, stack: stack, job: job, wait: e.wait, mended: map[string][]byte{id: value}}
	return r.run(ctx)
}

// printChanges shows each field that was set, as it was and as it is. Any text may be personal, so of texts it shows the length.
func (a *app) printChanges(indent string, changes []fieldChange, personal bool) {
	show := func(value []byte) string {
		switch {
		case value == nil:
			return "nothing"
		case personal:
			return string(value)
		}
		return masked(value)
	}
	for _, c := range changes {
		a.say("%s%s: %s → %s", indent, c.path, show(c.old), show(c.new))
	}
}

// stepTopic is the way back into a step; nil if there is no such step.
func stepTopic(step string) *topics.Topic { return topics.Named("step." + step) }

// wayBack is where whoever failed hears what an operator wants: a step on its own topic, a gateway on its outbox.
func wayBack(step string) *topics.Topic {
	if party, is := strings.CutPrefix(step, "gateway."); is {
		return topics.Named("outbox." + party)
	}
	return stepTopic(step)
}
