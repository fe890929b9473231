package landing

import (
	"fmt"
	"strconv"
	"strings"
)

// Span is a range of offsets of one partition, From (with) to To (without), and how many records a read_committed reader
// found in it when it was cut.
type Span struct {
	From, To int64
	Records  int
}

// promise is what a committed offset says beside itself. The offset is where everything before it has landed; next, if there
// is one, starts there and may have been written, or not: whoever comes next writes the very same range again. last is the
// range before it, kept for the case that the engine lost it. Both were entrusted to one life of the table's engine; in another
// they are looked at again.
type promise struct {
	last, next *Span
	life       string // empty if it was not known
}

// promiseVersion stands first, so that a later form can be told apart.
const promiseVersion = "1"

// text is the offset's metadata: 1;last=0-500/500;next=500-731/230;life=5e2c.
func (p promise) text() string {
	var b strings.Builder
	b.WriteString(promiseVersion)
	if p.last != nil {
		fmt.Fprintf(&b, ";last=%d-%d/%d", p.last.From, p.last.To, p.last.Records)
	}
	if p.next != nil {
		fmt.Fprintf(&b, ";next=%d-%d/%d", p.next.From, p.next.To, p.next.Records)
	}
	if p.life != "" && (p.last != nil || p.next != nil) {
		fmt.Fprintf(&b, ";life=%s", p.life)
	}
	return b.String()
}

// readPromise reads the metadata of a committed offset. An offset without it was set by hand: nothing was promised.
func readPromise(offset int64, text string) (promise, error) {
	version, rest, _ := strings.Cut(text, ";")
	if text == "" {
		return promise{}, nil
	}
	if version != promiseVersion {
		return promise{}, fmt.Errorf("committed offset %d promises %q, in a form that is not one of this version of Waybill: upgrade this instance", offset, text)
	}
	var p promise
	for _, part := range strings.Split(rest, ";") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if name == "life" {
			p.life = value
			continue
		}
		span, err := readSpan(value)
		if err != nil {
			return promise{}, fmt.Errorf("committed offset %d promises %q: %w", offset, text, err)
		}
		switch {
		case name == "last" && span.To == offset:
			p.last = span
		case name == "next" && span.From == offset:
			p.next = span
		default:
			return promise{}, fmt.Errorf("committed offset %d promises %q, which does not meet it", offset, text)
		}
	}
	return p, nil
}

func readSpan(text string) (*Span, error) {
	offsets, count, _ := strings.Cut(text, "/")
	from, to, _ := strings.Cut(offsets, "-")
	var s Span
	var err error
	if s.From, err = strconv.ParseInt(from, 10, 64); err != nil {
		return nil, err
	}
	if s.To, err = strconv.ParseInt(to, 10, 64); err != nil {
		return nil, err
	}
	if s.Records, err = strconv.Atoi(count); err != nil {
		return nil, err
	}
	if s.To <= s.From || s.From < 0 || s.Records < 0 {
		return nil, fmt.Errorf("%q is no range", text)
	}
	return &s, nil
}

// Promised are the ranges that the metadata of the landing's committed offset tells of. Whoever knows how many records they hold knows
// how many there are to an offset.
func Promised(offset int64, metadata string) ([]Span, error) {
	promised, err := readPromise(offset, metadata)
	var spans []Span
	for _, span := range []*Span{promised.last, promised.next} {
		if err == nil && span != nil {
			spans = append(spans, *span)
		}
	}
	return spans, err
}
