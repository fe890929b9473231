package signature

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// vector is that of the specification's own libraries (standard-webhooks, libraries/go/webhook_symmetric_test.go and its siblings).
var vector = struct {
	key, id, body, signature string
	at                       time.Time
}{
	"whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`,
	"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", time.Unix(1614265330, 0),
}

func vectorDelivery(signature string) *Delivery {
	header := http.Header{}
	header.Set("Webhook-Id", vector.id)
	header.Set("Webhook-Timestamp", "1614265330")
	header.Set("Webhook-Signature", signature)
	return &Delivery{Method: http.MethodPost, Header: header, Body: []byte(vector.body), At: vector.at}
}

func TestTheVectorOfTheSpecificationIsVerified(t *testing.T) {
	got, err := Standard(vectorDelivery(vector.signature), []string{vector.key})
	if err != nil || got.ID != vector.id || !got.At.Equal(vector.at) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTheVectorOfTheSpecificationIsSigned(t *testing.T) {
	header := http.Header{}
	SignStandard(header, vector.id, vector.at, []byte(vector.body), vector.key)
	if got := header.Get("Webhook-Signature"); got != vector.signature {
		t.Errorf("signed %s", got)
	}
}

func TestASignatureMayStandAmongOthers(t *testing.T) {
	for _, given := range []string{
		"v1,AAAA " + vector.signature, vector.signature + " v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
		"v2,x  " + vector.signature,
	} {
		if _, err := Standard(vectorDelivery(given), []string{vector.key}); err != nil {
			t.Errorf("%s: %v", given, err)
		}
	}
	if _, err := Standard(vectorDelivery(strings.Repeat("v1,AAAA ", signaturesMax)+vector.signature), []string{vector.key}); !errors.Is(err, ErrWrong) {
		t.Errorf("behind more than may be given: %v", err)
	}
}

func TestEitherOfTwoSecretsIsGoodWhileOneIsExchanged(t *testing.T) {
	for _, secrets := range [][]string{{"new", vector.key}, {vector.key, "old"}, {"", vector.key}} {
		if _, err := Standard(vectorDelivery(vector.signature), secrets); err != nil {
			t.Error(err)
		}
	}
	if _, err := Standard(vectorDelivery(vector.signature), []string{"new", "newer"}); !errors.Is(err, ErrWrong) {
		t.Errorf("after the exchange: %v", err)
	}
}

func TestASecretThatIsNoBase64IsTakenAsItIs(t *testing.T) {
	for _, key := range []string{"plain words", "whsec_not base64!", base64.StdEncoding.EncodeToString([]byte("not decoded"))} {
		d := vectorDelivery("")
		SignStandard(d.Header, vector.id, vector.at, d.Body, key)
		if want := "v1," + base64.StdEncoding.EncodeToString(SHA256([]byte(key), []byte(vector.id+".1614265330."+vector.body))); d.Header.Get("Webhook-Signature") != want {
			t.Errorf("%q signs %s", key, d.Header.Get("Webhook-Signature"))
		}
		if _, err := Standard(d, []string{key}); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestTheTimeOfASignatureIsWithinFiveMinutesEitherWay(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		want  error
	}{
		{-Tolerance, nil}, {Tolerance, nil}, {Tolerance + time.Second, ErrStale}, {-Tolerance - time.Second, ErrStale}, {time.Hour, ErrStale}, {30 * 24 * time.Hour, ErrStale},
	} {
		d := vectorDelivery(vector.signature)
		d.At = vector.at.Add(c.after)
		if _, err := Standard(d, []string{vector.key}); !errors.Is(err, c.want) {
			t.Errorf("%v later: %v", c.after, err)
		}
	}
}

func TestATokenIsTakenFromEitherHeader(t *testing.T) {
	secrets := []string{"", "old one", "new one"}
	for _, c := range []struct {
		header http.Header
		want   error
	}{
		{http.Header{"Authorization": {"Bearer old one"}}, nil},
		{http.Header{"Authorization": {"bearer  new one"}}, nil},
		{http.Header{"X-Api-Key": {"new one"}}, nil},
		{http.Header{}, ErrMissing},
		{http.Header{"X-Api-Key": {""}}, ErrMissing},
		{http.Header{"Authorization": {"Basic old one"}}, ErrMissing},
		{http.Header{"Authorization": {"Bearer old one", "Bearer new one"}}, ErrMissing},
		{http.Header{"Authorization": {"Bearer"}}, ErrWrong},
		{http.Header{"Authorization": {"Bearer "}}, ErrWrong},
		{http.Header{"Authorization": {"Bearer old"}}, ErrWrong},
		{http.Header{"Authorization": {"Bearer wrong"}, "X-Api-Key": {"new one"}}, ErrWrong},
		{http.Header{"X-Api-Key": {"NEW ONE"}}, ErrWrong},
	} {
		if err := Bearer(c.header, secrets); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.header, err, c.want)
		}
	}
	if err := Bearer(http.Header{"Authorization": {"Bearer "}}, []string{""}); err == nil {
		t.Error("an empty secret opens")
	}
}

func FuzzStandard(f *testing.F) {
	f.Add(vector.id, "1614265330", vector.signature, []byte(vector.body), vector.key)
	f.Add("", "", "", []byte{}, "")
	f.Add("a.b", "-1", "v1,", []byte("\xff"), "whsec_")
	f.Add("a", "99999999999999999999", "v1, v1 ,v1", []byte("{}"), "whsec_!")
	f.Fuzz(func(t *testing.T, id, timestamp, signature string, body []byte, key string) {
		d := &Delivery{Header: http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {timestamp}, "Webhook-Signature": {signature}}, Body: body, At: vector.at}
		got, err := Standard(d, []string{"of someone else", ""})
		if err == nil || got != (Verified{}) {
			t.Fatalf("taken: %+v, %v", got, err)
		}
		if id == "" || len(id) > idBytesMax || strings.Contains(id, ".") || len(standardKey(key)) == 0 {
			return
		}
		SignStandard(d.Header, id, vector.at, body, key)
		if got, err = Standard(d, []string{key}); err != nil || got.ID != id {
			t.Fatalf("signed and not taken: %+v, %v", got, err)
		}
		d.Body = append(body[:len(body):len(body)], ' ')
		if _, err = Standard(d, []string{key}); !errors.Is(err, ErrWrong) {
			t.Fatalf("taken with another body: %v", err)
		}
	})
}
