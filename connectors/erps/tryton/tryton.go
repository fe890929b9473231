// Package tryton speaks with Tryton 6.0 (modules sale and stock; better with web_shop, stock_shipment_measurements and
// stock_package_shipping), by the JSON-RPC of its own clients: trytond/protocols in its source, and its documentation of the server.
//
// A sale carries our order id as its reference, for people and for finding, and where the module web_shop is active as its web id
// too, of which Tryton's database allows one. A customer is a party with an e-mail address, which Tryton does not keep unique:
// whoever calls takes one person at a time.
package tryton

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"waybill/connectors/remote"
)

// What is to be known before a call is made. Tryton goes on with a request whose client has left, and one process of it works
// through two or three orders a second.
const (
	CallMax    = 20 * time.Second
	SettleTime = 20 * time.Second
	PerSecond  = 3
)

// exchangesMax bounds the requests under way: more of them only wait for each other, inside Tryton and on our time.
const exchangesMax = 4

// ERP is one database of a Tryton server, for one of its users.
type ERP struct {
	client         *remote.Client
	user, password string
	slots          chan struct{} // one for each exchange under way

	signingIn chan struct{} // holds one while somebody signs in
	session   *session      // behind signingIn

	ids sync.Map // of currencies, countries, units: they are kept for ever
}

// New is the database at an address as http://HOST:8000/DATABASE/. Nothing is asked yet.
func New(address, user, password string) (*ERP, error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || strings.Trim(at.Path, "/") == "" {
		return nil, errors.New("erp.url is no database of Tryton: give http://HOST:8000/DATABASE/")
	}
	if user == "" || password == "" {
		return nil, errors.New("erp.system tryton asks for a user and a password: set erp.user, and erp.token_file or WAYBILL_ERP_TOKEN to the password")
	}
	return &ERP{
		client: remote.New(strings.TrimSuffix(address, "/"), func(r *http.Request) {
			if s, ok := r.Context().Value(inSession{}).(*session); ok {
				r.Header.Set("Authorization", s.authorization)
			}
		}),
		user: user, password: password, slots: make(chan struct{}, exchangesMax), signingIn: make(chan struct{}, 1),
	}, nil
}
