package sandbox

import (
	"crypto/sha256"
	"iter"
)

// Books remember what was fed, to tell afterwards what got lost and what was doubled on the way.
// They take about 130 bytes an order. Not for concurrent use.
type Books struct {
	orders, duplicates, nameless int

	names    []byte            // "ref revision" of every version fed, end to end
	ends     []int             // where each name ends
	versions map[digest]uint32 // the version's place in ends
	perOrder map[digest]uint16 // versions of one reference
	broken   map[string]string // reference to fault
}

// digest stands for a text in a map, in 16 bytes instead of some fifty.
type digest [16]byte

// Fed enters a payload, in the order in which they are fed.
func (b *Books) Fed(p Payload) {
	if b.versions == nil {
		b.versions, b.perOrder, b.broken = map[digest]uint32{}, map[digest]uint16{}, map[string]string{}
	}
	switch {
	case p.Kind == Duplicate:
		b.duplicates++
	case p.Kind == Broken && p.Ref == "":
		b.nameless++
	case p.Kind == Broken:
		b.broken[p.Ref] = p.Fault
	default:
		b.enter(p.Ref, p.Revision)
	}
}

func (b *Books) enter(ref, revision string) {
	name := ref + " " + revision
	b.versions[digestOf(name)] = uint32(len(b.ends))
	b.names = append(b.names, name...)
	b.ends = append(b.ends, len(b.names))
	order := digestOf(ref)
	if b.perOrder[order] == 0 {
		b.orders++
	}
	b.perOrder[order]++
}

// Orders returns how many good orders were fed.
func (b *Books) Orders() int { return b.orders }

// Versions returns how many versions of an order were fed; 0 if none was.
func (b *Books) Versions(ref string) int { return int(b.perOrder[digestOf(ref)]) }

// AllVersions returns how many versions of all orders were fed: what a correct pipeline puts out.
func (b *Books) AllVersions() int { return len(b.ends) }

// Duplicates returns how many repeats were fed.
func (b *Books) Duplicates() int { return b.duplicates }

// Broken returns how many broken payloads were fed.
func (b *Books) Broken() int { return len(b.broken) + b.nameless }

// BrokenRefs returns the references of the broken payloads that have one, each with its fault.
func (b *Books) BrokenRefs() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for ref, fault := range b.broken {
			if !yield(ref, fault) {
				return
			}
		}
	}
}

// Check compares an output with what was fed, both as pairs of reference and revision. Lost are the
// versions that are missing from it, in the order fed; doubled are those in it once too often: a second
// time, or at all when none or only a broken payload was fed. Each is named "ref revision".
func (b *Books) Check(seen iter.Seq2[string, string]) (lost, doubled []string) {
	found := make([]bool, len(b.ends))
	for ref, revision := range seen {
		name := ref + " " + revision
		place, fed := b.versions[digestOf(name)]
		if !fed || found[place] {
			doubled = append(doubled, name)
			continue
		}
		found[place] = true
	}
	begin := 0
	for place, end := range b.ends {
		if !found[place] {
			lost = append(lost, string(b.names[begin:end]))
		}
		begin = end
	}
	return lost, doubled
}

func digestOf(text string) digest {
	sum := sha256.Sum256([]byte(text))
	return digest(sum[:16])
}
