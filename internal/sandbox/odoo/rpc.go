package odoo

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"waybill/internal/sandbox/party"
)

// request is what is posted; the method of JSON-RPC is not looked at (odoo/http.py, JsonRPCDispatcher).
type request struct {
	ID     any `json:"id"`
	Params struct {
		Service string            `json:"service"`
		Method  string            `json:"method"`
		Args    []json.RawMessage `json:"args"`
	} `json:"params"`
}

func readRequest(body []byte) (r request, err error) {
	err = json.Unmarshal(body, &r)
	return r, err
}

// call is one of execute_kw: of a model's method, for a user.
type call struct {
	database, key string
	user          int
	model, method string
	args          []any
	named         map[string]any
}

// execution reads the arguments of execute_kw: database, uid, password, model, method, and those of the method.
func (r request) execution() (c call, ok bool) {
	if r.Params.Service != "object" || r.Params.Method != "execute_kw" || len(r.Params.Args) < 6 {
		return c, false
	}
	into := []any{&c.database, &c.user, &c.key, &c.model, &c.method, &c.args, &c.named}
	for i, raw := range r.Params.Args[:min(len(r.Params.Args), len(into))] {
		if json.Unmarshal(raw, into[i]) != nil {
			return c, false
		}
	}
	return c, true
}

// exception is one of Python's, as it is told (odoo/http.py, serialize_exception).
type exception struct{ name, message string }

func (e *exception) Error() string { return e.name + ": " + e.message }

func refuse(name, format string, a ...any) error { return &exception{name, fmt.Sprintf(format, a...)} }

func userError(format string, a ...any) error {
	return refuse("odoo.exceptions.UserError", format, a...)
}

func validationError(format string, a ...any) error {
	return refuse("odoo.exceptions.ValidationError", format, a...)
}

func accessDenied() error { return refuse("odoo.exceptions.AccessDenied", "Access Denied") }

// told is the answer to a request: both kinds have the status 200.
func told(id, result any, err error) party.Reply {
	if err == nil {
		return party.JSON(http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": id, "result": result})
	}
	e := new(exception)
	if !errors.As(err, &e) {
		e = &exception{"builtins.Exception", err.Error()}
	}
	return party.JSON(http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": id, "error": map[string]any{
		"code": 200, "message": "Odoo Server Error", "data": map[string]any{
			"name": e.name, "message": e.message, "arguments": []string{e.message}, "context": map[string]any{},
			"debug": "Traceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/odoo/http.py\", in dispatch\n" + e.Error() + "\n",
		},
	}})
}

// common are version, login and authenticate (odoo/service/common.py). Who may not come in is answered false, and no error.
func (s *Odoo) common(c *party.Call) party.Reply {
	r, _ := readRequest(c.Body)
	switch r.Params.Method {
	case "version":
		return told(r.ID, map[string]any{
			"server_version": "17.0", "server_version_info": []any{17, 0, 0, "final", 0, ""}, "server_serie": "17.0", "protocol_version": 1,
		}, nil)
	case "login", "authenticate":
		var database, login, key string
		for i, into := range []*string{&database, &login, &key} {
			if i >= len(r.Params.Args) || json.Unmarshal(r.Params.Args[i], into) != nil {
				return told(r.ID, nil, refuse("builtins.TypeError", "exp_%s() missing required positional arguments", r.Params.Method))
			}
		}
		if err := s.knows(database); err != nil {
			return told(r.ID, nil, err)
		}
		for id, is := range s.users() {
			if same(is.login, login) && same(is.key, key) {
				return told(r.ID, id, nil)
			}
		}
		return told(r.ID, false, nil)
	}
	return told(r.ID, nil, refuse("builtins.Exception", "Method not found: %s", r.Params.Method))
}

// users are those that are let in.
func (s *Odoo) users() map[int]struct{ login, key string } {
	return map[int]struct{ login, key string }{userID: {s.options.Login, s.options.Key}, peopleID: {peopleLogin, s.options.PeopleKey}}
}

// knows tells whether there is that database: PostgreSQL says so.
func (s *Odoo) knows(database string) error {
	if database != s.options.Database {
		return refuse("psycopg2.OperationalError", "connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  database %q does not exist\n", database)
	}
	return nil
}

// same compares secrets in a time that tells nothing; an empty one is nobody's.
func same(right, given string) bool { return right != "" && hmac.Equal([]byte(right), []byte(given)) }

// object is execute_kw (odoo/service/model.py): the user first, then the model, then the method. A call that fails changes nothing.
func (s *Odoo) object(c *party.Call) party.Reply {
	r, err := readRequest(c.Body)
	if err != nil {
		return s.Refuse(http.StatusBadRequest, "Invalid JSON data", 0)
	}
	x, ok := r.execution()
	if !ok {
		return told(r.ID, nil, refuse("builtins.Exception", "Method not available %s", r.Params.Method))
	}
	if err := s.knows(x.database); err != nil {
		return told(r.ID, nil, err)
	}
	if !same(s.users()[x.user].key, x.key) {
		return told(r.ID, nil, accessDenied())
	}
	if models[x.model] == nil {
		return told(r.ID, nil, userError("Object %s doesn't exist", x.model))
	}
	if strings.HasPrefix(x.method, "_") {
		return told(r.ID, nil, refuse("odoo.exceptions.AccessError", "Private methods (such as %s) cannot be called remotely.", x.method))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	result, err := s.execute(c, x)
	return told(r.ID, result, err)
}

// done is what a method has done, for the books.
type done struct{ subject, result string }

// execute calls a method. What it did is entered in the books once nothing can fail any more.
func (s *Odoo) execute(c *party.Call, x call) (any, error) {
	do := methods[x.method]
	if its := own[x.model+"."+x.method]; its != nil {
		do = its
	}
	if do == nil {
		return nil, refuse("builtins.AttributeError", "The method '%s.%s' does not exist", x.model, x.method)
	}
	s.undo, s.actor = s.undo[:0], x.user
	result, deeds, err := do(s, x)
	if err != nil {
		for i := range s.undo {
			s.undo[len(s.undo)-1-i]()
		}
		return nil, err
	}
	for _, d := range deeds {
		c.Done(d.subject, d.result)
	}
	return result, nil
}
