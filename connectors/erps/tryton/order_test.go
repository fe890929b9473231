package tryton_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

func customer(word string) schemas.Customer {
	return schemas.Customer{Email: word + "@Example.com", Name: "Anna Müller " + word, Country: "DE"}
}

// placing is two mugs for somebody.
func placing(orderID, customerRef string) *schemas.Placing {
	eur := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }
	return &schemas.Placing{Customer: customer("ana"), CustomerRef: customerRef, Order: schemas.Order{
		OrderID: orderID, Status: schemas.StatusReady, PlacedAt: schemas.At(time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)), Zone: "Europe/Warsaw",
		Total:  eur(2497),
		Lines:  []schemas.Line{{SKU: "MUG-RED", Title: "Kubek", Quantity: 3, Cancelled: 1, UnitPrice: eur(999), LineTotal: eur(1998)}},
		ShipTo: &schemas.Person{Name: "Anna Müller", Company: "Müller GmbH", Street: "Sträßchensweg 10", PostalCode: "53113", City: "Bonn", Country: "DE"},
		Charges: []schemas.Charge{
			{Kind: schemas.ChargeShipping, Quantity: 1, Amount: eur(599)}, {Kind: schemas.ChargeDiscount, Title: "HELLO", Quantity: 1, Amount: eur(-100)},
		},
	}}
}

func TestThereIsOneCustomerAnAddress(t *testing.T) {
	r := startReal(t)
	erp, ctx := r.erp(), t.Context()
	c := customer(own(t) + "_x")
	if _, _, err := erp.FindCustomer(ctx, c.Email); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("nobody was found with %v", err)
	}
	made, said, err := erp.CreateCustomer(ctx, c)
	if err != nil || len(said) == 0 {
		t.Fatal(err)
	}
	if found, _, err := erp.FindCustomer(ctx, "  "+strings.ToUpper(c.Email)); err != nil || found != made {
		t.Errorf("found %q, want %q: %v", found, made, err)
	}
	if _, _, err := erp.FindCustomer(ctx, strings.Replace(c.Email, "_", "-", 1)); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("an underscore is taken for any character: %v", err)
	}
	if _, _, err := erp.FindCustomer(ctx, c.Email[1:]); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("a part is taken for the whole: %v", err)
	}
	parties := r.records("party.party", []any{where("contact_mechanisms.value", "=", schemas.NormalEmail(c.Email))}, "name", "email")
	if len(parties) != 1 || parties[0]["name"] != c.Name || parties[0]["email"] != schemas.NormalEmail(c.Email) {
		t.Errorf("Tryton has %v", parties)
	}
}

// What people typed by hand is found too, and who was put aside is not.
func TestACustomerThatWasTypedByHandIsFound(t *testing.T) {
	r := startReal(t)
	word := own(t)
	var made []json.Number
	r.do(&made, "party.party.create", []any{map[string]any{
		"name": "X", "contact_mechanisms": []any{[]any{"create", []any{map[string]any{"type": "email", "value": word + "@EXAMPLE.com "}}}},
	}})
	erp := r.erp()
	if found, _, err := erp.FindCustomer(t.Context(), word+"@example.com"); err != nil || found != made[0].String() {
		t.Errorf("found %q: %v", found, err)
	}
	r.do(nil, "party.party.write", made, map[string]any{"active": false})
	if _, _, err := erp.FindCustomer(t.Context(), word+"@example.com"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("who was put aside: %v", err)
	}
}

