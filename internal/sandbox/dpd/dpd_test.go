package dpd

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

// depot is a DPD behind its desk, and its books.
type depot struct {
	*testing.T
	dpd   *DPD
	books *ledger.Ledger
	desk  http.Handler
}

func open(t *testing.T) *depot {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	d := &depot{T: t, dpd: New(Options{Login: "us", Password: "of the test"}), books: ledger.New(time.Now)}
	d.desk = party.NewDesk(d.dpd, fault.New(1, time.Now), d.books, later)
	return d
}

func (d *depot) ask(path, body string, header http.Header) *httptest.ResponseRecorder {
	d.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(d.Context(), http.MethodPost, "/dpd/shipping/v1"+path, strings.NewReader(body))
	r.Header = header
	d.desk.ServeHTTP(w, r)
	return w
}

func (d *depot) let() http.Header {
	return http.Header{"Authorization": {"Bearer " + d.dpd.tokens.Issue()}}
}

func (d *depot) example(name string) string {
	d.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

func TestTheExamplesAreBookedAndBilledForTheirReference(t *testing.T) {
	d := open(t)
	for _, name := range []string{"pdf-create-request-classic-101", "pdf-create-request-pudo-337"} {
		for _, format := range []string{"PDF", "ZPL", "EPL", "PNG"} {
			var a struct {
				ShipmentID string   `json:"shipmentId"`
				ParcelIDs  []string `json:"parcelIds"`
			}
			w := d.ask("/shipment?LabelPrintFormat="+format, d.example(name), d.let())
			if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &a) != nil || a.ShipmentID == "" || len(a.ParcelIDs) != 1 || len(a.ParcelIDs[0]) != 14 {
				t.Errorf("%s as %s: %d %s", name, format, w.Code, w.Body)
			}
		}
	}
	if sums := d.books.Books().Operations["shipments.create"]; sums.Effects != 8 || sums.Subjects != 2 || sums.Repeated != 6 {
		t.Errorf("%+v", sums)
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	d := open(t)
	good := d.example("pdf-create-request-classic-101")
	for _, c := range []struct{ old, is, field string }{
		{`"Rue de Liege 25"`, `"` + strings.Repeat("x", 36) + `"`, "receiver.address.street"},
		{`"DPD BE RECEIVER"`, `""`, "receiver.address.name1"},
		{`"6180"`, `"6180!"`, "receiver.address.zipCode"},
		{`"country": "BE"`, `"country": "Belgium"`, "receiver.address.country"},
		{`"6000"`, `"6.0"`, "parcel[0].parcelInfos.weight"},
		{`"6000"`, `"31501"`, "parcel[0].parcelInfos.weight"},
		{`"101"`, `""`, "shipmentInfos.productCode"},
		{`"101"`, `"337"`, "receiver.pudoId"},
		{`"numberOfParcels": "1"`, `"numberOfParcels": "2"`, "numberOfParcels"},
		{`"S_2021-12-16_01"`, `"` + strings.Repeat("x", 36) + `"`, "customerReferenceNumbers[0]"},
		{`"sender":`, `"from":`, "sender"},
		{`[`, `{"a":[`, "array of one shipment"},
	} {
		wrong := strings.Replace(good, c.old, c.is, 1)
		if wrong == good {
			t.Fatalf("the example has no %s", c.old)
		}
		if w := d.ask("/shipment?LabelPrintFormat=PDF", wrong, d.let()); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), c.field+`"`) || !strings.Contains(w.Body.String(), `"errorOrigin":"META-API"`) {
			t.Errorf("%s: %d %s", c.is, w.Code, w.Body)
		}
	}
	if w := d.ask("/shipment", good, d.let()); w.Code != http.StatusBadRequest {
		t.Errorf("without a form of label: %d", w.Code)
	}
	if books := d.books.Books().Operations; len(books) != 0 {
		t.Errorf("what was refused was done: %v", books)
	}
}

func TestWhoHasNoTokenIsNotLetIn(t *testing.T) {
	d := open(t)
	if w := d.ask("/shipment?LabelPrintFormat=PDF", d.example("pdf-create-request-classic-101"), http.Header{}); w.Code != http.StatusUnauthorized {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	right := http.Header{"X-Dpd-Bucode": {"001"}, "X-Dpd-Login": {"us"}, "X-Dpd-Password": {"of the test"}}
	if w := d.ask("/login", "", right); w.Code != http.StatusOK || w.Header().Get("X-DPD-TOKEN") == "" || w.Body.Len() != 0 {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for name := range right {
		wrong := right.Clone()
		wrong.Set(name, "another")
		if w := d.ask("/login", "", wrong); w.Code != http.StatusUnauthorized || w.Header().Get("X-DPD-TOKEN") != "" {
			t.Errorf("another %s: %d", name, w.Code)
		}
	}
}
