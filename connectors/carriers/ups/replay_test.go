package ups

import (
	"encoding/json"
	"errors"
	"os"
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

func booking(parcels int) *schemas.Booking {
	b := &schemas.Booking{Reference: "WB-000001", To: schemas.Person{Name: "Łucja Żak", Street: "Piotrkowska 10", City: "Łódź", PostalCode: "90-001", Country: "PL"}}
	for range parcels {
		b.Parcels = append(b.Parcels, schemas.Parcel{Grams: 1250})
	}
	return b
}

// One package is an object, several are a list; the label is of the form that its bytes say, whatever was asked for.
func TestRecordedAnswersAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		ref, format, cost string
		pending           bool
		warnings          int
	}{
		"create-shipment-response":                  {"1ZXXXXXXXXXXXXXXXX", schemas.LabelPNG, "CAD 13515", false, 2},
		"postman-response-shipping-example-request": {"ShipmentIdentificationNumber", schemas.LabelZPL, "USD 0", true, 1}, // its label is the word GraphicImage
	} {
		for _, list := range []bool{false, true} {
			said := payload(t, name)
			if list {
				said = listed(t, said)
			}
			var a created
			if err := json.Unmarshal(said, &a); err != nil {
				t.Fatal(err)
			}
			booked, err := a.booked(booking(1), schemas.LabelZPL)
			if err != nil || booked.Ref != want.ref || booked.Pending != want.pending || len(booked.Warnings) != want.warnings || len(booked.Parcels) != 1 || booked.Parcels[0].Format != want.format {
				t.Errorf("%s: %v, %.500v", name, err, booked)
				continue
			}
			if cost := booked.Cost.Currency + " " + strings.TrimSpace(string(mustJSON(t, booked.Cost.Minor))); cost != want.cost {
				t.Errorf("%s costs %s", name, cost)
			}
			var f *remote.Failure
			if _, err := a.booked(booking(2), schemas.LabelZPL); !errors.As(err, &f) || !f.Perhaps {
				t.Errorf("%s: one package for two: %v", name, err)
			}
		}
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// listed is the answer with its package in a list, as since v2403.
func listed(t *testing.T, said []byte) []byte {
	t.Helper()
	var whole map[string]map[string]map[string]any
	if err := json.Unmarshal(said, &whole); err != nil {
		t.Fatal(err)
	}
	results := whole["ShipmentResponse"]["ShipmentResults"]
	results["PackageResults"] = []any{results["PackageResults"]}
	return mustJSON(t, whole)
}

func TestARecordedRecoveryIsRead(t *testing.T) {
	said := payload(t, "postman-response-label-recovery-example-request")
	var a recoveryResponse
	if err := json.Unmarshal(said, &a); err != nil {
		t.Fatal(err)
	}
	booked, err := a.booked(booking(1), schemas.LabelZPL)
	if err != nil || booked.Ref != "1Z12345E8791315413" || len(booked.Parcels) != 1 || !booked.Pending { // the sample's label is cut off
		t.Errorf("%+v, %v", booked, err)
	}
	a.LabelRecoveryResponse.LabelResults[0].LabelImage.GraphicImage = "Cl5YQV5YWg==" // what it begins with, and an end
	if booked, err = a.booked(booking(1), schemas.LabelZPL); err != nil || booked.Pending || string(booked.Parcels[0].Label) != "\n^XA^XZ" {
		t.Errorf("%+v, %v", booked, err)
	}
}

func TestRecordedVoidsAreRead(t *testing.T) {
	for _, name := range []string{"cancel-shipment-response", "postman-response-void-shipment-example-request"} {
		if err := new(voided).read(payload(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, said := range []string{"", "{}", `{"VoidShipmentResponse":{"SummaryResult":{"Status":{"Code":"0"}}}}`} {
		var f *remote.Failure
		if err := new(voided).read([]byte(said)); !errors.As(err, &f) || !f.Perhaps {
			t.Errorf("%q: %v", said, err)
		}
	}
}

func TestARefusalIsSortedByItsCode(t *testing.T) {
	problem := func(code, message string) string {
		return `{"response":{"errors":[{"code":"` + code + `","message":"` + message + `"}]}}`
	}
	for _, c := range []struct {
		class, said, wantClass, code string
		perhaps                      bool
	}{
		{remote.Authentication, string(payload(t, "error-auth")), remote.Authentication, "250003", false},
		{remote.Permanent, problem("120206", "Missing or invalid ship to StateProvinceCode"), remote.Business, "120206", false},
		{remote.Permanent, problem("120802", "Address Validation Error on ShipTo address: Łucja, Piotrkowska"), remote.Business, "120802", false},
		{remote.Permanent, problem("10004", "The system is temporarily unavailable"), remote.Transient, "10004", true},
		{remote.Permanent, problem("VSS100", "try again"), remote.Transient, "VSS100", true},
		{remote.Throttled, problem("10429", "Rate Limit Exceeded"), remote.Throttled, "10429", false},
		{remote.Permanent, "<html>", remote.Permanent, "400", false},
		{remote.Permanent, `{"response":{"errors":{"code":"1","message":""}}}`, remote.Business, "1", false},
		{remote.Permanent, problem("2", strings.Repeat("x", 1000)), remote.Business, "2", false},
	} {
		f := &remote.Failure{Class: c.class, Code: "400", Reason: "the party answered", Status: 400, Said: []byte(c.said)}
		_ = understood(f, booking(1))
		if f.Class != c.wantClass || f.Code != c.code || f.Perhaps != c.perhaps || strings.Contains(f.Reason, "Łucja") || len(f.Reason) > reasonMax || f.Reason == "" {
			t.Errorf("%.80s: %+v", c.said, f)
		}
	}
}

// What lies between two units counts as the larger, and the longest side is the length.
func TestAPackageIsMeasuredInTheUnitsOfItsOrigin(t *testing.T) {
	parcel := schemas.Parcel{Grams: 1201, Length: 201, Width: 300, Height: 70}
	for american, want := range map[bool]string{
		false: `{"PackageWeight":{"UnitOfMeasurement":{"Code":"KGS"},"Weight":"1.3"},"Dimensions":{"UnitOfMeasurement":{"Code":"CM"},"Length":"30","Width":"21","Height":"7"}}`,
		true:  `{"PackageWeight":{"UnitOfMeasurement":{"Code":"LBS"},"Weight":"2.7"},"Dimensions":{"UnitOfMeasurement":{"Code":"IN"},"Length":"12","Width":"8","Height":"3"}}`,
	} {
		if got := string(mustJSON(t, packOf(parcel, american))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	parcel.Height = 0
	if packOf(parcel, false).Dimensions != nil {
		t.Error("a side that nobody measured is told")
	}
}

func FuzzAnAnswerIsReadOrRefused(f *testing.F) {
	for _, name := range []string{"postman-response-shipping-example-request", "postman-response-label-recovery-example-request", "error-auth", "cancel-shipment-response"} {
		f.Add(payload(f, name))
	}
	f.Add([]byte(`{"RateResponse":{"RatedShipment":{"Service":{"Code":"11"},"TotalCharges":{"CurrencyCode":"EUR","MonetaryValue":"1.00"}}}}`))
	f.Add([]byte(`{"LabelRecoveryResponse":{"LabelResults":[{"TrackingNumber":"1Z"},null]}}`))
	f.Fuzz(func(t *testing.T, said []byte) {
		whole := func(booked schemas.Booked, err error) {
			if err == nil && (booked.Ref == "" || len(booked.Parcels) != 2 || booked.Parcels[1].Number == "" || booked.Pending != (booked.Parcels[0].Label == nil || booked.Parcels[1].Label == nil)) {
				t.Errorf("%+v", booked)
			}
		}
		var a created
		if json.Unmarshal(said, &a) == nil {
			whole(a.booked(booking(2), schemas.LabelZPL))
		}
		var r recoveryResponse
		if json.Unmarshal(said, &r) == nil {
			whole(r.booked(booking(2), schemas.LabelZPL))
		}
		var q rated
		if json.Unmarshal(said, &q) == nil {
			quotes, err := q.quotes()
			for _, one := range quotes {
				if err == nil && (one.Service == "" || one.Price.Currency == "") {
					t.Errorf("%+v", one)
				}
			}
		}
		_ = new(voided).read(said)
		refused := &remote.Failure{Class: remote.Permanent, Code: "400", Status: 400, Said: said}
		if _ = understood(refused, booking(1)); len(refused.Reason) > reasonMax || strings.Contains(refused.Reason, "Łucja") {
			t.Errorf("%+v", refused)
		}
	})
}
