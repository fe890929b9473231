package odoo

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

const (
	key       = "of-the-test"
	peopleKey = "of-the-people"
)

// office is an Odoo behind its desk, and its books.
type office struct {
	*testing.T
	books  *ledger.Ledger
	chance *fault.Chance
	desk   http.Handler
}

func open(t *testing.T) *office {
	t.Helper()
	later := party.NewLater()
	t.Cleanup(later.Close)
	o := &office{T: t, books: ledger.New(time.Now), chance: fault.New(1, time.Now)}
	o.desk = party.NewDesk(New(Options{Key: key, PeopleKey: peopleKey}), o.chance, o.books, later)
	return o
}

// post sends a body, and reads what is answered.
func (o *office) post(body string) (status int, said map[string]any) {
	o.Helper()
	w := httptest.NewRecorder()
	o.desk.ServeHTTP(w, httptest.NewRequestWithContext(o.Context(), http.MethodPost, "/odoo/jsonrpc", strings.NewReader(body)))
	_ = json.Unmarshal(w.Body.Bytes(), &said) // a page is none
	return w.Code, said
}

// call is execute_kw: its result, or the name and the message of its exception.
func (o *office) call(model, method, arguments string) (any, string) {
	o.Helper()
	return o.callAs(`"sandbox",7,"`+key+`"`, model, method, arguments)
}

func (o *office) callAs(who, model, method, arguments string) (any, string) {
	o.Helper()
	status, said := o.post(fmt.Sprintf(`{"jsonrpc":"2.0","method":"call","id":9,"params":{"service":"object","method":"execute_kw","args":[%s,%q,%q,%s]}}`, who, model, method, arguments))
	if status != http.StatusOK || said["jsonrpc"] != "2.0" || said["id"] != 9.0 {
		o.Fatalf("%d %v", status, said)
	}
	if failed, is := said["error"].(map[string]any); is {
		data := failed["data"].(map[string]any)
		if failed["code"] != 200.0 || failed["message"] != "Odoo Server Error" || data["debug"] == "" {
			o.Errorf("the form of the error: %v", failed)
		}
		return nil, fmt.Sprint(data["name"], ": ", data["message"])
	}
	return said["result"], ""
}

func (o *office) must(model, method, arguments string) any {
	o.Helper()
	result, refused := o.call(model, method, arguments)
	if refused != "" {
		o.Fatal(refused)
	}
	return result
}

// article is one of those that are there.
func (o *office) article(code string) int {
	o.Helper()
	return int(o.must("product.product", "search", fmt.Sprintf(`[[["default_code","=",%q]]]`, code)).([]any)[0].(float64))
}

func TestErrorsHaveTheFormOfOdoo(t *testing.T) {
	o := open(t)
	for _, c := range []struct{ who, model, method, arguments, want string }{
		{`"sandbox",7,"another"`, "res.partner", "search", `[[]]`, "odoo.exceptions.AccessDenied: Access Denied"},
		{`"sandbox",2,"` + key + `"`, "res.partner", "search", `[[]]`, "odoo.exceptions.AccessDenied: Access Denied"},
		{`"another",7,"` + key + `"`, "res.partner", "search", `[[]]`, "psycopg2.OperationalError: "},
		{"", "res.partners", "search", `[[]]`, "odoo.exceptions.UserError: Object res.partners doesn't exist"},
		{"", "res.partner", "searching", `[[]]`, "builtins.AttributeError: "},
		{"", "res.partner", "_search", `[[]]`, "odoo.exceptions.AccessError: Private methods"},
		{"", "res.partner", "create", `[{"name":"Ana","mail":"a@b"}]`, "builtins.ValueError: Invalid field 'mail' on model 'res.partner'"},
		{"", "res.partner", "search_read", `[[]],{"fields":["mail"]}`, "builtins.ValueError: Invalid field 'mail' on model 'res.partner'"},
		{"", "res.partner", "search", `[[["mail","=","a"]]]`, ""}, // of nobody, nothing is compared
		{"", "res.country", "search", `[[["mail","=","a"]]]`, "builtins.ValueError: Invalid field res.country.mail in leaf"},
		{"", "res.country", "search", `[["|",["code","=","DE"]]]`, "builtins.ValueError: "},
		{"", "res.partner", "create", `[{"email":"ana@example.com"}]`, "odoo.exceptions.ValidationError: The operation cannot be completed: Contacts require a name"},
		{"", "sale.order", "create", `[{"client_order_ref":"R"}]`, "odoo.exceptions.ValidationError: "},
		{"", "sale.order", "create", `[{"partner_id":99}]`, "odoo.exceptions.ValidationError: "},
		{"", "sale.order", "action_confirm", `[[99]]`, "odoo.exceptions.MissingError: "},
		{"", "sale.order", "create", `[{"date_order":"2026-11-22T10:00:00Z"}]`, "builtins.ValueError: time data"},
	} {
		who := c.who
		if who == "" {
			who = `"sandbox",7,"` + key + `"`
		}
		if _, refused := o.callAs(who, c.model, c.method, c.arguments); !strings.HasPrefix(refused, c.want) || (c.want == "") != (refused == "") {
			t.Errorf("%s.%s%s: %q, want %q", c.model, c.method, c.arguments, refused, c.want)
		}
	}
	if books := o.books.Books().Operations; len(books) != 0 {
		t.Errorf("what was refused was done: %v", books)
	}
}

