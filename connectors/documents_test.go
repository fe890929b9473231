package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"waybill/schemas"
)

// told is what Documents says about a text, a line each: "line: bytes", or "line: fault".
func told(r io.Reader, bytesMax int) (all []string) {
	for d, err := range Documents(r, bytesMax) {
		if err != nil {
			all = append(all, fmt.Sprintf("%d: ! %v", d.Line, err))
			continue
		}
		all = append(all, fmt.Sprintf("%d: %s", d.Line, d.Bytes))
	}
	return all
}

// streams are texts, and what Documents says about them when no document may be longer than 80 bytes.
var streams = []struct {
	name, text string
	want       []string
}{
	{"one", `{"a":1}`, []string{`1: {"a":1}`}},
	{"nothing", " \n\t\r\n ", nil},
	{"lines", "{\"a\":1}\n{\"a\": 2 }\r\n\n{}", []string{`1: {"a":1}`, `2: {"a": 2 }`, `4: {}`}},
	{"side by side", `{"a":1}{"b":"}"} {}`, []string{`1: {"a":1}`, `1: {"b":"}"}`, `1: {}`}},
	{"indented", "{\n  \"a\": [\n    1\n  ]\n}\n{\n}\n", []string{"1: {\n  \"a\": [\n    1\n  ]\n}", "6: {\n}"}},
	{"array", "[{\"a\":1},\n {\"b\":[2]} , 3,\"x,]\",null]", []string{`1: {"a":1}`, `2: {"b":[2]}`, `2: 3`, `2: "x,]"`, `2: null`}},
	{"empty array", "[ ]", nil},
	{"arrays", "[1,2]\n[3]\n{}", []string{"1: 1", "1: 2", "2: 3", "3: {}"}},
	{"array in array", "[[1,2],[]]", []string{"1: [1,2]", "1: []"}},
	{"byte order mark", "\xef\xbb\xbf{}\n", []string{"1: {}"}},
	{"invalid UTF-8", "{\"a\":\"\xff\xfe\"}", []string{"1: {\"a\":\"\xff\xfe\"}"}},
	{"scalars", "1 2\ntrue \"x\"", []string{"1: 1", "1: 2", "2: true", `2: "x"`}},
	{
		"a bad line", "{\"a\":1}\n{\"a\":}\n{\"a\":3}",
		[]string{`1: {"a":1}`, `2: ! line 2, column 6 (byte 13): invalid character '}' looking for beginning of value`, `3: {"a":3}`},
	},
	{
		"lines that were cut", "{\"a\":\n{\"a\":2}\n{\"é\":\"é\n{\"a\":[{}]}\n{\"a\":5,\n{\"a\":6}",
		[]string{
			`1: ! line 3, column 1 (byte 14): invalid character '{' after object key:value pair`, `2: {"a":2}`,
			`3: ! line 3, column 8 (byte 23): invalid character '\n' in string literal`, `4: {"a":[{}]}`,
			`5: ! line 6, column 1 (byte 43): invalid character '{' looking for beginning of object key string`, `6: {"a":6}`,
		},
	},
	{
		"garbage", "hello\nworld\n{}trailing\n}\n{}",
		[]string{
			`1: ! line 1, column 1 (byte 0): invalid character 'h' looking for beginning of value`,
			`2: ! line 2, column 1 (byte 6): invalid character 'w' looking for beginning of value`, `3: {}`,
			`3: ! line 3, column 5 (byte 16): invalid character 'a' in literal true (expecting 'u')`, `5: {}`,
		},
	},
	{
		"a bad document on many lines", "{\n  \"a\": 1,\n  \"b\": ,\n  \"c\": {\n    \"d\": 1\n  }\n}\n{\"ok\":1}",
		[]string{`1: ! line 3, column 8 (byte 19): invalid character ',' looking for beginning of value`, `8: {"ok":1}`},
	},
	{
		"a bad element on its line", "[\n{\"a\":1},\n{\"a\":},\n{\"a\":3}\n]\n{}",
		[]string{`2: {"a":1}`, `3: ! line 3, column 6 (byte 16): invalid character '}' looking for beginning of value`, `4: {"a":3}`, `6: {}`},
	},
	{
		"a bad element on many lines", "[\n  {\n    \"a\": ,\n    \"b\": 1\n  },\n  {\n    \"a\": 2\n  }\n]",
		[]string{`2: ! line 3, column 10 (byte 15): invalid character ',' looking for beginning of value`, "6: {\n    \"a\": 2\n  }"},
	},
	{
		"a bad last element", "[{\"a\":1},\n{\"a\":}\n]\n{}",
		[]string{`1: {"a":1}`, `2: ! line 2, column 6 (byte 15): invalid character '}' looking for beginning of value`, `4: {}`},
	},
	{
		"a line that looks like an array", "[oops\n{\"a\":2}\n{\"a\":3}",
		[]string{
			`1: ! line 1, column 2 (byte 1): invalid character 'o' looking for beginning of value`, `2: {"a":2}`,
			`3: ! line 3, column 1 (byte 14): there must be a comma or ] between elements`, `3: {"a":3}`,
		},
	},
	{
		"an array without end", "[{\"a\":1},",
		[]string{`1: {"a":1}`, `1: ! line 1, column 10 (byte 9): the array does not end`},
	},
	{
		"a document without end", "{}\n{\"a\":[1,",
		[]string{`1: {}`, `2: ! line 2, column 9 (byte 11): the document does not end`},
	},
	{
		"too long", "{}\n{\"a\":\"" + strings.Repeat("x", 100) + "\"}\n{}",
		[]string{`1: {}`, `2: ! line 2: the document is longer than 80 bytes`, `3: {}`},
	},
}

