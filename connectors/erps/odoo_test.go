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
	"time"

	"waybill/connectors/erps"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// office is the sandbox's Odoo, as a connector sees it and as its people do.
type office struct {
	*testing.T
	server   *sandboxserver.Server
	erp      erps.ERP
	url      string // of /jsonrpc
	key      string
	people   string // the key of "admin", as whom people work there
	customer string // who the baskets are for
}

func openOffice(t *testing.T, rules ...fault.Rule) *office {
	t.Helper()
	s, err := sandboxserver.New(sandboxserver.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	for _, p := range s.Parties(server.URL) {
		if p.Party != "odoo" {
			continue
		}
		erp, err := erps.Open("odoo", erps.Settings{URL: p.URL + "/", User: p.Made["user"], Token: p.Made["api_key"]})
		if err != nil {
			t.Fatal(err)
		}
		return &office{T: t, server: s, erp: erp, url: server.URL + "/odoo/jsonrpc", key: p.Made["api_key"], people: p.Made["people_key"]}
	}
	t.Fatal("the sandbox plays no Odoo")
	return nil
}

// rpc is a call by hand, as Waybill's user: it answers the result, or what the error says.
func (o *office) rpc(into any, model, method string, named map[string]any, args ...any) (refused string) {
	o.Helper()
	return o.rpcAs(7, o.key, into, model, method, named, args...)
}

// byPerson is a call of somebody who works there.
func (o *office) byPerson(model, method string, named map[string]any, args ...any) {
	o.Helper()
	if refused := o.rpcAs(2, o.people, nil, model, method, named, args...); refused != "" {
		o.Fatal(refused)
	}
}

func (o *office) rpcAs(user int, key string, into any, model, method string, named map[string]any, args ...any) (refused string) {
	o.Helper()
	if named == nil {
		named = map[string]any{}
	}
	body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "id": 1, "params": map[string]any{
		"service": "object", "method": "execute_kw", "args": []any{"sandbox", user, key, model, method, args, named},
	}})
	answer, err := http.Post(o.url, "application/json", bytes.NewReader(body))
	if err != nil {
		o.Fatal(err)
	}
	defer answer.Body.Close()
	said := struct {
		Result any
		Error  *struct {
			Data struct{ Name, Message string }
		}
	}{Result: into}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || answer.StatusCode != http.StatusOK {
		o.Fatal(answer.Status, err)
	}
	if said.Error != nil {
		return said.Error.Data.Name + ": " + said.Error.Data.Message
	}
	return ""
}

// records are those of a model that a condition holds for.
func (o *office) records(model string, domain []any, fields ...string) (found []map[string]any) {
	o.Helper()
	if refused := o.rpc(&found, model, "search_read", map[string]any{"fields": fields, "order": "id"}, domain); refused != "" {
		o.Fatal(refused)
	}
	return found
}

// order is the one with our id.
func (o *office) order(id string) map[string]any {
	o.Helper()
	found := o.records("sale.order", []any{[]any{"client_order_ref", "=", id}})
	if len(found) != 1 {
		o.Fatalf("%d orders carry %s", len(found), id)
	}
	return found[0]
}

func (o *office) lines(order map[string]any) (texts []string) {
	o.Helper()
	for _, l := range o.records("sale.order.line", []any{[]any{"order_id", "=", order["id"]}}, "name", "product_uom_qty", "price_unit", "display_type") {
		texts = append(texts, fmt.Sprintf("%v × %v at %v", l["product_uom_qty"], l["name"], l["price_unit"]))
	}
	return texts
}

func euros(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }

