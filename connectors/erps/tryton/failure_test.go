package tryton_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"waybill/connectors/erps/tryton"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// failureOf is what a call failed with.
func failureOf(t *testing.T, err error) *remote.Failure {
	t.Helper()
	var f *remote.Failure
	if !errors.As(err, &f) || f.Reason == "" {
		t.Fatalf("got %v, want a failure with a reason", err)
	}
	return f
}

func opened(t *testing.T, url, user, password string) *tryton.ERP {
	t.Helper()
	erp, err := tryton.New(url, user, password)
	if err != nil {
		t.Fatal(err)
	}
	return erp
}

func TestWhoeverIsNotLetInIsToldWhy(t *testing.T) {
	r := startReal(t)
	password := r.file("tryton", "password")
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, c := range []struct {
		name, url, user, password, class, code string
	}{
		{"a wrong password", r.url, "waybill", "wrong-password", remote.Authentication, "wrong_password"},
		{"an unknown database", strings.Replace(r.url, "/waybill/", "/nowhere/", 1), "waybill", password, remote.Authentication, "unknown_database"},
		{"a server that is down", gone.URL + "/waybill/", "waybill", password, remote.Transient, "unreachable"},
	} {
		_, _, err := opened(t, c.url, c.user, c.password).CreateOrder(t.Context(), placing("allegro/1", "1"))
		if f := failureOf(t, err); f.Class != c.class || f.Code != c.code || f.Perhaps || strings.Contains(f.Error(), c.password) {
			t.Errorf("%s: got %+v", c.name, f)
		}
	}
}

func TestWhatTrytonRefusesIsUnderstood(t *testing.T) {
	r := startReal(t)
	erp, word := r.erp(), own(t)
	ana, _, err := erp.CreateCustomer(t.Context(), customer(word))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		change     func(*schemas.Placing)
	}{
		{"a customer that is not there", "UserError", func(p *schemas.Placing) { p.CustomerRef = "999999999" }},
		{"a currency that it lacks", "unknown_currency", func(p *schemas.Placing) { p.Order.Total.Currency = "BTN" }},
		{"a country that it lacks", "unknown_country", func(p *schemas.Placing) { p.Order.ShipTo.Country = "XX" }},
	} {
		p := placing("allegro/"+word, ana)
		c.change(p)
		_, _, err := erp.CreateOrder(t.Context(), p)
		if f := failureOf(t, err); f.Class != remote.Business || f.Code != c.code || f.Perhaps {
			t.Errorf("%s: got %+v", c.name, f)
		}
	}
	if sales := r.records("sale.sale", []any{where("reference", "=", "allegro/"+word)}, "state"); len(sales) != 0 {
		t.Errorf("Tryton has %v", sales)
	}
}

// A session that Tryton has forgotten is renewed, and nobody notices.
func TestASessionIsRenewed(t *testing.T) {
	r := startReal(t)
	erp := r.erp()
	if _, _, err := erp.FindOrder(t.Context(), "allegro/none"); !errors.Is(err, remote.ErrAbsent) {
		t.Fatal(err)
	}
	r.psql("DELETE FROM ir_session WHERE create_uid = (SELECT id FROM res_user WHERE login = 'waybill')")
	if _, _, err := erp.FindOrder(t.Context(), "allegro/none"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("got %v", err)
	}
}

// fake answers a question of the session as Tryton does, and every other as it is told.
func fake(t *testing.T, status int, body string) (*tryton.ERP, *atomic.Int64) {
	t.Helper()
	var signedIn atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, _ := io.ReadAll(r.Body)
		var asked struct{ Method string }
		_ = json.Unmarshal(said, &asked)
		switch {
		case asked.Method == "common.db.login":
			signedIn.Add(1)
			_, _ = io.WriteString(w, `{"id":0,"result":[2,"token"]}`)
		case strings.HasSuffix(asked.Method, "get_preferences"):
			_, _ = io.WriteString(w, `{"id":0,"result":{"company":1}}`)
		case strings.HasSuffix(asked.Method, "fields_get"):
			_, _ = io.WriteString(w, `{"id":0,"result":{}}`)
		default:
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return opened(t, server.URL+"/db/", "waybill", "secret"), &signedIn
}

func TestAnswersThatAreNotWhatWasExpected(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int
		body    string
		class   string
		code    string
		perhaps bool
	}{
		{"nothing", 200, ``, remote.Transient, "unreadable_answer", true},
		{"a page", 200, `<html>`, remote.Transient, "unreadable_answer", true},
		{"neither result nor error", 200, `{"id":0}`, remote.Transient, "unreadable_answer", true},
		{"a result of something else", 200, `{"id":0,"result":{"a":1}}`, remote.Transient, "unreadable_answer", true},
		{"two records for one", 200, `{"id":0,"result":[1,2]}`, remote.Transient, "unreadable_answer", true},
		{"an error of something else", 200, `{"id":0,"error":{"code":-32600}}`, remote.Transient, "unreadable_answer", true},
		{"an exception", 200, `{"id":0,"error":["could not serialize access\nDETAIL: Key (email)=(ana@example.com)",""]}`, remote.Transient, "exception", true},
		{"a refusal", 200, `{"id":0,"error":["UserError",["A value is required for Ana Müller.","",null]]}`, remote.Business, "UserError", false},
		{"a warning", 200, `{"id":0,"error":["UserWarning",["name","Are you sure of ana@example.com?",""]]}`, remote.Business, "UserWarning", false},
		{"a record that was changed", 200, `{"id":0,"error":["ConcurrencyException","Records were modified in the meanwhile"]}`, remote.Transient, "ConcurrencyException", false},
		{"a method that is not there", 403, `<html>`, remote.Authentication, "403", false},
		{"too many requests", 429, ``, remote.Throttled, "429", false},
		{"a server that failed", 500, `<html>`, remote.Transient, "500", true},
		{"a gateway that gave up", 504, `<html>`, remote.Transient, "504", true},
		{"no session, ever", 401, ``, remote.Authentication, "401", false},
	} {
		erp, signedIn := fake(t, c.status, c.body)
		_, _, err := erp.CreateCustomer(t.Context(), schemas.Customer{Email: "ana@example.com", Name: "Ana Müller"})
		f := failureOf(t, err)
		if f.Class != c.class || f.Code != c.code || f.Perhaps != c.perhaps {
			t.Errorf("%s: got %+v", c.name, f)
		}
		for _, secret := range []string{"secret", "token", "ana@example.com", "Ana Müller"} {
			if strings.Contains(f.Error(), secret) {
				t.Errorf("%s: %s is told in %q", c.name, secret, f.Error())
			}
		}
		if wanted := map[bool]int64{true: 2, false: 1}[c.status == 401]; signedIn.Load() != wanted {
			t.Errorf("%s: it signed in %d times", c.name, signedIn.Load())
		}
		if _, _, err := erp.FindCustomer(t.Context(), "ana@example.com"); err != nil && !errors.Is(err, remote.ErrAbsent) && failureOf(t, err).Perhaps {
			t.Errorf("%s: a question may have done something", c.name)
		}
	}
}

func TestWhatIsNotFilledInIsSaidBeforeAnythingIsAsked(t *testing.T) {
	for _, c := range [][3]string{{"http://127.0.0.1:8000/", "u", "p"}, {"", "u", "p"}, {"http://127.0.0.1:8000/db/", "", "p"}, {"http://127.0.0.1:8000/db/", "u", ""}} {
		if _, err := tryton.New(c[0], c[1], c[2]); err == nil {
			t.Errorf("%v was taken", c)
		}
	}
}
