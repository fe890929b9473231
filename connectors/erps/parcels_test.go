package erps_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"waybill/connectors/erps"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// warehouse is the sandbox's ERP as its people use it, over HTTP.
type warehouse struct {
	*testing.T
	play *sandboxserver.Server
	erp  erps.ERP
	url  string
	made map[string]string
}

func openWarehouse(t *testing.T) *warehouse {
	t.Helper()
	play, err := sandboxserver.New(sandboxserver.Options{Seed: 1, RequestsPerSecondMax: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(play.Handler())
	t.Cleanup(func() { play.Close(); server.Close() })
	for _, p := range play.Parties(server.URL) {
		if p.Party != "erp" {
			continue
		}
		erp, err := erps.Open("sandbox", erps.Settings{URL: p.URL, Token: p.Made["token"]})
		if err != nil {
			t.Fatal(err)
		}
		return &warehouse{T: t, play: play, erp: erp, url: p.URL, made: p.Made}
	}
	t.Fatal("the sandbox plays no ERP")
	return nil
}

// do is a request of somebody at the ERP.
func (w *warehouse) do(method, path, body string) []byte {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.made["token"])
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer answer.Body.Close()
	var said bytes.Buffer
	if _, err := said.ReadFrom(answer.Body); err != nil || answer.StatusCode >= 300 {
		w.Fatalf("%s %s: %d %s %v", method, path, answer.StatusCode, &said, err)
	}
	return said.Bytes()
}

// placed is an order that stands there.
func (w *warehouse) placed(orderID string) (ref string) {
	w.Helper()
	customer, _, err := w.erp.CreateCustomer(w.Context(), schemas.Customer{Email: "ana@example.com", Name: "Ana", Country: "PL"})
	if err != nil {
		w.Fatal(err)
	}
	p := placing(customer)
	p.Order.OrderID = orderID
	if ref, _, err = w.erp.CreateOrder(w.Context(), p); err != nil {
		w.Fatal(err)
	}
	return ref
}

func (w *warehouse) pack(ref string) {
	w.Helper()
	w.do("POST", "/orders/"+ref+"/pack", `{"weight_grams":900,"length_mm":300,"width_mm":205,"height_mm":100}`)
}

// ready reads until there is no more for now.
func (w *warehouse) ready(cursor string) (told []schemas.Readied, next string) {
	w.Helper()
	for {
		page, err := w.erp.Ready(w.Context(), cursor)
		if err != nil {
			w.Fatal(err)
		}
		if told, cursor = append(told, page.Told...), page.Next; !page.More {
			return told, cursor
		}
	}
}

func TestAnOrderThatIsPackedIsToldOnceAndSoIsThatItIsTakenBack(t *testing.T) {
	w := openWarehouse(t)
	told, cursor := w.ready("")
	if len(told) != 0 || cursor == "" {
		t.Fatalf("nothing is packed: %+v %q", told, cursor)
	}
	ref := w.placed("allegro/1")
	w.placed("allegro/2")
	w.pack(ref)
	said := bytes.TrimSpace(w.do("GET", "/orders/"+ref, ""))
	if told, cursor = w.ready(cursor); len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	first := told[0]
	if first.Kind != schemas.ERPReady || first.Ref != ref || first.OrderID != "allegro/1" || first.Revision != "2" || !bytes.Equal(first.Body, said) {
		t.Errorf("told %+v: %s, the ERP says %s", first, first.Body, said)
	}
	if len(first.Parcels) != 1 || first.Grams != 900 || first.Parcels[0] != (schemas.Parcel{Grams: 900, Length: 300, Width: 205, Height: 100}) {
		t.Errorf("packed as %+v", first)
	}
	if err := w.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: ref, Carrier: "dhl", Number: "1", At: 1}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if told, cursor = w.ready(cursor); len(told) != 0 {
			t.Errorf("told again: %+v", told)
		}
	}
	w.do("POST", "/orders/"+ref+"/unpack", "")
	if told, cursor = w.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPUnready || told[0].Ref != ref || told[0].Revision == first.Revision {
		t.Errorf("taken back: %+v", told)
	}
	w.pack(ref)
	if told, _ = w.ready(cursor); len(told) != 1 || told[0].Kind != schemas.ERPReady || told[0].Revision == first.Revision {
		t.Errorf("packed again: %+v", told)
	}
}