func TestAnOrderIsFoundByOurIDAndConfirmed(t *testing.T) {
	r := startReal(t)
	erp, ctx, id := r.erp(), t.Context(), "allegro/"+own(t)
	ana, _, err := erp.CreateCustomer(ctx, customer(own(t)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := erp.FindOrder(ctx, id); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("no order was found with %v", err)
	}
	made, said, err := erp.CreateOrder(ctx, placing(id, ana))
	if err != nil || len(said) == 0 {
		t.Fatal(err)
	}
	if found, _, err := erp.FindOrder(ctx, id); err != nil || found != made {
		t.Errorf("found %q, want %q: %v", found, made, err)
	}
	if again, _, err := erp.CreateOrder(ctx, placing(id, ana)); err != nil || again != made {
		t.Errorf("the second time it made %q: %v", again, err)
	}
	sales := r.records("sale.sale", []any{where("reference", "=", id)}, "state", "web_id", "party", "total_amount", "currency.code", "sale_date",
		"shipment_address.full_address", "shipment_address.party_name", "shipments", "lines", "description")
	if len(sales) != 1 {
		t.Fatalf("Tryton has %v", sales)
	}
	s := sales[0]
	if s["state"] != "processing" || s["web_id"] != id || fmt.Sprint(s["party"]) != ana || len(s["shipments"].([]any)) != 1 || len(s["lines"].([]any)) != 3 {
		t.Errorf("Tryton has %v", s)
	}
	if day := s["sale_date"].(map[string]any); day["day"] != 21.0 { // in Warsaw it was past midnight
		t.Errorf("sold on %v", day)
	}
	if at := s["shipment_address."].(map[string]any); at["party_name"] != "Müller GmbH" || at["full_address"] != "Anna Müller\nSträßchensweg 10\n53113 Bonn\nGERMANY" {
		t.Errorf("it goes to %q", at)
	}
	if total := decimalIn(t, s["total_amount"]); total != "24.97" {
		t.Errorf("it costs %s", total)
	}
	if _, _, err := erp.CreateOrder(ctx, placing(id+"-2", ana)); err != nil {
		t.Fatal(err)
	}
	if book := r.records("party.address", []any{where("party", "=", s["party"])}, "street"); len(book) != 1 {
		t.Errorf("the second order made another address: %v", book)
	}
}

// What was begun and not finished is not told as placed, and goes on where it stopped.
func TestAnOrderThatWasBegunGoesOn(t *testing.T) {
	r := startReal(t)
	erp, ctx, word := r.erp(), t.Context(), own(t)
	ana, _, err := erp.CreateCustomer(ctx, customer(word))
	if err != nil {
		t.Fatal(err)
	}
	var at, begun []json.Number
	r.do(&at, "party.address.create", []any{map[string]any{"party": json.Number(ana)}})
	for _, quoted := range []bool{false, true} {
		id := fmt.Sprint("allegro/", word, quoted)
		r.do(&begun, "sale.sale.create", []any{map[string]any{
			"party": json.Number(ana), "invoice_address": at[0], "shipment_address": at[0], "reference": id, "currency": 1,
		}})
		if quoted {
			r.do(nil, "sale.sale.quote", begun)
		}
		if _, _, err := erp.FindOrder(ctx, id); !errors.Is(err, remote.ErrAbsent) {
			t.Errorf("quoted %v: it is told as placed: %v", quoted, err)
		}
		if made, _, err := erp.CreateOrder(ctx, placing(id, ana)); err != nil || made != begun[0].String() {
			t.Errorf("quoted %v: it made %q: %v", quoted, made, err)
		}
		if _, _, err := erp.FindOrder(ctx, id); err != nil {
			t.Errorf("quoted %v: %v", quoted, err)
		}
		if sales := r.records("sale.sale", []any{where("reference", "=", id)}, "state"); len(sales) != 1 || sales[0]["state"] == "draft" || sales[0]["state"] == "quotation" {
			t.Errorf("quoted %v: Tryton has %v", quoted, sales)
		}
	}
}

// Nobody ships an order without an article that Tryton does not know; what another has shipped is not shipped again.
func TestWhoShipsWhat(t *testing.T) {
	r := startReal(t)
	erp, ctx, word := r.erp(), t.Context(), own(t)
	ana, _, err := erp.CreateCustomer(ctx, customer(word))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, sku, by, state, says string
	}{
		{"an unknown article", "TEAPOT", schemas.FulfilledBySeller, "quotation", "Waits for a person: Tryton does not know the article TEAPOT"},
		{"shipped by the channel", "MUG-BLUE", schemas.FulfilledByChannel, "processing", "<nil>"},
	} {
		p := placing("allegro/"+word+c.sku, ana)
		p.Order.Lines[0].SKU, p.Order.FulfilledBy = c.sku, c.by
		made, _, err := erp.CreateOrder(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if found, _, err := erp.FindOrder(ctx, p.Order.OrderID); err != nil || found != made {
			t.Errorf("%s: found %q: %v", c.name, found, err)
		}
		s := r.records("sale.sale", []any{where("reference", "=", p.Order.OrderID)}, "state", "shipments", "description", "total_amount")[0]
		if s["state"] != c.state || fmt.Sprint(s["description"]) != c.says || len(s["shipments"].([]any)) != 0 || decimalIn(t, s["total_amount"]) != "24.97" {
			t.Errorf("%s: Tryton has %v", c.name, s)
		}
	}
}
