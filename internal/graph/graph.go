// Package graph draws the pipeline from what the processors declare, so that the picture can not lie.
package graph

import (
	"fmt"
	"strings"

	"waybill/processors"
	"waybill/topics"
)

// Graph is the pipeline: which step reads what and writes what, and what lands.
type Graph struct {
	Doors   []string // what messages come in by
	Enter   []*topics.Topic
	Steps   []processors.Processor
	Parties []processors.Gateway
	Landing []*topics.Topic
}

// Text draws the graph for a terminal.
func (g Graph) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "doors in: %s\n", strings.Join(g.Doors, " · "))
	for _, t := range g.Enter {
		fmt.Fprintf(&b, "   │ accepted means stored\n   ▼\n%s\n", t.Name)
	}
	for _, step := range g.Steps {
		fmt.Fprintf(&b, "   │\n   ├─ %s reads %s\n", step.Name, list(append(step.Reads[:len(step.Reads):len(step.Reads)], step.Back)))
		if len(step.Looks) > 0 {
			fmt.Fprintf(&b, "   │    looks into %s\n", list(step.Looks))
		}
		for _, t := range writes(step) {
			fmt.Fprintf(&b, "   │    └─► %-18s %s\n", t.Name, t.Doc)
		}
		fmt.Fprintf(&b, "   │    remembers in %s\n", step.Table.Name)
	}
	for _, party := range g.Parties {
		fmt.Fprintf(&b, "   │\n   ├─ the gateway of %s reads %s, and calls\n", party.Party, party.Outbox.Name)
		for _, t := range append([]*topics.Topic{party.Ledger}, append(party.Writes[:len(party.Writes):len(party.Writes)], topics.Trash)...) {
			fmt.Fprintf(&b, "   │    └─► %-18s %s\n", t.Name, t.Doc)
		}
	}
	fmt.Fprintf(&b, "   │\n   └─ lands in ClickHouse\n")
	for _, t := range g.Landing {
		fmt.Fprintf(&b, "        %-18s ─► %s, audit\n", t.Name, t.Table())
	}
	return b.String()
}

func list(all []*topics.Topic) string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// writes is all that a step may write to, except its memory.
func writes(step processors.Processor) []*topics.Topic {
	return append(step.Writes[:len(step.Writes):len(step.Writes)], topics.Trash)
}
