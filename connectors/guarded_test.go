package connectors

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func readText(t *testing.T, w *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func TestADoorTakesWhatShowsTheTokenOfItsParty(t *testing.T) {
	ours, theirs := someSecret(), someSecret()
	parties := func(channel string) map[string]Party {
		return map[string]Party{
			"till": {Name: "till", Channel: channel, Receiver: till{}, Settings: map[string]string{SettingToken: ours, SettingToken + SuffixOld: theirs + "old"}},
			"next": {Name: "next", Channel: channel, Receiver: till{}, Settings: map[string]string{SettingToken: theirs}},
			"bare": {Name: "bare", Channel: channel, Receiver: till{}},
		}
	}
	bearer := func(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
	for _, c := range []struct {
		name, party string
		header      http.Header
		open        bool
		status      int
		want        string
	}{
		{"good", "till", bearer(ours), false, 202, ""},
		{"old", "till", bearer(theirs + "old"), false, 202, ""},
		{"good, by another header", "till", http.Header{"X-Api-Key": {ours}}, false, 202, ""},
		{"none", "till", nil, false, 401, "Authorization: Bearer"},
		{"none at an open door", "till", nil, true, 401, ""},
		{"part", "till", bearer(ours[1:]), false, 401, ""},
		{"another party's", "till", bearer(theirs), false, 401, ""},
		{"none set", "bare", bearer(ours), false, 401, "parties.bare.settings.token_file"},
		{"none set, empty shown", "bare", bearer(""), false, 401, ""},
		{"none set at an open door", "bare", nil, true, 202, ""},
		{"unknown party", "nobody", nil, false, 404, ""},
	} {
		for _, kind := range []string{"feed", "orders"} {
			store := &shelf{}
			metrics := NewMetrics(prometheus.NewRegistry())
			var door http.Handler
			path := FeedPath + c.party
			if kind == "feed" {
				f := NewFeed(parties("any"), store, roomy, metrics)
				f.OpenWithoutToken, door = c.open, f
			} else {
				o := NewOrders(parties(ChannelDirect), store, &ledger{}, roomy, metrics)
				o.OpenWithoutToken, door, path = c.open, o, OrdersPath+"?party="+c.party
			}
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(ours7))
			for name, values := range c.header {
				r.Header[name] = values
			}
			r.Header.Set("Idempotency-Key", "key")
			w := httptest.NewRecorder()
			door.ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || (store.calls > 0) != (c.status == 202) {
				t.Errorf("%s, %s: answered %d %s", kind, c.name, w.Code, w.Body)
			}
			if (w.Header().Get("WWW-Authenticate") != "") != (c.status == 401) {
				t.Errorf("%s, %s: WWW-Authenticate is %q", kind, c.name, w.Header().Get("WWW-Authenticate"))
			}
		}
	}
}
