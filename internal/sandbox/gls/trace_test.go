package gls

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	lives "waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/specification"
)

func (d *depot) trace(path string) *httptest.ResponseRecorder {
	d.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(d.Context(), http.MethodGet, "/gls"+tracePath+path, nil)
	r.Header.Set("Authorization", "Bearer "+d.gls.tokens.Issue())
	d.desk.ServeHTTP(w, r)
	return w
}

type traced struct {
	Parcels []struct {
		Requested, Unitno, Status, ErrorCode string
		Events                               []struct{ Code, EventDateTime string }
	}
}

func (d *depot) traced(ids ...string) (said traced, body string) {
	d.Helper()
	w := d.trace("/trackids/" + strings.Join(ids, ","))
	if err := json.Unmarshal(w.Body.Bytes(), &said); w.Code != http.StatusOK || err != nil || len(said.Parcels) != len(ids) {
		d.Fatalf("%d %v: %s", w.Code, err, w.Body)
	}
	return said, w.Body.String()
}

func TestParcelsAreTracedAsTheSampleTellsThem(t *testing.T) {
	now := time.Now()
	d := open(t, Options{RequestsPerSecondMax: 10_000, Now: func() time.Time { return now }})
	for range 300 {
		d.ask(apiPath+"/shipments", d.sample())
	}
	sample, err := os.ReadFile("testdata/tnt-200-200WithLinks.json")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(9 * lives.Day)
	ends := map[string]bool{}
	for truth := range d.gls.Parcels().Truths {
		said, body := d.traced(truth.Number)
		if err := specification.Beyond(sample, []byte(body)); err != nil {
			t.Fatal(err, body)
		}
		p := said.Parcels[0]
		want := map[lives.Status]string{lives.StatusDelivered: "DELIVERED", lives.StatusReturned: "FINAL", lives.StatusLost: "NOTDELIVERED"}[truth.Status]
		if p.Status != want || p.Requested != truth.Number || len(p.Unitno) != 12 || len(p.Events) != truth.Scans || p.Events[truth.Scans-1].Code != "INTIAL.PREADVICE" {
			t.Fatalf("%+v: %s", truth, body)
		}
		if ends[p.Status] = true; truth.Reference != "Ref-Unit-1234" {
			t.Fatalf("%+v", truth)
		}
	}
	if len(ends) != 3 {
		t.Errorf("%v", ends)
	}
}

func TestWhatIsNotKnownAndWhatWasCancelledIsSaidOfEachParcel(t *testing.T) {
	d := open(t, Options{})
	d.ask(apiPath+"/shipments", d.sample())
	d.ask(apiPath+"/shipments/cancel/ZW000001", "")
	said, _ := d.traced("ZW000001", "ZW999999", "202800000001")
	if p := said.Parcels; p[0].Status != "CANCELED" || p[1].ErrorCode != "E_404_01" || p[2].Unitno != p[0].Unitno {
		t.Errorf("%+v", said)
	}
	if w := d.trace("/references/Ref-Ship-abc"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"unitno":"202800000001"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := d.trace("/trackids/1,2,3,4,5,6,7,8,9,10,11"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "allowed limit of 10") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAParcelThatGLSHasIsNotCancelled(t *testing.T) {
	now := time.Now()
	d := open(t, Options{Now: func() time.Time { return now }})
	d.ask(apiPath+"/shipments", d.sample())
	now = now.Add(9 * lives.Day)
	if w := d.ask(apiPath+"/shipments/cancel/ZW000001", ""); !strings.Contains(w.Body.String(), "SCANNED") {
		t.Error(w.Body)
	}
}

func TestADayHasFiveHundredTraces(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d := open(t, Options{RequestsPerSecondMax: 10_000, Now: func() time.Time { return now }})
	for range tracesADay {
		if w := d.trace("/trackids/ZW000001"); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
	}
	if w := d.trace("/trackids/ZW000001"); w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "policies.ratelimit.QuotaViolation") || w.Header().Get("Retry-After") != "43200" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	now = now.Add(12 * time.Hour)
	if w := d.trace("/trackids/ZW000001"); w.Code != http.StatusOK {
		t.Errorf("on the next day: %d", w.Code)
	}
}
