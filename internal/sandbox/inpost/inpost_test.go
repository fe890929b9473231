package inpost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
)

// office is an InPost behind its desk at a time of its own, and its books.
type office struct {
	*testing.T
	inpost *InPost
	books  *ledger.Ledger
	desk   http.Handler
	now    time.Time
	token  string
}

func open(t *testing.T) *office {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	o := &office{T: t, books: ledger.New(time.Now), now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), token: "of-the-test"}
	o.inpost = New(Options{Seed: 5, Token: o.token, Now: func() time.Time { return o.now }})
	o.desk = party.NewDesk(o.inpost, fault.New(1, time.Now), o.books, later)
	return o
}

func (o *office) ask(method, path, body string) (int, string) {
	o.Helper()
	r := httptest.NewRequestWithContext(o.Context(), method, "/inpost/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+o.token)
	w := httptest.NewRecorder()
	o.desk.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

const (
	shipments = "/organizations/7008/shipments"
	toLocker  = `{"receiver":{"first_name":"Ana","last_name":"B","email":"ana@example.com","phone":"500600700"},"parcels":{"template":"small"},` +
		`"custom_attributes":{"sending_method":"any_point","target_point":"KRA010"},"service":"inpost_locker_standard","reference":"WB-000001"}`
	toDoor = `{"receiver":{"first_name":"Ana","last_name":"B","phone":"500600700","address":{"line1":"ul. 3 Maja 12/5","city":"Opole","post_code":"45-001","country_code":"PL"}},` +
		`"parcels":[{"id":"1","dimensions":{"length":"400","width":"300","height":"150","unit":"mm"},"weight":{"amount":"2.5","unit":"kg"},"is_non_standard":false}],` +
		`"custom_attributes":{"sending_method":"dispatch_order"},"service":"inpost_courier_standard","reference":"WB-000002"}`
)

type shown struct {
	ID           int
	Status       string
	Number       *string `json:"tracking_number"`
	Offer        any     `json:"selected_offer"`
	Transactions []struct {
		Status  string
		Details struct{ Error string }
	}
}

// make has one made, and says where it is.
func (o *office) make(body string) string {
	o.Helper()
	status, said := o.ask("POST", shipments, body)
	var s shown
	if err := json.Unmarshal([]byte(said), &s); status != http.StatusCreated || err != nil || s.Status != "created" || s.Number != nil {
		o.Fatalf("%d %s", status, said)
	}
	return fmt.Sprint("/shipments/", s.ID)
}

func (o *office) look(path string) (s shown) {
	o.Helper()
	if status, said := o.ask("GET", path, ""); status != http.StatusOK || json.Unmarshal([]byte(said), &s) != nil {
		o.Fatalf("%d %s", status, said)
	}
	return s
}

func TestAShipmentIsBoughtByItselfAndHasALabelThen(t *testing.T) {
	o := open(t)
	for _, body := range []string{toLocker, toDoor} {
		path := o.make(body)
		var states []string
		for range 200 {
			s := o.look(path)
			if len(states) == 0 || states[len(states)-1] != s.Status {
				states = append(states, s.Status)
			}
			status, label := o.ask("GET", path+"/label?format=pdf&type=A6", "")
			switch bought := s.Status == "confirmed"; {
			case bought != (s.Number != nil) || bought != (status == http.StatusOK) || bought && (!strings.HasPrefix(label, "%PDF-") || !strings.Contains(label, *s.Number)):
				t.Fatalf("%s: number %v, label %d %.30s", s.Status, s.Number, status, label)
			case !bought && (!strings.Contains(label, `"error":"invalid_action"`) || !strings.Contains(label, `"message":"shipment_status_incorrect"`)):
				t.Fatal(label)
			}
			o.now = o.now.Add(10 * time.Millisecond)
		}
		if got := strings.Join(states, " "); got != "created offers_prepared offer_selected confirmed" {
			t.Errorf("it was %s", got)
		}
	}
	if b := o.books.Books().Operations["shipments.create"]; b.Effects != 2 || b.Subjects != 2 {
		t.Errorf("%+v", b)
	}
}

func TestWhatCanNotBePaidStaysWithAFailedTransaction(t *testing.T) {
	o := open(t)
	o.inpost.Broke(true)
	path := o.make(toLocker)
	o.inpost.Broke(false)
	o.now = o.now.Add(time.Hour)
	if s := o.look(path); s.Status != "offer_selected" || s.Number != nil || len(s.Transactions) != 1 || s.Transactions[0].Status != "failure" || s.Transactions[0].Details.Error != "debt_collection" {
		t.Errorf("%+v", s)
	}
}

func TestAShipmentIsDeletedUntilAnOfferIsChosen(t *testing.T) {
	o := open(t)
	early, late := o.make(toLocker), o.make(toLocker)
	if status, said := o.ask("DELETE", early, ""); status != http.StatusNoContent || said != "" {
		t.Errorf("%d %s", status, said)
	}
	o.now = o.now.Add(5 * time.Second)
	for _, path := range []string{early, late} {
		if status, said := o.ask("DELETE", path, ""); status != http.StatusBadRequest || !strings.Contains(said, `"error":"invalid_action"`) {
			t.Errorf("%d %s", status, said)
		}
	}
	if s := o.look(early); s.Status != "canceled" {
		t.Errorf("%+v", s)
	}
	if status, said := o.ask("GET", early+"/label", ""); status != http.StatusBadRequest || !strings.Contains(said, "you_can_not_generate_labels_for_unpaid_shipments") {
		t.Errorf("%d %s", status, said)
	}
	if b := o.books.Books(); b.Operations["shipments.delete"].Effects != 1 || b.Operations["shipments.create"].Repeated != 1 {
		t.Errorf("%+v", b)
	}
}

func TestAListLagsAndItsPagesLie(t *testing.T) {
	o := open(t)
	const made = 70
	for n := range made {
		o.make(strings.Replace(toLocker, "WB-000001", fmt.Sprintf("WB-%06d", n), 1))
	}
	page := func(n int) (count int, ids []int) {
		var p struct {
			Count   int
			PerPage int `json:"per_page"`
			Items   []shown
		}
		_, said := o.ask("GET", fmt.Sprintf("%s?created_at_gteq=%d&sort_order=asc&page=%d&per_page=100", shipments, o.now.Add(-time.Minute).Unix(), n), "")
		if err := json.Unmarshal([]byte(said), &p); err != nil || p.PerPage != 100 {
			t.Fatal(err, said)
		}
		for _, s := range p.Items {
			ids = append(ids, s.ID)
		}
		return p.Count, ids
	}
	o.now = o.now.Add(2 * time.Second)
	if count, _ := page(1); count == 0 || count == made {
		t.Errorf("after two seconds it has %d", count)
	}
	o.now = o.now.Add(4 * time.Second)
	count, first := page(1)
	_, second := page(2)
	if count != made || len(first) == 100 || second[0] != first[len(first)-1] {
		t.Errorf("%d, %d rows, then from %d", count, len(first), second[0])
	}
	o.now = o.now.Add(time.Hour)
	if count, _ := page(1); count != 0 {
		t.Errorf("%d since a minute ago", count)
	}
}

func TestWhatIsWrongIsNamedAsInPostNestsIt(t *testing.T) {
	o := open(t)
	for want, change := range map[string][2]string{
		`"details":{"custom_attributes":[{"target_point":["does_not_exist"]}]}`: {"KRA010", "kra"},
		`"details":{"receiver":[{"phone":["invalid"]}]}`:                        {"500600700", "1"},
		`"details":{"receiver":[{"email":["required"]}]}`:                       {"ana@example.com", ""},
		`"details":{"reference":["invalid"]}`:                                   {"WB-000001", "WB"},
		`"details":{"parcels":["invalid"]}`:                                     {"small", "huge"},
		`"details":{"service":["invalid"]}`:                                     {"inpost_locker_standard", "inpost_by_air"},
		`"error":"invalid_parameter"`:                                           {`"reference"`, `"referencing"`},
	} {
		if status, said := o.ask("POST", shipments, strings.Replace(toLocker, change[0], change[1], 1)); status != http.StatusBadRequest || !strings.Contains(said, want) {
			t.Errorf("%d %s, want %s", status, said, want)
		}
	}
	for want, change := range map[string][2]string{
		`"address":[{"post_code":["invalid"]}]`:    {"45-001", "45001"},
		`"address":[{"country_code":["invalid"]}]`: {`"PL"`, `"DE"`},
		`"address":[{"street":["required"]}]`:      {"line1", "street"},
		`"parcels":["invalid"]`:                    {`"400"`, `"0"`},
	} {
		if status, said := o.ask("POST", shipments, strings.Replace(toDoor, change[0], change[1], 1)); status != http.StatusBadRequest || !strings.Contains(said, want) {
			t.Errorf("%d %s, want %s", status, said, want)
		}
	}
	if b := o.books.Books().Operations; len(b) != 0 {
		t.Errorf("what was refused was done: %v", b)
	}
}

func TestWhoMayNotComeInIsAnsweredAsInPostDoes(t *testing.T) {
	o := open(t)
	if status, said := o.ask("GET", "/organizations/7009", ""); status != http.StatusForbidden || !strings.Contains(said, `"forbidden"`) {
		t.Errorf("%d %s", status, said)
	}
	if status, _ := o.ask("GET", "/organizations/7008", ""); status != http.StatusOK {
		t.Errorf("%d", status)
	}
	if status, said := o.ask("GET", "/shipments/1", ""); status != http.StatusNotFound || !strings.Contains(said, `"resource_not_found"`) {
		t.Errorf("%d %s", status, said)
	}
	o.token = "another"
	if status, said := o.ask("POST", shipments, toLocker); status != http.StatusUnauthorized || !strings.Contains(said, `"token_invalid"`) {
		t.Errorf("%d %s", status, said)
	}
}
