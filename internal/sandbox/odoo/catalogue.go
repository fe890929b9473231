package odoo

// kind is that of a field, as ir.model.fields names it.
type kind string

// The kinds that are used here. Of a relation to one, a value is an id; of one to many, ids.
const (
	char     kind = "char"
	number   kind = "float"
	whole    kind = "integer"
	flag     kind = "boolean"
	choice   kind = "selection"
	moment   kind = "datetime" // UTC, as 2026-11-22 13:00:00
	toOne    kind = "many2one"
	toMany   kind = "one2many"
	anyTo    kind = "many2many"
	computed kind = "computed" // written by Odoo alone: what is written to it is passed over
)

// field is one of a model.
type field struct {
	kind    kind
	model   string   // of a relation
	inverse string   // of a relation to many: the field there
	choices []string // of a selection
	initial any
}

// model is by name what a record of it has, beside id, display_name and the dates.
type model map[string]field

// models are those of Odoo 17 that an order touches, with the fields of it that it touches.
var models = map[string]model{
	"res.partner": {
		"name": {kind: char}, "email": {kind: char}, "email_normalized": {kind: computed}, "phone": {kind: char}, "vat": {kind: char},
		"street": {kind: char}, "street2": {kind: char}, "zip": {kind: char}, "city": {kind: char}, "country_id": {kind: toOne, model: "res.country"},
		"parent_id": {kind: toOne, model: "res.partner"}, "child_ids": {kind: toMany, model: "res.partner", inverse: "parent_id"},
		"type":    {kind: choice, choices: []string{"contact", "invoice", "delivery", "other"}, initial: "contact"},
		"comment": {kind: char}, "is_company": {kind: flag}, "customer_rank": {kind: whole}, "active": {kind: flag, initial: true},
	},
	"res.users":         {"name": {kind: char}, "login": {kind: char}},
	"res.country":       {"name": {kind: char}, "code": {kind: char}},
	"res.currency":      {"name": {kind: char}, "decimal_places": {kind: whole}, "active": {kind: flag, initial: true}},
	"product.pricelist": {"name": {kind: char}, "currency_id": {kind: toOne, model: "res.currency"}, "active": {kind: flag, initial: true}},
	"decimal.precision": {"name": {kind: char}, "digits": {kind: whole}},
	"account.tax":       {"name": {kind: char}, "amount": {kind: number}},
	"product.product": {
		"name": {kind: char}, "default_code": {kind: char}, "list_price": {kind: number}, "sale_ok": {kind: flag, initial: true}, "active": {kind: flag, initial: true},
		"detailed_type": {kind: choice, choices: []string{"consu", "service", "product"}, initial: "consu"},
	},
	"sale.order": {
		"name": {kind: char}, "client_order_ref": {kind: char}, "origin": {kind: char}, "note": {kind: char},
		"state":      {kind: choice, choices: []string{"draft", "sent", "sale", "cancel"}, initial: "draft"},
		"partner_id": {kind: toOne, model: "res.partner"}, "partner_invoice_id": {kind: toOne, model: "res.partner"}, "partner_shipping_id": {kind: toOne, model: "res.partner"},
		"date_order": {kind: moment}, "commitment_date": {kind: moment}, "locked": {kind: flag},
		"pricelist_id": {kind: toOne, model: "product.pricelist"}, "currency_id": {kind: toOne, model: "res.currency"},
		"order_line":  {kind: toMany, model: "sale.order.line", inverse: "order_id"},
		"picking_ids": {kind: toMany, model: "stock.picking", inverse: "sale_id"},
		"amount_tax":  {kind: computed, initial: 0.0}, "amount_untaxed": {kind: computed, initial: 0.0}, "amount_total": {kind: computed, initial: 0.0},
	},
	"sale.order.line": {
		"order_id": {kind: toOne, model: "sale.order"}, "sequence": {kind: whole, initial: 10}, "name": {kind: char},
		"display_type": {kind: choice, choices: []string{"line_section", "line_note"}}, "product_id": {kind: toOne, model: "product.product"},
		"product_uom_qty": {kind: number}, "price_unit": {kind: number}, "tax_id": {kind: anyTo, model: "account.tax"}, "price_subtotal": {kind: computed, initial: 0.0},
	},
	"stock.picking": {
		"name": {kind: char}, "origin": {kind: char}, "sale_id": {kind: toOne, model: "sale.order"}, "partner_id": {kind: toOne, model: "res.partner"},
		"picking_type_code": {kind: computed}, "state": {kind: choice, choices: []string{"draft", "waiting", "confirmed", "assigned", "done", "cancel"}, initial: "assigned"},
		"carrier_tracking_ref": {kind: char}, "carrier_tracking_url": {kind: computed}, "weight": {kind: number}, "shipping_weight": {kind: number}, "date_done": {kind: moment},
		"weight_uom_name": {kind: computed, initial: "kg"}, "location_id": {kind: toOne, model: "stock.location"},
	},
	"stock.location": {"name": {kind: char}},
	"stock.move": {
		"picking_id": {kind: toOne, model: "stock.picking"}, "product_id": {kind: toOne, model: "product.product"}, "sale_line_id": {kind: toOne, model: "sale.order.line"},
		"product_uom_qty": {kind: number}, "quantity": {kind: number}, "state": {kind: choice, choices: []string{"draft", "confirmed", "assigned", "done", "cancel"}, initial: "assigned"},
	},
	"stock.move.line": {
		"picking_id": {kind: toOne, model: "stock.picking"}, "result_package_id": {kind: toOne, model: "stock.quant.package"},
		"product_id": {kind: toOne, model: "product.product"},
	},
	"stock.quant.package": {"name": {kind: char}, "shipping_weight": {kind: number}, "package_type_id": {kind: toOne, model: "stock.package.type"}},
	"stock.package.type": {
		"name": {kind: char}, "packaging_length": {kind: number}, "width": {kind: number}, "height": {kind: number}, "length_uom_name": {kind: computed, initial: "mm"},
	},
}

