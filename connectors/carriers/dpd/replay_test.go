package dpd

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"waybill/connectors/remote"
	"waybill/schemas"
)

func payload(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func booking() *schemas.Booking {
	return &schemas.Booking{
		Reference: "WB-000001", Parcels: []schemas.Parcel{{Grams: 6000}},
		To: schemas.Person{Name: "Łucja Żak", Street: "Piotrkowska 10", City: "Łódź", PostalCode: "90-001", Country: "PL"},
	}
}

func TestTheExamplesOfAnswersAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		ref     string
		pending bool
	}{
		"create-shipment-response":        {"0987654321", false},
		"pdf-create-response-classic-101": {"99996150264619", true}, // its label is cut off
	} {
		var a answer
		if err := json.Unmarshal(payload(t, name), &a); err != nil {
			t.Fatal(err)
		}
		booked, err := a.booked(booking(), schemas.LabelPDF)
		if err != nil || booked.Ref != want.ref || booked.Pending != want.pending || len(booked.Parcels) != 1 || booked.Parcels[0].Number != want.ref || booked.Parcels[0].Format != schemas.LabelPDF {
			t.Errorf("%s: %+v, %v", name, booked, err)
		}
	}
	var several answer
	if err := json.Unmarshal(payload(t, "pdf-create-response-mps"), &several); err != nil {
		t.Fatal(err)
	}
	var f *remote.Failure
	if _, err := several.booked(booking(), schemas.LabelPDF); !errors.As(err, &f) || !f.Perhaps {
		t.Errorf("two parcels for one: %v", err)
	}
}

// What DPD's examples have of what we send stands there in the same place, under the same name.
func TestARequestIsLikeTheExamples(t *testing.T) {
	settings := map[string]string{"business_unit": "021", "user": "u", "password": "p"}
	belgium := &schemas.Booking{
		Reference: "S_2021-12-16_01", Parcels: []schemas.Parcel{{Grams: 6000}},
		From: schemas.Person{Name: "DPD BE SENDER", Street: "Egide Walschaertsstraat 20", PostalCode: "2800", City: "Mechelen", Country: "BE"},
		To:   schemas.Person{Name: "DPD BE RECEIVER", Street: "Rue de Liege 25", PostalCode: "6180", City: "Courcelles", Country: "BE"},
	}
	point := &schemas.Booking{
		Reference: "S_2022-01-27_09", Parcels: []schemas.Parcel{{Grams: 6000}}, Point: "PL50001", Settings: map[string]string{"account": "1495"},
		From: schemas.Person{Name: "DPD PL SENDER", Street: "Pułkownika Stanisława Dąbka 22A", PostalCode: "30-732", City: "Kraków", Country: "PL"},
		To:   schemas.Person{Name: "DPD PL RECEIVER", Street: "Daniszewska 14", PostalCode: "03-230", City: "Warszawa", Country: "PL", Phone: "0123456789", Email: "test@dpdgroup.com"},
	}
	for name, b := range map[string]*schemas.Booking{"pdf-create-request-classic-101": belgium, "pdf-create-request-pudo-337": point} {
		d, err := New(settings)
		if err != nil {
			t.Fatal(err)
		}
		wanted, err := d.order(b)
		if err != nil {
			t.Fatal(err)
		}
		wanted.Parcel[0].References[0] = strings.Replace(b.Reference, "S_", "P_", 1) // the examples call a parcel otherwise
		if c := wanted.Receiver.Contact; c != nil {
			c.Person = "DPD Contact"
		}
		sent, _ := json.Marshal([]*order{wanted})
		var ours, theirs any
		if json.Unmarshal(sent, &ours) != nil || json.Unmarshal(payload(t, name), &theirs) != nil {
			t.Fatal("not JSON")
		}
		if !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%s: sent is %s", name, sent)
		}
	}
}

func TestARefusalIsToldWithoutThePerson(t *testing.T) {
	for _, c := range []struct {
		status                 int
		said, class, code, has string
	}{
		{400, string(payload(t, "error-400")), remote.Business, "ERR001", "META-API Invalid shipment data"},
		{400, `[{"errorCode":"E1","errorMessage":"zipCode is wrong"},{"errorCode":"E2","errorMessage":"city is wrong"}]`, remote.Business, "E1", "city is wrong"},
		{400, `{"errorCode":"E3","errorMessage":"Nobody named ŁUCJA lives there","errorOrigin":"BU-API"}`, remote.Business, "E3", "refuses"},
		{400, "<html>", remote.Business, "refused", "refuses"},
		{408, `{"errorCode":"TIMEOUT","errorMessage":"BU Request Timeout"}`, remote.Transient, "TIMEOUT", "BU Request Timeout"},
		{500, `{"errorCode":"E5","errorMessage":"` + strings.Repeat("ł", 1000) + `"}`, remote.Transient, "E5", "ł"},
		{401, `{"errorCode":"AUTH","errorMessage":"user u"}`, remote.Authentication, "401", "answered"},
		{404, "", remote.Permanent, "404", "answered"},
	} {
		class, perhaps := remote.Permanent, false
		switch {
		case c.status == http.StatusUnauthorized:
			class = remote.Authentication
		case c.status == http.StatusRequestTimeout, c.status >= http.StatusInternalServerError:
			class, perhaps = remote.Transient, true
		}
		f := &remote.Failure{Class: class, Code: http.StatusText(c.status), Perhaps: perhaps, Reason: "the party answered", Status: c.status, Said: []byte(c.said)}
		if f.Code = map[int]string{401: "401", 404: "404"}[c.status]; f.Code == "" {
			f.Code = "status"
		}
		_ = understood(f, booking())
		if f.Class != c.class || f.Code != c.code || f.Perhaps != perhaps || !strings.Contains(f.Reason, c.has) || strings.Contains(strings.ToLower(f.Reason), "łucja") || len(f.Reason) > reasonMax {
			t.Errorf("%d %.60s: %+v", c.status, c.said, f)
		}
	}
}

func FuzzAnAnswerIsReadOrRefused(f *testing.F) {
	for _, name := range []string{"create-shipment-response", "pdf-create-response-classic-101", "pdf-create-response-mps", "error-400"} {
		f.Add(payload(f, name))
	}
	f.Add([]byte(`[{"errorCode":"E","errorMessage":"Łucja"},null]`))
	f.Fuzz(func(t *testing.T, said []byte) {
		var a answer
		if json.Unmarshal(said, &a) == nil {
			booked, err := a.booked(booking(), schemas.LabelPDF)
			if err == nil && (booked.Ref == "" || len(booked.Parcels) != 1 || booked.Parcels[0].Number != booked.Ref || booked.Pending != (booked.Parcels[0].Label == nil)) {
				t.Errorf("%+v", booked)
			}
		}
		refused := &remote.Failure{Class: remote.Permanent, Status: 400, Said: said}
		if _ = understood(refused, booking()); len(refused.Reason) > reasonMax || strings.Contains(refused.Reason, "Łucja") || refused.Class != remote.Business {
			t.Errorf("%+v", refused)
		}
	})
}
