package schemas

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hamba/avro/v2"
)

// next is a version of the schema that nobody has released yet: it has one more field.
func next(t *testing.T, s Any) string {
	t.Helper()
	text := strings.Replace(s.Text(), `"fields": [`, `"fields": [{"name": "later", "type": "string", "default": "none"},`, 1)
	if text == s.Text() {
		t.Fatalf("the definition of %s has another form than this test believes", s.Name())
	}
	return text
}

// written is what each version of a schema wrote, by its definition: that of the future too.
func written(t *testing.T, s Any) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for i, v := range s.Versions() {
		b, err := hexOf(filepath.Join("testdata", fmt.Sprintf("%s.%d.hex", s.Name(), i+1)))
		if err != nil {
			t.Fatal(err)
		}
		all[v.Text] = b
	}
	newest := s.Versions()[len(s.Versions())-1].Text
	all[next(t, s)] = slices.Concat([]byte{2 * 5}, []byte("later"), all[newest]) // the new field comes first, a length and bytes
	return all
}

// A consumer with another library resolves the writer's definition by the Avro specification. Ours waits to be upgraded instead,
// because a stranger's definition could ask for anything.
func TestAConsumerOfAnyVersionReadsWhatAnyOtherWrote(t *testing.T) {
	for _, s := range All() {
		all := written(t, s)
		for reader := range all {
			own := generic(t, reader, reader, all[reader])
			for writer, b := range all {
				got := generic(t, reader, writer, b)
				for _, field := range slices.Sorted(maps.Keys(own)) {
					if value, there := got[field]; !there {
						t.Errorf("%s: field %q is not read of what another version wrote:\n%s", s.Name(), field, writer)
					} else if hasField(writer, field) && fixedForEver(own[field]) && !reflect.DeepEqual(value, own[field]) {
						t.Errorf("%s: field %q became %v, want %v", s.Name(), field, value, own[field])
					}
				}
			}
		}
	}
}

// fixedForEver says that the examples of all versions have the same there: records within have grown themselves.
func fixedForEver(value any) bool {
	switch value.(type) {
	case string, int, int32, int64, bool:
		return true
	}
	return false
}

func hasField(text, name string) bool {
	return slices.ContainsFunc(mustParse(text).(*avro.RecordSchema).Fields(), func(f *avro.Field) bool { return f.Name() == name && name != "later" })
}

func generic(t *testing.T, reader, writer string, b []byte) (value map[string]any) {
	t.Helper()
	resolved, err := avro.NewSchemaCompatibility().Resolve(mustParse(reader), mustParse(writer))
	if err == nil {
		// Of a configuration of its own: the library's cache takes two readers of what one writer wrote for the same.
		err = avro.Config{}.Freeze().Unmarshal(resolved, b, &value)
	}
	if err != nil {
		t.Fatalf("%v, reading by\n%s\nwhat was written by\n%s", err, reader, writer)
	}
	return value
}

func TestEveryVersionIsReadAndWrittenByThoseBeforeAndBehind(t *testing.T) {
	for _, s := range All() {
		for i, v := range s.Versions() {
			b, err := s.AppendAs([]byte("front"), v.Fingerprint, examples()[s.Name()])
			if err != nil {
				t.Fatalf("%s as version %d: %v", s.Name(), i+1, err)
			}
			got := s.New()
			if err := s.Decode(v.Fingerprint, b[len("front"):], got); err != nil {
				t.Fatalf("%s as version %d: %v", s.Name(), i+1, err)
			}
			again, err := s.AppendAs(nil, v.Fingerprint, got)
			if err != nil || !bytes.Equal(again, b[len("front"):]) {
				t.Errorf("%s as version %d says something else when it is read and written again (%v)", s.Name(), i+1, err)
			}
		}
		if _, err := s.AppendAs(nil, [32]byte{1}, examples()[s.Name()]); !errors.Is(err, ErrForeignSchema) {
			t.Errorf("%s as a stranger's version: %v", s.Name(), err)
		}
	}
}

func TestWhatAnEarlierVersionCanNotSayIsNamed(t *testing.T) {
	versions := OrderVersionsSchema.Versions()
	got, err := Lost(versions[1].Text, versions[0].Text)
	if want := []string{".ship_to", ".bill_to", ".buyer", ".parts", ".document", ".requests", ".notices", ".to_fetch", ".units"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
	if back, err := Lost(versions[0].Text, versions[1].Text); err != nil || len(back) != 0 {
		t.Errorf("nothing is lost on the way forward, but %v (%v)", back, err)
	}
	order := OrderSchema.Versions()
	if deep, err := Lost(order[1].Text, order[0].Text); err != nil || !slices.Contains(deep, ".lines[].components") {
		t.Errorf("a field within a list is not named: %v (%v)", deep, err)
	}
}

func TestATenthVersionComesBehindTheNinth(t *testing.T) {
	for _, s := range All() {
		for i, v := range s.Versions() {
			if text, err := released.ReadFile(fmt.Sprintf("released/%s.%d.avsc", s.Name(), i+1)); err != nil || string(text) != v.Text {
				t.Errorf("version %d of %s is another than that of its file (%v)", i+1, s.Name(), err)
			}
		}
	}
}

// Of other types than ours, which a stranger may have registered.
func TestEveryWayOfNotFittingIsSeen(t *testing.T) {
	field := func(typ string) string {
		return `{"type":"record","name":"R","fields":[{"name":"a","type":` + typ + `}]}`
	}
	for name, pair := range map[string][2]string{
		"a map of another type":  {`{"type":"map","values":"long"}`, `{"type":"map","values":"string"}`},
		"another symbol":         {`{"type":"enum","name":"E","symbols":["X"]}`, `{"type":"enum","name":"E","symbols":["X","Y"]}`},
		"another length":         {`{"type":"fixed","name":"F","size":4}`, `{"type":"fixed","name":"F","size":5}`},
		"another scale":          {`{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`, `{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}`},
		"another unit of time":   {`{"type":"long","logicalType":"timestamp-millis"}`, `{"type":"long","logicalType":"timestamp-micros"}`},
		"alternatives of others": {`["null","string"]`, `["null","long"]`},
		"one more alternative":   {`["null","string"]`, `["null","string","long"]`},
	} {
		if err := Compatible(field(pair[0]), field(pair[1])); err == nil || !strings.Contains(err.Error(), `".a`) {
			t.Errorf("%s: got %v, want an error that names .a", name, err)
		}
		if err := Compatible(field(pair[0]), field(pair[0])); err != nil {
			t.Errorf("%s: it does not fit itself: %v", name, err)
		}
	}
}
