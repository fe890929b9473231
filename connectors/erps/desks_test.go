package erps_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/erps"
	"waybill/schemas"
)

// desk is an ERP as people work at it, the same whichever it is.
type desk interface {
	erps.ERP
	// order is one that goes to Ana, S 1.
	order(id string) *schemas.Placing
	// move has an order go to Cy, T 3; sell makes it one piece of another article.
	move(ref string)
	sell(ref string)
	cancel(ref string)
	// hold lets the warehouse wait with an order, pack lets it go on.
	hold(ref string)
	pack(ref string)
	// stands is where an order goes now, and how much of which article it is.
	stands(ref string) (street string, pieces map[string]string)
	// other is that article, and system what the ERP is called in the settings.
	other() string
	system() string
}

// atEachDesk runs a test at each ERP that the sandbox plays.
func atEachDesk(t *testing.T, test func(t *testing.T, d desk)) {
	t.Helper()
	t.Run("sandbox", func(t *testing.T) {
		w := openWarehouse(t)
		test(t, warehouseDesk{w.erp, w})
	})
	t.Run("odoo", func(t *testing.T) {
		o := openOffice(t)
		test(t, officeDesk{o.erp, o})
	})
}

// warehouseDesk is that of the sandbox's ERP.
type warehouseDesk struct {
	erps.ERP
	w *warehouse
}

func (d warehouseDesk) order(id string) *schemas.Placing {
	d.w.Helper()
	customer, _, err := d.CreateCustomer(d.w.Context(), schemas.Customer{Email: "ana@example.com", Name: "Ana", Country: "PL"})
	if err != nil {
		d.w.Fatal(err)
	}
	p := placing(customer)
	p.Order.OrderID = id
	p.Order.ShipTo = &schemas.Person{Name: "Ana", Street: "S 1", PostalCode: "01067", City: "Dresden", Country: "DE"}
	return p
}

// standing is an order as it is read and written there.
type standing struct {
	Lines  []schemas.Sold       `json:"lines"`
	ShipTo *schemas.Destination `json:"ship_to"`
}

func (d warehouseDesk) write(ref string, change func(*standing)) {
	d.w.Helper()
	var s standing
	if err := json.Unmarshal(d.w.do("GET", "/orders/"+ref, ""), &s); err != nil {
		d.w.Fatal(err)
	}
	change(&s)
	text, err := json.Marshal(s)
	if err != nil {
		d.w.Fatal(err)
	}
	d.w.do("PUT", "/orders/"+ref, string(text))
}

func (d warehouseDesk) move(ref string) {
	d.w.Helper()
	d.write(ref, func(s *standing) {
		s.ShipTo = &schemas.Destination{Name: "Cy", Street: "T 3", PostalCode: "01099", City: "Dresden", Country: "DE"}
	})
}

func (d warehouseDesk) sell(ref string) {
	d.w.Helper()
	d.write(ref, func(s *standing) { s.Lines = []schemas.Sold{{Article: d.other(), Quantity: "1", UnitPrice: "1.00"}} })
}

func (d warehouseDesk) cancel(ref string) { d.w.do("POST", "/orders/"+ref+"/cancel", "") }
func (d warehouseDesk) hold(string)       {} // it waits until it is packed
func (d warehouseDesk) pack(ref string)   { d.w.pack(ref) }
func (warehouseDesk) other() string       { return "ANOTHER" }
func (warehouseDesk) system() string      { return "sandbox" }

func (d warehouseDesk) stands(ref string) (street string, pieces map[string]string) {
	d.w.Helper()
	pieces = map[string]string{}
	d.write(ref, func(s *standing) {
		street = s.ShipTo.Street
		for _, l := range s.Lines {
			pieces[l.Article] = l.Quantity
		}
	})
	return street, pieces
}

// officeDesk is that of the sandbox's Odoo.
type officeDesk struct {
	erps.ERP
	o *office
}

func (d officeDesk) order(id string) *schemas.Placing {
	d.o.Helper()
	p := d.o.basket("1", "MUG")
	p.Order.OrderID = id
	return p
}