func TestAStreamIsCutIntoItsDocuments(t *testing.T) {
	for _, c := range streams {
		t.Run(c.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{"whole": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
				if got := told(r, 80); !slices.Equal(got, c.want) {
					t.Errorf("%s:\ngot  %q\nwant %q", how, got, c.want)
				}
			}
		})
	}
}

func TestAReadErrorIsTheLastWord(t *testing.T) {
	broken := errors.New("disk on fire")
	var last error
	n := 0
	for _, err := range Documents(io.MultiReader(strings.NewReader("{}\n{\"a\":1}\n"), iotest.ErrReader(broken)), 80) {
		n++
		last = err
	}
	if n != 3 || !errors.Is(last, broken) {
		t.Errorf("got %d answers, the last %v", n, last)
	}
}

// endless gives the same line for ever, up to a number of bytes.
type endless struct {
	line []byte
	left int
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		c := copy(p[n:], e.line[e.at:])
		n, e.left, e.at = n+c, e.left-c, (e.at+c)%len(e.line)
	}
	return n, nil
}

func TestALongStreamNeedsLittleMemory(t *testing.T) {
	for name, line := range map[string]string{
		"documents":   `{"id":"x","lines":[{"a":1},{"b":"c"}]}` + "\n",
		"no document": `x`,
		"no end":      `{"a":`,
		"white space": "  \n ",
	} {
		t.Run(name, func(t *testing.T) {
			const size, bytesMax = 4 << 20, 256 << 10
			s := &splitter{window: window{source: &endless{line: bytes.Repeat([]byte(line), 1000), left: size}, place: start}, bytesMax: bytesMax}
			most := 0
			s.run(func(Document, error) bool {
				most = max(most, cap(s.bytes))
				return true
			})
			if most = max(most, cap(s.bytes)); most > 4*bytesMax+windowBytes {
				t.Errorf("the window grew to %d bytes", most)
			}
			if s.place.offset < size {
				t.Errorf("%d of %d bytes were read", s.place.offset, size)
			}
		})
	}
}

func TestWhatWasHandedOutStaysAsItIs(t *testing.T) {
	line := []byte(`{"id":"` + strings.Repeat("é", 500) + `"}` + "\n")
	var kept [][]byte
	for d, err := range Documents(&endless{line: line, left: 4 << 20}, 1<<20) {
		if err != nil {
			break // the last line is cut
		}
		kept = append(kept, d.Bytes)
	}
	if len(kept) < 4000 {
		t.Fatalf("only %d documents", len(kept))
	}
	for i, b := range kept {
		if !bytes.Equal(b, bytes.TrimSpace(line)) {
			t.Fatalf("document %d changed: %.40q", i, b)
		}
	}
}

func FuzzDocumentsAreTheVeryBytesOfTheStream(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "[1,2,{}]", "{}\n{\"a\":}\n{}", "[[]", "\xef\xbb\xbf[{}\n{}]", "{\"a\":1.}", "1 2 3", "[,]", "{\n \"a\": 1,\n}\n{}", "nul", "\"\\ud800\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var whole, piecemeal []string
		whole, piecemeal = told(bytes.NewReader(text), 64), told(iotest.HalfReader(bytes.NewReader(text)), 64)
		if !slices.Equal(whole, piecemeal) {
			t.Fatalf("whole %q\npiecemeal %q", whole, piecemeal)
		}
		at, faults := 0, 0
		for d, err := range documentsOf(text) {
			if err != nil {
				var syntax *schemas.SyntaxError
				if !errors.As(err, &syntax) || syntax.Offset > len(text) {
					t.Fatalf("fault %v", err)
				}
				faults++
				continue
			}
			i := bytes.Index(text[at:], d.Bytes)
			if i < 0 || !json.Valid(d.Bytes) {
				t.Fatalf("%q is not in %q, or no JSON", d.Bytes, text[at:])
			}
			at += i + len(d.Bytes)
		}
		if json.Valid(text) && faults > 0 {
			t.Fatalf("%q is JSON, but has %d faults", text, faults)
		}
	})
}

func BenchmarkDocuments(b *testing.B) {
	line := []byte(`{"id":"29738e61-7f6a-11e8-ac45-09db60ede9d6","buyer":{"login":"user","address":{"street":"Solna","city":"Poznań"}},"lineItems":[{"id":"1","quantity":1,"price":{"amount":"23.40","currency":"PLN"}}]}` + "\n")
	body := bytes.Repeat(line, 10_000)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range documentsOf(body) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
