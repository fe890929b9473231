package schemas

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

func FuzzDecodeRawOrder(f *testing.F)      { fuzzDecode(f, RawOrderSchema) }
func FuzzDecodeOrder(f *testing.F)         { fuzzDecode(f, OrderSchema) }
func FuzzDecodeTrashEntry(f *testing.F)    { fuzzDecode(f, TrashEntrySchema) }
func FuzzDecodeRow(f *testing.F)           { fuzzDecode(f, RowSchema) }
func FuzzDecodeOrderVersions(f *testing.F) { fuzzDecode(f, OrderVersionsSchema) }

func fuzzDecode(f *testing.F, s Any) {
	good := exampleBytes(f, s)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(append(bytes.Clone(good), 0))
	f.Add([]byte{})
	for _, claim := range claims() {
		f.Add(claim)
		f.Add(append(bytes.Clone(good[:len(good)/3]), claim...))
	}
	f.Fuzz(func(t *testing.T, b []byte) { decodeSafely(t, s, b) })
}

// claims are counts and lengths that no value has: what stands behind them is not there, or can not be.
func claims() [][]byte {
	var all [][]byte
	for _, n := range []int64{1 << 20, 1 << 31, 1 << 40, math.MaxInt64, math.MaxInt64 - 1, -1, -(1 << 40), math.MinInt64, math.MinInt64 + 1} {
		claim := binary.AppendVarint(nil, n)
		all = append(all, claim)
		// A negative count is followed by a length; the next block can bring a sum over the edge.
		all = append(all, slices.Concat(claim, []byte{2}, binary.AppendVarint(nil, math.MaxInt64), []byte{2, 'a', 2, 'a'}))
		all = append(all, slices.Concat(claim, []byte{2, 0}))
	}
	return append(all, bytes.Repeat([]byte{0xff}, 11))
}

func TestAClaimAnywhereInAValueIsRefusedOrHarmless(t *testing.T) {
	for _, s := range All() {
		good := exampleBytes(t, s)
		for at := range good {
			for _, claim := range claims() {
				decodeSafely(t, s, slices.Concat(good[:at], claim, good[at+1:]))
				decodeSafely(t, s, slices.Concat(good[:at], claim))
			}
		}
	}
}

// The bytes are those of an array with MinInt64 items in its first block: a decoder that negates the count gets it back.
func TestACountThatHasNoOppositeIsRefused(t *testing.T) {
	b := binary.AppendVarint([]byte{0, 0, 0, 0}, math.MinInt64) // hash, revision, status, updated_at, then revisions
	b = append(b, 2, 0, 0, 0, 0)
	if err := OrderVersionsSchema.Decode(OrderVersionsSchema.Current(), b, new(OrderVersions)); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v, want ErrMalformed", err)
	}
}

// grown is how many empty fields of one byte follow those of the first version.
const grown = 10

func TestAValueOfManyEmptyItemsStaysWithinItsBound(t *testing.T) {
	const items = ItemsMax
	b := binary.AppendVarint([]byte{0, 0, 0, 0, 0}, items) // no revisions, then that many failed bodies
	b = append(b, make([]byte, items+3+grown)...)
	if err := decodeSafely(t, OrderVersionsSchema, b); err != nil {
		t.Fatal(err)
	}
}

func TestAValueOfManySmallBlocksStaysWithinItsBound(t *testing.T) {
	b := append([]byte{0, 0, 0, 0, 0}, bytes.Repeat([]byte{2, 0}, ItemsMax)...) // blocks of one empty failed body
	if err := decodeSafely(t, OrderVersionsSchema, append(b, make([]byte, 3+grown)...)); err != nil {
		t.Fatal(err)
	}
}

func TestAValueThatIsTooLargeIsNeitherWrittenNorRead(t *testing.T) {
	if _, err := RawOrderSchema.Append(nil, &RawOrder{Body: Body{Bytes: make([]byte, ValueBytesMax)}}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("write too many bytes: got %v, want ErrTooLarge", err)
	}
	if _, err := OrderVersionsSchema.Append(nil, &OrderVersions{Failed: make([][]byte, ItemsMax+1)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("write too many items: got %v, want ErrTooLarge", err)
	}
	for name, b := range map[string][]byte{
		"bytes": make([]byte, ValueBytesMax+1),
		"items": append([]byte{0, 0, 0, 0, 0}, bytes.Repeat([]byte{2, 0}, ItemsMax+1)...),
	} {
		err := OrderVersionsSchema.Decode(OrderVersionsSchema.Current(), b, new(OrderVersions))
		if !errors.Is(err, ErrTooLarge) || !errors.Is(err, ErrMalformed) {
			t.Errorf("read too many %s: got %v, want ErrTooLarge and ErrMalformed", name, err)
		}
	}
}

// allocatedMax is how many bytes may be allocated for an input of that length, with what the test itself needs.
func allocatedMax(length int) uint64 { return 1<<20 + 64*uint64(length) }

// decodeSafely decodes b, which may be anything: it must end, within its memory, in an error or in a value that can be written
// and read again.
func decodeSafely(t *testing.T, s Any, b []byte) error {
	t.Helper()
	var before, after runtime.MemStats
	v := s.New()
	runtime.ReadMemStats(&before)
	err := s.Decode(s.Current(), b, v)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > allocatedMax(len(b)) {
		t.Fatalf("%s: %d bytes were allocated for %d", s.Name(), allocated, len(b))
	}
	if err != nil {
		if !errors.Is(err, ErrMalformed) {
			t.Fatalf("%s: got %v, want ErrMalformed", s.Name(), err)
		}
		return err
	}
	written, err := s.Append(nil, v)
	if err != nil {
		t.Fatalf("%s: what was read can not be written: %v", s.Name(), err)
	}
	again := s.New()
	if err := s.Decode(s.Current(), written, again); err != nil {
		t.Fatalf("%s: what was read and written can not be read: %v", s.Name(), err)
	}
	if !reflect.DeepEqual(v, again) {
		t.Fatalf("%s: %+v became %+v", s.Name(), v, again)
	}
	return nil
}

func exampleBytes(t testing.TB, s Any) []byte {
	t.Helper()
	b, err := s.Append(nil, examples()[s.Name()])
	if err != nil {
		t.Fatal(err)
	}
	return b
}
