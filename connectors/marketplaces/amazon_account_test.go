package marketplaces_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	sandboxamazon "waybill/internal/sandbox/amazon"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// allSites are the marketplaces in which the sandbox sells.
const allSites = "A1PA6795UKMFR9, A1F83G8C2ARO7P,ATVPDKIKX0DER,A1VC38T7YXB528,A1C3SOZRARQ6R3,APJ6JRA9NG5V4,A13V1IB3VIYZZH,A1RKKUPIHCS9HS"

// playedAmazon is the sandbox's, a while ago or now.
type playedAmazon struct {
	*sandboxamazon.API
	t        *testing.T
	server   *sandboxserver.Server
	settings map[string]string
	behind   atomic.Int64
	requests atomic.Int64 // searches
	before   atomic.Value // what is done before a search is answered: func(n int64)
}

// playAmazon is one whose clock stands an hour ago. Faster is by what its limits are multiplied.
func playAmazon(t *testing.T, faster float64) *playedAmazon {
	t.Helper()
	p := &playedAmazon{t: t}
	p.setBack(time.Hour)
	var err error
	p.server, err = sandboxserver.New(sandboxserver.Options{Seed: 7, AmazonFaster: faster, Now: func() time.Time { return time.Now().Add(-time.Duration(p.behind.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	p.API = p.server.Amazon()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/2026-01-01/orders") {
			n := p.requests.Add(1)
			if do, is := p.before.Load().(func(int64)); is {
				do(n)
			}
		}
		p.server.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(func() { p.server.Close(); front.Close() })
	for _, played := range p.server.Parties(front.URL) {
		if played.Party == "amazon" {
			p.settings = map[string]string{
				marketplaces.SettingURL: played.URL, marketplaces.SettingLogin: played.Login, marketplaces.SettingSites: allSites,
				marketplaces.SettingClient: played.Made["client_id"], marketplaces.SettingSecret: played.Made["client_secret"], marketplaces.SettingRefresh: played.Made["refresh_token"],
			}
		}
	}
	return p
}

func (p *playedAmazon) setBack(by time.Duration) { p.behind.Store(int64(by)) }

func (p *playedAmazon) account() marketplaces.Account {
	p.t.Helper()
	account, _, err := marketplaces.OpenAccount("amazon", p.settings)
	if err != nil {
		p.t.Fatal(err)
	}
	return account
}

func (p *playedAmazon) sell(orders int) {
	p.t.Helper()
	if err := p.Sell(orders); err != nil {
		p.t.Fatal(err)
	}
}

func (p *playedAmazon) use(rules ...fault.Rule) {
	p.t.Helper()
	if err := p.server.UseFaults(rules); err != nil {
		p.t.Fatal(err)
	}
}

// asked is how often an operation was answered like that.
func (p *playedAmazon) asked(operation, outcome string) int {
	return p.server.Books()["amazon"].Requests[operation][outcome]
}

// Byte for byte what a feed of the market would have brought, so that who got both sees a repeat; yen stay whole.
func TestAnAmazonOrderIsFetchedAsTheMappingReadsIt(t *testing.T) {
	p := playAmazon(t, 1e6)
	account, market := p.account(), sandboxamazon.Market(7)
	if err := account.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	channel, err := marketplaces.Open("amazon", nil)
	if err != nil {
		t.Fatal(err)
	}
	yen := 0
	for n := uint64(1); n <= 60; n++ {
		sheet := market.Order(n, 2)
		if err := p.Show(n, 2); err != nil {
			t.Fatal(err)
		}
		document, err := account.Fetch(t.Context(), schemas.FetchOrder, sheet.Ref)
		if err != nil || !bytes.Equal(document, sheet.Body) {
			t.Fatalf("%s: %v\n%s", sheet.Ref, err, document)
		}
		orders, err := channel.Receive(http.Header{}, document)
		if err != nil || len(orders) != 1 || orders[0].Ref != sheet.Ref || orders[0].Form != schemas.FormWhole {
			t.Fatalf("%s: %+v, %v", sheet.Ref, orders, err)
		}
		order, err := channel.Normalize(&orders[0])
		if err != nil {
			t.Fatal(err)
		}
		if sheet.Currency == "JPY" && sheet.Total != "0" {
			yen++
			if order.Total.Currency != "JPY" || order.Total.Decimal().String() != sheet.Total {
				t.Errorf("%s costs %+v, want %s yen", sheet.Ref, order.Total, sheet.Total)
			}
		}
	}
	if yen == 0 {
		t.Error("nothing was paid in yen")
	}
	document, err := account.Fetch(t.Context(), schemas.FetchOrder, "028-0000000-0000000")
	if !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("an order that there is not: %s, %v", document, err)
	}
}

func TestATokenOfAmazonsThatIsTooOldIsRenewedOnce(t *testing.T) {
	p := playAmazon(t, 1e6)
	account := p.account()
	for range 3 {
		if err := account.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if logins := p.asked("login.token", "200"); logins != 1 {
		t.Errorf("%d logins for three calls", logins)
	}
	p.setBack(-time.Hour) // two hours later there
	if err := account.Ping(t.Context()); err != nil || p.asked("login.token", "200") != 2 || p.asked("orders.get", "403") != 1 {
		t.Errorf("%v; %+v", err, p.server.Books()["amazon"].Requests)
	}
}

func TestWhatAmazonSaysOfCredentialsAndLimitsIsUnderstood(t *testing.T) {
	for _, c := range []struct{ setting, says string }{
		{marketplaces.SettingSecret, "invalid_client"}, {marketplaces.SettingClient, "invalid_client"}, {marketplaces.SettingRefresh, "invalid_grant"},
	} {
		p := playAmazon(t, 1e6)
		right := p.settings[c.setting]
		p.settings[c.setting] = "another"
		err := p.account().Ping(t.Context())
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != remote.Authentication || !strings.Contains(f.Reason, c.says) || strings.Contains(f.Error(), right) {
			t.Errorf("%s: %v", c.setting, err)
		}
	}
	p := playAmazon(t, 1)
	account := p.account()
	for range 30 {
		if err := account.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_, err := account.Fetch(t.Context(), schemas.FetchOrder, "028-0000000-0000000")
	var f *remote.Failure
	if !errors.As(err, &f) || f.Class != remote.Throttled || f.Code != "QuotaExceeded" || f.Perhaps {
		t.Errorf("the 31st at once: %v", err)
	}
	p.use(search(fault.Down))
	if _, err := account.Changed(t.Context(), time.Now().Add(-time.Hour)); !errors.As(err, &f) || f.Class != remote.Transient {
		t.Errorf("a server that fails: %v", err)
	}
}

// The recorded answers come through as they are: what is fetched is what the channel said.
func TestRecordedAnswersOfAmazonAreFetchedAsTheyAre(t *testing.T) {
	for _, c := range []struct{ file, ref string }{
		{"2026-getOrder.example.json", "123-4567890-1234567"},
		{"2026-getOrder.sandbox-br-gift.json", "702-0000000-0000000"},
		{"2026-getOrder.sandbox-us-instore-pickup.json", "112-0000000-0000000"},
	} {
		recorded, err := os.ReadFile("amazon/testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		account := recordedAmazon(t, http.StatusOK, recorded)
		document, err := account.Fetch(t.Context(), schemas.FetchOrder, c.ref)
		if err != nil || !bytes.Equal(document, recorded) {
			t.Errorf("%s: %v", c.file, err)
		}
	}
	if news, err := recordedAmazon(t, http.StatusOK, []byte(`{"message":"one moment"}`)).News(t.Context(), cursorOf(time.Now().Add(-time.Hour))); err == nil {
		t.Errorf("what is no list passes orders by: %+v", news)
	}
	listed, err := os.ReadFile("amazon/testdata/2026-searchOrders.example.json")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := recordedAmazon(t, http.StatusOK, listed).Changed(t.Context(), time.Now().Add(-time.Hour))
	if err != nil || len(changed) == 0 || changed[0] != (schemas.Missed{Ref: "123-4567890-1234567", Changed: time.Date(2024, 12, 25, 14, 45, 0, 0, time.UTC)}) {
		t.Errorf("%+v, %v", changed, err)
	}
}

func TestARefusalOfAmazonsIsUnderstoodByItsCode(t *testing.T) {
	recorded, err := os.ReadFile("amazon/testdata/2026-searchOrders.error-400.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status            int
		said, class, code string
		perhaps           bool
	}{
		{400, string(recorded), remote.Permanent, "InvalidInput", false},
		{400, `{"errors":[{"code":"Invalid Input","message":"Invalid Input"}]}`, remote.Permanent, "InvalidInput", false}, // confirmShipment's
		{400, `{"errors":[{"code":"quotaexceeded","message":"m"}]}`, remote.Throttled, "QuotaExceeded", false},
		{400, `{"errors":[{"code":"PackageToUpdateNotFound","message":"m"}]}`, remote.Permanent, "PackageToUpdateNotFound", false},
		{429, `{"errors":[{"code":"QuotaExceeded","message":"m"}]}`, remote.Throttled, "QuotaExceeded", false},
		{403, `{"errors":[{"code":"Unauthorized","message":"m"}]}`, remote.Authentication, "Unauthorized", false},
		{500, `{"errors":[{"code":"InternalFailure","message":"m"}]}`, remote.Transient, "InternalFailure", true},
		{503, `{"errors":[{"code":"ServiceUnavailable","message":"m"}]}`, remote.Transient, "ServiceUnavailable", true},
		{503, `<html>`, remote.Transient, "503", true},
		{404, `<html>`, remote.Permanent, "404", false},
		{400, `{"errors":[]}`, remote.Permanent, "400", false},
		{400, `{"errors":[{"code":"` + strings.Repeat("ü", 400) + `","message":"` + strings.Repeat("é", 400) + `","details":"d"}]}`, remote.Permanent, strings.Repeat("ü", 150), false},
	} {
		_, err := recordedAmazon(t, c.status, []byte(c.said)).Fetch(t.Context(), schemas.FetchOrder, "123-4567890-1234567")
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != c.class || f.Code != c.code || f.Perhaps != c.perhaps || len(f.Reason) > 700 {
			t.Errorf("%d %.60s: %v", c.status, c.said, err)
		}
	}
	_, err = recordedAmazon(t, 404, []byte(`{"errors":[{"code":"NotFound","message":"m"}]}`)).Fetch(t.Context(), schemas.FetchOrder, "x")
	if !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("404: %v", err)
	}
	if err := recordedAmazon(t, 400, recorded).Ping(t.Context()); err != nil {
		t.Errorf("ping: who is told that the id is wrong was let in: %v", err)
	}
}

// recordedAmazon is an account of an Amazon that answers each call with that.
func recordedAmazon(t *testing.T, status int, said []byte) marketplaces.Account {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3600}`))
			return
		}
		if !strings.HasPrefix(r.UserAgent(), "waybill/") {
			t.Errorf("who asks is not told: %q", r.UserAgent())
		}
		w.WriteHeader(status)
		_, _ = w.Write(said)
	}))
	t.Cleanup(server.Close)
	account, traits, err := marketplaces.OpenAccount("amazon", map[string]string{
		marketplaces.SettingURL: server.URL, marketplaces.SettingLogin: server.URL + "/login", marketplaces.SettingClient: "c", marketplaces.SettingSecret: "s",
		marketplaces.SettingRefresh: "r", marketplaces.SettingSites: "ATVPDKIKX0DER",
	})
	if err != nil || traits.Polls.Burst != 20 || traits.PollEvery != 3*time.Minute {
		t.Fatalf("%+v, %v", traits, err)
	}
	return account
}

// It is an account that can be asked, and not told: Amazon's Orders API has no call to accept an order.
func TestAmazonIsNotToldThatAnOrderIsAccepted(t *testing.T) {
	p := playAmazon(t, 1)
	if _, is := p.account().(marketplaces.Accepter); is || marketplaces.WhyNotAccepted("amazon") == "" {
		t.Error("it is told")
	}
	delete(p.settings, marketplaces.SettingSites)
	if _, _, err := marketplaces.OpenAccount("amazon", p.settings); err == nil || !strings.Contains(err.Error(), marketplaces.SettingSites) {
		t.Errorf("without sites: %v", err)
	}
}