// A record says who wrote to it last; what was refused, nobody has written.
func TestWhoWroteToARecordStandsThere(t *testing.T) {
	o := open(t)
	writer := func() any {
		return o.must("res.partner", "search_read", `[[["name","in",["Ana","Bo"]]]],{"fields":["write_uid"]}`).([]any)[0].(map[string]any)["write_uid"].([]any)[1]
	}
	id := int(o.must("res.partner", "create", `[{"name":"Ana"}]`).(float64))
	if by := writer(); by != "waybill@example.com" {
		t.Errorf("it was written by %v", by)
	}
	people := `"sandbox",2,"` + peopleKey + `"`
	if _, refused := o.callAs(people, "res.partner", "write", fmt.Sprintf(`[[%d],{"name":""}]`, id)); refused == "" || writer() != "waybill@example.com" {
		t.Errorf("refused %q, and written by %v", refused, writer())
	}
	if _, refused := o.callAs(people, "res.partner", "write", fmt.Sprintf(`[[%d],{"name":"Bo","write_uid":7}]`, id)); refused != "" || writer() != "admin" {
		t.Errorf("refused %q, and written by %v", refused, writer())
	}
	if _, said := o.post(`{"jsonrpc":"2.0","id":1,"params":{"service":"common","method":"authenticate","args":["sandbox","admin","` + peopleKey + `",{}]}}`); said["result"] != 2.0 {
		t.Errorf("let in as %v", said)
	}
}

func TestWhoMayNotComeInIsAnsweredFalse(t *testing.T) {
	o := open(t)
	for credentials, want := range map[string]any{
		`"sandbox","waybill@example.com","` + key + `",{}`: 7.0, `"sandbox","waybill@example.com","",{}`: false, `"sandbox","another","` + key + `",{}`: false,
	} {
		if _, said := o.post(`{"jsonrpc":"2.0","id":1,"params":{"service":"common","method":"authenticate","args":[` + credentials + `]}}`); said["result"] != want {
			t.Errorf("%s: %v, want %v", credentials, said, want)
		}
	}
	if _, said := o.post(`{"jsonrpc":"2.0","id":1,"params":{"service":"common","method":"version","args":[]}}`); said["result"].(map[string]any)["server_version"] != "17.0" {
		t.Errorf("version: %v", said)
	}
	if status, _ := o.post(`{`); status != http.StatusBadRequest {
		t.Errorf("what is no JSON was answered %d", status)
	}
}

