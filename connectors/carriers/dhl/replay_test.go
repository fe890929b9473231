package dhl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/remote"
	"waybill/schemas"
)

var booking = schemas.Booking{
	Reference: "Order No. 1234",
	From:      schemas.Person{Company: "My Online Shop GmbH", Street: "Sträßchensweg 10", PostalCode: "53113", City: "Bonn", Country: "DE"},
	To: schemas.Person{
		Name: "Maria Musterfrau", Street: "Kurt-Schumacher-Str. 20", PostalCode: "53113", City: "Bonn", Country: "DE", Email: "maria@musterfrau.de", Phone: "+49 987654321",
	},
	Parcels: []schemas.Parcel{{Grams: 500, Height: 100, Length: 200, Width: 150}},
}

// account is one at a DHL that answers everything alike, and keeps what it was sent.
func account(t *testing.T, status int, body []byte, sent *http.Request) *DHL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sent != nil {
			said, _ := io.ReadAll(r.Body)
			*sent = *r.Clone(context.Background())
			sent.Body = io.NopCloser(strings.NewReader(string(said)))
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	d, err := New(map[string]string{
		"url": server.URL, "api_key": "of-the-test", "user": "u", "password": "p", "billing_number": "33333333330102", "billing_number_v53wpak": "33333333335301", "contacts": "send",
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func payload(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// told is what an exchange came to, in one line.
func told(booked schemas.Booked, err error) string {
	var f *remote.Failure
	switch {
	case errors.As(err, &f):
		return fmt.Sprintf("%s %s perhaps=%v: %s", f.Class, f.Code, f.Perhaps, f.Reason)
	case err != nil:
		return err.Error()
	}
	return fmt.Sprintf("%s pending=%v labels=%d %s", booked.Ref, booked.Pending, len(booked.Parcels), strings.Join(booked.Warnings, "; "))
}

func TestWhatDHLAnsweredIsUnderstood(t *testing.T) {
	create := func(d *DHL) string { booked, _, err := d.Create(t.Context(), &booking); return told(booked, err) }
	cancel := func(d *DHL) string { _, err := d.Cancel(t.Context(), "1"); return told(schemas.Booked{}, err) }
	again := func(d *DHL) string {
		booked, _, err := d.Complete(t.Context(), "1", &booking)
		return told(booked, err)
	}
	const done = " pending=false labels=0 "
	for _, c := range []struct {
		file   string
		status int
		call   func(*DHL) string
		want   string
	}{
		// The label of this one was cut by whoever published it: the shipment is there, and its label is asked for again.
		{"nr-createshipment-singleShipmentSuccess.json", 200, create, "0034043333301010000010001 pending=true labels=0 the label did not come with the shipment: it is no PDF"},
		{"nr-createshipment-singleShipmentSuccess.json", 200, again, "permanent no_label perhaps=false: DHL has the shipment, and no label of the form asked for"},
		{"create-shipment-response-with-return-label.json", 200, create, "0034043333301020022796580 pending=false labels=1 " +
			"shipper: Die angegebene Hausnummer kann nicht gefunden werden.; " +
			"consignee: Der Ort ist zu dieser PLZ nicht bekannt. Die Sendung ist trotzdem leitcodierbar und es wurde ein Versandschein erzeugt.; " +
			"services.dhlRetoure.returnAddress: Die angegebene Hausnummer kann nicht gefunden werden."},
		{"nr-createshipment-singleShipmentValidationWarning.json", 200, create, "0034043333301010000010005 pending=true labels=0 shipper: The house number entered could not be found.; " +
			"consignee: The street entered could not be found.; the label did not come with the shipment: it is no PDF"},
		{"nr-createshipment-singleShipmentValidationError.json", 400, create, "business not_codeable perhaps=false: DHL refuses the shipment: " +
			"consignee: The city entered does not match the postcode. The shipment is not codeable.; shipper: The house number entered could not be found."},
		{"nr-validateshipment-singleShipmentValidationWarning.json", 400, create, "business not_codeable perhaps=false: DHL refuses the shipment: " +
			"consignee: The city entered does not match the postcode. The shipment is not codeable.; shipper: The house number entered could not be found."},
		{"nr-createshipment-singleShipmentSchemaError.json", 400, create, "business invalid_request perhaps=false: DHL refuses the shipment: " +
			"shipments[0].consignee.country: Parameter country must be a valid country code consisting of three characters according to ISO 3166-1 alpha-3.; " +
			"shipments[0].shipper.country: Parameter country must be a valid country code consisting of three characters according to ISO 3166-1 alpha-3."},
		{"error-validation-multiple.json", 200, create, "340434310428091701 pending=true labels=0 consignee.postalCode: Postal code format is invalid; consignee.city: City name is required; " +
			"details.weight: Weight exceeds maximum limit; the label did not come with the shipment: it is no PDF"},
		{"nr-createshipment-multiShipmentSuccess.json", 207, create, "transient unreadable_answer perhaps=true: DHL answered success, but it names several shipments"},
		{"error-401.json", 401, create, "authentication 401 perhaps=false: the party answered 401 Unauthorized"},
		{"nr-cancelshipment-singleShipmentSuccess.json", 200, cancel, done},
		{"cancel-shipment-response.json", 200, cancel, done},
		{"nr-cancelshipment-singleShipmentError.json", 400, cancel, remote.ErrAbsent.Error()},
	} {
		if got := c.call(account(t, c.status, payload(t, c.file), nil)); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.file, got, c.want)
		}
	}
}

// What we send is what DHL's own examples send, but for what is never told: the shipper's way to be reached, and a telephone number within Germany.
func TestABookingIsSaidAsInTheExamplesOfDHL(t *testing.T) {
	point, abroad := booking, booking
	point.Point, point.PostNumber, point.To.PostalCode = "105", "12345678", "53111"
	abroad.Service = "V53WPAK"
	abroad.To = schemas.Person{Name: "Jan Vermeer", Street: "Museumstraat 1", PostalCode: "1071 AA", City: "Amsterdam", Country: "NL", Email: "jan@vermeer.com", Phone: "+31 888888888"}
	for file, b := range map[string]*schemas.Booking{
		"postman-request-v01pak-no-vas.json": &booking, "postman-request-v01pak-packstation-with-postnumber-and-lockerid.json": &point, "spec-create-request-DHLPaketInternational.json": &abroad,
	} {
		var sent http.Request
		_, _, _ = account(t, http.StatusTeapot, nil, &sent).Create(t.Context(), b)
		var got, want map[string]any
		if err := errors.Join(json.NewDecoder(sent.Body).Decode(&got), json.Unmarshal(payload(t, file), &want)); err != nil {
			t.Fatal(file, err)
		}
		first := want["shipments"].([]any)[0].(map[string]any)
		shipper, consignee := first["shipper"].(map[string]any), first["consignee"].(map[string]any)
		delete(first, "shipDate")
		delete(shipper, "email")
		delete(shipper, "phone")
		if first["product"] == "V01PAK" {
			first["billingNumber"] = "33333333330102"
			delete(consignee, "phone")
		}
		if _, is := consignee["lockerID"]; is {
			consignee["lockerID"] = 105.0 // an integer in the specification
		}
		if house, is := consignee["addressHouse"]; is { // may stand in the street
			consignee["addressStreet"] = fmt.Sprint(consignee["addressStreet"], " ", house)
			delete(consignee, "addressHouse")
			delete(consignee, "additionalAddressInformation1")
		}
		if differs := cmp.Diff(want, got); differs != "" {
			t.Errorf("%s: %s", file, differs)
		}
		if q := sent.URL.Query(); q.Get("mustEncode") != "true" || q.Get("docFormat") != "PDF" || q.Get("includeDocs") != "include" || sent.Header.Get("dhl-api-key") == "" {
			t.Errorf("%s: asked %s", file, sent.URL)
		}
	}
}

func TestNothingPersonalThatDHLRepeatsIsTold(t *testing.T) {
	said := `{"items":[{"sstatus":{"statusCode":400},"validationMessages":[{"property":"consignee","validationMessage":"The street KURT-SCHUMACHER-STR. is unknown.","validationState":"Error"},` +
		`{"property":"shipper.city","validationMessage":"Bonn is not open.","validationState":"Error"}]}]}`
	_, _, err := account(t, 400, []byte(said), nil).Create(t.Context(), &booking)
	if got, want := told(schemas.Booked{}, err), "business invalid_shipment perhaps=false: DHL refuses the shipment: consignee; shipper.city"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// FuzzAnswer: whatever DHL answers is a shipment with a name, or a failure; and a label is of the form that was asked for.
func FuzzAnswer(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if !file.IsDir() {
			f.Add(payload(f, file.Name()), file.Name()[0] == 'n')
		}
	}
	for _, rubbish := range []string{"", "[]", `{"items":[{"shipmentNo":null}]}`, `{"items":[{"shipmentNo":1e9,"sstatus":{"statusCode":200},"label":{"zpl2":"^XA"}}]}`, `{"items":[{"shipmentNo":"\ud800"}]}`} {
		f.Add([]byte(rubbish), true)
	}
	f.Fuzz(func(t *testing.T, said []byte, zpl bool) {
		format := schemas.LabelPDF
		if zpl {
			format = schemas.LabelZPL
		}
		booked, err := readBooked(said, &booking, format)
		var failed *remote.Failure
		switch {
		case err != nil && (!errors.As(err, &failed) || failed.Code == "" || failed.Reason == ""):
			t.Fatalf("half a failure: %v", err)
		case err == nil && (booked.Ref == "" || booked.Pending == (len(booked.Parcels) == 1)):
			t.Fatalf("half a shipment: %+v", booked)
		}
		for _, p := range booked.Parcels {
			if p.Format != format || len(p.Label) == 0 || p.Number != booked.Ref {
				t.Fatalf("half a label: %+v", p)
			}
		}
		if err := readCancelled(said); err != nil && !errors.Is(err, remote.ErrAbsent) && !errors.As(err, &failed) {
			t.Fatal(err)
		}
		_ = understood(&remote.Failure{Class: remote.Permanent, Status: 400, Said: said}, &booking)
	})
}
