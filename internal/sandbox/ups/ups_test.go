package ups

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// depot is a UPS behind its desk, and its books.
type depot struct {
	*testing.T
	ups   *UPS
	books *ledger.Ledger
	desk  http.Handler
	now   time.Time
}

func open(t *testing.T) *depot {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	d := &depot{T: t, books: ledger.New(time.Now), now: time.Now()}
	d.ups = New(Options{ClientID: "us", ClientSecret: "of the test", ShipperNumber: "A1B2C3", Now: func() time.Time { return d.now }})
	d.desk = party.NewDesk(d.ups, fault.New(1, time.Now), d.books, later)
	return d
}

func (d *depot) ask(method, path, body string, into any) int {
	d.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(d.Context(), method, "/ups/api"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+d.ups.tokens.Issue())
	d.desk.ServeHTTP(w, r)
	if into != nil && json.Unmarshal(w.Body.Bytes(), into) != nil {
		d.Errorf("%s %s: %s", method, path, w.Body)
	}
	return w.Code
}

// problem is what is answered to something wrong.
type problem struct {
	Response struct {
		Errors []struct{ Code, Message string }
	}
}

func (d *depot) refused(path, body string) string {
	d.Helper()
	var p problem
	if status := d.ask("POST", path, body, &p); status != http.StatusBadRequest || len(p.Response.Errors) != 1 || p.Response.Errors[0].Message == "" {
		d.Errorf("%s: %d %+v", path, status, p)
		return ""
	}
	return p.Response.Errors[0].Code
}

// example is one of UPS's, from this shipper, with a reference where it belongs.
func (d *depot) example(name string) string {
	d.Helper()
	b, err := os.ReadFile("testdata/postman-request-" + name + "-example-request.json")
	if err != nil {
		d.Fatal(err)
	}
	return strings.NewReplacer(
		"{{shipper_number}}", `"A1B2C3"`, `"Packaging": {`, `"ReferenceNumber": {"Value":"WB-1"}, "Packaging": {`,
	).Replace(string(b))
}

type shipped struct {
	ShipmentResponse struct {
		ShipmentResults struct {
			ShipmentIdentificationNumber string
			PackageResults               []struct{ TrackingNumber string }
		}
	}
}

func TestTheExamplesAreBookedAndBilledForTheirReference(t *testing.T) {
	d := open(t)
	for name, packages := range map[string]int{"shipping": 1, "multi-piece-shipping": 3} {
		var s shipped
		if status := d.ask("POST", "/shipments/v2409/ship", d.example(name), &s); status != http.StatusOK || len(s.ShipmentResponse.ShipmentResults.PackageResults) != packages {
			t.Fatalf("%s: %d %+v", name, status, s)
		}
		number := s.ShipmentResponse.ShipmentResults.ShipmentIdentificationNumber
		if len(number) != 18 || number != s.ShipmentResponse.ShipmentResults.PackageResults[0].TrackingNumber {
			t.Errorf("%s is called %s", name, number)
		}
	}
	if sums := d.books.Books().Operations["shipments.create"]; sums.Effects != 2 || sums.Repeated != 1 || d.books.Times("shipments.create", "WB-1") != 2 {
		t.Errorf("%+v", sums)
	}
}

