package wire

import (
	"bytes"
	"encoding/json"
)

// Fault is one way to break a payload. Its name is a promise: others count by it.
type Fault struct {
	Name string
	Put  func(Fields)
}

// Fields is a JSON object, opened to be broken.
type Fields map[string]any

// Open decodes a payload that a generator wrote a moment ago; numbers stay as they are.
func Open(body []byte) Fields {
	fields := Fields{}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	if err := in.Decode(&fields); err != nil {
		panic("read a made-up payload: " + err.Error())
	}
	return fields
}

// In is an object inside.
func (f Fields) In(name string) Fields { return f[name].(map[string]any) }

// At is one of a list of objects inside.
func (f Fields) At(name string, i int) Fields { return f[name].([]any)[i].(map[string]any) }

// Names of faults, in the order in which they take turns.
func Names(faults []Fault) []string {
	names := make([]string, len(faults))
	for i, f := range faults {
		names[i] = f.Name
	}
	return names
}
