package reading

import (
	"strconv"

	"github.com/go-faster/jx"
)

// Words reads the array of texts or numbers that comes next, at most so many: one more is the fault of that code.
func (r *Reader) Words(most int, code string) []string {
	if !r.expect(jx.Array) {
		return nil
	}
	it, err := r.json.ArrIter()
	r.stop(err)
	var words []string
	for r.err == nil && it.Next() {
		if len(words) == most {
			r.Fault(code, "more than "+strconv.Itoa(most)+" are not taken")
			r.stop(r.json.Skip())
			continue
		}
		r.path = append(r.path, step{index: len(words)})
		words = append(words, r.Word())
		r.path = r.path[:len(r.path)-1]
	}
	r.stop(it.Err())
	return words
}

// TextOnly is the string that comes next; all else is passed over, where a sender keeps all kinds of things in one place.
func (r *Reader) TextOnly() string {
	if r.json.Next() != jx.String {
		r.Skip()
		return ""
	}
	return r.Text()
}
