package erps_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waybill/connectors/erps"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// played is the sandbox, and its ERP as a connector sees it.
func played(t *testing.T, rules ...fault.Rule) (*sandboxserver.Server, erps.ERP) {
	t.Helper()
	w := openWarehouse(t)
	if err := w.play.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	return w.play, w.erp
}

func placing(customer string) *schemas.Placing {
	return &schemas.Placing{CustomerRef: customer, Order: schemas.Order{
		OrderID: "allegro/1", PlacedAt: schemas.At(time.Date(2026, 11, 20, 23, 59, 0, 0, time.UTC)), Total: schemas.Money{Minor: 1500, Currency: "JPY"},
		Lines: []schemas.Line{
			{SKU: "MUG", Quantity: 3, Cancelled: 1, UnitPrice: schemas.Money{Minor: 1000, Currency: "JPY"}}, {OfferRef: "o", Quantity: 1, Cancelled: 1},
		},
		Charges: []schemas.Charge{{Kind: schemas.ChargeDiscount, Quantity: 1, Amount: schemas.Money{Minor: -500, Currency: "JPY"}}},
	}}
}

func TestWhatIsCreatedIsFoundAgain(t *testing.T) {
	s, erp := played(t)
	ctx := t.Context()
	if _, _, err := erp.FindCustomer(ctx, "ana@example.com"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("nobody was found with %v", err)
	}
	ana, _, err := erp.CreateCustomer(ctx, schemas.Customer{Email: "Ana@Example.com", Name: "Ana", Country: "PL"})
	if err != nil {
		t.Fatal(err)
	}
	if found, said, err := erp.FindCustomer(ctx, " ana@example.COM"); err != nil || found != ana || len(said) == 0 {
		t.Errorf("found %q: %v", found, err)
	}
	if _, _, err := erp.FindOrder(ctx, "allegro/1"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("no order was found with %v", err)
	}
	made, _, err := erp.CreateOrder(ctx, placing(ana))
	if err != nil {
		t.Fatal(err)
	}
	if found, said, err := erp.FindOrder(ctx, "allegro/1"); err != nil || found != made {
		t.Errorf("found %q in %s: %v", found, said, err)
	}
	if books := s.Books()["erp"].Operations["orders.create"]; books.Effects != 1 || books.Repeated != 0 {
		t.Errorf("booked %+v", books)
	}
}

func TestWhatFailsIsSorted(t *testing.T) {
	rule := func(kind fault.Kind) fault.Rule {
		return fault.Rule{Party: "erp", Operation: "customers.create", Fault: kind, Probability: 1, Seconds: 1}
	}
	for _, c := range []struct {
		name    string
		rules   []fault.Rule
		class   string
		code    string
		perhaps bool
	}{
		{"a server that is down", []fault.Rule{rule(fault.Down)}, remote.Transient, "", true},
		{"a gateway that gave up", []fault.Rule{rule(fault.Gateway)}, remote.Transient, "gateway", true},
		{"a connection that was cut", []fault.Rule{rule(fault.Drop)}, remote.Transient, "no_answer", true},
		{"an answer of something else", []fault.Rule{rule(fault.Wrong)}, remote.Transient, "unreadable_answer", true},
		{"a storm", []fault.Rule{rule(fault.Storm)}, remote.Throttled, "rate_limited", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, erp := played(t, c.rules...)
			_, _, err := erp.CreateCustomer(t.Context(), schemas.Customer{Email: "ana@example.com", Name: "Ana", Country: "PL"})
			var f *remote.Failure
			if !errors.As(err, &f) || f.Class != c.class || f.Perhaps != c.perhaps || c.code != "" && f.Code != c.code || f.Reason == "" {
				t.Errorf("got %+v", err)
			}
			if c.name == "a storm" && f.RetryAfter != time.Second {
				t.Errorf("it asks for %s", f.RetryAfter)
			}
		})
	}
}

func TestTheWordOfTheERPIsUnderstood(t *testing.T) {
	_, erp := played(t)
	var f *remote.Failure
	if _, _, err := erp.CreateOrder(t.Context(), placing("C-0")); !errors.As(err, &f) || f.Class != remote.Business || f.Code != "unknown_customer" || f.Perhaps {
		t.Errorf("a customer that is not there: %+v", err)
	}
	if _, _, err := erp.CreateCustomer(t.Context(), schemas.Customer{Email: "nobody"}); !errors.As(err, &f) || f.Class != remote.Permanent || f.Code != "invalid_request" {
		t.Errorf("what can not be understood: %+v", err)
	}
}

func TestNothingIsSentOnceTheTimeIsOver(t *testing.T) {
	s, erp := played(t)
	ctx, over := context.WithCancel(t.Context())
	over()
	var f *remote.Failure
	if _, _, err := erp.CreateOrder(ctx, placing("C-1")); !errors.As(err, &f) || f.Perhaps {
		t.Errorf("got %+v", err)
	}
	if asked := s.Books()["erp"].Requests; len(asked) != 0 {
		t.Errorf("the ERP was asked: %v", asked)
	}
}

func TestAPartyThatCanNotBeReachedHasDoneNothing(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	erp, err := erps.Open("sandbox", erps.Settings{URL: gone.URL, Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	var f *remote.Failure
	if _, _, err := erp.CreateOrder(t.Context(), placing("C-1")); !errors.As(err, &f) || f.Class != remote.Transient || f.Code != "unreachable" || f.Perhaps {
		t.Errorf("got %+v", err)
	}
	if _, err := erps.Open("sap", erps.Settings{}); err == nil {
		t.Error("a system that nobody knows was opened")
	}
	if _, err := erps.Open("tryton", erps.Settings{URL: gone.URL + "/db/", Token: "p"}); err == nil || !strings.Contains(err.Error(), "erp.user") {
		t.Errorf("a Tryton without a user: %v", err)
	}
}

func TestAWrongTokenIsAFailureOfAuthentication(t *testing.T) {
	s, _ := played(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	erp, _ := erps.Open("sandbox", erps.Settings{URL: server.URL + "/erp/v1", Token: "another"})
	var f *remote.Failure
	if _, _, err := erp.FindOrder(t.Context(), "allegro/1"); !errors.As(err, &f) || f.Class != remote.Authentication {
		t.Errorf("got %+v", err)
	}
}
