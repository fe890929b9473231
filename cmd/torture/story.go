package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// story is all that the topics tell of one order since the last round.
type story struct {
	order string
	raw   []*record          // what came in, in order
	back  []*record          // what came back to the step, in order
	rows  []*record          // what the step remembered, in order
	said  map[road][]*record // all else, in order
}

// road is a topic and a key: what was written to it stands in order.
type road struct {
	topic *topics.Topic
	key   string
}

// storiesOf sorts records by their orders.
func storiesOf(records []*record) map[string]*story {
	stories := map[string]*story{}
	for _, r := range records {
		if r.Topic == topics.IDCatalogue || r.Topic == topics.Mappings || r.Topic == topics.Versions {
			continue // about no order
		}
		s := stories[r.order()]
		if s == nil {
			s = &story{order: r.order(), said: map[road][]*record{}}
			stories[s.order] = s
		}
		switch r.Topic {
		case topics.OrdersRaw:
			s.raw = append(s.raw, r)
		case topics.StepNormalize:
			s.back = append(s.back, r)
		case topics.TableNormalize:
			s.rows = append(s.rows, r)
		default:
			at := road{r.Topic, r.Key}
			s.said[at] = append(s.said[at], r)
		}
	}
	return stories
}

// roads are those that something was written to, in a fixed order.
func (s *story) roads() []road {
	return slices.SortedFunc(maps.Keys(s.said), func(a, b road) int {
		return cmp.Or(cmp.Compare(a.topic.Name, b.topic.Name), cmp.Compare(a.key, b.key))
	})
}

// all is every record of the story, for who has to find out what happened.
func (s *story) all() []*record {
	all := slices.Concat(s.raw, s.back, s.rows)
	for _, at := range s.roads() {
		all = append(all, s.said[at]...)
	}
	return all
}

// differs says in what a record is not what was to be said; "" if it is.
func (m *said) differs(r *record) string {
	for _, h := range m.headers {
		if got := r.header(h.Key); got != string(h.Value) {
			return fmt.Sprintf("its header %s is %q, not %q", h.Key, got, h.Value)
		}
	}
	if r.header(topics.HeaderRunID) == "" {
		return "it does not say which run wrote it"
	}
	if !bytes.Equal(plain(m.topic.Schema, m.value), plain(m.topic.Schema, r.Value)) {
		return "its value is another"
	}
	return ""
}

// plain is a value as Avro, without what is for people alone: texts, and which other pairs were missing besides the first, which
// hangs on how far the copy of the catalogue was at each of them.
func plain(schema schemas.Any, value any) []byte {
	switch v := value.(type) {
	case nil:
		return nil
	case *schemas.TrashEntry:
		entry := *v
		entry.Reason, entry.Fingerprint, entry.Resolution = "", "", ""
		if entry.Class == schemas.ClassMissingPair {
			entry.Faults = entry.Faults[:min(1, len(entry.Faults))]
		}
		value = &entry
	case *schemas.Row:
		row := *v
		row.Trash, row.Parked = plainEntry(v.Trash), plainEntry(v.Parked)
		value = &row
	}
	b, err := schema.Append(nil, value)
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

func plainEntry(open *schemas.OpenTrash) *schemas.OpenTrash {
	if open == nil {
		return nil
	}
	bare := *open
	bare.Reason, bare.Fingerprint = "", ""
	return &bare
}
