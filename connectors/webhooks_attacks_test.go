package connectors

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/signature"
	"waybill/internal/embedded/embeddedtest"
	"waybill/topics"
)

// signedAt signs the body of the request anew.
func signedAt(at time.Time, body, key string) func(*http.Request) {
	return func(r *http.Request) { signature.SignStandard(r.Header, "msg", at, []byte(body), key) }
}

func header(name string, change func(string) string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, change(r.Header.Get(name))) }
}

func without(names ...string) func(*http.Request) {
	return func(r *http.Request) {
		for _, name := range names {
			r.Header.Del(name)
		}
	}
}

func is(value string) func(string) string { return func(string) string { return value } }

// good is the order that the attacks are about; the channel would take it.
const good = `{"id":"caf\u00e9","note":"café"}`

// attacks are deliveries that are not the channel's. Each is of the party shop and well signed but for its change.
var attacks = []struct {
	name, party, body, signed, outcome string
	change                             func(*http.Request)
}{
	{name: "no headers", outcome: "unsigned", change: without("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")},
	{name: "no signature", outcome: "unsigned", change: without("Webhook-Signature")},
	{name: "no id", outcome: "unsigned", change: without("Webhook-Id")},
	{name: "no timestamp", outcome: "unsigned", change: without("Webhook-Timestamp")},
	{name: "empty id", outcome: "unsigned", change: header("Webhook-Id", is(""))},
	{name: "two ids", outcome: "unsigned", change: func(r *http.Request) { r.Header.Add("Webhook-Id", "other") }},
	{name: "two timestamps", outcome: "unsigned", change: func(r *http.Request) { r.Header.Add("Webhook-Timestamp", "1") }},
	{name: "empty signature", outcome: "wrong_signature", change: header("Webhook-Signature", is(""))},
	{name: "nothing but the version", outcome: "wrong_signature", change: header("Webhook-Signature", is("v1,"))},
	{name: "truncated signature", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return s[:len(s)-2] })},
	{name: "signature without its padding", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return strings.TrimRight(s, "=") })},
	{name: "one bit of the signature", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return s[:5] + string(s[5]^1) + s[6:] })},
	{name: "signature in lower case", outcome: "wrong_signature", change: header("Webhook-Signature", strings.ToLower)},
	{name: "signature without its version", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return s[3:] })},
	{name: "signature of another version", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return "v2" + s[2:] })},
	{name: "signature called asymmetric", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string { return "v1a" + s[2:] })},
	{name: "signature in hex", outcome: "wrong_signature", change: header("Webhook-Signature", func(s string) string {
		sum, _ := base64.StdEncoding.DecodeString(s[3:])
		return "v1," + hex.EncodeToString(sum)
	})},
	{name: "changed body", outcome: "wrong_signature", body: strings.Replace(good, "id", "iD", 1), signed: good},
	{name: "a space more", outcome: "wrong_signature", body: good + " ", signed: good},
	{name: "a mark in front", outcome: "wrong_signature", body: "\ufeff" + good, signed: good},
	{name: "empty body", outcome: "wrong_signature", body: " ", signed: good},
	{name: "é of two characters", outcome: "wrong_signature", body: strings.Replace(good, "café", "cafe\u0301", 1), signed: good},
	{name: "é escaped", outcome: "wrong_signature", body: strings.Replace(good, "café", `caf\u00e9`, 1), signed: good},
	{name: "a letter of another alphabet", outcome: "wrong_signature", body: strings.Replace(good, "note", "n\u043ete", 1), signed: good},
	{name: "signature of the inflated body", outcome: "wrong_signature", body: zipped(good), signed: good, change: asGzip},
	{name: "timestamp made new", outcome: "wrong_signature", change: func(r *http.Request) {
		signedAt(noon.Add(-time.Hour), good, ours)(r)
		r.Header.Set("Webhook-Timestamp", strconv.FormatInt(noon.Unix(), 10))
	}},
	{name: "timestamp in other digits", outcome: "wrong_signature", change: header("Webhook-Timestamp", func(s string) string { return strings.ReplaceAll(s, "1", "\uff11") })},
	{name: "timestamp with a sign", outcome: "wrong_signature", change: header("Webhook-Timestamp", func(s string) string { return "+" + s })},
	{name: "endless timestamp", outcome: "wrong_signature", change: header("Webhook-Timestamp", is(strings.Repeat("9", 40)))},
	{name: "other id", outcome: "wrong_signature", change: header("Webhook-Id", is("other"))},
	{name: "endless id", outcome: "wrong_signature", change: func(r *http.Request) {
		signature.SignStandard(r.Header, strings.Repeat("x", 10_000), noon, []byte(good), ours)
	}},
	{name: "id that takes the timestamp in", outcome: "wrong_signature", body: good, signed: strconv.FormatInt(noon.Unix(), 10) + "." + good, change: func(r *http.Request) {
		r.Header.Set("Webhook-Id", "msg."+r.Header.Get("Webhook-Timestamp"))
	}},
	{name: "capture, ten minutes old", outcome: "stale_signature", change: signedAt(noon.Add(-10*time.Minute), good, ours)},
	{name: "capture, an hour old", outcome: "stale_signature", change: signedAt(noon.Add(-time.Hour), good, ours)},
	{name: "capture, thirty days old", outcome: "stale_signature", change: signedAt(noon.Add(-30*24*time.Hour), good, older)},
	{name: "from the future", outcome: "stale_signature", change: signedAt(noon.Add(10*time.Minute), good, ours)},
	{name: "at no time", outcome: "stale_signature", change: signedAt(time.Unix(0, 0), good, ours)},
	{name: "another party's secret", outcome: "wrong_signature", change: signedAt(noon, good, theirs)},
	{name: "capture of another party's", party: "neighbour", outcome: "wrong_signature"},
	{name: "empty secret", outcome: "wrong_signature", change: signedAt(noon, good, "")},
	{name: "empty secret at a party without one", party: "open", outcome: "no_secret", change: signedAt(noon, good, "")},
	{name: "secret taken for its text", outcome: "wrong_signature", change: signedAt(noon, good, strings.TrimPrefix(ours, "whsec_"))},
	{name: "the secret itself, where it is to sign", outcome: "unsigned", change: func(r *http.Request) { r.Header = http.Header{"Authorization": {"Bearer " + ours}} }},
	{name: "a signature, where the secret is to be shown", party: "relayed", outcome: "unsigned"},
	{name: "part of the secret", party: "relayed", outcome: "wrong_signature", change: func(r *http.Request) { r.Header.Set("X-Api-Key", ours[:len(ours)-1]) }},
	{name: "another scheme than the channel's", party: "addressed", outcome: "wrong_signature"},
}

