package sandbox

import (
	"iter"
	"slices"
	"testing"
)

type sighting struct{ ref, revision string }

func output(all []sighting) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, s := range all {
			if !yield(s.ref, s.revision) {
				return
			}
		}
	}
}

// fed keeps books on a stream, and returns what a pipeline without a flaw makes of it.
func fed(t *testing.T) (*Books, []sighting) {
	var b Books
	var right []sighting
	for _, p := range generate(t, Options{Channel: "allegro", Orders: 500, Seed: 6, Duplicates: 10, Broken: 10, Amendments: 50}) {
		b.Fed(p)
		if p.Kind != Duplicate && p.Kind != Broken {
			right = append(right, sighting{p.Ref, p.Revision})
		}
	}
	return &b, right
}

func TestBooksCountWhatWasFed(t *testing.T) {
	b, right := fed(t)
	if b.Orders() != 500 || b.Duplicates() != 50 || b.Broken() != 50 || b.AllVersions() != 750 {
		t.Errorf("orders %d, duplicates %d, broken %d, versions %d", b.Orders(), b.Duplicates(), b.Broken(), b.AllVersions())
	}
	versions := map[string]int{}
	for _, s := range right {
		versions[s.ref]++
	}
	for ref, want := range versions {
		if got := b.Versions(ref); got != want {
			t.Errorf("%s was fed in %d versions, the books say %d", ref, want, got)
		}
	}
	if b.Versions("never") != 0 {
		t.Error("the books know an order that was never fed")
	}
}

func TestAPipelineWithoutAFlawPasses(t *testing.T) {
	b, right := fed(t)
	if lost, doubled := b.Check(output(right)); len(lost)+len(doubled) > 0 {
		t.Errorf("lost %v, doubled %v", lost, doubled)
	}
}

func TestALostVersionIsNamed(t *testing.T) {
	b, right := fed(t)
	missing := right[300]
	lost, doubled := b.Check(output(slices.Delete(slices.Clone(right), 300, 301)))
	if !slices.Equal(lost, []string{missing.ref + " " + missing.revision}) || len(doubled) > 0 {
		t.Errorf("lost %v, doubled %v; only %v was left out", lost, doubled, missing)
	}
}

func TestWhatComesOnceTooOftenIsDoubled(t *testing.T) {
	b, right := fed(t)
	tooMany := []sighting{right[7], {"never", "fed"}}
	for ref := range b.BrokenRefs() {
		tooMany = append(tooMany, sighting{ref, "1"})
		break
	}
	lost, doubled := b.Check(output(append(slices.Clone(right), tooMany...)))
	if len(lost) > 0 || len(doubled) != 3 {
		t.Errorf("lost %v, doubled %v; too many were %v", lost, doubled, tooMany)
	}
}

func TestAnEmptyOutputHasLostEverything(t *testing.T) {
	b, right := fed(t)
	if lost, _ := b.Check(output(nil)); len(lost) != len(right) {
		t.Errorf("%d of %d versions are lost", len(lost), len(right))
	}
}
