package remote

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestATokenIsGotByTheGrantThatTheAccountHas(t *testing.T) {
	var asked []string
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		asked = append(asked, r.Form.Encode())
		w.Header().Set("Content-Type", "application/json")
		if r.FormValue("client_secret") != testProof {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"invalid_client"}`))
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"%s%d","token_type":"Bearer","expires_in":1799,"refresh_token":"another"}`, testOpener, len(asked))
	})
	mux.HandleFunc("GET /party", func(w http.ResponseWriter, r *http.Request) {
		if len(asked) < 2 || r.Header.Get("Authorization") != fmt.Sprint(testOpener, len(asked)) {
			w.WriteHeader(http.StatusUnauthorized) // the first token is no good, as one that was revoked
			return
		}
		_, _ = w.Write([]byte(`{}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	settings := TokenSettings{URL: server.URL + "/token", Client: "us", Secret: testProof}
	for want, tokens := range map[string]*Tokens{
		"client_id=us&client_secret=" + testProof + "&grant_type=password&password=p&username=u": ForPassword(settings, "u", "p"),
		"client_id=us&client_secret=" + testProof + "&grant_type=client_credentials":             ForClient(settings),
	} {
		asked = nil
		client := New(server.URL, func(*http.Request) {}).With(tokens, func(r *http.Request, token string) { r.Header.Set("Authorization", token) })
		for range 3 {
			if _, err := client.Get(t.Context(), "/party", nil, new(any)); err != nil {
				t.Fatal(err)
			}
		}
		if len(asked) != 2 || asked[0] != want || asked[1] != want {
			t.Errorf("asked %q, want %q twice", asked, want)
		}
	}
	settings.Secret = "another"
	_, err := New(server.URL, func(*http.Request) {}).With(ForClient(settings), func(*http.Request, string) {}).Get(t.Context(), "/party", nil, new(any))
	if f := failureIn(t, err); f.Class != Authentication || f.Perhaps || !strings.Contains(f.Reason, "invalid_client") {
		t.Errorf("%+v", f)
	}
}
