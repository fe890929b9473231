package reading

import (
	"slices"
	"testing"
)

func TestAValueIsSetAndAllOtherBytesStay(t *testing.T) {
	const document = "{ \"a\" : {\"b\":[ {\"c\": 1 }, {\"c\":\"ł\\n\"} ] , \"d\":null},\n \"e\": { } }\n"
	for _, c := range [][3]string{
		{"$.a.b[1].c", `"x"`, "{ \"a\" : {\"b\":[ {\"c\": 1 }, {\"c\":\"x\"} ] , \"d\":null},\n \"e\": { } }\n"},
		{"a.b[0].c", `22`, "{ \"a\" : {\"b\":[ {\"c\": 22 }, {\"c\":\"ł\\n\"} ] , \"d\":null},\n \"e\": { } }\n"},
		{"a.d", `{"x":[]}`, "{ \"a\" : {\"b\":[ {\"c\": 1 }, {\"c\":\"ł\\n\"} ] , \"d\":{\"x\":[]}},\n \"e\": { } }\n"},
		{"a.n", `true`, "{ \"a\" : {\"b\":[ {\"c\": 1 }, {\"c\":\"ł\\n\"} ] , \"d\":null,\"n\":true},\n \"e\": { } }\n"},
		{"$.e.n", `"y"`, "{ \"a\" : {\"b\":[ {\"c\": 1 }, {\"c\":\"ł\\n\"} ] , \"d\":null},\n \"e\": {\"n\":\"y\" } }\n"},
	} {
		path, err := ParsePath(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := path.Set([]byte(document), []byte(c[1])); err != nil || string(got) != c[2] {
			t.Errorf("%s: got %q (%v), want %q", c[0], got, err, c[2])
		}
	}
}

func TestWhatCanNotBeSetSaysWhy(t *testing.T) {
	for _, c := range [][4]string{
		{`{"a":{}}`, "a.b.c", `1`, "set $.a.b.c: there is no $.a.b"},
		{`{"a":[1]}`, "a[1]", `1`, "set $.a[1]: there is no $.a[1]"},
		{`{"a":5}`, "a.b", `1`, "set $.a.b: $.a: it is no object, so it has no b"},
		{`{"a":5}`, "a", `Dresden`, `set $.a: the value is no JSON; a text stands in quotation marks: "01067"`},
		{`{"a":`, "b", `1`, "set $.b: the document: it is no JSON: unexpected EOF"},
	} {
		path, err := ParsePath(c[1])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := path.Set([]byte(c[0]), []byte(c[2])); err == nil || err.Error() != c[3] {
			t.Errorf("got %v, want %s", err, c[3])
		}
	}
	for _, text := range []string{"", "$", "a[x]", "a[-1]", "a[1", "a..b"} {
		if path, err := ParsePath(text); err == nil {
			t.Errorf("%q is %s", text, path)
		}
	}
}

func TestANameOfOursIsFoundWhereTheChannelHasIt(t *testing.T) {
	places := Places{"lines[].sku": {"$.items[].code"}}.
		People("ship_to", "$.delivery", map[string]string{"postal_code": "zipCode"}).
		People("ship_to", "$.Recipient", map[string]string{"postal_code": "PostalCode"})
	document := []byte(`{"items":[{"code":"A"},{"code":"B"}],"Recipient":{"City":"Łódź"}}`)
	for name, want := range map[string]string{
		"lines[1].sku": "$.items[1].code", "$.ship_to.postal_code": "$.Recipient.PostalCode", "Recipient.City": "$.Recipient.City",
	} {
		if path, ok, err := places.Find(document, name); err != nil || !ok || path.String() != want {
			t.Errorf("%s is %s, %v, %v", name, path, ok, err)
		}
	}
	if _, ok, _ := places.Find(document, "Recipient.Cty"); ok {
		t.Error("a slip of the pen was found")
	}
	if near := places.Nearest(document, "$.Recipient.Cty"); near[0] != "$.Recipient.City" {
		t.Errorf("nearest are %v", near)
	}
	if near := places.Nearest(document, "ship_to.postcode"); !slices.Contains(near, "ship_to.postal_code") {
		t.Errorf("nearest are %v", near)
	}
}