// basket is an order of three mugs for 10.00, and its shipping.
func (o *office) basket(ref, sku string) *schemas.Placing {
	o.Helper()
	if o.customer == "" {
		var err error
		if o.customer, _, err = o.erp.CreateCustomer(o.Context(), schemas.Customer{Email: "Ana@Example.com", Name: "Ana", Country: "DE"}); err != nil {
			o.Fatal(err)
		}
	}
	due := schemas.At(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	return &schemas.Placing{
		Customer: schemas.Customer{Email: "ana@example.com", Name: "Ana", Country: "DE"}, CustomerRef: o.customer,
		Order: schemas.Order{
			OrderID: "allegro/" + ref, PlacedAt: schemas.At(time.Date(2026, 11, 20, 23, 59, 0, 0, time.UTC)), ShipBy: &due, Total: euros(1499),
			ShipTo:  &schemas.Person{Name: "Ana", Company: "Bar", Street: "S 1", PostalCode: "01067", City: "Dresden", Country: "DE", Phone: "1"},
			Lines:   []schemas.Line{{SKU: sku, Title: "Mug", Quantity: 4, Cancelled: 1, UnitPrice: euros(333), LineTotal: euros(1000)}, {SKU: "MUG", Quantity: 1, Cancelled: 1}},
			Charges: []schemas.Charge{{Kind: schemas.ChargeShipping, Quantity: 1, Amount: euros(499)}},
		},
	}
}

func (o *office) place(p *schemas.Placing) string {
	o.Helper()
	ref, _, err := o.erp.CreateOrder(o.Context(), p)
	if err != nil {
		o.Fatal(err)
	}
	return ref
}

// leave lets the deliveries of an order go.
func (o *office) leave(order map[string]any) {
	o.Helper()
	if refused := o.rpc(nil, "stock.picking", "button_validate", map[string]any{"context": map[string]any{"skip_backorder": true, "skip_sms": true}}, order["picking_ids"]); refused != "" {
		o.Fatal(refused)
	}
}

func (o *office) fails(err error, class, code string) {
	o.Helper()
	var f *remote.Failure
	if !errors.As(err, &f) || f.Class != class || f.Code != code || f.Reason == "" {
		o.Errorf("want %s %s, got %v", class, code, err)
	}
}

func TestInOdooWhatIsCreatedIsFoundAgain(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	if _, _, err := o.erp.FindCustomer(ctx, "ana@example.com"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("nobody was found with %v", err)
	}
	p := o.basket("1", "MUG")
	if found, said, err := o.erp.FindCustomer(ctx, " aNa@example.COM"); err != nil || found != o.customer || strings.Contains(strings.ToLower(string(said)), "ana") {
		t.Errorf("found %q in %s: %v", found, said, err)
	}
	if _, _, err := o.erp.FindOrder(ctx, "allegro/1"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("no order was found with %v", err)
	}
	ref := o.place(p)
	found, said, err := o.erp.FindOrder(ctx, "allegro/1")
	if err != nil || found != ref || strings.Contains(string(said), "Ana") {
		t.Errorf("found %q in %s: %v", found, said, err)
	}
	order := o.order("allegro/1")
	if order["state"] != "sale" || order["amount_total"] != 14.99 || order["amount_tax"] != 0.0 || order["commitment_date"] != "2026-11-24 12:00:00" {
		t.Errorf("order: %v", order)
	}
	if got, want := fmt.Sprint(o.lines(order)), "[3 × MUG Mug at 3.33 1 × shipping at 4.99 1 × rounding at 0.01]"; got != want {
		t.Errorf("lines are %s, want %s", got, want)
	}
	if deliveries := o.records("stock.picking", nil, "state", "partner_id"); len(deliveries) != 1 || fmt.Sprint(deliveries[0]["partner_id"]) != "["+fmt.Sprint(order["partner_shipping_id"].([]any)[0])+" Bar, Ana]" {
		t.Errorf("deliveries: %v", deliveries)
	}
}

func TestInOdooAPersonIsOneContactHoweverTheAddressIsWritten(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	ana := o.basket("1", "MUG").CustomerRef
	for n := range 3 {
		o.place(o.basket(fmt.Sprint(n), "MUG")) // the same addresses each time
	}
	if all := o.records("res.partner", nil, "type"); len(all) != 3 || all[1]["type"] != "delivery" || all[2]["type"] != "invoice" {
		t.Errorf("contacts: %v", all)
	}
	later, _, err := o.erp.CreateCustomer(ctx, schemas.Customer{Email: "ana@example.com", Name: "Another Ana"})
	if err != nil || later == ana {
		t.Fatal(later, err)
	}
	if found, _, err := o.erp.FindCustomer(ctx, "ana@example.com"); err != nil || found != ana {
		t.Errorf("of several, %q was found, want the oldest: %v", found, err)
	}
	if _, _, err := o.erp.FindCustomer(ctx, "%na@example.com"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("a pattern finds somebody: %v", err)
	}
	o.rpc(nil, "res.partner", "write", nil, []any{json.Number(ana)}, map[string]any{"active": false})
	if found, _, err := o.erp.FindCustomer(ctx, "ana@example.com"); err != nil || found != later {
		t.Errorf("%q was found, want the one that is not archived: %v", found, err)
	}
}

func TestInOdooWhatIsUnknownIsANoteAndWaitsForAPerson(t *testing.T) {
	o := openOffice(t)
	ref := o.place(o.basket("1", "CUP"))
	order := o.order("allegro/1")
	if order["state"] != "draft" || len(order["picking_ids"].([]any)) != 0 {
		t.Errorf("order: %v", order)
	}
	want := "[0 × Waits for a person: Odoo does not know the article CUP at 0 0 × 3 × CUP Mug: 10.00 EUR at 0 1 × shipping at 4.99]"
	if got := fmt.Sprint(o.lines(order)); got != want {
		t.Errorf("lines are %s, want %s", got, want)
	}
	if found, _, err := o.erp.FindOrder(t.Context(), "allegro/1"); err != nil || found != ref {
		t.Errorf("it is not placed: %q, %v", found, err)
	}
	if again := o.place(o.basket("1", "CUP")); again != ref || o.order("allegro/1")["state"] != "draft" {
		t.Error("it was confirmed, or made again")
	}
	if refused := o.rpc(nil, "product.product", "create", nil, map[string]any{"name": "Cup", "default_code": "CUP", "detailed_type": "product"}); refused != "" {
		t.Fatal(refused)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), o.basket("1", "CUP")); err != nil {
		t.Fatal(err)
	}
	if order := o.order("allegro/1"); order["state"] != "sale" || order["amount_total"] != 14.99 {
		t.Errorf("order: %v", order)
	}
}

