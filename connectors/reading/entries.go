package reading

import (
	"strconv"

	"github.com/go-faster/jx"
)

// Within are the fields of a part of T where they stand in T itself.
func Within[T, Part any](fields []Field[Part], part func(*T) *Part) []Field[T] {
	within := make([]Field[T], len(fields))
	for i, f := range fields {
		within[i] = Named(f.name, func(r *Reader, to *T) { f.read(r, part(to)) })
	}
	return within
}

// Entry is a field of an object whose fields are named by their content.
type Entry[T any] struct {
	Name  string // as a path spells it
	Value T
}

// noName is how a path spells a name without a letter.
const noName = "''"

// Entries reads the objects in those fields of the object that comes next whose names are meant, at most so many: one more is the
// fault of that code. All other fields are passed over. A name that is meant may be told to anybody: it becomes part of a path.
func Entries[T any](r *Reader, fields []Field[T], meant func(name string) bool, most int, code string) []Entry[T] {
	if !r.expect(jx.Object) {
		return nil
	}
	it, err := r.json.ObjIter()
	r.stop(err)
	var entries []Entry[T]
	seen := map[string]bool{}
	for r.err == nil && it.Next() {
		name := string(it.Key())
		switch {
		case !meant(name):
			r.stop(r.json.Skip())
			continue
		case len(entries) == most:
			r.Fault(code, "more than "+strconv.Itoa(most)+" are not taken")
			r.stop(r.json.Skip())
			continue
		case name == "":
			name = noName
		}
		r.path = append(r.path, step{name: name})
		entries = append(entries, Entry[T]{Name: name})
		switch {
		case seen[name]:
			r.Fault(DuplicateKey, "stands there twice")
			r.stop(r.json.Skip())
		case r.json.Next() == jx.Null:
			r.Fault(WrongType, "null where an object belongs")
			r.stop(r.json.Skip())
		default:
			Object(r, fields, &entries[len(entries)-1].Value)
		}
		seen[name] = true
		r.path = r.path[:len(r.path)-1]
	}
	r.stop(it.Err())
	return entries
}
