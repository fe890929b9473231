package inpost

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/remote"
	"waybill/schemas"
)

var booking = schemas.Booking{
	Reference: "scrubbed-3", Point: "KRA010", To: schemas.Person{Name: "scrubbed-1 scrubbed-2", Email: "jan.kowalski@example.com", Phone: "+48 500 600 700", Country: "PL"},
	Parcels: []schemas.Parcel{{Grams: 1250, Length: 80, Width: 300, Height: 200}},
}

// account is one at an InPost that answers each path as it is told; what was sent lies in sent.
func account(t *testing.T, status int, said map[string][]byte, sent *map[string]any) *InPost {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sent != nil {
			_ = json.NewDecoder(r.Body).Decode(sent)
		}
		body, other := said[r.URL.Path]
		if !other {
			body = said[""]
			w.WriteHeader(status)
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	i, err := New(map[string]string{"url": server.URL, "token": "of-the-test", "organization": "7008"})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func payload(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
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
	line := fmt.Sprintf("%s pending=%v", booked.Ref, booked.Pending)
	for _, p := range booked.Parcels {
		line += fmt.Sprintf(" %s %s %.5s", p.Number, p.Format, p.Label)
	}
	return line
}

func TestWhatInPostAnsweredIsUnderstood(t *testing.T) {
	ctx, b := t.Context(), &booking
	create := func(i *InPost) (schemas.Booked, []byte, error) { return i.Create(ctx, b) }
	find := func(i *InPost) (schemas.Booked, []byte, error) { return i.Find(ctx, b) }
	complete := func(i *InPost) (schemas.Booked, []byte, error) { return i.Complete(ctx, "14588109", b) }
	var page struct{ Items []json.RawMessage }
	if err := json.Unmarshal(payload(t, "list-shipments-response-confirmed.json"), &page); err != nil {
		t.Fatal(err)
	}
	confirmed := map[string][]byte{"/v1/shipments/14588109": page.Items[0]}
	broke := []byte(strings.Replace(string(payload(t, "transaction-failure-debt-collection.fragment.json")), "{", `{"id": 14588109,`, 1))
	for _, c := range []struct {
		name   string
		status int
		said   []byte
		also   map[string][]byte
		call   func(*InPost) (schemas.Booked, []byte, error)
		want   string
	}{
		{"create-shipment-response-201.json", 201, nil, nil, create, "14588109 pending=true"},
		{"error-400-unknown-target-point.json", 400, nil, nil, create, "business target_point.does_not_exist perhaps=false: InPost refuses target_point.does_not_exist"},
		{"error-400-missing-trucker-id.json", 400, nil, nil, create, "business missing_trucker_id perhaps=false: InPost says: missing_trucker_id"},
		{"error-401-token.json", 401, nil, nil, create, "authentication token_invalid perhaps=false: InPost says: token_invalid"},
		{"error-403-wrong-organization.json", 403, nil, nil, create, "authentication forbidden perhaps=false: InPost says: forbidden"},
		{"error-404-resource.json", 404, nil, nil, complete, remote.ErrAbsent.Error()},
		{"error-429-cloudflare.txt", 429, nil, nil, create, "throttled 429 perhaps=false: the party answered 429 Too Many Requests"},
		{"list-shipments-response-confirmed.json", 200, nil, nil, find, "14588109 pending=true"},
		{"list-shipments-response-empty.json", 200, nil, nil, find, remote.ErrAbsent.Error()},
		{"create-shipment-response-201.json", 200, nil, nil, complete, "14588109 pending=true"},
		{"a shipment that could not be paid", 200, broke, nil, complete, "business debt_collection perhaps=false: InPost could not be paid for the shipment: debt_collection"},
		{"error-400-label-too-early.json", 400, nil, confirmed, complete, "14588109 pending=true"},
		{"error-400-label-of-cancelled.json", 400, nil, confirmed, complete, "business validation_failed perhaps=false: InPost says: validation_failed"},
		{"a label", 200, []byte("%PDF-1.4 "), confirmed, complete, "14588109 pending=false 664920617630552011718863 pdf %PDF-"},
		{"a page instead of a label", 200, []byte("<html>"), confirmed, complete, "transient unreadable_answer perhaps=false: InPost sent something else than a label as pdf"},
		{"half a shipment", 201, []byte(`{"id":null}`), nil, create, "transient unreadable_answer perhaps=true: InPost answered success, but it names no shipment"},
	} {
		said := map[string][]byte{"": c.said}
		if c.said == nil {
			said[""] = payload(t, c.name)
		}
		for path, body := range c.also {
			said[path] = body
		}
		booked, _, err := c.call(account(t, c.status, said, nil))
		if got := told(booked, err); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestABookingIsSaidAsInPostTookIt(t *testing.T) {
	var got, want map[string]any
	_, _, _ = account(t, http.StatusTeapot, nil, &got).Create(t.Context(), &booking)
	if err := json.Unmarshal(payload(t, "create-shipment-request.json"), &want); err != nil {
		t.Fatal(err)
	}
	want["receiver"].(map[string]any)["phone"] = "500600700"
	if differs := cmp.Diff(want, got); differs != "" {
		t.Error(differs)
	}
}

func TestWeightsAndSizesAreExact(t *testing.T) {
	for grams, want := range map[int64]string{1: "0.001", 50: "0.05", 999: "0.999", 1000: "1", 1250: "1.25", 20_000: "20", 30_010: "30.01"} {
		if got := kilograms(grams); got != want {
			t.Errorf("%d g is %s kg, want %s", grams, got, want)
		}
	}
	for want, p := range map[string]schemas.Parcel{
		"small": {Length: 640, Width: 80, Height: 380}, "medium": {Length: 190, Width: 380, Height: 640}, "large": {Length: 410, Width: 380, Height: 600}, "": {Length: 641, Width: 1, Height: 1},
	} {
		if got := templateOf(p); got != want {
			t.Errorf("%+v is %q, want %q", p, got, want)
		}
	}
	if templateOf(schemas.Parcel{}) != "" {
		t.Error("a parcel that nobody measured fits")
	}
}

func TestAListThatMovesIsNotBelieved(t *testing.T) {
	row := func(id int) string { return fmt.Sprintf(`{"id":%d,"status":"confirmed","reference":"R%d"}`, id, id) }
	for _, c := range []struct {
		name  string
		pages []string
		more  bool
		code  string
	}{
		{"all of it", []string{`{"count":2,"items":[` + row(1) + `,` + row(2) + `]}`}, false, ""},
		{"a page of two", []string{`{"count":3,"items":[` + row(1) + `,` + row(2) + `]}`}, true, ""},
		{"the same again", []string{`{"count":3,"items":[` + row(1) + `]}`, `{"count":3,"items":[` + row(1) + `]}`}, false, "list_moved"},
		{"shorter", []string{`{"count":3,"items":[` + row(1) + `]}`, `{"count":2,"items":[` + row(2) + `]}`}, false, "list_moved"},
		{"another's form", []string{`[null,{"unexpected":true}]`}, false, "unreadable_answer"},
		{"no list", []string{`{"count":0}`}, false, "unreadable_answer"},
	} {
		s := search{reference: "R9", seen: map[string]bool{}}
		var more bool
		var err error
		for _, page := range c.pages {
			more, err = s.read([]byte(page))
		}
		var f *remote.Failure
		if errors.As(err, &f) != (c.code != "") || more != c.more || f != nil && f.Code != c.code {
			t.Errorf("%s: more %v, %v", c.name, more, err)
		}
	}
}

// FuzzAnswer: whatever InPost answers is a shipment with a name, or a failure that repeats nothing of what was sent.
func FuzzAnswer(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded payloads", err)
	}
	for _, file := range files {
		f.Add(payload(f, filepath.Base(file)))
	}
	for _, rubbish := range []string{"", `{"id":"1"}`, `{"id":1e3}`, `{"id":-1}`, `{"details":{"receiver":[[[{"phone":["Ana 1"]}]]]},"error":"validation_failed"}`, strings.Repeat(`{"details":`, 50)} {
		f.Add([]byte(rubbish))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		if s, err := readShipment(said); err == nil {
			booked, err := s.booked()
			if !identity.MatchString(booked.Ref) || err == nil && !booked.Pending && s.Number == "" {
				t.Fatalf("half a shipment: %+v", booked)
			}
		}
		s := search{reference: "R", seen: map[string]bool{}}
		_, _ = s.read(said)
		var failed *remote.Failure
		err := understood(&remote.Failure{Class: remote.Permanent, Code: "400", Reason: "r", Status: 400, Said: said})
		if !errors.As(err, &failed) || failed.Code == "" || strings.ToLower(failed.Code) != failed.Code || strings.ContainsAny(failed.Code, " @") {
			t.Fatalf("half a failure, or one that repeats something: %v", err)
		}
	})
}
