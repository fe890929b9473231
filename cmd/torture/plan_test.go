package main

import (
	"reflect"
	"strings"
	"testing"
)

func TestTheSameSeedBreaksTheSameAndNeverTwoBrokersAtOnce(t *testing.T) {
	kinds, err := kindsOf("", true)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for n := range 500 {
		seed := roundSeed(42, n)
		p := draw(seed, kinds)
		if !reflect.DeepEqual(p, draw(seed, kinds)) {
			t.Fatalf("seed %d makes two plans", seed)
		}
		brokers := 0
		for _, f := range p.faults {
			seen[f.Kind] = true
			if f.Kind == "broker" {
				brokers++
			}
			if f.For <= 0 || f.At < firstFault || f.At > lastFault {
				t.Errorf("%s is no fault of a round", f)
			}
		}
		if brokers > 1 {
			t.Errorf("%s: two brokers are away at once", p.String())
		}
	}
	if len(seen) != len(kinds) {
		t.Errorf("of %s only %d kinds are ever drawn", strings.Join(kinds, ", "), len(seen))
	}
}
