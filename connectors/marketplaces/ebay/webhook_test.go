package ebay

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waybill/connectors/signature"
)

// vector is one of those of eBay's own library (testdata/signature).
type vector struct {
	Signature string          `json:"signature"`
	Message   json.RawMessage `json:"message"`
	Response  json.RawMessage `json:"response"`
}

func vectors(t *testing.T) (all map[string]vector) {
	t.Helper()
	text, err := os.ReadFile("testdata/signature/notification-signature-vectors.node-sdk.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// keyServer answers as eBay does for a program that has a token.
type keyServer struct {
	response []byte
	status   atomic.Int32
	asked    atomic.Int32
}

const vectorKey = "9936261a-7d7b-4621-a0f1-96ccb428af49"

func (s *keyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/token" {
		user, password, _ := r.BasicAuth()
		if user != "program" || password != "proof" || r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != applicationScope {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"access_token":"t","expires_in":7200,"token_type":"Application Access Token"}`)
		return
	}
	s.asked.Add(1)
	switch {
	case s.status.Load() != 0:
		w.WriteHeader(int(s.status.Load()))
	case r.Header.Get("Authorization") != "Bearer t":
		w.WriteHeader(http.StatusForbidden)
	case r.URL.Path == "/commerce/notification/v1/public_key/"+vectorKey:
		_, _ = w.Write(s.response)
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[{"errorId":195011,"category":"REQUEST","message":"Invalid key"}]}`)
	}
}

func listening(t *testing.T) (Marketplace, *keyServer) {
	t.Helper()
	s := &keyServer{response: vectors(t)["VALID"].Response}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	m, err := New("ebay/1", map[string]string{
		settingURL: server.URL, settingLogin: server.URL + "/token", settingClient: "program", settingSecret: "proof",
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

func delivered(body []byte, sums ...string) *signature.Delivery {
	d := &signature.Delivery{Method: http.MethodPost, Header: http.Header{}, Body: body}
	for _, sum := range sums {
		d.Header.Add("X-EBAY-SIGNATURE", sum)
	}
	return d
}

func TestOnlyWhatEBaySignedIsTaken(t *testing.T) {
	m, _ := listening(t)
	valid, other := vectors(t)["VALID"], vectors(t)["SIGNATURE_MISMATCH"]
	compact := []byte(strings.NewReplacer("\n", "", "  ", "", `": `, `":`).Replace(string(valid.Message)))
	changed := []byte(strings.Replace(string(valid.Message), "test_user", "test_user2", 1))
	for _, c := range []struct {
		name  string
		given *signature.Delivery
		want  error
	}{
		{"compact, as it is signed", delivered(compact, valid.Signature), nil},
		{"with white space", delivered(valid.Message, valid.Signature), nil},
		{"changed", delivered(changed, valid.Signature), signature.ErrWrong},
		{"no JSON", delivered([]byte("{"), valid.Signature), signature.ErrWrong},
		{"signed for something else", delivered(valid.Message, other.Signature), signature.ErrWrong},
		{"not signed", delivered(valid.Message), signature.ErrMissing},
		{"signed twice", delivered(valid.Message, valid.Signature, valid.Signature), signature.ErrWrong},
		{"no base64", delivered(valid.Message, "!"), signature.ErrWrong},
		{"too long", delivered(valid.Message, valid.Signature+strings.Repeat(" ", signatureBytesMax)), signature.ErrWrong},
		{"a key of nobody", delivered(valid.Message, headerOf("ecdsa", "another", "AA==")), signature.ErrWrong},
		{"a name that leads elsewhere", delivered(valid.Message, headerOf("ecdsa", "../../sell/fulfillment/v1/order", "AA==")), signature.ErrWrong},
		{"another algorithm", delivered(valid.Message, headerOf("none", vectorKey, "")), signature.ErrWrong},
	} {
		got, err := m.Verify(c.given, []string{"a verification token"})
		if !errors.Is(err, c.want) || err == nil && got.ID != "49feeaeb-4982-42d9-a377-9645b8479411_33f7e043-fed8-442b-9d44-791923bd9a6d" {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if _, err := (Marketplace{}).Verify(delivered(compact, valid.Signature), nil); !errors.Is(err, signature.ErrUnchecked) {
		t.Errorf("without credentials: %v", err)
	}
}

// A key is asked for once an hour, a name that means nothing once in five minutes, and no stranger makes us ask for more than a few.
func TestAKeyIsRemembered(t *testing.T) {
	m, s := listening(t)
	now := time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)
	m.keys.now = func() time.Time { return now }
	ask := func(kid string, times int, want error, asked int32) {
		t.Helper()
		before := s.asked.Load()
		for range times {
			if _, err := m.keys.get(kid); !errors.Is(err, want) {
				t.Fatalf("%s: %v", kid, err)
			}
		}
		if got := s.asked.Load() - before; got != asked {
			t.Errorf("%s: asked %d times, and not %d", kid, got, asked)
		}
	}
	ask(vectorKey, 3, nil, 1)
	ask("nobodys", 3, signature.ErrWrong, 1)
	now = now.Add(6 * time.Minute)
	ask(vectorKey, 1, nil, 0)
	ask("nobodys", 1, signature.ErrWrong, 1)
	now = now.Add(time.Hour)
	ask(vectorKey, 1, nil, 1)
	s.status.Store(http.StatusInternalServerError)
	now = now.Add(2 * time.Hour)
	ask(vectorKey, 1, nil, 1) // the old one is better than none
	ask("later", 1, signature.ErrUnchecked, 1)
	s.status.Store(0)
	ask("later", 1, signature.ErrWrong, 1) // that eBay could not be asked is not remembered
	now = now.Add(time.Minute)
	for i := range 500 {
		_, _ = m.keys.get(fmt.Sprintf("guess-%d", i))
		if i%10 == 0 {
			now = now.Add(time.Second)
		}
	}
	if len(m.keys.known) > keysMax || s.asked.Load() > 100 {
		t.Errorf("%d are remembered, and eBay was asked %d times", len(m.keys.known), s.asked.Load())
	}
}

func TestAChallengeIsAnsweredWithTheHashOfAllThree(t *testing.T) {
	m, err := New("ebay/1", map[string]string{settingEndpoint: "https://waybill.example/webhooks/ebay", settingToken: strings.Repeat("t", 40)})
	if err != nil {
		t.Fatal(err)
	}
	// printf %s "abc123$(printf 't%.0s' $(seq 40))https://waybill.example/webhooks/ebay" | sha256sum
	const want = `{"challengeResponse":"a384a8491810e4f14ad2ade1d70939d9660ebc92672c11e66cd11ecb10460530"}`
	got, ok := m.Challenge(url.Values{"challenge_code": {"abc123"}})
	if !ok || got != want {
		t.Errorf("%s, %v", got, ok)
	}
	for _, query := range []url.Values{{}, {"challenge_code": {""}}, {"challenge_code": {"a", "b"}}, {"challenge_code": {strings.Repeat("a", 300)}}} {
		if got, ok := m.Challenge(query); ok {
			t.Errorf("%v: %s", query, got)
		}
	}
	if _, ok := (Marketplace{endpoint: "https://waybill.example"}).Challenge(url.Values{"challenge_code": {"abc"}}); ok {
		t.Error("answered without a token")
	}
}

func headerOf(alg, kid, sum string) string {
	said, _ := json.Marshal(map[string]string{"alg": alg, "kid": kid, "signature": sum, "digest": "SHA1"})
	return base64.StdEncoding.EncodeToString(said)
}
