package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/processors"
)

// totals are what a run came to.
type totals struct {
	seed                           uint64
	version                        string
	rounds, faults                 int
	payloads, records              int
	lost, doubled, inverted, wrong int
	kinds                          map[string]int
	seconds                        float64
}

func (t *totals) add(out *result) {
	t.rounds++
	t.faults += len(out.Faults)
	for _, f := range out.Faults {
		t.kinds[f.Kind]++
	}
	t.payloads += out.Payloads
	t.records += out.Records
	t.lost += out.Lost
	t.doubled += out.Doubled
	t.inverted += out.Inverted
	t.wrong += out.Wrong
	t.seconds += out.Seconds
}

func (t *totals) String() string {
	return fmt.Sprintf("seed %d: %d rounds, %d faults (%s), %d payloads, %d records in %.0f s; lost %d, doubled %d, inverted %d, wrong %d",
		t.seed, t.rounds, t.faults, t.kindsText(), t.payloads, t.records, t.seconds, t.lost, t.doubled, t.inverted, t.wrong)
}

func (t *totals) kindsText() string {
	var texts []string
	for _, kind := range slices.Sorted(maps.Keys(t.kinds)) {
		texts = append(texts, fmt.Sprintf("%s %d", kind, t.kinds[kind]))
	}
	return strings.Join(texts, ", ")
}

// record appends a row to the table at the end of a Markdown file.
func (t *totals) record(file string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("record the run: %w", err)
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "| %s | %d | %d | %s | %d | %d | %d | %d | %d | %d | %s |\n", time.Now().UTC().Format(time.DateOnly), t.seed,
		t.rounds, t.kindsText(), t.payloads, t.records, t.lost, t.doubled, t.inverted, t.wrong, t.version)
	return err
}

// channels are those of the parties, in their newest mapping.
func channels() (processors.Parties, error) {
	all := processors.Parties{}
	for _, p := range parties {
		channel, err := marketplaces.Open(p.channel, nil)
		if err != nil {
			return nil, err
		}
		all[p.name] = channel
	}
	return all, nil
}

// terms are what is settled for a party: nothing but that its orders wait for pairs, or may be changed.
func terms(name string) processors.Terms {
	i := slices.IndexFunc(parties, func(p party) bool { return p.name == name })
	calendar, err := processors.NewCalendar(nil)
	if err != nil {
		panic(err) // nothing is settled
	}
	return processors.Terms{Calendar: calendar, PairsRequired: i >= 0 && parties[i].pairs, Patches: i >= 0 && parties[i].source == fromRequests}
}
