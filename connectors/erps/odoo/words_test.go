package odoo

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Each exception as odoo/http.py tells it, and what is to be done about it.
func TestAnExceptionOfOdooIsSortedByItsName(t *testing.T) {
	for _, c := range []struct {
		name, message, class, code string
		perhaps                    bool
	}{
		{"odoo.exceptions.AccessDenied", "Access Denied", remote.Authentication, "AccessDenied", false},
		{"odoo.exceptions.UserError", "You cannot cancel a locked order.", remote.Business, "UserError", false},
		{"odoo.exceptions.ValidationError", "The operation cannot be completed:\n- a mandatory field", remote.Business, "ValidationError", false},
		{"odoo.exceptions.AccessError", "You are not allowed to create 'Sales Order' records.", remote.Business, "AccessError", false},
		{"odoo.exceptions.MissingError", "Record does not exist or has been deleted.", remote.Business, "MissingError", false},
		{"psycopg2.OperationalError", "FATAL:  database \"x\" does not exist", remote.Authentication, "unknown_database", false},
		{"psycopg2.errors.SerializationFailure", "could not serialize access", remote.Transient, "SerializationFailure", false},
		{"psycopg2.errors.DeadlockDetected", "deadlock detected", remote.Transient, "DeadlockDetected", false},
		{"psycopg2.OperationalError", "server closed the connection unexpectedly", remote.Transient, "exception", true},
		{"builtins.ValueError", "Invalid field 'locked' on model 'sale.order'", remote.Permanent, "unknown_field", false},
		{"builtins.KeyError", "'Ana, S 1, Dresden'", remote.Transient, "exception", true},
		{"", "", remote.Transient, "exception", true},
	} {
		f := refusal(c.name, c.message)
		if f.Class != c.class || f.Code != c.code || f.Perhaps != c.perhaps || f.Reason == "" || strings.Contains(f.Reason, "Ana") || strings.Contains(f.Reason, "\n") {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func TestWhatIsEmptyInOdooIsFalse(t *testing.T) {
	var is struct {
		Name    text `json:"name"`
		Country one  `json:"country_id"`
		City    text `json:"city"`
		Parent  one  `json:"parent_id"`
	}
	if err := json.Unmarshal([]byte(`{"name":false,"country_id":false,"city":"Köln","parent_id":[7,"Ana"]}`), &is); err != nil || is.Name != "" || is.Country.ID != "" || is.City != "Köln" || is.Parent.ID != "7" {
		t.Errorf("%+v, %v", is, err)
	}
}

// Whatever the prices are, the lines come to what the buyer pays: with what Odoo makes of a price, and of a line.
func TestTheLinesComeToWhatTheBuyerPays(t *testing.T) {
	articles := map[string]json.Number{"MUG": "1", ChargeCode: "2"}
	for _, currency := range []string{"EUR", "JPY"} {
		exponent, _ := schemas.Exponent(currency)
		for pieces := int64(1); pieces < 40; pieces++ {
			for total := int64(1); total < 2000; total += 37 {
				money := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: currency} }
				o := &schemas.Order{
					Total:   money(total - 5),
					Lines:   []schemas.Line{{SKU: "MUG", Quantity: pieces, LineTotal: money(total)}},
					Charges: []schemas.Charge{{Kind: schemas.ChargeDiscount, Quantity: 1, Amount: money(-5)}},
				}
				lines, unknown, err := linesOf(o, articles, 2)
				if err != nil || len(unknown) > 0 {
					t.Fatal(unknown, err)
				}
				sum := money(0).Decimal()
				for _, l := range lines {
					if !l.price.Equal(l.price.Round(2)) {
						t.Fatalf("Odoo does not keep a price of %s", l.price)
					}
					of := l.price
					for range l.quantity - 1 {
						of = of.Add(l.price)
					}
					sum = sum.Add(of.Round(exponent))
				}
				if !sum.Equal(o.Total.Decimal()) {
					t.Fatalf("%d pieces for %d come to %s", pieces, total, sum)
				}
			}
		}
	}
}

func TestWhatNamesSomebodyIsTakenOutOfARefusal(t *testing.T) {
	err := unnamed(refusal("odoo.exceptions.ValidationError", "Ana\nB <ana@example.com> lives at S 1"), " Ana\nB ", "", "ana@example.com", "S 1")
	var f *remote.Failure
	if !errors.As(err, &f) || f.Reason != "… <…> lives at …" {
		t.Error(err)
	}
}

func TestTheDatabaseIsTheEndOfTheAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://odoo.example.com/shop": "shop", "https://odoo.example.com/shop/": "shop", "https://example.com/erp/shop/": "shop",
	} {
		if e, err := New(address, "u", "k"); err != nil || e.database != want {
			t.Errorf("%s: %v, %v", address, e, err)
		}
	}
	for _, address := range []string{"", "shop", "https://odoo.example.com", "https://odoo.example.com/?db=shop", "https://odoo.example.com/shop?x=y", "::"} {
		if _, err := New(address, "u", "k"); err == nil || !strings.Contains(err.Error(), "erp.url") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := New("https://odoo.example.com/shop", "", "k"); err == nil || !strings.Contains(fmt.Sprint(err), "erp.user") {
		t.Error(err)
	}
}
