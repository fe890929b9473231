// Package erps knows the systems that own the orders. Each has a folder of its own and one line in the catalogue below; whoever makes
// the calls sees only the interface.
package erps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/connectors/erps/odoo"
	"waybill/connectors/erps/sandbox"
	"waybill/connectors/erps/tryton"
	"waybill/schemas"
)

// ERP books customers and orders. An error is remote.ErrAbsent or a *remote.Failure. None of the calls repeats anything; what it amends or
// cancels, it looks at afterwards.
type ERP interface {
	// FindCustomer is what the ERP calls the one customer with an address, compared without case and spaces around.
	FindCustomer(ctx context.Context, email string) (ref string, said []byte, err error)
	// CreateCustomer makes another, whether or not there is one.
	CreateCustomer(ctx context.Context, c schemas.Customer) (ref string, said []byte, err error)
	// FindOrder is what the ERP calls the order that carries our id.
	FindOrder(ctx context.Context, orderID string) (ref string, said []byte, err error)
	// CreateOrder books an order for a customer that is there.
	CreateOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, err error)
	// AmendOrder makes the order that carries our id what it is now, as far as it is not under way: then the failure is remote.TooLate. kept are
	// the groups of fields (schemas.Owners) that stay as they are, because somebody at the ERP has changed them.
	AmendOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error)
	// CancelOrder takes the order back that carries our id, likewise. One that is cancelled stays so.
	CancelOrder(ctx context.Context, orderID string) (ref string, said []byte, err error)
	// Ready is which shipments were made ready for a carrier, have left, or are ready no more, and which orders that are not packed somebody there
	// has changed or cancelled, behind a cursor; "" begins a day back. Each
	// state is told once, as long as no more than some thousand change within minutes; it may be told again then, with the same
	// revision.
	Ready(ctx context.Context, cursor string) (schemas.Readies, error)
	// WriteTracking writes down what is known of a parcel of the order that the ERP calls t.OrderRef. What stands there already is not
	// written again.
	WriteTracking(ctx context.Context, t schemas.Tracking) error
	// Traits are what is to be known before a call is made.
	Traits() Traits
}

// Traits of a system.
type Traits struct {
	CallMax    time.Duration // longest that a call may take
	SettleTime time.Duration // how long after a call it may not yet find what it has done
	PerSecond  float64       // calls it allows a second
	ReadBack   bool          // what it says it has done is to be looked at: some say so, and have not
	ReadyEvery time.Duration // how often it is asked what is ready
}

// Settings are what a system asks for.
type Settings struct {
	URL   string
	User  string // "" where a token says who asks
	Token string // or the user's password or API key
}

// systems is the catalogue.
var systems = map[string]func(Settings) (ERP, error){
	"odoo": func(s Settings) (ERP, error) {
		erp, err := odoo.New(s.URL, s.User, s.Token)
		return odooed{erp}, err
	},
	"sandbox": func(s Settings) (ERP, error) { return sandboxed{sandbox.New(s.URL, s.Token)}, nil },
	"tryton": func(s Settings) (ERP, error) {
		erp, err := tryton.New(s.URL, s.User, s.Token)
		return trytoned{erp}, err
	},
}

// Systems are their names.
func Systems() []string { return slices.Sorted(maps.Keys(systems)) }

// Open is the system of that name, which is not spoken to yet.
func Open(system string, s Settings) (ERP, error) {
	open, known := systems[system]
	if !known {
		return nil, fmt.Errorf("erp.system %q: there is no such system; there are: %s", system, strings.Join(Systems(), ", "))
	}
	return open(s)
}

// sandboxed is the sandbox's ERP with its traits. What it does late, it does within five seconds.
type sandboxed struct{ *sandbox.ERP }

// Ready leaves out what was told.
func (s sandboxed) Ready(ctx context.Context, cursor string) (schemas.Readies, error) {
	return ready(ctx, s.ReadReady, nil, cursor)
}

// Traits are those of the sandbox.
func (sandboxed) Traits() Traits {
	return Traits{CallMax: 5 * time.Second, SettleTime: 6 * time.Second, PerSecond: 50, ReadBack: true, ReadyEvery: 2 * time.Second}
}

// odooed is Odoo with its traits. What it says it has done is committed.
type odooed struct{ *odoo.ERP }

// Ready leaves out what was told.
func (o odooed) Ready(ctx context.Context, cursor string) (schemas.Readies, error) {
	return ready(ctx, o.ReadReady, o.ReadEdited, cursor)
}

// Traits are those of Odoo.
func (odooed) Traits() Traits {
	return Traits{CallMax: odoo.CallMax, SettleTime: odoo.SettleTime, PerSecond: odoo.PerSecond, ReadyEvery: odoo.ReadyEvery}
}

// trytoned is Tryton with its traits. What it says it has done is committed.
type trytoned struct{ *tryton.ERP }

// Ready leaves out what was told.
func (t trytoned) Ready(ctx context.Context, cursor string) (schemas.Readies, error) {
	return ready(ctx, t.ReadReady, t.ReadEdited, cursor)
}

// Traits are those of Tryton.
func (trytoned) Traits() Traits {
	return Traits{CallMax: tryton.CallMax, SettleTime: tryton.SettleTime, PerSecond: tryton.PerSecond, ReadyEvery: tryton.ReadyEvery}
}