// one is the one record of a model that a condition holds for.
func (d officeDesk) one(model, field string, is any, fields ...string) map[string]any {
	d.o.Helper()
	found := d.o.records(model, []any{[]any{field, "=", is}}, fields...)
	if len(found) != 1 {
		d.o.Fatalf("%d of %s have %s %v", len(found), model, field, is)
	}
	return found[0]
}

// deliveries are those of an order that are not cancelled.
func (d officeDesk) deliveries(ref string) (ids []any) {
	d.o.Helper()
	for _, p := range d.o.records("stock.picking", []any{[]any{"sale_id", "=", json.Number(ref)}, []any{"state", "!=", "cancel"}}, "id") {
		ids = append(ids, p["id"])
	}
	return ids
}

func (d officeDesk) move(ref string) {
	d.o.Helper()
	customer := d.one("sale.order", "id", json.Number(ref), "partner_id")["partner_id"].([]any)[0]
	var made float64
	if refused := d.o.rpcAs(2, d.o.people, &made, "res.partner", "create", nil, map[string]any{
		"parent_id": customer, "type": "delivery", "name": "Cy", "street": "T 3", "zip": "01099", "city": "Dresden", "country_id": d.one("res.country", "code", "DE", "id")["id"],
	}); refused != "" {
		d.o.Fatal(refused)
	}
	d.o.byPerson("sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"partner_shipping_id": made})
	d.o.byPerson("stock.picking", "write", nil, d.deliveries(ref), map[string]any{"partner_id": made})
}

func (d officeDesk) sell(ref string) {
	d.o.Helper()
	lines := []any{[]any{0, 0, map[string]any{"product_id": d.one("product.product", "default_code", d.other(), "id")["id"], "price_unit": 1.0}}}
	for _, l := range d.o.records("sale.order.line", []any{[]any{"order_id", "=", json.Number(ref)}, []any{"product_id.default_code", "=", "MUG"}}, "id") {
		lines = append(lines, []any{1, l["id"], map[string]any{"product_uom_qty": 0}})
	}
	d.o.byPerson("sale.order", "write", nil, []any{json.Number(ref)}, map[string]any{"order_line": lines})
}

func (d officeDesk) cancel(ref string) {
	d.o.Helper()
	d.o.byPerson("sale.order", "action_cancel", map[string]any{"context": map[string]any{"disable_cancel_warning": true}}, []any{json.Number(ref)})
}

func (d officeDesk) hold(ref string) {
	d.o.Helper()
	d.o.must(nil, "stock.picking", "do_unreserve", d.deliveries(ref))
}

func (d officeDesk) pack(ref string) {
	d.o.Helper()
	d.o.byPerson("stock.picking", "action_assign", nil, d.deliveries(ref))
}

func (officeDesk) other() string  { return "TEE" }
func (officeDesk) system() string { return "odoo" }

func (d officeDesk) stands(ref string) (street string, pieces map[string]string) {
	d.o.Helper()
	pieces = map[string]string{}
	for _, l := range d.o.records("sale.order.line", []any{[]any{"order_id", "=", json.Number(ref)}, []any{"product_uom_qty", ">", 0}}, "product_id", "product_uom_qty") {
		pieces[strings.TrimPrefix(fmt.Sprint(l["product_id"].([]any)[1]), "Article ")] = fmt.Sprint(l["product_uom_qty"])
	}
	order := d.one("sale.order", "id", json.Number(ref), "partner_shipping_id", "state")
	if order["state"] != "sale" {
		d.o.Errorf("order %s is in the state %v", ref, order["state"])
	}
	for _, id := range d.deliveries(ref) {
		if at := d.one("stock.picking", "id", id, "partner_id")["partner_id"]; fmt.Sprint(at) != fmt.Sprint(order["partner_shipping_id"]) {
			d.o.Errorf("delivery %v goes to %v, and its order to %v", id, at, order["partner_shipping_id"])
		}
	}
	return fmt.Sprint(d.one("res.partner", "id", order["partner_shipping_id"].([]any)[0], "street")["street"]), pieces
}
