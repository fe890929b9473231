package kaufland

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/signature"
)

// What looks like hex is used as it is written.
var (
	secret   = hex.EncodeToString([]byte("of the seller, for this test"))
	previous = hex.EncodeToString([]byte("the one he had before"))
)

const (
	door     = "https://waybill.example/webhooks/kaufland"
	push     = `{"event_name":"order_new","id_message":"m-1","resource":"https://sellerapi.kaufland.com/v2/orders/MB7UWLD/","storefront":"de"}`
	signedAt = 1_777_709_721
)

// delivered is a push as Kaufland sends it, signed with the secret.
func delivered() *signature.Delivery {
	header := http.Header{}
	header.Set(HeaderTimestamp, strconv.Itoa(signedAt))
	header.Set(HeaderSignature, Sign(secret, http.MethodPost, door, []byte(push), signedAt))
	return &signature.Delivery{Method: http.MethodPost, URL: door, Header: header, Body: []byte(push), At: time.Unix(signedAt+2, 0)}
}

func verify(d *signature.Delivery, secrets ...string) (signature.Verified, error) {
	if len(secrets) == 0 {
		secrets = []string{secret}
	}
	return Marketplace{}.Verify(d, secrets)
}

// The documentation's own example.
func TestASignatureIsThatOfTheVector(t *testing.T) {
	text, err := os.ReadFile("testdata/signature/vector.json")
	if err != nil {
		t.Fatal(err)
	}
	var vector struct {
		Method, URI, Body string
		Timestamp         int64
		Secret            string `json:"secret_key"`
		Hex               string `json:"signature_hex"`
		Base64            string `json:"signature_base64_computed"`
	}
	if err := json.Unmarshal(text, &vector); err != nil {
		t.Fatal(err)
	}
	if got := Sign(vector.Secret, vector.Method, vector.URI, []byte(vector.Body), vector.Timestamp); got != vector.Hex {
		t.Errorf("%s, want %s", got, vector.Hex)
	}
	for _, given := range []string{vector.Hex, vector.Base64} {
		d := &signature.Delivery{
			Method: vector.Method, URL: vector.URI, Body: []byte(vector.Body), At: time.Unix(vector.Timestamp, 0),
			Header: http.Header{HeaderTimestamp: {strconv.FormatInt(vector.Timestamp, 10)}, HeaderSignature: {given}},
		}
		got, err := verify(d, vector.Secret)
		if err != nil || !got.At.Equal(d.At) || got.ID != "" {
			t.Errorf("%s: %+v, %v", given, got, err)
		}
	}
}

