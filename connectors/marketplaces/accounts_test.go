package marketplaces_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/marketplaces/kaufland"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// playedKaufland is the sandbox's, that has sold orders, and its settings.
func playedKaufland(t *testing.T, rules ...fault.Rule) (settings map[string]string) {
	t.Helper()
	s, err := sandboxserver.New(sandboxserver.Options{Seed: 7, Orders: 20})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	played := s.Parties(server.URL)[0]
	return map[string]string{
		marketplaces.SettingURL: played.URL, marketplaces.SettingClient: played.Made["client_key"], marketplaces.SettingSecret: played.Made["secret_key"],
	}
}

func kauflandAccount(t *testing.T, settings map[string]string) marketplaces.Account {
	t.Helper()
	account, _, err := marketplaces.OpenAccount("kaufland", settings)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func TestAnOrderAndAPieceOfItAreFetchedAsTheMappingReadsThem(t *testing.T) {
	settings := playedKaufland(t)
	account := kauflandAccount(t, settings)
	channel, err := marketplaces.Open("kaufland", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := account.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	document, err := account.Fetch(t.Context(), schemas.FetchUnit, "1")
	if !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("a unit that there is not: %s, %v", document, err)
	}
	fetched := 0
	for _, ref := range soldAtKaufland(t, settings) {
		document, err := account.Fetch(t.Context(), schemas.FetchOrder, ref)
		if err != nil {
			t.Fatal(err)
		}
		orders, err := channel.Receive(http.Header{}, document)
		if err != nil || len(orders) != 1 || orders[0].Ref != ref || orders[0].Form != schemas.FormWhole {
			t.Fatalf("%s: %+v, %v", ref, orders, err)
		}
		order, err := channel.Normalize(&orders[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range order.Lines[0].UnitRefs {
			document, err := account.Fetch(t.Context(), schemas.FetchUnit, unit)
			if err != nil {
				t.Fatal(err)
			}
			pieces, err := channel.Receive(http.Header{}, document)
			if err != nil || len(pieces) != 1 || pieces[0].Ref != ref || pieces[0].Part != unit || pieces[0].Form != schemas.FormPart {
				t.Fatalf("%s: %+v, %v", unit, pieces, err)
			}
			fetched++
		}
	}
	if fetched == 0 {
		t.Error("no piece was fetched")
	}
}

// soldAtKaufland are the references of what it has sold, as it lists them to its seller.
func soldAtKaufland(t *testing.T, settings map[string]string) (refs []string) {
	t.Helper()
	url, now := settings[marketplaces.SettingURL]+"/orders?limit=100&storefront=de", time.Now().Unix()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Shop-Client-Key": {settings[marketplaces.SettingClient]}, kaufland.HeaderTimestamp: {strconv.FormatInt(now, 10)},
		kaufland.HeaderSignature: {kaufland.Sign(settings[marketplaces.SettingSecret], r.Method, url, nil, now)},
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct {
		Data []struct {
			Ref string `json:"id_order"`
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil || len(list.Data) == 0 {
		t.Fatalf("%s: %v", answer.Status, err)
	}
	for _, o := range list.Data {
		refs = append(refs, o.Ref)
	}
	return refs
}

// More than a page, of one site or several; what changed before is not listed.
func TestWhatChangedIsListedPageByPage(t *testing.T) {
	s, err := sandboxserver.New(sandboxserver.Options{Seed: 7, Orders: 400})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	played := s.Parties(server.URL)[0]
	listed := func(sites string, from time.Time) map[string]bool {
		account := kauflandAccount(t, map[string]string{
			marketplaces.SettingURL: played.URL, marketplaces.SettingClient: played.Made["client_key"], marketplaces.SettingSecret: played.Made["secret_key"],
			marketplaces.SettingSites: sites,
		})
		all, err := account.Changed(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		refs := map[string]bool{}
		for _, o := range all {
			if refs[o.Ref] || o.Changed.IsZero() {
				t.Errorf("listed twice, or without a time: %+v", o)
			}
			refs[o.Ref] = true
		}
		return refs
	}
	all := listed("de, cz,sk,pl,at,fr,it", time.Time{})
	if german := listed("", time.Time{}); len(all) != 400 || len(german) <= 100 || len(german) >= 400 {
		t.Errorf("%d listed, %d in Germany", len(all), len(german))
	}
	if late := listed("", time.Now().Add(time.Hour)); len(late) != 0 {
		t.Errorf("%d have changed in an hour from now", len(late))
	}
}

func TestAFailureOfKauflandIsUnderstoodByItsProblem(t *testing.T) {
	wrong := func(change map[string]string) map[string]string {
		settings := playedKaufland(t)
		for k, v := range change {
			settings[k] = v
		}
		return settings
	}
	rule := func(kind fault.Kind) fault.Rule {
		return fault.Rule{Party: "kaufland", Operation: "orders.get", Fault: kind, Probability: 1, Seconds: 1}
	}
	for _, c := range []struct {
		what, class, code, says string
		settings                map[string]string
	}{
		{"the secret", remote.Authentication, "corrupted-signature", "signature", wrong(map[string]string{marketplaces.SettingSecret: "another"})},
		{"the client key", remote.Authentication, "invalid-credentials", "client key", wrong(map[string]string{marketplaces.SettingClient: strings.Repeat("x", 32)})},
		{"too many", remote.Throttled, "", "", playedKaufland(t, rule(fault.Storm))},
		{"a server that fails", remote.Transient, "", "", playedKaufland(t, rule(fault.Down))},
	} {
		_, err := kauflandAccount(t, c.settings).Fetch(t.Context(), schemas.FetchOrder, "M1")
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != c.class || !strings.Contains(f.Code, c.code) || !strings.Contains(f.Reason, c.says) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}