func TestADomainIsReadAsOdooReadsIt(t *testing.T) {
	o := open(t)
	o.must("res.partner", "create", `[[{"name":"Ana","email":" Ana_B@Example.com "},{"name":"Bo","email":"anaxb@example.com"},{"name":"Cy","parent_id":1,"type":"delivery"},{"name":"Di","active":false}]]`)
	for domain, want := range map[string]string{
		`[]`: "[1 2 3]", `[["active","=",false]]`: "[4]", `[["email","=",false]]`: "[3]", `[["id","in",[2,3]]]`: "[2 3]", `[["id","not in",[2,3]]]`: "[1]",
		`[["email_normalized","=","ana_b@example.com"]]`: "[1]", `[["email","=ilike","anaxb@EXAMPLE.com"]]`: "[2]", `[["email","ilike","ana_b@"]]`: "[1 2]", `[["email","ilike","ana\\_b@"]]`: "[1]",
		`[["email","like","Ana"]]`: "[1]", `["|",["name","=","Ana"],["name","=","Bo"]]`: "[1 2]", `["!",["name","=","Ana"]]`: "[2 3]",
		`["&",["id",">",1],["id","<=",2]]`: "[2]", `[["parent_id.name","=","Ana"]]`: "[3]", `[["child_ids.name","=","Cy"]]`: "[1]", `[["parent_id","=",1]]`: "[3]", `[["name","!=","Ana"],["id","<",3]]`: "[2]",
	} {
		if got := fmt.Sprint(o.must("res.partner", "search", "["+domain+`],{"order":"id asc"}`)); got != want {
			t.Errorf("%s finds %s, want %s", domain, got, want)
		}
	}
	if got := fmt.Sprint(o.must("res.partner", "search", `[[]],{"order":"name desc, id","limit":2,"offset":1,"context":{"active_test":false}}`)); got != "[3 2]" {
		t.Errorf("a page is %s", got)
	}
}

func TestAnOrderIsNoMoreForgivingThanOdoo(t *testing.T) {
	o := open(t)
	o.must("res.partner", "create", `[{"name":"Ana","email":"ana@example.com"}]`)
	article := o.article("MUG")
	sale := func(lines string) string {
		return fmt.Sprintf(`[{"partner_id":1,"client_order_ref":"R","order_line":[%s]}]`, lines)
	}
	for _, wrong := range []string{
		`[0,0,{"name":"a mug","price_unit":1}]`, `[0,0,{"display_type":"line_note","name":"a note","price_unit":1}]`,
		fmt.Sprintf(`[0,0,{"product_id":%d}],[0,0,{"name":"a mug"}]`, article), `[7,0,{}]`,
	} {
		if _, refused := o.call("sale.order", "create", sale(wrong)); refused == "" {
			t.Errorf("%s was taken", wrong)
		}
	}
	if left := o.must("sale.order.line", "search_count", `[[]]`); left != 0.0 || o.must("sale.order", "search_count", `[[]]`) != 0.0 {
		t.Errorf("%v lines are left of what was refused", left)
	}
	for range 2 { // neither the reference nor anything else is unique
		o.must("sale.order", "create", sale(fmt.Sprintf(`[0,0,{"product_id":%d,"product_uom_qty":3,"price_unit":3.3333}],[0,0,{"display_type":"line_note","name":"a note"}]`, article)))
	}
	// What was refused has used up numbers, as PostgreSQL's sequences do.
	order := o.must("sale.order", "read", `[[5],["amount_untaxed","amount_tax","amount_total","partner_shipping_id","state","commitment_date"]]`).([]any)[0].(map[string]any)
	if got := fmt.Sprint(order); got != "map[amount_tax:1.9 amount_total:11.89 amount_untaxed:9.99 commitment_date:false id:5 partner_shipping_id:[1 Ana] state:draft]" {
		t.Errorf("order: %s", got)
	}
	if b := o.books.Books().Operations["sale.order.create"]; b.Effects != 2 || b.Repeated != 1 {
		t.Errorf("books: %+v", b)
	}
}

