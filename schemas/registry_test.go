package schemas_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
)

const subject = "orders.raw-value"

var raw = &schemas.RawOrder{OrderID: "allegro/1", Party: "allegro", Headers: []schemas.Header{{Name: "x", Value: "y"}}, Body: schemas.Body{Bytes: []byte("{}")}}

func registryAt(t *testing.T, url string) *schemas.Registry {
	t.Helper()
	r, err := schemas.NewRegistry(url)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// put registers a text that is not ours, and answers its id.
func put(t *testing.T, url, subject, text string) int {
	t.Helper()
	return putAs(t, url, subject, sr.Schema{Schema: text})
}

func putAs(t *testing.T, url, subject string, schema sr.Schema) int {
	t.Helper()
	client, err := sr.NewClient(sr.URLs(url))
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateSchema(t.Context(), subject, schema)
	if err != nil {
		t.Fatal(err)
	}
	return created.ID
}

func framed(id int, b []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(id)), b...)
}

func TestRegisteringTwiceIsRegisteringOnce(t *testing.T) {
	url := embeddedtest.Registry(t)
	for range 2 {
		r := registryAt(t, url)
		for _, s := range schemas.All() {
			if version, err := r.Register(t.Context(), s.Name()+"-value", s); err != nil || version != 1 {
				t.Fatalf("%s: version %d, %v", s.Name(), version, err)
			}
		}
		versions, err := r.Registered(t.Context(), "order-value", schemas.OrderSchema)
		if err != nil || len(versions) != 1 || versions[0].Number != 1 || versions[0].Own != 5 || !strings.Contains(versions[0].Text, `"Order"`) {
			t.Fatalf("registered are %+v (%v)", versions, err)
		}
	}
	if versions, err := registryAt(t, url).Registered(t.Context(), "nobody-value", schemas.OrderSchema); len(versions) != 0 || err != nil {
		t.Errorf("a subject that nobody registered: %v, %v", versions, err)
	}
}

func TestASchemaThatDoesNotFitIsRefusedByTheNameOfItsField(t *testing.T) {
	url := embeddedtest.Registry(t)
	text := strings.Replace(schemas.RawOrderSchema.Text(), `{"name": "party", "type": "string"`, `{"name": "party", "type": "long"`, 1)
	if text == schemas.RawOrderSchema.Text() {
		t.Fatal("the definition has another form than this test believes")
	}
	put(t, url, subject, text)
	_, err := registryAt(t, url).Register(t.Context(), subject, schemas.RawOrderSchema)
	if err == nil || !strings.Contains(err.Error(), `".party"`) || !strings.Contains(err.Error(), subject) {
		t.Errorf("got %v, want an error that names the subject and .party", err)
	}
}