func TestASignedPushIsTakenWithItsID(t *testing.T) {
	for name, change := range map[string]func(d *signature.Delivery) []string{
		"as it came":                      func(*signature.Delivery) []string { return []string{secret} },
		"the second of two secrets":       func(*signature.Delivery) []string { return []string{previous, secret} },
		"the first of two secrets":        func(*signature.Delivery) []string { return []string{secret, previous} },
		"an empty secret beside the good": func(*signature.Delivery) []string { return []string{"", secret} },
		"in base64": func(d *signature.Delivery) []string {
			sum, _ := hex.DecodeString(d.Header.Get(HeaderSignature))
			d.Header.Set(HeaderSignature, base64.StdEncoding.EncodeToString(sum))
			return []string{secret}
		},
		"five minutes late":  func(d *signature.Delivery) []string { d.At = time.Unix(signedAt+300, 0); return []string{secret} },
		"five minutes early": func(d *signature.Delivery) []string { d.At = time.Unix(signedAt-300, 0); return []string{secret} },
	} {
		d := delivered()
		got, err := verify(d, change(d)...)
		if err != nil || got.ID != "m-1" || got.At.Unix() != signedAt {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// resign signs a delivery again, with another time.
func resign(d *signature.Delivery, timestamp string) {
	d.Header.Set(HeaderTimestamp, timestamp)
	d.Header.Set(HeaderSignature, hex.EncodeToString(sum(secret, d.Method, d.URL, d.Body, timestamp)))
}

// attacks are what somebody without the secret, or with an old delivery, could try. Secrets are both, unless it says which.
var attacks = []struct {
	name string
	make func(d *signature.Delivery) (secrets []string)
	want error
}{
	{"no signature", func(d *signature.Delivery) []string { d.Header.Del(HeaderSignature); return nil }, signature.ErrMissing},
	{"no timestamp", func(d *signature.Delivery) []string { d.Header.Del(HeaderTimestamp); return nil }, signature.ErrMissing},
	{"an empty signature", func(d *signature.Delivery) []string { d.Header.Set(HeaderSignature, ""); return nil }, signature.ErrMissing},
	{"no header at all", func(d *signature.Delivery) []string { d.Header = nil; return nil }, signature.ErrMissing},
	{"a byte of the body changed", func(d *signature.Delivery) []string { d.Body[20] ^= 1; return nil }, signature.ErrWrong},
	{"a line break behind the body", func(d *signature.Delivery) []string { d.Body = append(d.Body, '\n'); return nil }, signature.ErrWrong},
	{"no body", func(d *signature.Delivery) []string { d.Body = nil; return nil }, signature.ErrWrong},
	{"another method", func(d *signature.Delivery) []string { d.Method = http.MethodPut; return nil }, signature.ErrWrong},
	{"another door", func(d *signature.Delivery) []string { d.URL = door + "-2"; return nil }, signature.ErrWrong},
	{"another query", func(d *signature.Delivery) []string { d.URL = door + "?seller=2"; return nil }, signature.ErrWrong},
	{"another party's secret", func(*signature.Delivery) []string { return []string{previous} }, signature.ErrWrong},
	{"a fresh time on an old signature", func(d *signature.Delivery) []string {
		d.Header.Set(HeaderTimestamp, strconv.Itoa(signedAt+1))
		return nil
	}, signature.ErrWrong},
	{"cut short", func(d *signature.Delivery) []string {
		d.Header[HeaderSignature][0] = d.Header[HeaderSignature][0][:63]
		return nil
	}, signature.ErrWrong},
	{"one letter more", func(d *signature.Delivery) []string { d.Header[HeaderSignature][0] += "0"; return nil }, signature.ErrWrong},
	{"in capitals", func(d *signature.Delivery) []string {
		d.Header.Set(HeaderSignature, strings.ToUpper(d.Header.Get(HeaderSignature)))
		return nil
	}, signature.ErrWrong},
	{"with a scheme in front", func(d *signature.Delivery) []string {
		d.Header[HeaderSignature][0] = "sha256=" + d.Header[HeaderSignature][0]
		return nil
	}, signature.ErrWrong},
	{"two signatures, one of them good", func(d *signature.Delivery) []string { d.Header.Add(HeaderSignature, "0"); return nil }, signature.ErrWrong},
	{"two timestamps", func(d *signature.Delivery) []string {
		d.Header.Add(HeaderTimestamp, strconv.Itoa(signedAt))
		return nil
	}, signature.ErrWrong},
	{"base64 without its padding", func(d *signature.Delivery) []string {
		sum, _ := hex.DecodeString(d.Header.Get(HeaderSignature))
		d.Header.Set(HeaderSignature, base64.RawStdEncoding.EncodeToString(sum))
		return nil
	}, signature.ErrWrong},
	{"the sum as it is", func(d *signature.Delivery) []string {
		sum, _ := hex.DecodeString(d.Header.Get(HeaderSignature))
		d.Header.Set(HeaderSignature, string(sum))
		return nil
	}, signature.ErrWrong},
	{"the secret read as hex", func(d *signature.Delivery) []string {
		key, _ := hex.DecodeString(secret)
		d.Header.Set(HeaderSignature, Sign(string(key), d.Method, d.URL, d.Body, signedAt))
		return nil
	}, signature.ErrWrong},
	{"an empty secret on both sides", func(d *signature.Delivery) []string {
		d.Header.Set(HeaderSignature, Sign("", d.Method, d.URL, d.Body, signedAt))
		return []string{""}
	}, signature.ErrWrong},
	{"no secret to check with", func(*signature.Delivery) []string { return []string{} }, signature.ErrWrong},
	{"a look-alike digit", func(d *signature.Delivery) []string { d.Header.Set(HeaderTimestamp, "１777709721"); return nil }, signature.ErrWrong},
	{"digits of another script, signed", func(d *signature.Delivery) []string { resign(d, "١٧٧٧٧٠٩٧٢١"); return nil }, signature.ErrWrong},
	{"a sign in front, signed", func(d *signature.Delivery) []string { resign(d, "+1777709721"); return nil }, signature.ErrWrong},
	{"below zero, signed", func(d *signature.Delivery) []string { resign(d, "-1777709721"); return nil }, signature.ErrWrong},
	{"a fraction, signed", func(d *signature.Delivery) []string { resign(d, "1777709721.0"); return nil }, signature.ErrWrong},
	{"an exponent, signed", func(d *signature.Delivery) []string { resign(d, "1.777709721e9"); return nil }, signature.ErrWrong},
	{"a zero in front, signed", func(d *signature.Delivery) []string { resign(d, "01777709721"); return nil }, signature.ErrWrong},
	{"a space behind, signed", func(d *signature.Delivery) []string { resign(d, "1777709721 "); return nil }, signature.ErrWrong},
	{"an underscore, signed", func(d *signature.Delivery) []string { resign(d, "1777_709_721"); return nil }, signature.ErrWrong},
	{"more digits than any time, signed", func(d *signature.Delivery) []string { resign(d, "99999999999999999999"); return nil }, signature.ErrWrong},
	{"milliseconds, signed", func(d *signature.Delivery) []string { resign(d, "1777709721000"); return nil }, signature.ErrWrong},
	{"re-sent after five minutes and a second", func(d *signature.Delivery) []string { d.At = time.Unix(signedAt+301, 0); return nil }, signature.ErrStale},
	{"re-sent after an hour", func(d *signature.Delivery) []string { d.At = time.Unix(signedAt+3600, 0); return nil }, signature.ErrStale},
	{"re-sent after thirty days", func(d *signature.Delivery) []string { d.At = time.Unix(signedAt+30*86400, 0); return nil }, signature.ErrStale},
	{"from the future", func(d *signature.Delivery) []string { d.At = time.Unix(signedAt-301, 0); return nil }, signature.ErrStale},
	{"the last second there is, signed", func(d *signature.Delivery) []string { resign(d, "99999999999"); return nil }, signature.ErrStale},
	{"wrong and old", func(d *signature.Delivery) []string {
		d.Body[20] ^= 1
		d.At = time.Unix(signedAt+3600, 0)
		return nil
	}, signature.ErrWrong},
}

func TestWhatWasNotSignedSoIsRefused(t *testing.T) {
	for _, attack := range attacks {
		d := delivered()
		secrets := attack.make(d)
		if secrets == nil {
			secrets = []string{secret, previous}
		}
		got, err := Marketplace{}.Verify(d, secrets)
		if !errors.Is(err, attack.want) || got != (signature.Verified{}) {
			t.Errorf("%s: %+v, %v, want %v", attack.name, got, err, attack.want)
		}
	}
}

// The four lines can not be cut in another way: what moves from one into another makes another signature.
func TestALineIsNotAnother(t *testing.T) {
	d := delivered()
	d.Header.Set(HeaderSignature, Sign(secret, d.Method, door, []byte("{}\n"+push), signedAt))
	d.URL = door + "\n{}"
	if _, err := verify(d); !errors.Is(err, signature.ErrWrong) {
		t.Error(err)
	}
}

func TestTheIDIsThatOfTheBody(t *testing.T) {
	for body, want := range map[string]string{
		`{"id_message":17}`:                   "17",
		`{"id_message":null}`:                 "",
		`{"id_message":"` + "\\u0000" + `"}`:  "",
		`{"id_message":"a","id_message":"b"}`: "a",
		`{"data":{"id_message":"inside"}}`:    "",
		`no JSON at all`:                      "",
		``:                                    "",
		`{"id_message":"` + strings.Repeat("m", 300) + `"}`: "",
	} {
		d := delivered()
		d.Body = []byte(body)
		d.Header.Set(HeaderSignature, Sign(secret, d.Method, d.URL, d.Body, signedAt))
		if got, err := verify(d); err != nil || got.ID != want {
			t.Errorf("%.40s: %q, %v, want %q", body, got.ID, err, want)
		}
	}
}

func TestAChallengeComesBackAsItIs(t *testing.T) {
	for query, want := range map[string]string{
		"mode=subscribe&challenge=abc123":                      "abc123",
		"challenge=a%2Bb%2F%3D&mode=subscribe&x=1":             "a+b/=",
		"mode=subscribe&challenge=" + strings.Repeat("a", 256): strings.Repeat("a", 256),
		"mode=subscribe&challenge=" + strings.Repeat("a", 257): "",
		"mode=subscribe&challenge=":                            "",
		"mode=subscribe":                                       "",
		"challenge=abc":                                        "",
		"mode=unsubscribe&challenge=abc":                       "",
		"mode=SUBSCRIBE&challenge=abc":                         "",
		"mode=subscribe&challenge=a%0d%0aSet-Cookie:x":         "",
		"mode=subscribe&challenge=a%20b":                       "",
		"mode=subscribe&challenge=%00":                         "",
		"mode=subscribe&challenge=%7f":                         "",
		"mode=subscribe&challenge=%C3%A4":                      "",
		"mode=subscribe&challenge=%ff":                         "",
		"mode=subscribe&challenge=a&challenge=b":               "",
		"mode=subscribe&mode=subscribe&challenge=a":            "",
		"": "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := (Marketplace{}).Challenge(values); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", query, got, ok)
		}
	}
}