// Whatever becomes of an answer, the cursor says where to go on, and every packed order is told once.
func TestNoPackedOrderIsMissedAmongManyThoughAnswersAreLost(t *testing.T) {
	w := openWarehouse(t)
	const orders = 170
	if err := w.play.UseFaults([]fault.Rule{
		{Party: "erp", Operation: "orders.list", Fault: fault.Drop, Probability: 0.2}, {Party: "erp", Operation: "orders.list", Fault: fault.Wrong, Probability: 0.2},
	}); err != nil {
		t.Fatal(err)
	}
	times, cursor, failed := map[string]int{}, "", 0
	read := func() {
		page, err := w.erp.Ready(t.Context(), cursor)
		var f *remote.Failure
		if errors.As(err, &f) && f.Class == remote.Transient {
			failed++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Told {
			times[one.OrderID]++
		}
		cursor = page.Next
	}
	for i := range orders {
		w.pack(w.placed(fmt.Sprint("allegro/", i)))
		if i%10 == 0 {
			read()
		}
	}
	for range 30 {
		read()
	}
	for i := range orders {
		if n := times[fmt.Sprint("allegro/", i)]; n != 1 {
			t.Errorf("order %d was told %d times", i, n)
		}
	}
	if failed == 0 {
		t.Error("no answer was lost")
	}
}

func TestTrackingIsWrittenOnceHoweverOftenItIsSaid(t *testing.T) {
	w := openWarehouse(t)
	ref := w.placed("allegro/1")
	w.pack(ref)
	say := schemas.Tracking{
		OrderRef: ref, Carrier: "dhl", Number: "0034", URL: "https://example.com/0034", LabelURL: "https://example.com/label", Status: "booked", At: 1,
	}
	state := func() (is struct {
		Version  int
		Tracking []map[string]string
	},
	) {
		t.Helper()
		if err := json.Unmarshal(w.do("GET", "/orders/"+ref, ""), &is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	for range 3 {
		if err := w.erp.WriteTracking(t.Context(), say); err != nil {
			t.Fatal(err)
		}
	}
	if is := state(); is.Version != 3 || len(is.Tracking) != 1 || is.Tracking[0]["label_url"] != say.LabelURL || is.Tracking[0]["url"] != say.URL {
		t.Errorf("it has %+v", is)
	}
	say.Status = "delivered"
	if err := w.erp.WriteTracking(t.Context(), say); err != nil {
		t.Fatal(err)
	}
	if is := state(); is.Version != 4 || len(is.Tracking) != 1 || is.Tracking[0]["status"] != "delivered" {
		t.Errorf("it has %+v", is)
	}
	if books := w.play.Books()["erp"].Operations["orders.tracking"]; books.Effects != 2 {
		t.Errorf("booked %+v", books)
	}
	var f *remote.Failure
	if err := w.erp.WriteTracking(t.Context(), schemas.Tracking{OrderRef: "O-1", Carrier: "dhl", Number: "1"}); !errors.As(err, &f) || f.Class != remote.Permanent || f.Code != "not_found" {
		t.Errorf("an order that is not there: %v", err)
	}
}

// A reply that was lost, or that lies, is no tracking that stands there.
func TestTrackingThatWasAcknowledgedAndNotWrittenIsNotTakenForDone(t *testing.T) {
	for kind, code := range map[fault.Kind]string{fault.Ignore: "not_applied", fault.Drop: "no_answer"} {
		t.Run(string(kind), func(t *testing.T) {
			w := openWarehouse(t)
			ref := w.placed("allegro/1")
			if err := w.play.UseFaults([]fault.Rule{{Party: "erp", Operation: "orders.tracking", Fault: kind, Probability: 1}}); err != nil {
				t.Fatal(err)
			}
			say := schemas.Tracking{OrderRef: ref, Carrier: "dhl", Number: "0034", At: 1}
			var f *remote.Failure
			if err := w.erp.WriteTracking(t.Context(), say); !errors.As(err, &f) || f.Class != remote.Transient || f.Code != code || !f.Perhaps {
				t.Errorf("got %v", err)
			}
			if err := w.play.UseFaults(nil); err != nil {
				t.Fatal(err)
			}
			if err := w.erp.WriteTracking(t.Context(), say); err != nil {
				t.Fatal(err)
			}
			if books := w.play.Books()["erp"].Operations["orders.tracking"]; books.Effects != 1 {
				t.Errorf("booked %+v", books)
			}
		})
	}
}
