package direct

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"waybill/schemas"
)

// column is where a cell goes: into the order or the line of its row.
type column struct {
	name string
	line bool
	put  func(into object, cell string)
}

type object = map[string]any

// columnOf finds the column of that name.
func columnOf(name string) (column, bool) {
	if strings.HasPrefix(name, "x_") && isName(name) {
		return column{name: name, line: true, put: field(name)}, true
	}
	i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, false
	}
	return columns[i], true
}

var columns = slices.Concat(
	ofOrder("ref", "revision", "status", "source", "placed_at", "currency", "total", "delivery_method", "ship_by", "deliver_from", "deliver_by",
		"buyer_note", "seller_note", "delivery_note", "gift_note", "purchase_order", "seller_ref"),
	ofPart("buyer", "ref", "name", "company", "street", "postal_code", "city", "region", "country", "phone", "email", "tax_id", "login"),
	ofPart("ship_to", "name", "company", "street", "postal_code", "city", "region", "country", "phone", "email", "tax_id", "login"),
	ofPart("bill_to", "name", "company", "street", "postal_code", "city", "region", "country", "phone", "email", "tax_id", "login"),
	ofPart("pickup_point", "ref", "name", "street", "postal_code", "city", "country", "description"),
	ofLine("line_ref", "sku", "offer_ref", "title", "unit", "unit_price", "line_total", "list_price", "tax_rate", "fulfilled_by", "gift_wrap"),
	[]column{
		{"quantity", true, number("quantity")},
		{"eans", true, func(line object, cell string) { line["eans"] = strings.Fields(cell) }},
		{"line_gift_note", true, field("gift_note")},
		{"line_note", true, field("note")},
		{"prices_include_tax", false, flagged("prices_include_tax")},
		{"invoice_required", false, flagged("invoice_required")},
		{"business", false, flagged("business")},
		{"shipping", false, charged(schemas.ChargeShipping)},
		{"service", false, charged(schemas.ChargeService)},
		{"deposit", false, charged(schemas.ChargeDeposit)},
		{"tax", false, charged(schemas.ChargeTax)},
		{"discount", false, func(order object, cell string) { add(order, "discounts", object{"amount": cell}) }},
		{"payment_ref", false, paying("ref")},
		{"payment_method", false, paying("method")},
		{"payment_provider", false, paying("provider")},
		{"paid", false, paying("paid")},
		{"paid_at", false, paying("paid_at")},
	},
)

func ofOrder(names ...string) (all []column) {
	for _, name := range names {
		all = append(all, column{name, false, field(name)})
	}
	return all
}

func ofLine(names ...string) (all []column) {
	for _, name := range names {
		all = append(all, column{name, true, field(name)})
	}
	return all
}

// ofPart are the columns of an object within the order.
func ofPart(part string, names ...string) (all []column) {
	for _, name := range names {
		all = append(all, column{part + "_" + name, false, func(order object, cell string) { within(order, part)[name] = cell }})
	}
	return all
}

func within(order object, part string) object {
	if order[part] == nil {
		order[part] = object{}
	}
	return order[part].(object)
}

func field(name string) func(into object, cell string) {
	return func(into object, cell string) { into[name] = cell }
}

// number writes what is one as a number. What is none stays a text, and is refused as such.
func number(name string) func(into object, cell string) {
	return func(into object, cell string) {
		if into[name] = cell; wholeNumber.MatchString(strings.TrimSpace(cell)) {
			into[name] = json.Number(strings.TrimSpace(cell))
		}
	}
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?$`)

func flagged(name string) func(into object, cell string) {
	return func(into object, cell string) {
		switch into[name] = cell; strings.TrimSpace(cell) {
		case "true":
			into[name] = true
		case "false":
			into[name] = false
		}
	}
}

func charged(kind string) func(order object, cell string) {
	return func(order object, cell string) { add(order, "charges", object{"kind": kind, "amount": cell}) }
}

func add(order object, list string, item object) {
	items, _ := order[list].([]object)
	order[list] = append(items, item)
}

// paying puts a cell into the one payment that a table has room for.
func paying(name string) func(order object, cell string) {
	return func(order object, cell string) {
		if order["payments"] == nil {
			order["payments"] = []object{{}}
		}
		order["payments"].([]object)[0][name] = cell
	}
}

// document is the order that the rows are, as JSON. The same rows give the same bytes.
func document(columns []column, rows []row) ([]byte, error) {
	order := object{"source": sourcePOS}
	lines := make([]object, len(rows))
	for i, r := range rows {
		lines[i] = object{}
		for j, cell := range r.cells {
			switch c := columns[j]; {
			case strings.TrimSpace(cell) == "":
			case c.line:
				c.put(lines[i], cell)
			case i == 0:
				c.put(order, cell)
			}
		}
	}
	order["lines"] = lines
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false) // it is for us, not for a page
	err := out.Encode(order)
	return bytes.TrimSpace(b.Bytes()), err
}
