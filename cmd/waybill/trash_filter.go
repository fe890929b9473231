package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

// trashFilter is which entries a verb is about. Of one flag any value will do; of several flags each has to be met.
type trashFilter struct {
	steps, parties, classes, codes, fingerprints, states, orders, owners []string
	since, until                                                         string
	overdue                                                              bool

	from, to schemas.Millis // of since and until
	standing *standing      // of the entries, where it is asked for
}

func (f *trashFilter) flags(cmd *cobra.Command) {
	for _, flag := range f.lists() {
		cmd.Flags().StringSliceVar(flag.values, flag.name, nil, flag.what)
	}
	cmd.Flags().BoolVar(&f.overdue, "overdue", false, "that should have been closed by now: their order had to leave, or trash.due_hours are over")
	cmd.Flags().StringVar(&f.since, "since", "", "that came then or later: 24h (ago), 2026-05-01, or a time (RFC 3339)")
	cmd.Flags().StringVar(&f.until, "until", "", "that came before then")
}

// listFlag is a flag with several values.
type listFlag struct {
	name, what string
	values     *[]string
	of         func(*trashItem) []string
}

func (f *trashFilter) lists() []listFlag {
	return []listFlag{
		{"step", "of that step", &f.steps, func(t *trashItem) []string { return []string{t.Step} }},
		{"party", "of that party", &f.parties, func(t *trashItem) []string { return []string{t.Party} }},
		{"class", "of that class of failure: invalid, malformed, exhausted …", &f.classes, func(t *trashItem) []string { return []string{t.Class} }},
		{"code", "with a fault of that code: missing_postal_code …", &f.codes, func(t *trashItem) []string { return codesOf(t.TrashEntry) }},
		{"fingerprint", "of that cause, as 'trash list --group' names it", &f.fingerprints, func(t *trashItem) []string { return []string{t.Fingerprint} }},
		{"state", "in that state: open, waiting, repaired, dismissed", &f.states, func(t *trashItem) []string { return []string{t.State} }},
		{"order", "about that order, by its id", &f.orders, func(t *trashItem) []string { return []string{t.OrderID} }},
		{"owner", "of that person, as 'trash assign' says; nobody: of nobody", &f.owners, func(t *trashItem) []string {
			return []string{cmp.Or(f.standing.owner(t.TrashID), nobody)}
		}},
	}
}

func codesOf(e *schemas.TrashEntry) []string {
	codes := make([]string, 0, len(e.Faults))
	for _, fault := range e.Faults {
		if !slices.Contains(codes, fault.Code) {
			codes = append(codes, fault.Code)
		}
	}
	return codes
}

// check reads the times. Without --state it is the given states that are meant.
func (f *trashFilter) check(now time.Time, states ...string) (err error) {
	known := []string{schemas.TrashOpen, schemas.TrashWaiting, schemas.TrashRepaired, schemas.TrashDismissed}
	for _, state := range f.states {
		if !slices.Contains(known, state) {
			return usage("--state %s: there are %s", state, strings.Join(known, ", "))
		}
	}
	if len(f.states) == 0 {
		f.states = states
	}
	if f.from, err = timeOf("--since", f.since, now); err == nil {
		f.to, err = timeOf("--until", f.until, now)
	}
	return err
}

// timeOf reads a time, or how long ago that was; 0 if there is none.
func timeOf(flag, text string, now time.Time) (schemas.Millis, error) {
	if text == "" {
		return 0, nil
	}
	if ago, err := time.ParseDuration(text); err == nil {
		return schemas.At(now.Add(-ago)), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return schemas.At(t), nil
		}
	}
	return 0, usage("%s %s: give 24h, 2026-05-01 or 2026-05-01T12:00:00Z", flag, text)
}

// asksPeople tells whether it takes more than the entry to know whether it is taken.
func (f *trashFilter) asksPeople() bool { return f.overdue || len(f.owners) > 0 }

func (f *trashFilter) takes(t *trashItem) bool {
	for _, flag := range f.lists() {
		if len(*flag.values) > 0 && !slices.ContainsFunc(flag.of(t), func(v string) bool { return slices.Contains(*flag.values, v) }) {
			return false
		}
	}
	if f.overdue && !f.standing.isOverdue(t) {
		return false
	}
	return (f.from == 0 || t.FirstAt >= f.from) && (f.to == 0 || t.FirstAt < f.to)
}

// given tells whether a flag was set.
func (f *trashFilter) given() bool {
	return f.overdue || f.since != "" || f.until != "" || slices.ContainsFunc(f.lists(), func(l listFlag) bool { return len(*l.values) > 0 })
}

// words say what is filtered.
func (f *trashFilter) words() string {
	var words []string
	for _, flag := range f.lists() {
		if len(*flag.values) > 0 {
			words = append(words, flag.name+" "+strings.Join(*flag.values, " or "))
		}
	}
	if f.overdue {
		words = append(words, "overdue")
	}
	if f.from != 0 {
		words = append(words, fmt.Sprintf("since %s", f.from))
	}
	if f.to != 0 {
		words = append(words, fmt.Sprintf("before %s", f.to))
	}
	return strings.Join(words, ", ")
}
