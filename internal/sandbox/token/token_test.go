package token

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestATokenOpensForItsLifeAndOnlyWhereItWasMade(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	i := &Issuer{Secret: "s", Life: time.Hour, Now: func() time.Time { return now }}
	opens := func(i *Issuer, token string) bool {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", token)
		return i.Opens(r)
	}
	one, two := i.Issue(), i.Issue()
	if one == two || !opens(i, "Bearer "+one) || !opens(i, "Bearer "+two) {
		t.Errorf("%s and %s", one, two)
	}
	for _, wrong := range []string{"", one, "Bearer ", "Bearer .", "Bearer 1" + one, "Bearer " + one + "0", "Basic " + one} {
		if opens(i, wrong) {
			t.Errorf("%q opens", wrong)
		}
	}
	if opens(&Issuer{Secret: "another", Now: i.Now}, "Bearer "+one) {
		t.Error("it opens another party")
	}
	closed := &Issuer{Life: time.Hour, Now: i.Now}
	if opens(closed, "Bearer "+closed.Issue()) {
		t.Error("it opens a party without a secret")
	}
	now = now.Add(time.Hour)
	if opens(i, "Bearer "+one) {
		t.Error("it opens after its life")
	}
}

func TestAClientProvesItselfInTheHeaderOrInTheBody(t *testing.T) {
	r := httptest.NewRequest("POST", "/", nil)
	want := Client{"us", "a b", "client_credentials"}
	if got := ClientOf(r, []byte("grant_type=client_credentials&client_id=us&client_secret=a+b")); got != want {
		t.Errorf("in the body: %+v", got)
	}
	r.SetBasicAuth("us", "a+b")
	if got := ClientOf(r, []byte("grant_type=client_credentials")); got != want {
		t.Errorf("in the header: %+v", got)
	}
}