// required are the fields that PostgreSQL asks for, by model.
var required = map[string][]string{
	"sale.order": {"partner_id", "partner_invoice_id", "partner_shipping_id", "currency_id"}, "product.product": {"name"}, "sale.order.line": {"name"},
}

// Every model has these; nobody writes them.
var ofAll = model{
	"id": {kind: whole}, "display_name": {kind: computed}, "create_date": {kind: computed}, "write_date": {kind: computed},
	"create_uid": {kind: toOne, model: "res.users"}, "write_uid": {kind: toOne, model: "res.users"},
}

func (m model) field(name string) (field, bool) {
	if f, is := ofAll[name]; is {
		return f, true
	}
	f, is := m[name]
	return f, is
}

// own are the methods of a model that are not everybody's, or not as everybody's.
var own = map[string]func(*Odoo, call) (any, []done, error){
	"res.partner.create": (*Odoo).createPartner, "res.partner.write": (*Odoo).writePartner,
	"sale.order.create": (*Odoo).createOrder, "sale.order.write": (*Odoo).writeOrder,
	"sale.order.action_confirm": (*Odoo).confirmOrder, "sale.order.action_cancel": (*Odoo).cancelOrder,
	"sale.order.action_draft": (*Odoo).draftOrder, "sale.order.action_unlock": (*Odoo).unlockOrder,
	"stock.picking.write": (*Odoo).writePicking, "stock.picking.button_validate": (*Odoo).validatePicking,
	"stock.move.write": (*Odoo).writeMove, "stock.picking.do_unreserve": (*Odoo).unreserve, "stock.picking.action_assign": (*Odoo).reserve,
}

// methods are everybody's (odoo/models.py).
var methods = map[string]func(*Odoo, call) (any, []done, error){
	"search": (*Odoo).search, "search_read": (*Odoo).searchRead, "search_count": (*Odoo).searchCount, "read": (*Odoo).read,
	"create": (*Odoo).create, "write": (*Odoo).write,
}

// chargeCode is the article that is none: a service.
const chargeCode = "WAYBILL"

// salesTax is in percent, and every article has it.
const salesTax = 19

// furnish makes what a company has before its first order.
func (s *Odoo) furnish() {
	put := func(model string, values record) int { return s.insert(model, values) }
	for id, login := range map[int]string{odooID: "__system__", peopleID: peopleLogin, userID: s.options.Login} {
		s.tables["res.users"].last = id - 1
		put("res.users", record{"name": login, "login": login})
	}
	put("stock.package.type", record{"name": "Box M", "packaging_length": 300.0, "width": 205.0, "height": 100.0})
	put("decimal.precision", record{"name": "Product Price", "digits": 2})
	put("stock.location", record{"name": "WH/Stock"})
	put("account.tax", record{"name": "19%", "amount": float64(salesTax)})
	for _, c := range []struct {
		name   string
		places int
	}{{"EUR", 2}, {"PLN", 2}, {"CZK", 2}, {"HUF", 2}, {"GBP", 2}, {"USD", 2}, {"JPY", 0}, {"SEK", 2}, {"AUD", 2}, {"INR", 2}, {"BHD", 3}} {
		currency := put("res.currency", record{"name": c.name, "decimal_places": c.places})
		put("product.pricelist", record{"name": "Prices in " + c.name, "currency_id": currency})
	}
	for code, name := range map[string]string{
		"DE": "Germany", "AT": "Austria", "PL": "Poland", "CZ": "Czech Republic", "SK": "Slovakia", "HU": "Hungary", "FR": "France", "IT": "Italy", "ES": "Spain",
		"BE": "Belgium", "GB": "United Kingdom", "US": "United States", "JP": "Japan", "SE": "Sweden", "AU": "Australia", "IN": "India",
	} {
		put("res.country", record{"code": code, "name": name})
	}
	put("product.product", record{"default_code": chargeCode, "name": "Charges of orders", "detailed_type": "service"})
	for _, code := range []string{"MUG", "MUG-RED", "MUG-BLUE", "TEE"} {
		put("product.product", record{"default_code": code, "name": "Article " + code, "detailed_type": "product"})
	}
}
