// Package odoo speaks with Odoo 17 (modules sale_management, sale_stock and stock_delivery) by its JSON-RPC: services common and object at /jsonrpc, as
// "External API" in its documentation for developers has it. What its methods do is read in addons/sale/models/sale_order.py,
// sale_order_line.py and odoo/service/model.py of 17.0.
//
// A sales order carries our order id as its customer reference (client_order_ref), which Odoo does not keep unique, as little as
// the address of a contact: whoever calls asks before it creates, and takes one order and one person at a time.
package odoo

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"waybill/connectors/remote"
)

// What is to be known before a call is made. Odoo documents no limit; it goes on with a request whose client has left, and tries a
// transaction that collides with another up to five times. One worker process does a few orders a second.
const (
	CallMax    = 20 * time.Second
	SettleTime = 20 * time.Second
	PerSecond  = 5
)

// exchangesMax bounds the requests under way: Odoo advises one worker for six users, and people work there too.
const exchangesMax = 4

// ChargeCode is the internal reference (default_code) of the one article that the seller makes in Odoo for Waybill, of the type service: on
// it stands what is sold and is no article that leaves the seller's warehouse. Odoo has no line with a price and without an article.
const ChargeCode = "WAYBILL"

// ERP is one database of an Odoo server, for one of its users.
type ERP struct {
	client              *remote.Client
	database, user, key string
	slots               chan struct{} // one for each exchange under way
	tracking            chan struct{} // holds one while somebody writes the number of a parcel

	signingIn chan struct{} // holds one while somebody signs in
	uid       int64         // behind signingIn; 0: nobody is signed in

	ids sync.Map // of countries and price lists: they are kept for ever
}

// New is the database at an address as https://HOST/DATABASE/; key is an API key of the user, or the password. Nothing is asked yet.
func New(address, user, key string) (*ERP, error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || strings.Trim(at.Path, "/") == "" || at.RawQuery != "" {
		return nil, errors.New("erp.url is no database of Odoo: give https://HOST/DATABASE/")
	}
	if user == "" || key == "" {
		return nil, errors.New("erp.system odoo asks for a user and an API key: set erp.user, and erp.token_file or WAYBILL_ERP_TOKEN to the key")
	}
	prefix, database := path.Split(strings.TrimSuffix(at.Path, "/"))
	at.Path, at.RawPath = prefix, ""
	return &ERP{
		client:   remote.New(at.String(), func(*http.Request) {}).Hide(key), // who asks stands in the body
		database: database, user: user, key: key, slots: make(chan struct{}, exchangesMax), signingIn: make(chan struct{}, 1),
		tracking: make(chan struct{}, 1),
	}, nil
}
