package reading

import (
	"strings"
	"testing"
)

func TestAValueIsChangedAsItIsSaid(t *testing.T) {
	document := []byte(`{"zip":" 1067 ","n":7,"other":{"zip":"00-950"},"none":null,"name":"Łódź & Co"}`)
	for _, c := range []struct{ path, change, want string }{
		{"zip", `trim | pad 5 "0"`, `"01067"`},
		{"zip", `digits`, `"1067"`},
		{"zip", `from $.other.zip|replace "-" ""`, `"00950"`},
		{"zip", `from other.zip | first 2`, `"00"`},
		{"name", `upper`, `"ŁÓDŹ & CO"`},
		{"name", `lower | last 2`, `"co"`},
		{"name", `prefix "| " | suffix " |"`, `"| Łódź & Co |"`},
		{"n", `text`, `"7"`},
		{"n", `text | pad 2 "0" | text`, `"07"`},
		{"zip", `number`, `1067`},
		{"none", `or "DE"`, `"DE"`},
		{"missing", `or {"a":[1]}`, `{"a":[1]}`},
		{"missing", `from nowhere | trim | or 5`, `5`},
		{"zip", `or "x"`, `" 1067 "`},
	} {
		change, err := ParseChange(c.change)
		if err != nil {
			t.Errorf("%s: %v", c.change, err)
			continue
		}
		path, _ := ParsePath(c.path)
		old, _ := path.Get(document)
		if got, err := change.Of(document, old); err != nil || string(got) != c.want {
			t.Errorf("%s of %s is %s (%v), want %s", c.change, old, got, err, c.want)
		}
	}
}

func TestAChangeThatMeansNothingIsRefusedAndSaysWhy(t *testing.T) {
	for text, why := range map[string]string{
		``:                "is none of digits, first",
		`shout`:           `"shout" is none of`,
		`trim upper`:      "a bar | or the end",
		`trim |`:          "is none of",
		`prefix DE`:       "quotation marks",
		`prefix 5`:        "a text",
		`pad 5`:           "behind pad should stand a value",
		`first "a"`:       "a number of characters",
		`first 1001`:      "up to 1000",
		`replace "a"`:     "behind replace should stand a value",
		`from`:            "name a field",
		`from $.a[x]`:     "number of an element",
		`or`:              "behind or should stand a value",
		`trim | from $..`: "a name is missing",
	} {
		if _, err := ParseChange(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", text, err, why)
		}
	}
	for text, why := range map[string]string{`upper`: "no text", `number`: "no text"} {
		change, err := ParseChange(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := change.Of([]byte(`7`), []byte(`7`)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s of 7: %v", text, err)
		}
		if _, err := change.Of([]byte(`{}`), nil); err == nil || !strings.Contains(err.Error(), "nothing to change") {
			t.Errorf("%s of nothing: %v", text, err)
		}
	}
	if value, err := (Change{{word: "number"}}).Of(nil, []byte(`"7a"`)); err == nil {
		t.Errorf("7a is the number %s", value)
	}
}