func TestAFramedValueIsReadByAnotherProcess(t *testing.T) {
	url := embeddedtest.Registry(t)
	writer := registryAt(t, url)
	if _, err := writer.Register(t.Context(), subject, schemas.RawOrderSchema); err != nil {
		t.Fatal(err)
	}
	b, err := writer.Encode(t.Context(), []byte("front"), subject, schemas.RawOrderSchema, raw)
	if err != nil {
		t.Fatal(err)
	}
	if string(b[:6]) != "front\x00" {
		t.Errorf("it begins with %q", b[:6])
	}
	var got schemas.RawOrder
	if err := registryAt(t, url).Decode(t.Context(), schemas.RawOrderSchema, b[len("front"):], &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(raw, &got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAWriterThatIsNotProvisionedIsToldTo(t *testing.T) {
	r := registryAt(t, embeddedtest.Registry(t))
	_, err := r.Encode(t.Context(), nil, subject, schemas.RawOrderSchema, raw)
	if err == nil || !strings.Contains(err.Error(), "waybill provision") {
		t.Errorf("got %v, want an error that says what to run", err)
	}
}

// The three ways in which a value's schema can be no schema of ours lead to three ends: the trash, a wait for an upgrade, a wait
// for the registry.
func TestEachWayOfNotKnowingASchemaIsToldApart(t *testing.T) {
	url := embeddedtest.Registry(t)
	foreign := put(t, url, "other-value", `{"type":"record","name":"Other","fields":[{"name":"a","type":"string"}]}`)
	newer := put(t, url, subject, strings.Replace(schemas.RawOrderSchema.Text(), `"fields": [`, `"fields": [{"name": "later", "type": "string", "default": ""},`, 1))
	noAvro := putAs(t, url, "json-value", sr.Schema{Schema: `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}`, Type: sr.TypeJSON})
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	elsewhere := httptest.NewServer(http.NotFoundHandler()) // such as a proxy, or a path that is none of the registry's
	t.Cleanup(elsewhere.Close)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }))
	t.Cleanup(refusing.Close)
	for name, c := range map[string]struct {
		url    string
		framed []byte
		want   error
	}{
		"an id nobody registered":          {url, framed(1<<30, nil), schemas.ErrUnknownSchema},
		"another's schema":                 {url, framed(foreign, []byte{0}), schemas.ErrForeignSchema},
		"a newer version of ours":          {url, framed(newer, []byte{0}), schemas.ErrForeignSchema},
		"a schema that is not Avro":        {url, framed(noAvro, []byte{0}), schemas.ErrForeignSchema},
		"a registry that is down":          {down.URL, framed(1, nil), schemas.ErrRegistry},
		"a registry that refuses":          {refusing.URL, framed(1, nil), schemas.ErrRegistry},
		"a server that is no registry":     {elsewhere.URL, framed(1, nil), schemas.ErrRegistry},
		"nothing in front":                 {url, []byte("{}"), schemas.ErrMalformed},
		"nothing at all":                   {url, nil, schemas.ErrMalformed},
		"an id that is cut":                {url, []byte{0, 0, 0}, schemas.ErrMalformed},
		"a JSON document in place of both": {url, []byte(`{"order_id":"allegro/1"}`), schemas.ErrMalformed},
	} {
		r := registryAt(t, c.url)
		for range 2 { // what was learned once is not another thing the second time
			err := r.Decode(t.Context(), schemas.RawOrderSchema, c.framed, new(schemas.RawOrder))
			for _, e := range []error{schemas.ErrUnknownSchema, schemas.ErrForeignSchema, schemas.ErrRegistry, schemas.ErrMalformed} {
				if errors.Is(err, e) != (e == c.want) {
					t.Errorf("%s: got %v, want %v", name, err, c.want)
				}
			}
		}
	}
}

func TestAnUnknownSchemaIsAskedForAgain(t *testing.T) {
	url := embeddedtest.Registry(t)
	r := registryAt(t, url)
	b, err := schemas.RawOrderSchema.Append(nil, raw)
	if err != nil {
		t.Fatal(err)
	}
	next := put(t, url, "other-value", `{"type":"record","name":"Other","fields":[{"name":"a","type":"string"}]}`) + 1
	if err := r.Decode(t.Context(), schemas.RawOrderSchema, framed(next, b), new(schemas.RawOrder)); !errors.Is(err, schemas.ErrUnknownSchema) {
		t.Fatalf("got %v", err)
	}
	if id := put(t, url, subject, schemas.RawOrderSchema.Text()); id != next {
		t.Fatalf("the registry gave the id %d, not %d", id, next)
	}
	if err := r.Decode(t.Context(), schemas.RawOrderSchema, framed(next, b), new(schemas.RawOrder)); err != nil {
		t.Errorf("after it was registered: %v", err)
	}
}

