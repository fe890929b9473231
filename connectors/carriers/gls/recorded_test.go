package gls

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"waybill/connectors/remote"
	"waybill/schemas"
)

func payload(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The label of the sample is cut off, so that it is none: the parcel is there all the same.
func TestTheSampleOfAnAnswerIsRead(t *testing.T) {
	sample := string(payload(t, "shipit-create-response-de.json"))
	cut := regexp.MustCompile(`"Data":"[^"]*"`)
	for data, pending := range map[string]bool{
		cut.FindString(sample): true, `"Data":"JVBERi0xLjUK"`: false, `"Data":["JVBERi0xLjUK"]`: false, `"Data":"PGh0bWw+"`: true, `"Data":[]`: true,
	} {
		var a created
		if err := json.Unmarshal([]byte(cut.ReplaceAllString(sample, data)), &a); err != nil {
			t.Fatal(err)
		}
		booked, err := a.booked(booking(1), schemas.LabelPDF)
		if err != nil || booked.Ref != "TEST1234" || booked.Pending != pending || len(booked.Parcels) != 1 || booked.Parcels[0].Format != schemas.LabelPDF || (booked.Parcels[0].Label == nil) != pending {
			t.Errorf("%s: %+v, %v", data, booked, err)
		}
		var f *remote.Failure
		if _, err := a.booked(booking(2), schemas.LabelPDF); !errors.As(err, &f) || !f.Perhaps {
			t.Errorf("one parcel for two: %v", err)
		}
	}
}

// What the sample of a request has of what we send stands there in the same place, under the same name.
func TestARequestIsLikeTheSample(t *testing.T) {
	g, err := New(map[string]string{"client_id": "c", "client_secret": "s", "contact_id": "1234567890", "contacts": "send"})
	if err != nil {
		t.Fatal(err)
	}
	b := &schemas.Booking{
		Reference: "Ref-Unit-1234", Parcels: []schemas.Parcel{{Grams: 5000}},
		To: schemas.Person{Name: "Tim Test", Street: "Testallee", PostalCode: "65760", City: "Testingen", Country: "DE", Email: "tim.test@gls.de", Phone: "004912345678910"},
	}
	wanted, err := g.creation(b)
	if err != nil {
		t.Fatal(err)
	}
	sent, _ := json.Marshal(wanted)
	var ours, theirs map[string]any
	if json.Unmarshal(sent, &ours) != nil || json.Unmarshal(payload(t, "shipit-create-request-de.json"), &theirs) != nil {
		t.Fatal("not JSON")
	}
	unit := ours["Shipment"].(map[string]any)["ShipmentUnit"].([]any)[0].(map[string]any)
	delete(unit, "ShipmentUnitReference")
	theirs["Shipment"].(map[string]any)["ShipmentReference"] = []any{"Ref-Unit-1234"}
	sameWithin(t, "", ours, theirs)
}

func sameWithin(t *testing.T, path string, ours, theirs any) {
	t.Helper()
	fields, is := ours.(map[string]any)
	if !is {
		if !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%s is %v, in the sample %v", path, ours, theirs)
		}
		return
	}
	sample, _ := theirs.(map[string]any)
	for name, value := range fields {
		sameWithin(t, path+"."+name, value, sample[name])
	}
}

func TestTheSamplesOfFaultsAreSorted(t *testing.T) {
	lines := bufio.NewScanner(strings.NewReader(string(payload(t, "shipit-fault-responses.txt"))))
	var f *remote.Failure
	sorted := 0
	check := func() {
		if f == nil {
			return
		}
		sorted++
		if f.Status == http.StatusUnauthorized {
			return
		}
		_ = understood(f, nil)
		if f.Class != remote.Business || f.Code != f.Header.Get("Error") || !strings.Contains(f.Reason, ": ") || strings.Contains(f.Reason, "Value XXXXXXXX is") {
			t.Errorf("%+v", f)
		}
	}
	for lines.Scan() {
		line := lines.Text()
		name, value, header := strings.Cut(line, ": ")
		switch status := strings.Fields(line); {
		case strings.HasPrefix(line, "HTTP/"):
			check()
			code, _ := strconv.Atoi(status[1])
			f = &remote.Failure{Class: remote.Permanent, Status: code, Header: http.Header{}}
		case header && f != nil:
			f.Header.Set(name, value)
		}
	}
	check()
	if sorted != 8 {
		t.Errorf("%d samples", sorted)
	}
}

func FuzzAnAnswerIsReadOrRefused(f *testing.F) {
	f.Add(payload(f, "shipit-create-response-de.json"), "Invalid field a.b. Value x is not a valid value. Value is too long. Maximum is 40")
	f.Add([]byte(`{"CreatedShipment":{"ParcelData":[{"TrackID":"A+B"}],"PrintData":[{"Data":["",null]}]}}`), "The Mandatory parameter Shipment is not set")
	f.Add([]byte(`{"UnitItems":[{"TrackID":"A"}],"Result":"SCANNED"}`), "")
	f.Fuzz(func(t *testing.T, said []byte, message string) {
		var a created
		if json.Unmarshal(said, &a) == nil {
			booked, err := a.booked(booking(2), schemas.LabelPDF)
			if err == nil && (len(booked.Parcels) != 2 || booked.Parcels[0].Number == "" || !booked.Pending && booked.Parcels[0].Label == nil) {
				t.Errorf("%+v", booked)
			}
		}
		var c cancelled
		if json.Unmarshal(said, &c) == nil && c.failure("A") == nil && c.Result == "" {
			t.Error("it was cancelled, and nobody said so")
		}
		refused := &remote.Failure{Class: remote.Permanent, Status: 400, Header: http.Header{"Message": {message}}}
		_ = understood(refused, booking(1))
		if len(refused.Reason) > reasonMax || strings.Contains(refused.Reason, "Łucja") || refused.Class != remote.Business {
			t.Errorf("%+v", refused)
		}
	})
}
