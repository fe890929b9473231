package runner

import (
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// memory is what a worker takes in large pieces, because it needs it for every record: a piece for many, instead of one for
// each, halves the work of the garbage collector. It is given up as a whole at the end of the turn.
type memory struct {
	bytes   []byte // room left of the piece that values and ids are written into
	piece   int    // length of that piece
	headers []kgo.RecordHeader
	seen    []topics.Header
	events  []topics.Event
	entries []entry
	row     []byte // the row that was read last; written over by the next
}

// Sizes of the pieces.
const (
	pieceBytes   = 256 << 10
	pieceRoomMin = 2 << 10 // less than this is not begun to be written into
	pieceHeaders = 1024
	pieceEvents  = 128
)

// room gives bytes to append to, without length. What was written is to be handed to used.
func (m *memory) room() []byte {
	if cap(m.bytes) < pieceRoomMin {
		m.bytes = make([]byte, 0, m.nextPiece())
	}
	return m.bytes[:0]
}

// nextPiece is small at first, for the many who store one message.
func (m *memory) nextPiece() int {
	m.piece = min(max(4*m.piece, 2*pieceRoomMin), pieceBytes)
	return m.piece
}

// used keeps what was written behind room, and gives it back without room to grow.
func (m *memory) used(written []byte) []byte {
	if n := len(written); n <= cap(m.bytes) {
		m.bytes = m.bytes[n:n:cap(m.bytes)]
	}
	return written[:len(written):len(written)]
}

// text is a string as bytes.
func (m *memory) text(s string) []byte { return m.used(append(m.room(), s...)) }

// outHeaders gives room for at most n headers to append to.
func (m *memory) outHeaders(n int) []kgo.RecordHeader {
	if len(m.headers) < n {
		m.headers = make([]kgo.RecordHeader, max(n, pieceHeaders))
	}
	given := m.headers[:0:n]
	m.headers = m.headers[n:]
	return given
}

// inHeaders gives the headers of a record as a processor sees them.
func (m *memory) inHeaders(of []kgo.RecordHeader) []topics.Header {
	n := len(of)
	if len(m.seen) < n {
		m.seen = make([]topics.Header, max(n, pieceHeaders))
	}
	given := m.seen[:n:n]
	m.seen = m.seen[n:]
	for i, h := range of {
		given[i] = topics.Header{Key: h.Key, Value: h.Value}
	}
	return given
}

func (m *memory) entry() *entry {
	if len(m.entries) == 0 {
		m.entries = make([]entry, pieceEvents)
	}
	given := &m.entries[0]
	m.entries = m.entries[1:]
	return given
}

func (m *memory) event() *topics.Event {
	if len(m.events) == 0 {
		m.events = make([]topics.Event, pieceEvents)
	}
	given := &m.events[0]
	m.events = m.events[1:]
	return given
}