func TestWhatIsConfirmedIsDeliveredAndCancelledOnlyWithoutADialogue(t *testing.T) {
	o := open(t)
	o.must("res.partner", "create", `[{"name":"Ana"}]`)
	o.must("sale.order", "create", fmt.Sprintf(`[{"partner_id":1,"client_order_ref":"R","order_line":[[0,0,{"product_id":%d}],[0,0,{"product_id":%d}]]}]`, o.article("MUG"), o.article(chargeCode)))
	o.must("sale.order", "action_confirm", `[[1]]`)
	if _, refused := o.call("sale.order", "action_confirm", `[[1]]`); !strings.Contains(refused, "not in a state requiring confirmation: S00001") {
		t.Errorf("it was confirmed twice: %s", refused)
	}
	if _, refused := o.call("sale.order", "write", `[[1],{"order_line":[[5,0,0]]}]`); !strings.HasPrefix(refused, "odoo.exceptions.UserError: Once a sales order is confirmed") {
		t.Errorf("its lines were taken away: %s", refused)
	}
	state := func() string {
		return fmt.Sprint(o.must("sale.order", "search_read", `[[]],{"fields":["state"]}`), o.must("stock.picking", "search_read", `[[]],{"fields":["state","sale_id","weight"]}`))
	}
	dialogue, _ := o.must("sale.order", "action_cancel", `[[1]]`).(map[string]any)
	if got := state(); dialogue["res_model"] != "sale.order.cancel" || got != "[map[id:1 state:sale]] [map[id:1 sale_id:[1 S00001] state:assigned weight:1]]" {
		t.Errorf("a dialogue %v, and %s", dialogue, got)
	}
	o.must("sale.order", "action_draft", `[[1]]`) // nothing is cancelled, so nothing is done, and nothing said
	o.must("sale.order", "action_cancel", `[[1]],{"context":{"disable_cancel_warning":true}}`)
	if got := state(); got != "[map[id:1 state:cancel]] [map[id:1 sale_id:[1 S00001] state:cancel weight:1]]" {
		t.Errorf("after it was cancelled: %s", got)
	}
	o.must("sale.order", "action_draft", `[[1]]`)
	o.must("sale.order", "action_confirm", `[[1]]`)
	if _, done := o.must("stock.picking", "button_validate", `[[2]]`).(bool); done {
		t.Error("a delivery left without anybody being asked")
	}
	o.must("stock.picking", "button_validate", `[[2]],{"context":{"skip_backorder":true,"skip_sms":true}}`)
	o.must("sale.order", "write", `[[1],{"locked":true}]`)
	if _, refused := o.call("sale.order", "action_cancel", `[[1]],{"context":{"disable_cancel_warning":true}}`); !strings.Contains(refused, "locked") {
		t.Errorf("a locked order: %s", refused)
	}
	o.must("sale.order", "action_unlock", `[[1]]`)
	o.must("sale.order", "action_cancel", `[[1]],{"context":{"disable_cancel_warning":true}}`)
	if got := state(); !strings.Contains(got, "state:cancel]] [map[id:2 sale_id:[1 S00001] state:done") {
		t.Errorf("what has left came back: %s", got)
	}
	want := "map[res.partner.create:1 sale.order.cancel:2 sale.order.confirm:2 sale.order.create:1 sale.order.draft:1 sale.order.unlock:1 sale.order.write:1 stock.picking.validate:1]"
	did := map[string]int{}
	for name, sums := range o.books.Books().Operations {
		did[name] = sums.Effects
	}
	if fmt.Sprint(did) != want {
		t.Errorf("books: %v, want %s", did, want)
	}
}

// One path is many operations: each has its own faults, and none of them lies.
func TestDeedsAreToldApartByWhatABodyCalls(t *testing.T) {
	o := open(t)
	o.chance.Use([]fault.Rule{{Party: "odoo", Operation: "sale.order.create", Fault: fault.Down, Probability: 1}, {Party: "odoo", Operation: fault.Any, Fault: fault.Ignore, Probability: 1}})
	o.must("res.partner", "create", `[{"name":"Ana"}]`)
	if status, _ := o.post(`{"params":{"service":"object","method":"execute_kw","args":["sandbox",7,"` + key + `","sale.order","create",[{"partner_id":1}]]}}`); status < http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
	o.must("res.country", "search", `[[]]`)
	o.must("res.currency", "write", `[[1],{"active":true}]`)
	if got := fmt.Sprint(o.books.Books().Requests["res.partner.create"], o.books.Books().Requests["read"], o.books.Books().Requests["other"]); got != "map[200:1] map[200:1] map[200:1]" {
		t.Errorf("requests: %s in %v", got, o.books.Books().Requests)
	}
	if b := o.books.Books().Operations["res.partner.create"]; b.Effects != 1 {
		t.Errorf("books: %+v", b)
	}
}