// The last digit of a number proves the others; these are of github.com/jkeen/tracking_number_data, valid numbers of UPS.
func TestANumberEndsInItsProof(t *testing.T) {
	for want, parts := range map[string]struct {
		shipper, service string
		number           int
	}{"1Z5R89390357567127": {"5R8939", "03", 5756712}, "1Z879E930346834440": {"879E93", "03", 4683444}, "1Z410E7W0392751591": {"410E7W", "03", 9275159}} {
		if got := tracking(parts.shipper, parts.service, parts.number); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWhatIsWrongHasACode(t *testing.T) {
	d := open(t)
	good := d.example("shipping")
	for _, c := range []struct{ old, is, code string }{
		{`"ShipperNumber": "A1B2C3"`, `"ShipperNumber": "000000"`, "120100"},
		{`"Happy Dog Pet Supply"`, `"` + strings.Repeat("x", 36) + `"`, "120200"},
		{`"123 Main St"`, `"` + strings.Repeat("x", 36) + `"`, "120202"},
		{`"PostalCode": "21030"`, `"PostalCode": ""`, "120207"},
		{`"Code": "03",`, `"Code": "99",`, "121210"},
		{`"Code": "LBS"`, `"Code": "KGS"`, "120501"},
		{`"Weight": "5"`, `"Weight": "0"`, "120500"},
		{`"Code": "GIF"`, `"Code": "TIF"`, "121000"},
		{`"Code": "GIF"`, `"Code": "ZPL"`, "121001"}, // without a size
		{`"Shipper": {`, `"ReferenceNumber": {"Value":"WB-1"}, "Shipper": {`, "120541"},
		{`{"Value":"WB-1"}`, `{"Value":""}`, "120542"},
		{`{`, ``, "10001"},
	} {
		wrong := strings.Replace(good, c.old, c.is, 1)
		if wrong == good {
			t.Fatalf("the example has no %s", c.old)
		}
		if code := d.refused("/shipments/v2409/ship", wrong); code != c.code {
			t.Errorf("%s: %s, want %s", c.is, code, c.code)
		}
	}
	if books := d.books.Books().Operations; len(books) != 0 {
		t.Errorf("what was refused was done: %v", books)
	}
}

func TestLabelsAreRecoveredForThirtyDaysUnlessTheyAreVoided(t *testing.T) {
	d := open(t)
	const asked = `{"LabelRecoveryRequest":{"LabelSpecification":{"LabelImageFormat":{"Code":"ZPL"}},"ReferenceValues":{"ReferenceNumber":{"Value":"WB-1"},"ShipperNumber":"A1B2C3"}}}`
	if code := d.refused("/labels/v1/recovery", asked); code != "9801031" {
		t.Errorf("before: %s", code)
	}
	var s shipped
	d.ask("POST", "/shipments/v2409/ship", d.example("multi-piece-shipping"), &s)
	var a struct {
		LabelRecoveryResponse struct {
			LabelResults, TrackingCandidate []struct{ TrackingNumber string }
		}
	}
	if status := d.ask("POST", "/labels/v1/recovery", asked, &a); status != http.StatusOK || len(a.LabelRecoveryResponse.TrackingCandidate) != 3 {
		t.Errorf("%d %+v", status, a)
	}
	number := s.ShipmentResponse.ShipmentResults.PackageResults[1].TrackingNumber
	if status := d.ask("POST", "/labels/v1/recovery", `{"LabelRecoveryRequest":{"TrackingNumber":"`+number+`"}}`, &a); status != http.StatusOK || len(a.LabelRecoveryResponse.LabelResults) != 1 || a.LabelRecoveryResponse.LabelResults[0].TrackingNumber != number {
		t.Errorf("%d %+v", status, a)
	}
	if code := d.refused("/labels/v1/recovery", strings.Replace(asked, "A1B2C3", "000000", 1)); code != "9801031" {
		t.Errorf("of another shipper: %s", code)
	}
	void := "/shipments/v2409/void/cancel/" + s.ShipmentResponse.ShipmentResults.ShipmentIdentificationNumber
	for _, want := range []int{http.StatusOK, http.StatusBadRequest} {
		if got := d.ask("DELETE", void, "", nil); got != want {
			t.Errorf("voided: %d, not %d", got, want)
		}
	}
	if code := d.refused("/labels/v1/recovery", asked); code != "9801040" {
		t.Errorf("voided: %s", code)
	}
	d.ask("POST", "/shipments/v2409/ship", strings.Replace(d.example("shipping"), "WB-1", "WB-2", 1), nil)
	another := strings.Replace(asked, "WB-1", "WB-2", 1)
	if status := d.ask("POST", "/labels/v1/recovery", another, nil); status != http.StatusOK {
		t.Errorf("on the first day: %d", status)
	}
	d.now = d.now.Add(recoveredFor)
	if code := d.refused("/labels/v1/recovery", another); code != "9801031" {
		t.Errorf("after thirty days: %s", code)
	}
}
