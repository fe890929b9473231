package specification

import "testing"

func TestWhatIsBeyondASampleIsNamed(t *testing.T) {
	sample := []byte(`{"a":[{"b":"x","c":1}],"d":{"e":true}}`)
	for payload, good := range map[string]bool{
		`{"a":[{"b":"y"},{"c":2.5}]}`: true, `{}`: true, `{"a":[{"f":"y"}]}`: false, `{"a":[{"b":1}]}`: false, `{"d":[]}`: false, `{`: false,
	} {
		if err := Beyond(sample, []byte(payload)); (err == nil) != good {
			t.Errorf("%s: %v", payload, err)
		}
	}
	sample = []byte(`<s:a xmlns:s="x"><b c="1"/></s:a>`)
	for payload, good := range map[string]bool{
		`<a xmlns="x"><b xmlns="" c="2"/></a>`: true, `<a><b/></a>`: false, `<s:a xmlns:s="x"><b d="1"/></s:a>`: false, `<s:a xmlns:s="x"><c/></s:a>`: false, `<a`: false,
	} {
		if err := BeyondXML(sample, []byte(payload)); (err == nil) != good {
			t.Errorf("%s: %v", payload, err)
		}
	}
}
