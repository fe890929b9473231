package marketplaces_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/allegro"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// allegroSeed is of the market that is played.
const allegroSeed = 7

// playedAllegro is the sandbox's, and how it is called.
type playedAllegro struct {
	*sandboxserver.Server
	t        *testing.T
	settings map[string]string
	ahead    atomic.Int64                          // by how much its clock is before ours
	before   atomic.Pointer[func(r *http.Request)] // what happens while a request is on its way
}

func playAllegro(t *testing.T) *playedAllegro {
	t.Helper()
	p := &playedAllegro{t: t}
	s, err := sandboxserver.New(sandboxserver.Options{Seed: allegroSeed, Now: func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	p.Server = s
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before := p.before.Load(); before != nil {
			(*before)(r)
		}
		s.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(func() { s.Close(); server.Close() })
	for _, played := range s.Parties(server.URL) {
		if played.Party == "allegro" {
			p.settings = map[string]string{
				marketplaces.SettingURL: played.URL, marketplaces.SettingClient: played.Made["client_id"], marketplaces.SettingSecret: played.Made["client_secret"],
				marketplaces.SettingRefresh: played.Made["refresh_token"], marketplaces.SettingLogin: played.URL + "/auth/oauth/token",
				marketplaces.SettingKeep: filepath.Join(t.TempDir(), "kept"),
			}
		}
	}
	return p
}

// pass moves the sandbox's clock on.
func (p *playedAllegro) pass(d time.Duration) { p.ahead.Add(int64(d)) }

func (p *playedAllegro) use(operation string, kind fault.Kind) {
	p.t.Helper()
	if err := p.UseFaults([]fault.Rule{{Party: "allegro", Operation: operation, Fault: kind, Probability: 1, Seconds: 1}}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *playedAllegro) mend() {
	p.t.Helper()
	if err := p.UseFaults(nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p *playedAllegro) asked(operation, outcome string) int {
	return p.Books()["allegro"].Requests[operation][outcome]
}

func (p *playedAllegro) account() marketplaces.Account {
	p.t.Helper()
	account, _, err := marketplaces.OpenAccount("allegro", p.settings)
	if err != nil {
		p.t.Fatal(err)
	}
	return account
}

func (p *playedAllegro) accepter() marketplaces.Accepter {
	p.t.Helper()
	accepter, is := p.account().(marketplaces.Accepter)
	if !is {
		p.t.Fatal("Allegro is not told what becomes of an order")
	}
	return accepter
}

func (p *playedAllegro) show(number uint64, version int) {
	p.t.Helper()
	if err := p.Allegro().Show(number, version); err != nil {
		p.t.Fatal(err)
	}
}

// shown shows the first order after one at whose first version a status and a fulfilment stand so, and is its number and reference.
func (p *playedAllegro) shown(after uint64, status, fulfillment string) (number uint64, ref string) {
	p.t.Helper()
	for n := after + 1; n < after+100_000; n++ {
		sheet := allegro.Market(allegroSeed).Order(n, 1)
		var form struct{ Fulfillment struct{ Status string } }
		if err := json.Unmarshal(sheet.Body, &form); err != nil {
			p.t.Fatal(err)
		}
		if sheet.Status == status && form.Fulfillment.Status == fulfillment {
			p.show(n, 1)
			return n, sheet.Ref
		}
	}
	p.t.Fatal("there is none")
	return 0, ""
}

func failureOf(t *testing.T, err error) *remote.Failure {
	t.Helper()
	var f *remote.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a failure", err)
	}
	return f
}

func TestAFormIsFetchedAsTheMappingReadsIt(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	if err := account.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	channel, err := marketplaces.Open("allegro", nil)
	if err != nil {
		t.Fatal(err)
	}
	for number := range uint64(30) {
		p.show(number, 2)
		want := allegro.Market(allegroSeed).Order(number, 2)
		document, err := account.Fetch(t.Context(), schemas.FetchOrder, want.Ref)
		if err != nil || !bytes.Equal(document, want.Body) {
			t.Fatalf("%d: %v\n%s", number, err, document)
		}
		orders, err := channel.Receive(http.Header{}, document)
		if err != nil || len(orders) != 1 || orders[0].Ref != want.Ref {
			t.Fatalf("%+v, %v", orders, err)
		}
		if _, err := channel.Normalize(&orders[0]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := account.Fetch(t.Context(), schemas.FetchOrder, "00000000-0000-0000-0000-000000000000"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("a form that there is not: %v", err)
	}
	if _, err := account.Fetch(t.Context(), schemas.FetchUnit, "1"); failureOf(t, err).Class != remote.Permanent {
		t.Errorf("a unit: %v", err)
	}
}

func TestARefreshTokenOfAllegroIsKeptAndTheOneBeforeEndsAfterAMinute(t *testing.T) {
	p := playAllegro(t)
	if err := p.account().Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.pass(2 * time.Minute)
	for range 3 { // processes, one after the other
		if err := p.account().Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p.settings[marketplaces.SettingKeep] = filepath.Join(t.TempDir(), "another")
	f := failureOf(t, p.account().Ping(t.Context()))
	if f.Class != remote.Authentication || !strings.Contains(f.Reason, "invalid_grant") || strings.Contains(f.Error(), p.settings[marketplaces.SettingRefresh]) {
		t.Errorf("the one before: %v", f)
	}
}

func TestAnAccessTokenThatEndsIsRenewedOnceAndNobodyHearsOfIt(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	for _, end := range []func(){p.Allegro().EndTokens, func() { p.pass(13 * time.Hour) }} {
		if err := account.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := p.asked("auth.token", "200")
		end()
		for range 3 {
			if err := account.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if renewed := p.asked("auth.token", "200") - before; renewed != 1 {
			t.Errorf("renewed %d times", renewed)
		}
	}
}

func TestALostAnswerOfTheLoginDoesNotLoseTheLogin(t *testing.T) {
	p := playAllegro(t)
	account := p.account()
	p.use("auth.token", fault.Drop)
	if f := failureOf(t, account.Ping(t.Context())); f.Class != remote.Transient || f.Perhaps {
		t.Errorf("%+v", f)
	}
	p.mend()
	if err := account.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAFailureOfAllegroIsUnderstoodByItsCode(t *testing.T) {
	for _, c := range []struct {
		what, class, code string
		perhaps           bool
		kind              fault.Kind
		change            map[string]string
	}{
		{what: "the secret", class: remote.Authentication, code: "no_token", change: map[string]string{marketplaces.SettingSecret: "another"}},
		{what: "the refresh token", class: remote.Authentication, code: "no_token", change: map[string]string{marketplaces.SettingRefresh: "another"}},
		{what: "the address of the login", class: remote.Transient, code: "no_token", change: map[string]string{marketplaces.SettingLogin: "http://127.0.0.1:1"}},
		{what: "too many", class: remote.Throttled, code: "ERROR", kind: fault.Storm},
		{what: "a server that fails", class: remote.Transient, perhaps: true, kind: fault.Down},
		{what: "no answer", class: remote.Transient, code: "no_answer", perhaps: true, kind: fault.Drop},
	} {
		p := playAllegro(t)
		for k, v := range c.change {
			p.settings[k] = v
		}
		if c.kind != "" {
			p.use("checkout-forms.get", c.kind)
		}
		_, err := p.account().Fetch(t.Context(), schemas.FetchOrder, "00000000-0000-0000-0000-000000000000")
		f := failureOf(t, err)
		if f.Class != c.class || !strings.Contains(f.Code, c.code) || f.Perhaps != c.perhaps {
			t.Errorf("%s: %+v", c.what, f)
		}
		for _, secret := range []string{marketplaces.SettingSecret, marketplaces.SettingRefresh} {
			if strings.Contains(f.Error(), p.settings[secret]) {
				t.Errorf("%s: a secret is told: %v", c.what, f)
			}
		}
	}
}

func TestAllegroIsNotCalledWithoutAFileForItsRefreshToken(t *testing.T) {
	p := playAllegro(t)
	for _, needed := range []string{marketplaces.SettingClient, marketplaces.SettingSecret, marketplaces.SettingRefresh, marketplaces.SettingKeep} {
		without := map[string]string{}
		for k, v := range p.settings {
			if k != needed {
				without[k] = v
			}
		}
		if _, _, err := marketplaces.OpenAccount("allegro", without); err == nil || !strings.Contains(err.Error(), needed) {
			t.Errorf("without %s: %v", needed, err)
		}
	}
}
