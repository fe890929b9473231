package fault

import "fmt"

// mixes are rules for all parties, by name.
var mixes = map[string][]Rule{
	"none": {},
	"light": {
		{Any, Any, Latency, 0.05, 0.2},
		{Any, Any, Storm, 0.002, 1},
		{Any, Any, Down, 0.01, 0},
		{Any, Any, Gateway, 0.005, 0},
		{Any, Any, Drop, 0.01, 0},
		{Any, Any, Late, 0.005, 2},
		{Any, Any, Wrong, 0.005, 0},
		{Any, Any, Duplicate, 0.03, 0},
		{Any, Any, Reorder, 0.03, 2},
		{Any, Any, Omit, 0.005, 0},
	},
	"heavy": {
		{Any, Any, Latency, 0.2, 1},
		{Any, Any, Storm, 0.01, 5},
		{Any, Any, Down, 0.05, 0},
		{Any, Any, Gateway, 0.03, 0},
		{Any, Any, Drop, 0.05, 0},
		{Any, Any, Late, 0.03, 5},
		{Any, Any, Ignore, 0.01, 0},
		{Any, Any, Wrong, 0.03, 0},
		{Any, Any, Duplicate, 0.15, 0},
		{Any, Any, Reorder, 0.15, 10},
		{Any, Any, Omit, 0.05, 0},
	},
}

// Mix returns the rules of a mix; the empty name is none.
func Mix(name string) ([]Rule, error) {
	if name == "" {
		name = "none"
	}
	rules, known := mixes[name]
	if !known {
		return nil, fmt.Errorf("no mix of faults %q; there are: %s", name, sorted(mixes))
	}
	return append([]Rule{}, rules...), nil
}
