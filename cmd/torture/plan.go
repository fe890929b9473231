package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// fault is one thing that is done to the system while it works.
type fault struct {
	Kind     string        `json:"kind"`
	At       time.Duration `json:"at"`  // since the round began
	For      time.Duration `json:"for"` // how long it lasts; of a kill, until the start
	Instance int           `json:"instance,omitempty"`
	Broker   int           `json:"broker,omitempty"` // 0 for all, or for the one that leads the controllers
	Mode     string        `json:"mode,omitempty"`
}

func (f fault) String() string {
	text := fmt.Sprintf("%s@%.1fs", f.Kind, f.At.Seconds())
	if f.Instance > 0 {
		text += fmt.Sprintf(" instance %d", f.Instance)
	}
	if f.Broker > 0 {
		text += fmt.Sprintf(" broker %d", f.Broker)
	}
	if f.Mode != "" {
		text += " " + f.Mode
	}
	return text + fmt.Sprintf(" %.1fs", f.For.Seconds())
}

// between is an instant or a duration.
func between(random *rand.Rand, from, to time.Duration) time.Duration {
	return (from + time.Duration(random.Int64N(int64(to-from)))).Round(10 * time.Millisecond)
}

// Limits of a round.
const (
	instancesCount = 3
	faultsMax      = 3
	firstFault     = 500 * time.Millisecond
	lastFault      = 7 * time.Second
	loadMin        = 10 * time.Second
	loadBehind     = time.Second // the load goes on for so long behind the last fault
	sessionTime    = 10 * time.Second
)

// plan is what happens in a round.
type plan struct {
	seed   uint64
	faults []fault
}

// draw makes up a round: the same one for the same seed and the same kinds.
func draw(seed uint64, kinds []string) plan {
	random := rand.New(rand.NewPCG(seed, 0x746f7274757265))
	p := plan{seed: seed}
	if len(kinds) == 0 {
		return p
	}
	brokers := 0
	for range 1 + random.IntN(faultsMax) {
		kind := kinds[random.IntN(len(kinds))]
		f := fault{Kind: kind, At: between(random, firstFault, lastFault)}
		catalogue[kind].draw(random, &f)
		if strings.HasPrefix(kind, "broker") {
			if brokers++; brokers > 1 {
				continue // two of three that are away stop everybody: that is no fault of ours
			}
		}
		p.faults = append(p.faults, f)
	}
	slices.SortFunc(p.faults, func(a, b fault) int { return int(a.At - b.At) })
	return p
}

// length is how long the load goes on.
func (p *plan) length() time.Duration {
	length := loadMin
	for _, f := range p.faults {
		length = max(length, f.At+f.For+loadBehind)
	}
	return length
}

func (p *plan) String() string {
	var texts []string
	for _, f := range p.faults {
		texts = append(texts, f.String())
	}
	return strings.Join(texts, ", ")
}

// roundSeed is the seed of a round of a run (splitmix64, Steele and others, "Fast splittable pseudorandom number generators").
func roundSeed(run uint64, round int) uint64 {
	z := run + uint64(round)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func kindsOf(list string, asRoot bool) ([]string, error) {
	if list == "" {
		kinds := slices.Sorted(maps.Keys(catalogue))
		if !asRoot {
			kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "disk" })
		}
		return kinds, nil
	}
	if list == "none" {
		return nil, nil
	}
	kinds := strings.Split(list, ",")
	for _, kind := range kinds {
		if _, known := catalogue[kind]; !known {
			return nil, fmt.Errorf("there is no fault %q; there are: %s", kind, strings.Join(slices.Sorted(maps.Keys(catalogue)), ", "))
		}
	}
	return kinds, nil
}
