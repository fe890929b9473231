package server

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// Each of them lets in who has got a token with what the server tells, and nobody else.
func TestGLSAndUPSAndDPDAreReachedByATokenOfTheirs(t *testing.T) {
	w := build(t, Options{Seed: 3})
	send := func(method, url, body string, header map[string]string) (int, http.Header, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range header {
			r.Header.Set(name, value)
		}
		a, err := w.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		said, _ := io.ReadAll(a.Body)
		return a.StatusCode, a.Header, string(said)
	}
	for _, p := range w.server.Parties(w.url) {
		probe := map[string]string{"gls": "/rs/tracking/parcels", "ups": "/labels/v1/recovery", "dpd": "/label"}[p.Party]
		if probe == "" {
			continue
		}
		token := ""
		switch p.Party {
		case "dpd":
			_, header, _ := send("POST", p.URL+"/login", "", map[string]string{"X-DPD-BUCODE": p.Made["business_unit"], "X-DPD-LOGIN": p.Made["user"], "X-DPD-PASSWORD": p.Made["password"]})
			token = header.Get("X-DPD-TOKEN")
		default:
			r, _ := http.NewRequestWithContext(t.Context(), "POST", "/", nil)
			r.SetBasicAuth(p.Made["client_id"], p.Made["client_secret"])
			_, _, said := send("POST", p.Login, "grant_type=client_credentials", map[string]string{"Authorization": r.Header.Get("Authorization"), "Content-Type": "application/x-www-form-urlencoded"})
			_, token, _ = strings.Cut(said, `"access_token":"`)
			token, _, _ = strings.Cut(token, `"`)
		}
		if status, _, said := send("POST", p.URL+probe, "{", map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/glsVersion1+json"}); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", p.Party, status, said)
		}
		if status, _, said := send("POST", p.URL+probe, "{}", map[string]string{"Authorization": "Bearer " + token + "0"}); status != http.StatusUnauthorized {
			t.Errorf("%s, with another token: %d %s", p.Party, status, said)
		}
	}
	for _, carrier := range []string{"gls", "ups"} {
		if a, err := w.ask("POST", "/admin/"+carrier+"/close", ""); err != nil || a.status != http.StatusNoContent {
			t.Error(a, err)
		}
	}
}