func TestNoAttackComesThrough(t *testing.T) {
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	h := webhookDoor(t, store, roomy)
	var said string
	for _, a := range attacks {
		party, body, signed := a.party, a.body, a.signed
		for text, otherwise := range map[*string]string{&party: "shop", &body: good} {
			if *text == "" {
				*text = otherwise
			}
		}
		if signed == "" {
			signed = body
		}
		before := value(t, h.metrics.requests.WithLabelValues("webhooks", party, a.outcome))
		w := deliver(h, party, "msg", body, func(r *http.Request) {
			signedAt(noon, signed, ours)(r)
			if a.change != nil {
				a.change(r)
			}
		})
		if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: answered %d %s", a.name, w.Code, w.Body)
		}
		if said == "" {
			said = w.Body.String()
		}
		if w.Body.String() != said {
			t.Errorf("%s: the answer is another: %s", a.name, w.Body)
		}
		if value(t, h.metrics.requests.WithLabelValues("webhooks", party, a.outcome)) != before+1 {
			t.Errorf("%s: not counted as %s", a.name, a.outcome)
		}
	}
	if n := store.Count(); n != 0 || len(attacks) < 30 {
		t.Errorf("%d of %d attacks reached the topic", n, len(attacks))
	}
	if w := deliver(h, "shop", "msg", good); w.Code != http.StatusAccepted || store.Count() != 1 {
		t.Errorf("what is no attack was answered %d %s", w.Code, w.Body)
	}
}

func TestWhatIsSignedWellAndCanNotBeTakenIsRefused(t *testing.T) {
	store := embeddedtest.StartStore(t, topics.OrdersRaw)
	h := webhookDoor(t, store, roomy)
	bomb := zipped(strings.Repeat(" ", 1<<20))
	for _, c := range []struct {
		name, path, body string
		change           func(*http.Request)
		status           int
		party, outcome   string
	}{
		{name: "unknown party", path: "nobody", body: good, status: 404, outcome: "unknown_party"},
		{name: "no party", path: "", body: good, status: 404, outcome: "unknown_party"},
		{name: "two parties", path: "shop/neighbour", body: good, status: 404, outcome: "unknown_party"},
		{name: "PUT", path: "shop", body: good, change: func(r *http.Request) { r.Method = http.MethodPut }, status: 405, party: "shop", outcome: "wrong_method"},
		{name: "long body", path: "shop", body: `{"id":"` + strings.Repeat("x", 5000) + `"}`, status: 413, party: "shop", outcome: "too_large"},
		{name: "gzip bomb", path: "shop", body: bomb, change: asGzip, status: 413, party: "shop", outcome: "too_large"},
		{name: "half a gzip", path: "shop", body: zipped(good)[:20], change: asGzip, status: 400, party: "shop", outcome: "broken_off"},
		{name: "other encoding", path: "shop", body: good, change: func(r *http.Request) { r.Header.Set("Content-Encoding", "br") }, status: 415, party: "shop", outcome: "wrong_encoding"},
		{name: "no JSON", path: "shop", body: "id=1&x=2", status: 400, party: "shop", outcome: "not_json"},
		{name: "half of it", path: "shop", body: good[:10], status: 400, party: "shop", outcome: "not_json"},
		{name: "nothing", path: "shop", body: "", status: 400, party: "shop", outcome: "not_json"},
	} {
		if c.change == nil {
			c.change = func(*http.Request) {}
		}
		if w := deliver(h, c.path, "msg", c.body, c.change); w.Code != c.status {
			t.Errorf("%s: answered %d %s, want %d", c.name, w.Code, w.Body, c.status)
		}
		if value(t, h.metrics.requests.WithLabelValues("webhooks", c.party, c.outcome)) < 1 {
			t.Errorf("%s: not counted", c.name)
		}
	}
	if n := store.Count(); n != 0 {
		t.Errorf("%d reached the topic", n)
	}
	if w := deliver(h, "shop", "msg", zipped(good), asGzip); w.Code != http.StatusAccepted || !bytes.Equal(heldBy(store)[0].Body.Bytes, []byte(good)) {
		t.Errorf("gzipped: answered %d %s", w.Code, w.Body)
	}
}
