package remote

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAQuotaIsWaitedForUntilMidnightGMTAndNeverLongerThanAnHour(t *testing.T) {
	warsaw := time.FixedZone("", 2*60*60)
	for at, want := range map[time.Time]time.Duration{
		time.Date(2026, 1, 5, 23, 50, 0, 0, time.UTC): 10 * time.Minute,
		time.Date(2026, 1, 6, 1, 50, 0, 0, warsaw):    10 * time.Minute,
		time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC):   time.Hour,
		time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC):  time.Hour,
	} {
		if got := UntilQuota(at); got != want {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

func TestARefusalThatAnswersIsHeardAndNoOther(t *testing.T) {
	knows := func(said []byte) bool { return string(said) == "nobody knows it" }
	for _, c := range []struct {
		class, said string
		heard       bool
	}{{Permanent, "nobody knows it", true}, {Permanent, "what?", false}, {Authentication, "nobody knows it", false}, {Throttled, "nobody knows it", false}, {Transient, "nobody knows it", false}} {
		said, err := Heard(nil, &Failure{Class: c.class, Status: 404, Said: []byte(c.said), Perhaps: true}, knows)
		var f *Failure
		if heard := err == nil && string(said) == c.said; heard != c.heard || !c.heard && (!errors.As(err, &f) || f.Perhaps) {
			t.Errorf("%s %q: %q, %v", c.class, c.said, said, err)
		}
	}
}

func TestAPassingSecretIsLeftOutOfTheBodyAndTheQueryOfItsExchangeAlone(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "well") })
	ctx, heard := watch(t)
	for _, with := range []string{"a&b", ""} {
		if _, err := client.Text(Hiding(ctx, with), "/?q=a%26b", []byte("<token>a&b</token>")); err != nil {
			t.Fatal(err)
		}
	}
	all := heard()
	if x := all[0]; string(x.Query.Bytes) != "q=(secret)" || string(x.Sent.Bytes) != "<token>(secret)</token>" {
		t.Errorf("kept %s and %s", x.Query.Bytes, x.Sent.Bytes)
	}
	if x := all[1]; string(x.Query.Bytes) != "q=a%26b" || !strings.Contains(string(x.Sent.Bytes), "a&b") {
		t.Errorf("without a secret: kept %s and %s", x.Query.Bytes, x.Sent.Bytes)
	}
}