func TestInOdooNothingLeavesOfWhatTheChannelShips(t *testing.T) {
	o := openOffice(t)
	p := o.basket("1", "CUP")
	p.Order.FulfilledBy = schemas.FulfilledByChannel
	o.place(p)
	if order := o.order("allegro/1"); order["state"] != "sale" || order["amount_total"] != 14.99 || len(order["picking_ids"].([]any)) != 0 {
		t.Errorf("order: %v", order)
	}
}

func TestInOdooAnOrderIsAmendedUntilItLeaves(t *testing.T) {
	o := openOffice(t)
	p := o.basket("1", "MUG")
	ref := o.place(p)
	writes := func() int { return o.server.Books()["odoo"].Operations["sale.order.write"].Effects }
	if _, _, _, err := o.erp.AmendOrder(t.Context(), p); err != nil || writes() != 0 {
		t.Errorf("the same again was written %d times: %v", writes(), err)
	}
	p.Order.Lines[0].Cancelled, p.Order.Lines[0].LineTotal, p.Order.Total = 3, euros(333), euros(832)
	p.Order.ShipTo.Street = "S 2"
	o.rpc(nil, "sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"locked": true})
	for range 2 {
		if again, _, _, err := o.erp.AmendOrder(t.Context(), p); err != nil || again != ref {
			t.Fatal(again, err)
		}
	}
	order := o.order("allegro/1")
	if got, want := fmt.Sprint(o.lines(order)), "[1 × MUG Mug at 3.33 1 × shipping at 4.99]"; got != want || order["state"] != "sale" || order["amount_total"] != 8.32 {
		t.Errorf("lines are %s, want %s: %v", got, want, order)
	}
	if open := o.records("stock.picking", []any{[]any{"state", "=", "assigned"}, []any{"partner_id.street", "=", "S 2"}}); len(open) != 1 {
		t.Errorf("deliveries: %v", open)
	}
	o.leaveOpen(order)
	p.Order.ShipTo.Street = "S 3"
	_, _, _, err := o.erp.AmendOrder(t.Context(), p)
	o.fails(err, remote.TooLate, "too_late")
	if o.order("allegro/1")["state"] != "sale" {
		t.Error("it was changed all the same")
	}
}

// leaveOpen lets those deliveries of an order go that are not cancelled.
func (o *office) leaveOpen(order map[string]any) {
	o.Helper()
	var ids []any
	for _, picking := range o.records("stock.picking", []any{[]any{"sale_id", "=", order["id"]}, []any{"state", "=", "assigned"}}, "id") {
		ids = append(ids, picking["id"])
	}
	o.leave(map[string]any{"picking_ids": ids})
}

// Whoever dies while an order is being amended leaves it cancelled, with a note: the next goes on there. One that a person cancelled stays so.
func TestInOdooAnAmendmentThatWasBegunIsFinished(t *testing.T) {
	o := openOffice(t)
	p := o.basket("1", "MUG")
	o.place(p)
	p.Order.ShipTo.Street = "S 2"
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "sale.order.draft", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := o.erp.AmendOrder(t.Context(), p); err == nil || o.order("allegro/1")["state"] != "cancel" {
		t.Fatalf("it did not stop half way: %v", err)
	}
	_ = o.server.UseFaults(nil)
	if _, _, _, err := o.erp.AmendOrder(t.Context(), p); err != nil || o.order("allegro/1")["state"] != "sale" {
		t.Errorf("it was not finished: %v", err)
	}
	if _, _, err := o.erp.CancelOrder(t.Context(), "allegro/1"); err != nil {
		t.Fatal(err)
	}
	_, _, _, err := o.erp.AmendOrder(t.Context(), p)
	o.fails(err, remote.Business, "is_cancelled")
}

func TestInOdooAnOrderIsCancelledUntilItLeaves(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	if _, _, err := o.erp.CancelOrder(ctx, "allegro/1"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("an order that is not there: %v", err)
	}
	ref := o.place(o.basket("1", "MUG"))
	o.rpc(nil, "sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"locked": true})
	for range 2 {
		if cancelled, _, err := o.erp.CancelOrder(ctx, "allegro/1"); err != nil || cancelled != ref {
			t.Fatal(cancelled, err)
		}
	}
	if order := o.order("allegro/1"); order["state"] != "cancel" || len(o.records("stock.picking", []any{[]any{"state", "!=", "cancel"}})) != 0 {
		t.Errorf("order: %v", order)
	}
	if books := o.server.Books()["odoo"].Operations["sale.order.cancel"]; books.Effects != 1 {
		t.Errorf("cancelled %+v", books)
	}
	o.place(o.basket("2", "MUG"))
	o.leave(o.order("allegro/2"))
	_, _, err := o.erp.CancelOrder(ctx, "allegro/2")
	o.fails(err, remote.TooLate, "too_late")
	if o.order("allegro/2")["state"] != "sale" {
		t.Error("it was cancelled all the same")
	}
}

func TestTheWordOfOdooIsUnderstood(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	p := o.basket("1", "MUG")
	p.Order.Total.Currency = "CHF"
	_, _, err := o.erp.CreateOrder(ctx, p)
	o.fails(err, remote.Business, "unknown_currency")
	p = o.basket("1", "MUG")
	p.Order.ShipTo.Country = "XK"
	_, _, err = o.erp.CreateOrder(ctx, p)
	o.fails(err, remote.Business, "unknown_country")
	p = o.basket("1", "MUG")
	p.CustomerRef = "999"
	_, _, err = o.erp.CreateOrder(ctx, p)
	o.fails(err, remote.Business, "ValidationError")
	p = o.basket("1", "MUG")
	p.Order.Total, p.Order.Lines[0].LineTotal, p.Order.Charges = schemas.Money{Minor: 1234, Currency: "BHD"}, schemas.Money{Minor: 1234, Currency: "BHD"}, nil
	_, _, err = o.erp.CreateOrder(ctx, p)
	o.fails(err, remote.Business, "price_precision")
	if begun := o.records("sale.order", nil); len(begun) != 0 {
		t.Errorf("begun: %v", begun)
	}
	o.rpc(nil, "product.product", "write", nil, []any{o.records("product.product", []any{[]any{"default_code", "=", "WAYBILL"}})[0]["id"]}, map[string]any{"sale_ok": false})
	_, _, err = o.erp.CreateOrder(ctx, o.basket("1", "MUG"))
	o.fails(err, remote.Business, "unknown_charge")
}

func TestInOdooAQuotationOfAnotherAmountIsNotConfirmed(t *testing.T) {
	o := openOffice(t)
	p := o.basket("1", "MUG")
	if err := o.server.UseFaults([]fault.Rule{{Party: "odoo", Operation: "sale.order.confirm", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.erp.CreateOrder(t.Context(), p); err == nil {
		t.Fatal("it was confirmed")
	}
	if _, _, err := o.erp.FindOrder(t.Context(), "allegro/1"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("what was begun is told as placed: %v", err)
	}
	_ = o.server.UseFaults(nil)
	order := o.order("allegro/1")
	line := order["order_line"].([]any)[0]
	o.rpc(nil, "sale.order", "write", nil, []any{order["id"]}, map[string]any{"order_line": []any{[]any{1, line, map[string]any{"price_unit": 9}}}})
	_, _, err := o.erp.CreateOrder(t.Context(), p)
	o.fails(err, remote.Business, "amount_differs")
}

func TestInOdooWrongCredentialsAreAFailureOfAuthentication(t *testing.T) {
	o := openOffice(t)
	base := strings.TrimSuffix(o.url, "/jsonrpc")
	for _, c := range []struct{ url, user, key, code string }{
		{base + "/sandbox/", "waybill@example.com", "another", "AccessDenied"},
		{base + "/sandbox/", "another", o.key, "AccessDenied"},
		{base + "/another", "waybill@example.com", o.key, "unknown_database"},
		{base + "/below/sandbox", "waybill@example.com", o.key, "no_odoo"},
	} {
		erp, err := erps.Open("odoo", erps.Settings{URL: c.url, User: c.user, Token: c.key})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = erp.FindOrder(t.Context(), "allegro/1")
		o.fails(err, remote.Authentication, c.code)
		if strings.Contains(err.Error(), c.key) {
			t.Errorf("the key is told: %v", err)
		}
	}
	for _, wrong := range []erps.Settings{{URL: base + "/", User: "u", Token: "k"}, {URL: "https://", User: "u", Token: "k"}, {URL: o.url, Token: "k"}, {URL: o.url, User: "u"}} {
		wrong.URL = strings.Replace(wrong.URL, "/odoo/", "/", 1)
		if _, err := erps.Open("odoo", wrong); err == nil {
			t.Errorf("%s was opened", wrong.URL)
		}
	}
}

// A fifth of what is answered after it was done gets lost. Who asks before it creates again, as a gateway does, has each order once, for one contact,
// to the cent.
func TestInOdooNothingIsDoneTwiceThoughAnswersGetLost(t *testing.T) {
	o := openOffice(t)
	p := o.basket("0", "MUG")
	if err := o.server.UseFaults([]fault.Rule{
		{Party: "odoo", Operation: fault.Any, Fault: fault.Drop, Probability: 0.2},
		{Party: "odoo", Operation: fault.Any, Fault: fault.Gateway, Probability: 0.05},
		{Party: "odoo", Operation: fault.Any, Fault: fault.Wrong, Probability: 0.05},
	}); err != nil {
		t.Fatal(err)
	}
	once := func(find, do func() (string, []byte, error)) string {
		t.Helper()
		for range 100 {
			ref, _, err := find()
			if errors.Is(err, remote.ErrAbsent) {
				ref, _, err = do()
			}
			var f *remote.Failure
			if err == nil {
				return ref
			} else if !errors.As(err, &f) || f.Class != remote.Transient {
				t.Fatal(err)
			}
		}
		t.Fatal("it never came to an end")
		return ""
	}
	ctx := t.Context()
	const orders, people = 40, 5
	for n := range orders {
		email := fmt.Sprintf("Buyer_%d@example.com", n%people)
		p.Order.OrderID, p.Order.ShipTo.Street = fmt.Sprintf("allegro/%d", n), fmt.Sprint("S ", n%people)
		p.Customer.Email = email
		p.Order.Lines[0].LineTotal, p.Order.Total = euros(int64(1000+n)), euros(int64(1499+n))
		p.CustomerRef = once(
			func() (string, []byte, error) { return o.erp.FindCustomer(ctx, email) },
			func() (string, []byte, error) { return o.erp.CreateCustomer(ctx, p.Customer) })
		once(
			func() (string, []byte, error) { return o.erp.FindOrder(ctx, p.Order.OrderID) },
			func() (string, []byte, error) { return o.erp.CreateOrder(ctx, p) })
	}
	_ = o.server.UseFaults(nil)
	for operation, books := range o.server.Books()["odoo"].Operations {
		if operation != "res.partner.create" && (books.Effects != orders || books.Repeated != 0) {
			t.Errorf("%s: %+v", operation, books)
		}
	}
	for n := range orders {
		if order := o.order(fmt.Sprintf("allegro/%d", n)); order["state"] != "sale" || fmt.Sprintf("%.2f", order["amount_total"]) != euros(int64(1499+n)).String() {
			t.Errorf("order: %v", order)
		}
	}
	if contacts := o.records("res.partner", []any{[]any{"type", "=", "contact"}}); len(contacts) != people+1 {
		t.Errorf("%d contacts", len(contacts))
	}
}
