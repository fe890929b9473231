package dhl

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// office is a DHL behind its desk, and its books.
type office struct {
	*testing.T
	dhl   *DHL
	books *ledger.Ledger
	desk  http.Handler
	now   time.Time
}

func open(t *testing.T) *office {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	o := &office{T: t, books: ledger.New(time.Now), now: time.Now()}
	o.dhl = New(Options{Key: "k-of-the-test", Secret: "s-of-the-test", User: "u", Password: "p", Now: func() time.Time { return o.now }})
	o.desk = party.NewDesk(o.dhl, fault.New(1, time.Now), o.books, later)
	return o
}

type said struct {
	Status state `json:"status"`
	Items  []struct {
		answered
		broken
	} `json:"items"`
}

func (o *office) ask(method, path, body string, change ...func(*http.Request)) (int, said) {
	o.Helper()
	r := httptest.NewRequestWithContext(o.Context(), method, "/dhl"+path, strings.NewReader(body))
	r.SetBasicAuth("u", "p")
	r.Header.Set("dhl-api-key", "k-of-the-test")
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	o.desk.ServeHTTP(w, r)
	var s said
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		o.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, s
}

// example is a request of DHL's own, as a customer sends it.
func (o *office) example(name string) string {
	o.Helper()
	body, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		o.Fatal(err)
	}
	return strings.NewReplacer("{{billing_01_default}}", "33333333330102", "{{billing_53_default}}", "33333333335301", "{{billing_62_default}}", "33333333336201",
		"{{current_date}}", "2026-11-23").Replace(string(body))
}

const ordersPath = shipping + "/orders"

func TestTheExamplesOfDHLAreAnsweredAsDHLSays(t *testing.T) {
	o := open(t)
	for name, want := range map[string]string{
		"postman-request-v01pak-no-vas":                                    "200 ",
		"postman-request-v01pak-packstation-with-postnumber-and-lockerid":  "200 ",
		"postman-request-v01pak-consignee-address-not-codeable-warning":    "200 consignee Warning",
		"postman-request-v53wpak-customs-missing-error":                    "400 customs Error",
		"postman-request-v62kp-weight-too-high-error":                      "400 details.weight Error",
		"spec-create-request-DHLPaket":                                     "200 ",
		"spec-create-request-DHLKleinpaket":                                "200 ",
		"spec-create-request-DHLPaketInternational":                        "200 ",
		"spec-create-request-DHLPaketInternationalWithCustoms":             "200 ",
		"postman-request-v01pak-consignee-address-not-codeable-warning ? ": "400 consignee Warning",
	} {
		file, must, path := strings.TrimSuffix(name, " ? "), strings.HasSuffix(name, " ? "), ordersPath
		if must {
			path += "?mustEncode=true"
		}
		status, s := o.ask("POST", path, o.example(file))
		if len(s.Items) != 1 {
			t.Fatalf("%s: %d %+v", name, status, s)
		}
		one, told := s.Items[0], ""
		for _, m := range one.Messages {
			told += m.Property + " " + m.State
		}
		if got := fmt.Sprint(status, " ", told); got != want || (one.Label == nil) != (status != 200) || s.Status.Code != status || one.State.Code != status {
			t.Errorf("%s: %s, want %s: %+v", name, got, want, s)
		}
		if status == 200 {
			file, err := base64.StdEncoding.DecodeString(one.Label.Base64)
			if err != nil || !strings.HasPrefix(string(file), "%PDF-") || !strings.Contains(string(file), one.Number) {
				t.Errorf("%s: the label is %.40q", name, file)
			}
		}
	}
}

func TestAShipmentThatIsSentTwiceIsBilledTwice(t *testing.T) {
	o := open(t)
	body := o.example("spec-create-request-DHLPaket")
	_, one := o.ask("POST", ordersPath, body)
	_, two := o.ask("POST", ordersPath+"?docFormat=ZPL2", body)
	if one.Items[0].Number == two.Items[0].Number || !strings.Contains(two.Items[0].Label.ZPL, two.Items[0].Number) {
		t.Errorf("%+v, %+v", one, two)
	}
	o.ask("POST", ordersPath+"?validate=true", body)
	if b := o.books.Books(); b.Operations["orders.create"].Effects != 2 || b.Repeats[0] != (ledger.Repeat{Operation: "orders.create", Subject: "Order No. 1234", Times: 2}) {
		t.Errorf("%+v", b)
	}
}

func TestSeveralShipmentsAreAnsweredEach(t *testing.T) {
	o := open(t)
	var wanted map[string]any
	if err := json.Unmarshal([]byte(o.example("spec-create-request-DHLPaket")), &wanted); err != nil {
		t.Fatal(err)
	}
	good := wanted["shipments"].([]any)[0]
	text, _ := json.Marshal(good)
	wanted["shipments"] = []any{good, json.RawMessage(strings.Replace(string(text), `"value":500`, `"value":50000`, 1))}
	body, _ := json.Marshal(wanted)
	if status, s := o.ask("POST", ordersPath, string(body)); status != http.StatusMultiStatus || s.Items[0].Number == "" || s.Items[1].Number != "" || s.Status.Detail != "1 of 2 shipments successfully created." {
		t.Errorf("%d %+v", status, s)
	}
	wanted["shipments"] = []any{}
	body, _ = json.Marshal(wanted)
	if status, s := o.ask("POST", ordersPath, string(body)); status != http.StatusBadRequest || s.Items[0].Path != "shipments" {
		t.Errorf("%d %+v", status, s)
	}
}

