package gls

import (
	"encoding/json"
	"fmt"
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

// depot is a GLS behind its desk, and its books.
type depot struct {
	*testing.T
	gls   *GLS
	books *ledger.Ledger
	desk  http.Handler
}

func open(t *testing.T, o Options) *depot {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	o.ClientID, o.ClientSecret, o.ContactID = "us", "of the test", "1234567890"
	d := &depot{T: t, gls: New(o), books: ledger.New(time.Now)}
	d.desk = party.NewDesk(d.gls, fault.New(1, time.Now), d.books, later)
	return d
}

func (d *depot) ask(path, body string) *httptest.ResponseRecorder {
	d.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(d.Context(), http.MethodPost, "/gls"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", mediaType)
	r.Header.Set("Authorization", "Bearer "+d.gls.tokens.Issue())
	d.desk.ServeHTTP(w, r)
	return w
}

func (d *depot) sample() string {
	d.Helper()
	b, err := os.ReadFile("testdata/shipit-create-request-de.json")
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

func TestTheSampleIsBookedAndBilledForItsFirstReference(t *testing.T) {
	d := open(t, Options{})
	for range 2 { // who sends it twice has two
		if w := d.ask(apiPath+"/shipments", d.sample()); w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType+";charset=utf-8" {
			t.Fatal(w.Code, w.Header(), w.Body)
		}
	}
	if sums := d.books.Books().Operations["shipments.create"]; sums.Effects != 2 || sums.Repeated != 1 || d.books.Times("shipments.create", "Ref-Unit-1234") != 2 {
		t.Errorf("%+v", sums)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	for body, want := range map[string]int{
		`{"ShipmentReference":"Ref-Ship-abc","DateFrom":"` + today + `","DateTo":"` + today + `"}`: 2,
		`{"ShipmentReference":"Ref-Ship-abc","DateFrom":"2020-01-01","DateTo":"2020-12-31"}`:       0,
		`{"ShipmentReference":"another","DateFrom":"` + today + `","DateTo":"` + today + `"}`:      0,
		`{"TrackID":"ZW000001","DateFrom":"` + today + `T00:00:00Z","DateTo":"` + today + `"}`:     1,
	} {
		var found struct {
			UnitItems []struct{ TrackID, ParcelNumber string }
		}
		if w := d.ask(apiPath+"/tracking/parcels", body); json.Unmarshal(w.Body.Bytes(), &found) != nil || len(found.UnitItems) != want {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

// What is wrong stands in headers, and the body is empty.
func TestWhatIsWrongIsSaidInHeaders(t *testing.T) {
	d := open(t, Options{})
	long := strings.Repeat("x", 41)
	for _, c := range []struct{ old, is, code, message string }{
		{`"Name1":"Tim Test"`, `"Name1":"` + long + `"`, "INVALID_FIELD_VALUE", "Value " + long + " is not a valid value. Value is too long. Maximum is 40"},
		{`"Street":"Testallee"`, `"Street":""`, "MANDATORY_PARAMETER_NOT_SET", "The Mandatory parameter Street is not set"},
		{`"CountryCode":"DE"`, `"CountryCode":"DEU"`, "INVALID_FIELD_VALUE", "CountryCode"},
		{`"Product":"PARCEL"`, `"Product":"LETTER"`, "INVALID_FIELD_VALUE", "Product"},
		{`"Weight": 5`, `"Weight": 0.09`, "INVALID_FIELD_VALUE", "No matching product"},
		{`"Weight": 5`, `"Weight": 41`, "INVALID_FIELD_VALUE", "No matching product"},
		{`"LabelFormat":"PDF"`, `"LabelFormat":"GIF"`, "INVALID_FIELD_VALUE", "LabelFormat"},
		{`"TemplateSet":"NONE"`, `"TemplateSet":"A4"`, "INVALID_FIELD_VALUE", "TemplateSet"},
		{`"Ref-Unit-1234"`, `"` + long + `"`, "INVALID_FIELD_VALUE", "ShipmentReference[0]"},
		{`"ContactID": "1234567890"`, `"ContactID": "1"`, "INVALID_FIELD_VALUE", "ContactID"},
		{`"Shipment":`, `"Order":`, "MANDATORY_PARAMETER_NOT_SET", "Shipment"},
		{`"PrintingOptions":`, `"Printing":`, "MANDATORY_PARAMETER_NOT_SET", "PrintingOptions"},
		{`}`, ``, "UNMARSHALLING_FAILED", "can not be read"},
	} {
		wrong := strings.Replace(d.sample(), c.old, c.is, 1)
		if wrong == d.sample() {
			t.Fatalf("the sample has no %s", c.old)
		}
		w := d.ask(apiPath+"/shipments", wrong)
		if w.Code != http.StatusBadRequest || w.Body.Len() != 0 || w.Header().Get("error") != c.code || !strings.Contains(w.Header().Get("message"), c.message) {
			t.Errorf("%s: %d %v %s", c.is, w.Code, w.Header(), w.Body)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/gls"+apiPath+"/shipments", strings.NewReader(d.sample()))
	r.Header.Set("Authorization", "Bearer "+d.gls.tokens.Issue())
	w := httptest.NewRecorder()
	if d.desk.ServeHTTP(w, r); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("of no media type: %d", w.Code)
	}
	if books := d.books.Books().Operations; len(books) != 0 {
		t.Errorf("what was refused was done: %v", books)
	}
}

func TestATokenIsGivenToWhoHasTheSecret(t *testing.T) {
	d := open(t, Options{})
	for body, want := range map[string]int{
		"grant_type=client_credentials&client_id=us&client_secret=of+the+test": http.StatusOK,
		"grant_type=client_credentials&client_id=us&client_secret=another":     http.StatusBadRequest,
		"grant_type=password&client_id=us&client_secret=of+the+test":           http.StatusBadRequest,
		"": http.StatusBadRequest,
	} {
		if w := d.ask(loginPath, body); w.Code != want || want == http.StatusOK && !strings.Contains(w.Body.String(), `"expires_in":14400`) {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestOnlySoManyComeAtOnceAndAreKept(t *testing.T) {
	now := time.Now()
	d := open(t, Options{RequestsPerSecondMax: 2, ShipmentsMax: 1, Now: func() time.Time { return now }})
	var codes []int
	for range 3 {
		codes = append(codes, d.ask(apiPath+"/shipments", d.sample()).Code)
	}
	if fmt.Sprint(codes) != "[200 507 429]" {
		t.Errorf("answered %v", codes)
	}
	now = now.Add(tokenLife)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/gls"+apiPath+"/shipments", nil)
	w := httptest.NewRecorder()
	if d.desk.ServeHTTP(w, r); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "steps.jwt.TokenExpired") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
