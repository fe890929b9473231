package openapi_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"waybill/connectors/marketplaces/direct"
	"waybill/connectors/openapi"
	"waybill/schemas"
)

func load(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(openapi.Document)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// schema is a schema of the document, which is one of JSON Schema 2020-12 as OpenAPI 3.1 has it.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(openapi.Document))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("openapi.json#/components/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// fits tells what the schema says of a document.
func fits(t *testing.T, schema *jsonschema.Schema, document []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func normalize(body []byte) error {
	_, err := direct.Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
	return err
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	document := load(t)
	if err := document.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	if document.OpenAPI != "3.1.0" {
		t.Errorf("it is OpenAPI %s", document.OpenAPI)
	}
}

func TestEveryDoorIsDescribedWithWhatItAnswers(t *testing.T) {
	document := load(t)
	for door, statuses := range map[string]string{
		"POST /orders":           "202 400 401 404 409 413 415 422 429 503",
		"PATCH /orders/{ref}":    "202 400 401 404 409 413 415 429 503",
		"POST /webhooks/{party}": "200 202 400 401 404 413 415 429 503",
		"GET /webhooks/{party}":  "200 404 429 503",
		"POST /feed/{party}":     "202 400 401 404 413 415 422 429 503",
		"GET /openapi.json":      "200",
	} {
		method, path, _ := strings.Cut(door, " ")
		item := document.Paths.Find(path)
		if item == nil || item.GetOperation(method) == nil {
			t.Errorf("%s is not described", door)
			continue
		}
		for status := range strings.FieldsSeq(statuses) {
			if item.GetOperation(method).Responses.Value(status) == nil {
				t.Errorf("%s: nothing says what %s means", door, status)
			}
		}
	}
}

func TestEveryExampleIsAnOrderThatIsTaken(t *testing.T) {
	document := load(t)
	order := schema(t, "Order")
	examples := document.Paths.Find("/orders").Post.RequestBody.Value.Content["application/json"].Examples
	if len(examples) < 5 {
		t.Fatalf("only %d examples", len(examples))
	}
	for name, example := range examples {
		body, err := json.Marshal(example.Value.Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := normalize(body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := fits(t, order, body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryExampleOfAPatchIsOne(t *testing.T) {
	patch := schema(t, "Patch")
	for name, example := range load(t).Paths.Find("/orders/{ref}").Patch.RequestBody.Value.Content["application/merge-patch+json"].Examples {
		body, err := json.Marshal(example.Value.Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(t, patch, body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, none := range []string{`{}`, `{"shipto":null}`, `[]`} {
		if fits(t, patch, []byte(none)) == nil {
			t.Errorf("%s is taken for a patch", none)
		}
	}
}

// unsayable are wrongs that no schema can tell.
var unsayable = []string{
	"edge.let-off-more-than-everything.json", // takes a sum
}

func TestWhatTheChannelTakesFitsTheSchemaAndWhatItRefusesDoesNot(t *testing.T) {
	order := schema(t, "Order")
	taken, refused := 0, 0
	for _, file := range payloads(t) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raws, err := direct.Marketplace{}.Receive(nil, body)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range raws {
			err, unfit := normalize(raw.Body.Bytes), fits(t, order, raw.Body.Bytes)
			switch {
			case err == nil && unfit != nil:
				t.Errorf("%s is taken, but does not fit: %v", file, unfit)
			case err != nil && unfit == nil && !slices.Contains(unsayable, filepath.Base(file)):
				t.Errorf("%s fits, but is refused: %v", file, err)
			case err == nil:
				taken++
			default:
				refused++
			}
		}
	}
	if taken < 20 || refused < 5 {
		t.Errorf("only %d orders taken and %d refused", taken, refused)
	}
}

func payloads(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../marketplaces/direct/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no payloads", err)
	}
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, ".golden.json") })
}

// Each field that the schema has is one that the channel reads, in the place where it stands: else it would refuse it as unknown.
func TestTheChannelKnowsEveryFieldOfTheSchema(t *testing.T) {
	for _, c := range []struct{ schema, before, after string }{
		{"Order", ``, ``},
		{"Line", `"lines":[`, `]`},
		{"Charge", `"charges":[`, `]`},
		{"Discount", `"discounts":[`, `]`},
		{"Payment", `"payments":[`, `]`},
		{"Person", `"ship_to":`, ``},
		{"Person", `"bill_to":`, ``},
		{"Buyer", `"buyer":`, ``},
		{"PickupPoint", `"pickup_point":`, ``},
	} {
		fields := schema(t, c.schema).Properties
		if len(fields) == 0 {
			t.Errorf("%s has no fields", c.schema)
		}
		for name := range fields {
			body := `{` + c.before + `{"` + name + `":null}` + c.after + `}`
			if c.before == "" {
				body = `{"` + name + `":null}`
			}
			if err := normalize([]byte(body)); err == nil || strings.Contains(err.Error(), "unknown_field") {
				t.Errorf("%s.%s: %v", c.schema, name, err)
			}
		}
	}
}