// What a registry says of what it does not have, each in its own words: Confluent's, and Apicurio's and Karapace's by the same API.
func TestEveryRegistrysWayToSayThatItHasNoSuchSchemaIsUnderstood(t *testing.T) {
	for name, answer := range map[string]string{
		"no such schema":              `{"error_code":40403,"message":"Schema 7 not found"}`,
		"no such subject":             `{"error_code":40401,"message":"Subject not found."}`,
		"with the status as its code": `{"error_code":404,"message":"No content with id '7' was found."}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(answer))
		}))
		err := registryAt(t, server.URL).Decode(t.Context(), schemas.RawOrderSchema, framed(7, nil), new(schemas.RawOrder))
		if !errors.Is(err, schemas.ErrUnknownSchema) {
			t.Errorf("%s: got %v, want ErrUnknownSchema", name, err)
		}
		server.Close()
	}
}

// chosen are choices by subject, as somebody made them.
type chosen struct {
	of      map[string]*schemas.VersionChoice
	changes int64
}

func (c *chosen) Chosen(_ context.Context, subject string) (*schemas.VersionChoice, error) {
	return c.of[subject], nil
}
func (c *chosen) Changes() int64 { return c.changes }

func (c *chosen) choose(version int, s schemas.Any, own int) {
	sum := schemas.FingerprintText(s.Versions()[own-1].Fingerprint)
	c.of[subject] = &schemas.VersionChoice{Subject: subject, Version: int32(version), Fingerprint: sum}
	c.changes++
}

// older is the registry of a program that has one version less.
func older(t *testing.T, url string) *schemas.Registry {
	return registryAt(t, url).Knowing(schemas.Upto{schemas.RawOrderSchema.Name(): len(schemas.RawOrderSchema.Versions()) - 1})
}

func TestTheVersionThatWasChosenIsWritten(t *testing.T) {
	url := embeddedtest.Registry(t)
	before, after, choices := older(t, url), registryAt(t, url), &chosen{of: map[string]*schemas.VersionChoice{}}
	for i, r := range []*schemas.Registry{before, after} {
		if got, err := r.Register(t.Context(), subject, schemas.RawOrderSchema); err != nil || got != i+1 {
			t.Fatalf("registered as version %d, %v", got, err)
		}
	}
	writer := registryAt(t, url)
	writer.WriteBy(choices)
	encode := func() []byte {
		t.Helper()
		b, err := writer.Encode(t.Context(), nil, subject, schemas.RawOrderSchema, raw)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if _, err := writer.Encode(t.Context(), nil, subject, schemas.RawOrderSchema, raw); err == nil || !strings.Contains(err.Error(), "waybill provision") {
		t.Errorf("before anything was chosen: %v", err)
	}
	choices.choose(1, schemas.RawOrderSchema, 1)
	first := encode()
	if err := before.Decode(t.Context(), schemas.RawOrderSchema, first, new(schemas.RawOrder)); err != nil {
		t.Errorf("the older program does not read what is written for it: %v", err)
	}
	choices.choose(2, schemas.RawOrderSchema, 2)
	second := encode()
	if err := before.Decode(t.Context(), schemas.RawOrderSchema, second, new(schemas.RawOrder)); !errors.Is(err, schemas.ErrForeignSchema) {
		t.Errorf("the older program reads what is newer: %v", err)
	}
	for _, b := range [][]byte{first, second} {
		if err := after.Decode(t.Context(), schemas.RawOrderSchema, b, new(schemas.RawOrder)); err != nil {
			t.Errorf("the newer program: %v", err)
		}
	}
	choices.choose(1, schemas.RawOrderSchema, 1)
	if back := encode(); !bytes.Equal(back, first) {
		t.Error("on the way back something else is written")
	}
}

func TestAProgramThatDoesNotHaveTheChosenVersionWritesItsNewest(t *testing.T) {
	url := embeddedtest.Registry(t)
	before, choices := older(t, url), &chosen{of: map[string]*schemas.VersionChoice{}}
	if _, err := before.Register(t.Context(), subject, schemas.RawOrderSchema); err != nil {
		t.Fatal(err)
	}
	if _, err := registryAt(t, url).Register(t.Context(), subject, schemas.RawOrderSchema); err != nil {
		t.Fatal(err)
	}
	choices.choose(2, schemas.RawOrderSchema, 2)
	writer := older(t, url)
	writer.WriteBy(choices)
	b, err := writer.Encode(t.Context(), nil, subject, schemas.RawOrderSchema, raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Decode(t.Context(), schemas.RawOrderSchema, b, new(schemas.RawOrder)); err != nil {
		t.Error(err)
	}
}

func TestAChoiceOfAnotherRegistryIsNotWrittenBy(t *testing.T) {
	url := embeddedtest.Registry(t)
	r, choices := registryAt(t, url), &chosen{of: map[string]*schemas.VersionChoice{}}
	if _, err := r.Register(t.Context(), subject, schemas.RawOrderSchema); err != nil {
		t.Fatal(err)
	}
	r = registryAt(t, url)
	r.WriteBy(choices)
	choices.choose(1, schemas.RawOrderSchema, 1) // here version 1 is the second of ours
	if _, err := r.Encode(t.Context(), nil, subject, schemas.RawOrderSchema, raw); err == nil || !strings.Contains(err.Error(), "is another than was chosen") {
		t.Errorf("got %v", err)
	}
}
