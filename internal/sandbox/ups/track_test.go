package ups

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/specification"
)

func (d *depot) book(example string) []string {
	d.Helper()
	var s shipped
	if status := d.ask("POST", "/shipments/v2409/ship", d.example(example), &s); status != http.StatusOK {
		d.Fatal(status)
	}
	var numbers []string
	for _, p := range s.ShipmentResponse.ShipmentResults.PackageResults {
		numbers = append(numbers, p.TrackingNumber)
	}
	return numbers
}

func (d *depot) details(number string) (int, string) {
	d.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(d.Context(), http.MethodGet, "/ups/api/track/v1/details/"+number, nil)
	r.Header.Set("Authorization", "Bearer "+d.ups.tokens.Issue())
	d.desk.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAllPackagesOfAShipmentAreTrackedByOne(t *testing.T) {
	d := open(t)
	numbers := d.book("multi-piece-shipping")
	d.now = d.now.Add(9 * parcel.Day)
	status, said := d.details(numbers[1])
	if err := specification.Beyond(sample(t, "tracking-response.json"), []byte(said)); status != http.StatusOK || err != nil {
		t.Fatalf("%d %v: %s", status, err, said)
	}
	for _, number := range numbers {
		truth, _ := d.ups.Parcels().Find(number)
		if says := saysOf(truth.Scans); !strings.Contains(said, `"trackingNumber":"`+number) || !strings.Contains(said, says.status) {
			t.Errorf("%s: %s", number, said)
		}
	}
	if void := d.ask("DELETE", "/shipments/v2409/void/cancel/"+numbers[0], "", nil); void != http.StatusBadRequest {
		t.Errorf("what UPS has was voided: %d", void)
	}
}

func TestWhatUPSDoesNotKnowIsASuccessWithAWarning(t *testing.T) {
	d := open(t)
	if status, said := d.details("1Z5R89390357567127"); status != http.StatusOK || !strings.Contains(said, `"code":"TW0001"`) {
		t.Errorf("%d %s", status, said)
	}
	if status, said := d.details("1Z-1"); status != http.StatusBadRequest || !strings.Contains(said, `"TV1002"`) {
		t.Errorf("%d %s", status, said)
	}
	number := d.book("shipping")[0]
	d.ask("DELETE", "/shipments/v2409/void/cancel/"+number, "", nil)
	if _, said := d.details(number); !strings.Contains(said, `"statusCode":"007"`) {
		t.Error(said)
	}
}

func TestEveryScanHasAWordOfUPSAndASecondAttemptItsOwn(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var scanned []parcel.Scan
	for i, kind := range []parcel.Kind{parcel.Announced, parcel.PickedUp, parcel.InTransit, parcel.Out, parcel.Failed, parcel.Out, parcel.Failed, parcel.TurnedBack, parcel.InTransit, parcel.Returned} {
		scanned = append(scanned, parcel.Scan{Kind: kind, At: at.Add(time.Duration(i) * time.Hour), Left: i == 2, Back: i > 6, Place: parcel.German[0]})
		body, err := json.Marshal(alert(parcel.Parcel{Number: "1Z204W4R0308071865", Scans: scanned}))
		if err != nil {
			t.Fatal(err)
		}
		webhook := "track-alert-webhook-1.json"
		if kind == parcel.Returned {
			webhook = "track-alert-webhook-2.json"
		}
		if err := specification.Beyond(sample(t, webhook), body); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		want := []string{"M003", "I038", "I005", "I021", "X022", "I021", "X023", "X035", "I036", "D034"}[i]
		if says := saysOf(scanned); says.kind+says.status != want {
			t.Errorf("%s is %+v, want %s", kind, says, want)
		}
	}
	for _, want := range []string{`"localActivityTime":"220000"`, `"gmtActivityTime":"210000"`} {
		if body, _ := json.Marshal(alert(parcel.Parcel{Scans: scanned})); !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", want, body)
		}
	}
}

type subscribed struct {
	Valid    []string `json:"validTrackingNumbers"`
	Invalid  []string `json:"invalidTrackingNumbers"`
	Response struct {
		Errors []struct{ Code string }
	}
}

func TestUpToAHundredPackagesAreFollowed(t *testing.T) {
	d := open(t)
	number := d.book("shipping")[0]
	subscribe := func(locale string, numbers ...string) (int, subscribed) {
		t.Helper()
		body, _ := json.Marshal(map[string]any{"locale": locale, "countryCode": "DE", "trackingNumberList": numbers})
		var s subscribed
		return d.ask("POST", "/track/v2/subscription/standard/package", string(body), &s), s
	}
	if status, s := subscribe("en_US", slices.Repeat([]string{number}, alertsMax)...); status != http.StatusOK || len(s.Valid) != alertsMax {
		t.Errorf("a hundred: %d %+v", status, s)
	}
	if status, s := subscribe("en_US", slices.Repeat([]string{number}, alertsMax+1)...); status != http.StatusBadRequest || len(s.Response.Errors) != 1 {
		t.Errorf("more: %d %+v", status, s)
	}
	if status, s := subscribe("en_US", number, "1Z1234567$8"); status != http.StatusOK || len(s.Valid) != 1 || s.Invalid[0] != "1Z1234567$8" {
		t.Errorf("some: %d %+v", status, s)
	}
	if status, s := subscribe("en_US", "1Z1234567$8"); status != http.StatusBadRequest || len(s.Invalid) != 1 {
		t.Errorf("none: %d %+v", status, s)
	}
	if status, s := subscribe("", number); status != http.StatusBadRequest || s.Response.Errors[0].Code != "VSS300" {
		t.Errorf("no locale: %d %+v", status, s)
	}
}
