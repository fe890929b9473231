package dpd

import (
	"encoding/xml"
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
	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/specification"
)

// openAt is a depot whose clock the test sets.
func openAt(t *testing.T, now *time.Time) *depot {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	o := Options{Login: "us", Password: "of the test", PushToken: "secret", RequestsPerSecondMax: 10_000, Now: func() time.Time { return *now }}
	d := &depot{T: t, dpd: New(o), books: ledger.New(time.Now)}
	d.desk = party.NewDesk(d.dpd, fault.New(1, time.Now), d.books, later)
	return d
}

func (d *depot) soap(service, envelope string) (int, string) {
	d.Helper()
	w := httptest.NewRecorder()
	d.desk.ServeHTTP(w, httptest.NewRequestWithContext(d.Context(), http.MethodPost, "/dpd"+soapPath+service, strings.NewReader(envelope)))
	return w.Code, w.Body.String()
}

func (d *depot) login(password string) (int, string) {
	d.Helper()
	return d.soap("/LoginService/V2_0/", `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://dpd.com/common/service/types/LoginService/2.0">`+
		`<soapenv:Header/><soapenv:Body><ns:getAuth><delisId>us</delisId><password>`+password+`</password><messageLanguage>en_US</messageLanguage></ns:getAuth></soapenv:Body></soapenv:Envelope>`)
}

func (d *depot) track(token, number string) (int, string) {
	d.Helper()
	return d.soap("/ParcelLifeCycleService/V2_0", `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://dpd.com/common/service/types/Authentication/2.0" `+
		`xmlns:ns1="http://dpd.com/common/service/types/ParcelLifeCycleService/2.0"><soapenv:Header><ns:authentication><delisId>us</delisId><authToken>`+token+
		`</authToken><messageLanguage>en_US</messageLanguage></ns:authentication></soapenv:Header><soapenv:Body><ns1:getTrackingData><parcelLabelNumber>`+number+
		`</parcelLabelNumber></ns1:getTrackingData></soapenv:Body></soapenv:Envelope>`)
}

func between(text, begin, end string) string {
	_, after, _ := strings.Cut(text, begin)
	inside, _, _ := strings.Cut(after, end)
	return inside
}

func TestMilestonesAreToldAsTheSampleTellsThemInTheOrderOfTheTemplate(t *testing.T) {
	now := time.Now()
	d := openAt(t, &now)
	for range 300 {
		d.ask("/shipment?LabelPrintFormat=PDF", d.example("pdf-create-request-classic-101"), d.let())
	}
	sample, err := os.ReadFile("testdata/tracking-response.xml")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(9 * parcel.Day)
	_, said := d.login("of the test")
	token := between(said, "<authToken>", "</authToken>")
	seen := map[string]bool{}
	for truth := range d.dpd.Parcels().Truths {
		status, body := d.track(token, truth.Number)
		if err := specification.BeyondXML(sample, []byte(body)); status != http.StatusOK || err != nil {
			t.Fatalf("%d %v: %s", status, err, body)
		}
		var got struct {
			Statuses []struct {
				Status  string `xml:"status"`
				Reached bool   `xml:"statusHasBeenReached"`
				Current bool   `xml:"isCurrentStatus"`
			} `xml:"Body>getTrackingDataResponse>trackingresult>statusInfo"`
		}
		if err := xml.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		current, reached, order := "", 0, 0
		for _, one := range got.Statuses {
			for template[order] != one.Status {
				order++ // beyond the last is a fault of the order
			}
			if one.Reached {
				reached++
			}
			if one.Current {
				current += one.Status
			}
		}
		want := map[parcel.Status]string{parcel.StatusDelivered: "Delivered", parcel.StatusReturned: "ReturningFromDelivery", parcel.StatusLost: "Warehouse"}[truth.Status]
		if seen[current] = true; current != want || reached != truth.Scans-1 {
			t.Errorf("%+v: %s, %d reached", truth, current, reached)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%v", seen)
	}
}

func TestOnlyWhoHasATokenIsToldAndOfAnUnknownParcelNothingIsReached(t *testing.T) {
	now := time.Now()
	d := openAt(t, &now)
	if status, said := d.login("another"); status != http.StatusInternalServerError || between(said, "<errorCode>", "</errorCode>") != authFault {
		t.Errorf("%d %s", status, said)
	}
	_, said := d.login("of the test")
	token := between(said, "<authToken>", "</authToken>")
	if status, said := d.track(token, "05308000000009"); status != http.StatusOK || strings.Contains(said, "<statusHasBeenReached>true") {
		t.Errorf("%d %s", status, said)
	}
	if status, said := d.track(token+"0", "05308000000009"); status != http.StatusInternalServerError || between(said, "<errorCode>", "</errorCode>") != tokenFault {
		t.Errorf("%d %s", status, said)
	}
	now = now.Add(tokenLife)
	if status, _ := d.track(token, "05308000000009"); status != http.StatusInternalServerError {
		t.Errorf("a day later: %d", status)
	}
	if status, said := d.soap("/LoginService/V2_0", "{"); status != http.StatusInternalServerError || !strings.Contains(said, "soap:Fault") {
		t.Errorf("%d %s", status, said)
	}
}

func TestAPushIsOneQueryAndOnlyDPDsOwnWordsAcknowledgeIt(t *testing.T) {
	now := time.Now()
	d := openAt(t, &now)
	tell := d.dpd.Teller()
	p := parcel.Parcel{Number: "01476810375209", Reference: "WB-1", Scans: []parcel.Scan{{Kind: parcel.Out, At: time.Date(2014, 7, 9, 7, 51, 0, 0, time.UTC), Place: parcel.German[0]}}}
	is := tell.Tell(p, 335165).Query
	want := url.Values{
		"token": {"secret"}, "pushid": {"335165"}, "pnr": {"01476810375209"}, "status": {"delivery_carload"}, "statusdate": {"09072014095100"}, "depot": {depotOf("Hamburg")}, "ref": {"WB-1"}, "services": {"101"},
	}
	if fmt.Sprint(is) != fmt.Sprint(want) || len(depotOf("Hamburg")) != 4 {
		t.Errorf("%v", is)
	}
	for answer, good := range map[string]bool{
		"<push><pushid>335165</pushid><status>OK</status></push>": true, "<push><pushid>335166</pushid><status>OK</status></push>": false,
		"<push><pushid>335165</pushid><status>ERROR</status></push>": false, "OK": false, "": false, "<pull><pushid>335165</pushid><status>OK</status></pull>": false,
	} {
		if tell.Taken(http.StatusOK, []byte(answer), 335165) != good || tell.Taken(http.StatusAccepted, []byte(answer), 335165) {
			t.Error(answer)
		}
	}
	total := time.Duration(0)
	for _, pause := range tell.Pauses {
		total += pause
	}
	if total < 47*time.Hour || total > 48*time.Hour {
		t.Errorf("it tries for %v", total)
	}
}
