package direct

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

func TestReceiveFindsTheReferenceOfEachOrder(t *testing.T) {
	for _, c := range []struct {
		document string
		want     []string
	}{
		{`{"ref":"a"}`, []string{"a"}},
		{` {"x":{"ref":"no"},"ref":" a "} `, []string{"a"}},
		{`{"\u0072ef":"\u0061"}`, []string{"a"}},
		{`{"ref":9007199254740993}`, []string{"9007199254740993"}},
		{`{"ref":null}`, []string{""}},
		{`{"id":"a"}`, []string{""}},
		{`{"ref":"` + strings.Repeat("a", reading.RefBytesMax+1) + `"}`, []string{""}},
		{`{"ref":"a\u0000"}`, []string{""}},
		{`[{"ref":"a"},{"ref":"b"}]`, []string{"a", "b"}},
		{`[null,1,"a",[],{}]`, []string{"", "", "", "", ""}},
		{`[]`, nil},
		{`17`, []string{""}},
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(c.document))
		if err != nil {
			t.Errorf("%s: %v", c.document, err)
		}
		var got []string
		for _, raw := range raws {
			got = append(got, raw.Ref)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.document, got, c.want)
		}
	}
}

func TestWhatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	for document, offset := range map[string]int{``: 0, `{"ref":"a"`: 10, `{"ref":"a",}`: 11, `{"ref":"a"} {}`: 12, `NaN`: 0, `[1,]`: 3} {
		_, err := Marketplace{}.Receive(nil, []byte(document))
		var at *schemas.SyntaxError
		if !errors.As(err, &at) || at.Offset != offset {
			t.Errorf("%q: %v", document, err)
		}
	}
}