func TestAFieldThatBreaksTheSchemaIsNamed(t *testing.T) {
	o := open(t)
	for field, change := range map[string][2]string{
		"product":               {`"V01PAK"`, `"V99"`},
		"billingNumber":         {"33333333330102", "333"},
		"refNo":                 {"Order No. 1234", "1234"},
		"shipper.addressStreet": {"Sträßchensweg 10", strings.Repeat("ß", 51)},
		"consignee.name1":       {"Maria Musterfrau", ""},
		"consignee.country":     {`"DEU",` + "\n        \"email\": \"maria", `"DE","email":"maria`},
		"details.weight.uom":    {`"g"`, `"oz"`},
		"details.dim":           {`"height": 100`, `"height": 0`},
		"consignee.postalCode":  {"\"53113\",\n        \"city\": \"Bonn\",\n        \"country\": \"DEU\",\n        \"email\": \"maria", `"5 - 3","city":"Bonn","country":"DEU","email":"maria`},
		"consignee.email":       {"maria@musterfrau.de", strings.Repeat("m", 81)},
	} {
		body := o.example("spec-create-request-DHLPaket")
		broken := strings.Replace(body, change[0], change[1], 1)
		status, s := o.ask("POST", ordersPath, broken)
		if body == broken || status != http.StatusBadRequest || s.Items[0].Path != "shipments[0]."+field || s.Items[0].Message == "" {
			t.Errorf("%s: %d %+v", field, status, s)
		}
	}
}

func TestAShipmentIsReadAndDeletedUntilTheDayIsClosed(t *testing.T) {
	o := open(t)
	var numbers []string
	for range 2 {
		_, s := o.ask("POST", ordersPath, o.example("spec-create-request-DHLPaket"))
		numbers = append(numbers, s.Items[0].Number)
	}
	remove := ordersPath + "?profile=STANDARD_GRUPPENPROFIL&shipment="
	if status, s := o.ask("GET", ordersPath+"?shipment="+numbers[0], ""); status != 200 || s.Items[0].Label == nil {
		t.Errorf("%d %+v", status, s)
	}
	if status, s := o.ask("DELETE", remove+numbers[0], ""); status != 200 || s.Items[0].State.Code != 200 {
		t.Errorf("%d %+v", status, s)
	}
	if status, s := o.ask("DELETE", remove+numbers[0], ""); status != 400 || s.Items[0].State.Title != "UnknownShipmentNumber" || s.Items[0].State.Code != 204 {
		t.Errorf("%d %+v", status, s)
	}
	if status, _ := o.ask("DELETE", ordersPath+"?shipment="+numbers[1], ""); status != 400 {
		t.Errorf("without a profile: %d", status)
	}
	o.dhl.CloseDay()
	for _, method := range []string{"GET", "DELETE"} {
		if status, s := o.ask(method, remove+numbers[1], ""); status != 400 || s.Items[0].State.Title == unknown.Title {
			t.Errorf("%s after the day: %d %+v", method, status, s)
		}
	}
	if b := o.books.Books().Operations["orders.delete"]; b.Effects != 1 {
		t.Errorf("%+v", b)
	}
}

func TestWhoMayComeInIsAsDHLSays(t *testing.T) {
	o := open(t)
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header = http.Header{"Authorization": {"Bearer " + token}} }
	}
	login := func(form url.Values) (token string) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/dhl"+loginPath, strings.NewReader(form.Encode()))
		w := httptest.NewRecorder()
		o.desk.ServeHTTP(w, r)
		var s struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal(w.Body.Bytes(), &s) // a refusal has none
		return s.Token
	}
	right := url.Values{"grant_type": {"password"}, "client_id": {"k-of-the-test"}, "client_secret": {"s-of-the-test"}, "username": {"u"}, "password": {"p"}}
	token := login(right)
	if status, _ := o.ask("GET", ordersPath+"?shipment=1", "", bearer(token)); status != http.StatusBadRequest || token == "" {
		t.Errorf("with a token: %d", status)
	}
	o.now = o.now.Add(tokenLife)
	for name, change := range map[string]func(*http.Request){
		"a token of yesterday": bearer(token), "no token": bearer(""),
		"no key":           func(r *http.Request) { r.Header.Del("dhl-api-key") },
		"another password": func(r *http.Request) { r.SetBasicAuth("u", "another") },
	} {
		if status, s := o.ask("GET", ordersPath+"?shipment=1", "", change); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %+v", name, status, s)
		}
	}
	for field := range right {
		wrong := url.Values{}
		for name, values := range right {
			wrong[name] = values
		}
		wrong.Set(field, "another")
		if login(wrong) != "" {
			t.Errorf("another %s is let in", field)
		}
	}
	if status, _ := o.ask("GET", shipping+"/", "", bearer("")); status != http.StatusOK {
		t.Errorf("the version is told to nobody: %d", status)
	}
}
