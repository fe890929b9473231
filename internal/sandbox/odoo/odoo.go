// Package odoo is an Odoo 17 of the sandbox, as far as an order touches it (modules base, mail, sale_management, sale_stock, stock_delivery):
// one database, one user beside the people, JSON-RPC at /odoo/jsonrpc with the services common and object. Orders, their lines and how
// methods are called are as in Odoo's own source (addons/sale/models/sale_order.py and sale_order_line.py, odoo/service/model.py, all of
// 17.0); deliveries, their fields and states, and how refusals are worded, as integrators describe them. It is no more forgiving:
//
//   - what is created twice is there twice: neither client_order_ref nor an address is unique;
//   - an error is HTTP 200 with {"error":{"code":200,"message":"Odoo Server Error","data":{"name","message","arguments","context","debug"}}};
//   - a field or a method that is not there is an error, and so is a line without a product, if it is no note;
//   - a line that says nothing of taxes has those of its product, and a price has two decimals;
//   - to confirm makes a delivery, and sets the date of the order; to cancel what is confirmed answers a dialogue and does nothing, unless the
//     context says disable_cancel_warning, and lets what has left stay gone;
//   - every record says who has written to it last, and when (write_uid, write_date);
//   - what it says it has done is committed.
//
// One price list a currency, a few countries and articles are there from the start, and a service WAYBILL for what is no article. More
// articles are made as in Odoo: product.product, create.
//
// Its books count what was done: sale.order.create for a client_order_ref, res.partner.create for a digest of an address (or, of a contact
// below another, of all that is written on it), sale.order.write, .confirm, .cancel, .draft and stock.picking.write, .validate for the id.
package odoo

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"waybill/internal/sandbox/party"
)

// Options say what kind of Odoo it is. A zero means the default.
type Options struct {
	Database   string // sandbox
	Login      string // waybill@example.com
	Key        string // the API key of that user; none: nobody is let in
	PeopleKey  string // likewise that of "admin", as whom people work there
	RecordsMax int    // of a model; 100,000
	Now        func() time.Time
}

// Odoo is the party. All is kept in memory.
type Odoo struct {
	options Options

	mu     sync.Mutex
	tables map[string]*table
	undo   []func() // what a call that fails takes back, the last first
	actor  int      // who makes the call: whatever it writes, they have written
}

// Users of res.users: Odoo itself, the administrator, and Waybill's.
const (
	odooID   = 1
	peopleID = 2
	userID   = 7

	peopleLogin = "admin"
)

// New has no customers and no orders.
func New(o Options) *Odoo {
	if o.Database == "" {
		o.Database = "sandbox"
	}
	if o.Login == "" {
		o.Login = "waybill@example.com"
	}
	if o.RecordsMax == 0 {
		o.RecordsMax = 100_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Odoo{options: o, tables: map[string]*table{}, actor: odooID}
	for name := range models {
		s.tables[name] = newTable()
	}
	s.furnish()
	return s
}

// Name is "odoo".
func (*Odoo) Name() string { return "odoo" }

// Close has nothing to end.
func (*Odoo) Close() {}

// Database and Login are what it is reached with, beside the key.
func (s *Odoo) Database() string { return s.options.Database }

// Login is the user's.
func (s *Odoo) Login() string { return s.options.Login }

const endpoint = "POST /jsonrpc"

// acting are the operations that change something, by model and method.
var acting = []struct{ name, model, method string }{
	{"res.partner.create", "res.partner", "create"},
	{"sale.order.create", "sale.order", "create"},
	{"sale.order.write", "sale.order", "write"},
	{"sale.order.confirm", "sale.order", "action_confirm"},
	{"sale.order.cancel", "sale.order", "action_cancel"},
	{"sale.order.draft", "sale.order", "action_draft"},
	{"sale.order.unlock", "sale.order", "action_unlock"},
	{"stock.picking.write", "stock.picking", "write"},
	{"stock.picking.validate", "stock.picking", "button_validate"},
}

// Operations are told apart by what a body calls: each deed is one, so are all questions, logging in, and all deeds that have no name here.
func (s *Odoo) Operations() []party.Operation {
	operations := []party.Operation{{Name: "common", Pattern: endpoint, Do: s.common, Means: func(body []byte) bool {
		r, _ := readRequest(body)
		return r.Params.Service == "common"
	}}}
	for _, a := range acting {
		operations = append(operations, party.Operation{Name: a.name, Pattern: endpoint, Acts: true, Commits: true, Do: s.object, Means: func(body []byte) bool {
			r, _ := readRequest(body)
			c, ok := r.execution()
			return ok && c.model == a.model && c.method == a.method
		}})
	}
	return append(operations,
		party.Operation{Name: "read", Pattern: endpoint, Do: s.object, Means: func(body []byte) bool {
			r, _ := readRequest(body)
			c, ok := r.execution()
			return ok && reading[c.method]
		}},
		party.Operation{Name: "other", Pattern: endpoint, Acts: true, Commits: true, Do: s.object},
	)
}

// reading are the methods that change nothing.
var reading = map[string]bool{"search": true, "search_read": true, "search_count": true, "read": true}

// Admit lets everybody in: who asks stands in the body, and is looked at there.
func (*Odoo) Admit(*party.Call) *party.Reply { return nil }

// Refuse answers with the page of whatever stands before Odoo.
func (*Odoo) Refuse(status int, message string, after time.Duration) party.Reply {
	page := "<!doctype html>\n<html lang=en>\n<title>" + http.StatusText(status) + "</title>\n<p>" + message + "</p>\n"
	return party.Reply{Status: status, After: after, Body: []byte(page), Type: "text/html; charset=utf-8"}
}

// digest stands for what names somebody in the books, which are no place for that.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
