package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/marketplaces"
	"waybill/schemas"
	"waybill/topics"
)

// edit is what trash edit was told.
type edit struct {
	act
	sets                       []string
	retry, force, showPersonal bool
}

func (a *app) trashEdit() *cobra.Command {
	var e edit
	cmd := &cobra.Command{Use: "edit TRASH-ID --set PATH=JSON --why REASON", Short: "Mend a message: set fields of what was sent, and with --retry try it at once", Args: cobra.ExactArgs(1)}
	cmd.Long = `Sets fields of what the channel sent. PATH is the path that a fault names ($.delivery.address.zipCode), or our name of the field, where
the channel has one place for it (ship_to.postal_code). The value is JSON: a text stands in quotation marks. The rest of the message
stays as it is, byte for byte, and the message that came first stays on its topic.

Before anything is written, the message is read in memory as the step would read it. If something is wrong with it still, all of
that is shown and nothing is written, unless --force says so.`
	cmd.Example = `  waybill trash edit normalize/orders.raw/2/17 --set 'ship_to.postal_code="01067"' --retry --why "customer called"
  waybill trash edit normalize/orders.raw/2/17 --set '$.lineItems[0].quantity=2' --why "as on the invoice"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.edit(cmd, &e, args[0]) }
	e.signed(cmd, true)
	flags := cmd.Flags()
	flags.StringArrayVar(&e.sets, "set", nil, "PATH=JSON: a field and its new value; repeat it")
	flags.BoolVar(&e.retry, "retry", false, "try it at once, instead of keeping it in its entry")
	flags.BoolVar(&e.force, "force", false, "though something is wrong with it still, or a field is new")
	flags.BoolVar(&e.showPersonal, "show-personal", false, "show texts as they are: they may be personal data")
	_ = cmd.MarkFlagRequired("set") // the flag is ours
	stackFlags(cmd)
	return cmd
}

func (a *app) edit(cmd *cobra.Command, e *edit, id string) error {
	by, err := whoDoes(e.by)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	ctx := cmd.Context()
	items, err := stack.trashNamed(ctx, []string{id})
	if err != nil {
		return err
	}
	item := items[0]
	if item.State == schemas.TrashWaiting && !e.retry {
		return usage("trash %s waits, and goes on by itself when what it waits for comes: give --retry to try the mended message in its place", id)
	}
	job := &schemas.TrashJob{Does: schemas.DidEdit, By: by, Why: e.why, Chosen: id, At: schemas.At(time.Now())}
	if e.retry {
		job.Does = schemas.DidRetry
	}
	if err := choose(job, items); err != nil {
		return err
	}
	m, err := stack.mend(ctx, item)
	if err != nil {
		return err
	}
	for _, text := range e.sets {
		if err := m.set(text, e.force); err != nil {
			return err
		}
	}
	a.printChanges(m, e.showPersonal)
	wrong, err := m.check(ctx)
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
func (a *app) printChanges(m *mending, personal bool) {
	show := func(value []byte) string {
		switch {
		case value == nil:
			return "nothing"
		case personal:
			return string(value)
		}
		return masked(value)
	}
	for _, c := range m.changes {
		a.say("%s: %s → %s", c.path, show(c.old), show(c.new))
	}
}

// mending is a message that is edited.
type mending struct {
	stack   *stack
	entry   *schemas.TrashEntry
	raw     schemas.RawOrder
	was     []byte // its body
	channel marketplaces.Marketplace
	changes []fieldChange
}

// fieldChange is one field that was set.
type fieldChange struct {
	path     string
	old, new []byte // as JSON; nil where there was none
}

// stepTopic is what the values of a step that comes back are.
func stepTopic(step string) *topics.Topic { return topics.Named("step." + step) }
