package dhl

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/specification"
)

// book books so many parcels, and lets as much time pass.
func (o *office) book(parcels int, wait time.Duration) (numbers []string) {
	o.Helper()
	for range parcels {
		_, s := o.ask("POST", ordersPath, o.example("spec-create-request-DHLPaket"))
		numbers = append(numbers, s.Items[0].Number)
	}
	o.now = o.now.Add(wait)
	return numbers
}

// track asks for pieces, as the user of the shipper; a change spoils the question.
func (o *office) track(numbers []string, change ...string) (int, string) {
	o.Helper()
	asked := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8" standalone="no"?><data appname="u" password="p" request="d-get-piece-detail" language-code="en" piece-code="%s"/>`, strings.Join(numbers, ";"))
	asked = strings.NewReplacer(change...).Replace(asked)
	r := httptest.NewRequestWithContext(o.Context(), http.MethodGet, "/dhl"+trackingPath+"?xml="+url.QueryEscape(asked), nil)
	r.SetBasicAuth("k-of-the-test", "s-of-the-test")
	w := httptest.NewRecorder()
	o.desk.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (o *office) unified(number, more, key string) (int, string) {
	o.Helper()
	r := httptest.NewRequestWithContext(o.Context(), http.MethodGet, "/dhl"+unifiedPath+"?trackingNumber="+number+more, nil)
	r.Header.Set("DHL-API-Key", key)
	w := httptest.NewRecorder()
	o.desk.ServeHTTP(w, r)
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

func TestPiecesAreToldAsTheSampleTellsThem(t *testing.T) {
	o := open(t)
	numbers := o.book(400, 9*parcel.Day)
	ends := map[parcel.Status]int{}
	for begin := 0; begin < len(numbers); begin += piecesMax {
		status, said := o.track(numbers[begin : begin+piecesMax])
		if err := specification.BeyondXML(sample(t, "tracking-piece-detail.xml"), []byte(said)); status != http.StatusOK || err != nil {
			t.Fatalf("%d %v: %s", status, err, said)
		}
		var list data
		if err := xml.Unmarshal([]byte(said), &list); err != nil || list.attr("code") != "0" || len(list.Data) != piecesMax {
			t.Fatalf("%v: %s", err, said)
		}
		for i, piece := range list.Data {
			truth, _ := o.dhl.Parcels().Find(numbers[begin+i])
			ends[truth.Status()]++
			events := piece.Data[0].Data
			last := events[len(events)-1]
			got := fmt.Sprintln(piece.attr("piece-code"), len(events), last.attr("standard-event-code"), last.attr("ruecksendung"), piece.attr("delivery-event-flag"))
			want := map[parcel.Status]string{parcel.StatusDelivered: "ZU false 1", parcel.StatusReturned: "ZU true 1", parcel.StatusLost: "BV false 0"}[truth.Status()]
			if want = fmt.Sprintln(numbers[begin+i], len(truth.Scans), want); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
	if ends[parcel.StatusDelivered] < 340 || ends[parcel.StatusReturned] == 0 || ends[parcel.StatusLost] == 0 {
		t.Errorf("%v", ends)
	}
}

func TestWhoAsksForPiecesIsKnownAndAsksForSome(t *testing.T) {
	o := open(t)
	numbers := o.book(1, 0)
	many := make([]string, piecesMax+1)
	for name, c := range map[string]struct {
		numbers []string
		change  []string
		code    string
	}{
		"known":         {numbers, nil, `code="0"`},
		"nothing":       {[]string{"00340434999999999999"}, nil, `code="100" error="No data found"`},
		"some":          {append(numbers, "1"), nil, `code="0"`},
		"too many":      {many, nil, `code="6"`},
		"another user":  {numbers, []string{`appname="u"`, `appname="x"`}, `code="5"`},
		"no password":   {numbers, []string{`password="p"`, ``}, `code="5"`},
		"another thing": {numbers, []string{"d-get-piece-detail", "d-get-signature"}, `code="6"`},
		"no XML":        {numbers, []string{"<data", "data"}, `code="6"`},
	} {
		if status, said := o.track(c.numbers, c.change...); status != http.StatusOK || !strings.Contains(said, c.code) {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/dhl"+trackingPath, nil)
	r.SetBasicAuth("k-of-the-test", "another")
	w := httptest.NewRecorder()
	if o.desk.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
		t.Errorf("with another secret: %d", w.Code)
	}
}

func TestWhatDHLHasIsNotDeletedAndWhatWasDeletedIsNotTold(t *testing.T) {
	o := open(t)
	numbers := o.book(2, 0)
	remove := ordersPath + "?profile=STANDARD_GRUPPENPROFIL&shipment="
	if status, _ := o.ask("DELETE", remove+numbers[0], ""); status != http.StatusOK {
		t.Fatal(status)
	}
	o.now = o.now.Add(9 * parcel.Day)
	if status, s := o.ask("DELETE", remove+numbers[1], ""); status != http.StatusBadRequest || s.Items[0].State.Title != "ShipmentAlreadyManifested" {
		t.Errorf("%d %+v", status, s)
	}
	if _, said := o.track(numbers[:1]); !strings.Contains(said, `code="100"`) {
		t.Error(said)
	}
}

func TestUnifiedTellsOneParcelAsTheSampleAndNotTooOften(t *testing.T) {
	o := open(t)
	number := o.book(1, 0)[0]
	if status, said := o.unified(number, "", "k-of-the-test"); status != http.StatusNotFound || !strings.Contains(said, `"instance":"/shipment/`+number) {
		t.Errorf("at once: %d %s", status, said)
	}
	if status, said := o.unified(number, "", "k-of-the-test"); status != http.StatusTooManyRequests || !strings.Contains(said, `"title":"Too Many Requests"`) {
		t.Errorf("in the same second: %d %s", status, said)
	}
	if status, _ := o.unified(number, "", "another"); status != http.StatusUnauthorized {
		t.Errorf("with another key: %d", status)
	}
	o.now = o.now.Add(9 * parcel.Day)
	status, said := o.unified(number, "&service=parcel-de&language=en", "k-of-the-test")
	if err := specification.Beyond(sample(t, "unified-shipment.json"), []byte(said)); status != http.StatusOK || err != nil {
		t.Errorf("%d %v: %s", status, err, said)
	}
	var s struct {
		Shipments []struct {
			Events []struct{ Timestamp, StatusCode string }
		}
	}
	truth, _ := o.dhl.Parcels().Find(number)
	if err := json.Unmarshal([]byte(said), &s); err != nil || len(s.Shipments[0].Events) != len(truth.Scans) || s.Shipments[0].Events[len(truth.Scans)-1].StatusCode != "pre-transit" {
		t.Errorf("%v: %s", err, said)
	}
	last := 0
	for asked := range unifiedADay + 5 {
		o.now = o.now.Add(time.Second)
		if last, _ = o.unified(number, "&service=express", "k-of-the-test"); last == http.StatusTooManyRequests {
			if asked != unifiedADay-1 {
				t.Errorf("asked %d times on a day", asked+1)
			}
			break
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the day has no end: %d", last)
	}
	o.now = o.now.Add(parcel.Day)
	if status, _ := o.unified(number, "", "k-of-the-test"); status != http.StatusOK {
		t.Errorf("on the next day: %d", status)
	}
}
