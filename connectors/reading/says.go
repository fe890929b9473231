package reading

import (
	"bytes"

	"github.com/go-faster/jx"
)

// Place spells where the reader stands: for what is to be told of a value that is not taken.
func (r *Reader) Place() string { return r.at() }

// Says passes over the value that comes next, and tells whether it says anything. null does not, nor false, an empty text, or an
// empty array.
func (r *Reader) Says() bool {
	kind := r.json.Next()
	b, err := r.json.Raw()
	r.stop(err)
	switch kind {
	case jx.Null, jx.Invalid:
		return false
	case jx.Bool:
		return string(b) == "true"
	case jx.String:
		return len(bytes.TrimSpace(bytes.Trim(b, `"`))) > 0
	case jx.Array:
		return len(bytes.TrimSpace(bytes.Trim(b, "[]"))) > 0
	}
	return true
}
