package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

func (a *app) trashList() *cobra.Command {
	var all, group bool
	var f trashFilter
	cmd := &cobra.Command{Use: "list", Short: "List the entries that are open or wait, oldest first", Args: cobra.NoArgs}
	cmd.Example = `  waybill trash list --party allegro --code missing_postal_code
  waybill trash list --overdue --owner anna
  waybill trash list --group --since 24h`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		states := []string{schemas.TrashOpen, schemas.TrashWaiting}
		if all {
			states = nil
		}
		if err := f.check(time.Now(), states...); err != nil {
			return err
		}
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		if f.standing, err = stack.standing(cmd.Context()); err != nil {
			return err
		}
		items, err := stack.trashFor(cmd.Context(), &f, func(t *trashItem) bool {
			t.Value = nil // which is not listed
			return true
		})
		if err != nil {
			return err
		}
		if len(items) == 0 && f.given() {
			a.say("no entry is of %s", f.words())
		}
		if group {
			return a.printGroups(items)
		}
		p := a.printer("trash id", "since", "due", "owner", "order", "state", "class", "reason")
		for _, t := range items {
			v := listedEntry{listed(t.TrashEntry), f.standing.view(t)}
			if err := p.row(v, t.TrashID, t.FirstAt.Time().Format(time.DateTime), v.by(), v.responsible(), t.OrderID, t.State, t.Class, clip(t.Reason)); err != nil {
				return err
			}
		}
		return p.end()
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that are repaired or dismissed")
	cmd.Flags().BoolVar(&group, "group", false, "a line a cause: how many there are, since when, of how many orders")
	f.flags(cmd)
	stackFlags(cmd)
	return cmd
}

// clip keeps a reason on the line of a table.
func clip(text string) string {
	const most = 90
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// trashed is a trash entry as it is listed: without the message's value, which may hold personal data.
type trashed struct {
	TrashID     string         `json:"trash_id"`
	ID          string         `json:"id"` // the same
	OrderID     string         `json:"order_id"`
	Party       string         `json:"party"`
	Seller      string         `json:"seller"`
	Step        string         `json:"step"`
	State       string         `json:"state"`
	Class       string         `json:"class"`
	Code        string         `json:"code"` // of the first fault; "" if there is none
	Fingerprint string         `json:"fingerprint"`
	Reason      string         `json:"reason"`
	Faults      []trashedFault `json:"faults"`
	Attempts    int64          `json:"attempts"`
	FirstAt     schemas.Millis `json:"first_at"`
	At          schemas.Millis `json:"at"` // the same
	Topic       string         `json:"topic"`
	Partition   int32          `json:"partition"`
	Offset      int64          `json:"offset"`
	SHA256      string         `json:"value_sha256"`
	Resolution  string         `json:"resolution,omitempty"`
	Did         string         `json:"did,omitempty"`
	By          string         `json:"by,omitempty"`
	Why         string         `json:"why,omitempty"`
	Job         string         `json:"job,omitempty"`

	ShipBy *schemas.Millis `json:"ship_by,omitempty"` // when the order has to have left
}

// listedEntry is an entry with how it stands with people.
type listedEntry struct {
	trashed
	entryStanding
}

type trashedFault struct {
	Code string `json:"code"`
	Path string `json:"path"`
	Text string `json:"text"`
}

func listed(e *schemas.TrashEntry) trashed {
	t := trashed{
		TrashID: e.TrashID, ID: e.TrashID, OrderID: e.OrderID, Party: e.Party, Seller: e.Seller, Step: e.Step, State: e.State, Class: e.Class,
		Code: firstOf(codesOf(e)), Fingerprint: e.Fingerprint, Reason: e.Reason, Faults: faultsOf(e.Faults), Attempts: e.Attempts,
		FirstAt: e.FirstAt, At: e.FirstAt, Topic: e.Topic, Partition: e.Partition, Offset: e.Offset, SHA256: e.ValueSHA256,
		Resolution: e.Resolution, Did: e.Did, By: e.By, Why: e.Why, Job: e.Job, ShipBy: e.ShipBy,
	}
	return t
}

func faultsOf(all []schemas.Fault) []trashedFault {
	faults := make([]trashedFault, len(all))
	for i, f := range all {
		faults[i] = trashedFault(f)
	}
	return faults
}

func firstOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// trashGroup is all entries of one cause.
type trashGroup struct {
	Fingerprint string         `json:"fingerprint"`
	Count       int            `json:"count"`
	Orders      int            `json:"orders"`
	FirstAt     schemas.Millis `json:"first_at"`
	LastAt      schemas.Millis `json:"last_at"`
	Step        string         `json:"step"`
	Class       string         `json:"class"`
	Codes       []string       `json:"codes"`
	Parties     []string       `json:"parties"`
	Reason      string         `json:"reason"`  // of the oldest
	Example     string         `json:"example"` // the oldest
}

// printGroups prints a line a cause, the most frequent first.
func (a *app) printGroups(items []*trashItem) error {
	groups, orders := map[string]*trashGroup{}, map[[2]string]bool{}
	for _, t := range items {
		g := groups[t.Fingerprint]
		if g == nil {
			g = &trashGroup{
				Fingerprint: t.Fingerprint, FirstAt: t.FirstAt, Step: t.Step, Class: t.Class, Codes: codesOf(t.TrashEntry), Parties: []string{},
				Reason: t.Reason, Example: t.TrashID,
			}
			groups[t.Fingerprint] = g
		}
		g.Count, g.LastAt = g.Count+1, t.FirstAt // they come oldest first
		if !slices.Contains(g.Parties, t.Party) {
			g.Parties = append(g.Parties, t.Party)
		}
		if order := [2]string{t.Fingerprint, t.OrderID}; !orders[order] {
			orders[order] = true
			g.Orders++
		}
	}
	sorted := make([]*trashGroup, 0, len(groups))
	for _, g := range groups {
		sorted = append(sorted, g)
	}
	slices.SortFunc(sorted, func(x, y *trashGroup) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	p := a.printer("fingerprint", "count", "orders", "first", "last", "class", "reason of the oldest")
	for _, g := range sorted {
		if err := p.row(g, g.Fingerprint, g.Count, g.Orders, g.FirstAt.Time().Format(time.DateTime), g.LastAt.Time().Format(time.DateTime), g.Class, clip(g.Reason)); err != nil {
			return err
		}
	}
	return p.end()
}
