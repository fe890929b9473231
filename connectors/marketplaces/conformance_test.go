package marketplaces

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

func TestEveryChannelIsAFolderWithRecordedPayloads(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	if diff := cmp.Diff(folders, Channels()); diff != "" {
		t.Errorf("the folders are not those of the catalogue (-folders +catalogue):\n%s", diff)
	}
	for _, channel := range Channels() {
		if len(payloads(t, channel)) == 0 {
			t.Errorf("%s/testdata has no recorded payload", channel)
		}
	}
}

func TestEveryRecordedPayloadIsReadAsItsGoldenFileSays(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		got := readable(t, outcomes(t, m, p))
		file := strings.TrimSuffix(p.file, ".json") + golden
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v; write it with -update and read what it says", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestLinesAndChargesAddUpToTheTotal(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		for _, raw := range receive(t, m, p) {
			order, err := m.Normalize(&raw)
			if err != nil {
				continue
			}
			var sum int64
			for _, l := range order.Lines {
				sum += l.LineTotal.Minor
			}
			for _, c := range order.Charges {
				sum += c.Amount.Minor
			}
			if sum != order.Total.Minor {
				t.Errorf("%s: the parts are %d, the total is %d", raw.Ref, sum, order.Total.Minor)
			}
		}
	})
}

func TestTheSameBytesMakeTheSameOrder(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		if !slices.Equal(encoded(t, m, p), encoded(t, m, p)) {
			t.Error("twice the same payload, two results")
		}
	})
}

// encoded is each order as it would be written to its topic, or its faults.
func encoded(t *testing.T, m Marketplace, p payload) []string {
	t.Helper()
	var all []string
	for _, raw := range receive(t, m, p) {
		order, err := m.Normalize(&raw)
		if err != nil {
			all = append(all, err.Error())
			continue
		}
		b, err := schemas.OrderSchema.Append(nil, order)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	return all
}

func TestTheBytesOfEachElementStayAsTheyCame(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		before := bytes.Clone(p.body)
		rest := p.body
		for _, raw := range receive(t, m, p) {
			i := bytes.Index(rest, raw.Body.Bytes)
			if i < 0 {
				t.Fatalf("%q is not what came, or not in its order", raw.Body.Bytes)
			}
			if !json.Valid(raw.Body.Bytes) {
				t.Errorf("%q is but a part of an element", raw.Body.Bytes)
			}
			rest = rest[i+len(raw.Body.Bytes):]
			if _, err := m.Normalize(&raw); err != nil && !errors.As(err, new(schemas.Faults)) {
				t.Error(err)
			}
		}
		if !bytes.Equal(before, p.body) {
			t.Error("reading changed what was read")
		}
	})
}

func TestAnOrderKeepsItsReferenceHoweverItIsWritten(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		var compact, wide bytes.Buffer
		document := bytes.TrimPrefix(p.body, []byte("\ufeff"))
		if json.Compact(&compact, document) != nil || json.Indent(&wide, document, "\n", "\t") != nil {
			t.Fatal("no JSON")
		}
		want := refs(receive(t, m, p))
		for _, again := range [][]byte{p.body, compact.Bytes(), wide.Bytes()} {
			if got := refs(receive(t, m, payload{p.channel, p.file, again})); !slices.Equal(got, want) {
				t.Errorf("%q, then %q", want, got)
			}
		}
	})
}

func refs(raws []schemas.RawOrder) []string {
	all := make([]string, len(raws))
	for i, raw := range raws {
		all[i] = raw.Ref
	}
	return all
}

func TestAPayloadCutShortIsRefusedWithItsPlace(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		whole := bytes.TrimSpace(p.body)
		for end := 0; end < len(whole); end += 1 + len(whole)/150 {
			raws, err := m.Receive(http.Header{}, whole[:end])
			var at *schemas.SyntaxError
			if !errors.As(err, &at) || len(raws) > 0 || at.Offset > end || at.Line < 1 || at.Column < 1 {
				t.Fatalf("cut at byte %d: %d orders, %v", end, len(raws), err)
			}
		}
	})
}

func TestFieldsThatNobodyKnowsChangeNothing(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		more := payload{p.channel, p.file, withUnknownFields(p.body)}
		if bytes.Equal(more.body, p.body) && bytes.ContainsRune(p.body, '{') {
			t.Fatal("nothing was added")
		}
		if diff := cmp.Diff(readable(t, outcomes(t, m, p)), readable(t, outcomes(t, m, more))); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}

// withUnknownFields puts a field into each object that no channel has, with all kinds of values in it. Its name is one that the
// channel of our own leaves to the sender: any other it refuses, and has a test of that.
func withUnknownFields(document []byte) []byte {
	var out []byte
	text, escaped := false, false
	for i, c := range document {
		out = append(out, c)
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			text = !text
		case c == '{' && !text:
			out = append(out, `"x_unknown":{"a":[1,null,true,"{",{"b":-0.5e-7}]}`...)
			if rest := bytes.TrimSpace(document[i+1:]); len(rest) > 0 && rest[0] != '}' {
				out = append(out, ',')
			}
		}
	}
	return out
}

// Whatever a channel or somebody in between makes of a payload, each fault of it says what and where.
func TestWhateverStandsInPlaceOfAValueIsReadOrRefusedWithItsPlace(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		for _, raw := range receive(t, m, p) {
			var form any
			if err := json.Unmarshal(raw.Body.Bytes, &form); err != nil {
				t.Fatal(err)
			}
			swapEach(form, func() {
				body, err := json.Marshal(form)
				if err != nil {
					t.Fatal(err)
				}
				checkOutcome(t, m, body)
			})
		}
	})
}

// swapEach takes each value out of a document and puts another in its place, one after the other; which other, changes by turns.
func swapEach(document any, try func()) {
	others := []any{nil, -1.5, "\u0000", []any{nil}, map[string]any{}, true}
	turn := 0
	var each func(in any)
	swap := func(old any, put func(any)) {
		turn++
		put(others[turn%len(others)])
		try()
		put(old)
		each(old)
	}
	each = func(in any) {
		switch in := in.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(in)) {
				old := in[name]
				delete(in, name)
				try()
				swap(old, func(v any) { in[name] = v })
			}
		case []any:
			for i, old := range in {
				swap(old, func(v any) { in[i] = v })
			}
		}
	}
	each(document)
}

func checkOutcome(t *testing.T, m Marketplace, body []byte) {
	t.Helper()
	raws, err := m.Receive(http.Header{}, body)
	if err != nil || len(raws) != 1 {
		t.Fatalf("%s: %d orders, %v", body, len(raws), err)
	}
	order, err := m.Normalize(&raws[0])
	if err == nil {
		if order.Ref != raws[0].Ref {
			t.Fatalf("%s: reference %q at the door, %q behind it", body, raws[0].Ref, order.Ref)
		}
		return
	}
	var faults schemas.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%s: an error that is no faults: %v", body, err)
	}
	for _, fault := range faults {
		if fault.Code == "" || fault.Text == "" || !strings.HasPrefix(fault.Path, "$") {
			t.Fatalf("%s: half a fault: %+v", body, fault)
		}
	}
}
