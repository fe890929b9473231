// Package sandbox speaks with the ERP that the sandbox plays. Its API is written down in internal/sandbox/erp.
package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// ERP is the party.
type ERP struct{ client *remote.Client }

// New is the ERP at that address.
func New(base, token string) *ERP {
	return &ERP{remote.New(base, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
	})}
}

// identified is anything that the ERP has a name for.
type identified struct {
	ID string `json:"id"`
}

// FindCustomer is the first with an address.
func (e *ERP) FindCustomer(ctx context.Context, email string) (ref string, said []byte, err error) {
	var found struct {
		Customers *[]identified `json:"customers"`
	}
	said, err = e.client.Get(ctx, "/customers", url.Values{"email": {email}}, &found)
	return first(said, found.Customers, err)
}

// CreateCustomer makes another.
func (e *ERP) CreateCustomer(ctx context.Context, c schemas.Customer) (ref string, said []byte, err error) {
	return e.create(ctx, "/customers", c)
}

// FindOrder is the first with our id.
func (e *ERP) FindOrder(ctx context.Context, orderID string) (ref string, said []byte, err error) {
	var found struct {
		Orders *[]identified `json:"orders"`
	}
	said, err = e.client.Get(ctx, "/orders", url.Values{"external_ref": {orderID}}, &found)
	return first(said, found.Orders, err)
}

// CreateOrder books an order.
func (e *ERP) CreateOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, err error) {
	return e.create(ctx, "/orders", saleOf(p))
}

// booked is an order as it stands there.
type booked struct {
	ID     string         `json:"id"`
	Status string         `json:"status"`
	Lines  []schemas.Sold `json:"lines"`
	ShipTo *place         `json:"ship_to"`
}

// stands is the first order with our id, as it stands.
func (e *ERP) stands(ctx context.Context, orderID string) (*booked, []byte, error) {
	var found struct {
		Orders *[]booked `json:"orders"`
	}
	said, err := e.client.Get(ctx, "/orders", url.Values{"external_ref": {orderID}}, &found)
	switch {
	case err != nil:
		return nil, nil, understood(err)
	case found.Orders == nil:
		return nil, nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the answer has no list in it"}
	case len(*found.Orders) == 0:
		return nil, said, remote.ErrAbsent
	}
	return &(*found.Orders)[0], said, nil
}

// AmendOrder replaces the lines, and where they go; what somebody has written there stays.
func (e *ERP) AmendOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	b, said, err := e.stands(ctx, p.Order.OrderID)
	if err != nil {
		return "", said, nil, err
	}
	wanted := saleOf(p)
	kept = p.Told.Keeps(b.ShipTo.destination(), b.Lines)
	if slices.Contains(kept, schemas.OwnedDestination) {
		wanted.ShipTo = b.ShipTo
	}
	if slices.Contains(kept, schemas.OwnedGoods) {
		wanted.Lines = b.Lines
	}
	is := func(b *booked) bool {
		return slices.Equal(b.Lines, wanted.Lines) && reflect.DeepEqual(b.ShipTo, wanted.ShipTo)
	}
	ref, said, err = e.alter(ctx, p.Order.OrderID, is, http.MethodPut, "", map[string]any{"lines": wanted.Lines, "ship_to": wanted.ShipTo})
	return ref, said, kept, err
}

// CancelOrder takes it back.
func (e *ERP) CancelOrder(ctx context.Context, orderID string) (ref string, said []byte, err error) {
	return e.alter(ctx, orderID, func(b *booked) bool { return b.Status == "cancelled" }, http.MethodPost, "/cancel", nil)
}

// alter makes an order what it is to be, and looks whether it is: this ERP may say so, and do nothing.
func (e *ERP) alter(ctx context.Context, orderID string, is func(*booked) bool, method, path string, send any) (ref string, said []byte, err error) {
	b, said, err := e.stands(ctx, orderID)
	if err != nil || is(b) {
		return refOf(b), said, err
	}
	if _, err := e.client.Send(ctx, method, "/orders/"+url.PathEscape(b.ID)+path, nil, send); err != nil {
		return "", nil, understood(err)
	}
	if b, said, err = e.stands(ctx, orderID); err == nil && !is(b) {
		err = &remote.Failure{Class: remote.Transient, Code: "not_applied", Perhaps: true, Reason: "order " + b.ID + " is as it was, though another answer was given"}
	}
	return refOf(b), said, err
}

func refOf(b *booked) string {
	if b == nil {
		return ""
	}
	return b.ID
}

// first is the name of the first that was found. A list that is not there is not an empty one: something else has answered.
func first(said []byte, found *[]identified, err error) (string, []byte, error) {
	switch {
	case err != nil:
		return "", nil, understood(err)
	case found == nil:
		return "", nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the answer has no list in it"}
	case len(*found) == 0:
		return "", said, remote.ErrAbsent
	}
	return (*found)[0].ID, said, nil
}

func (e *ERP) create(ctx context.Context, path string, what any) (ref string, said []byte, err error) {
	var made identified
	if said, err = e.client.Post(ctx, path, what, &made); err != nil {
		return "", nil, understood(err)
	}
	if made.ID == "" {
		return "", nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the answer does not say what was made", Perhaps: true}
	}
	return made.ID, said, nil
}

// understood reads the ERP's own word for what is wrong. Its codes are stable; of 422 no repetition helps.
func understood(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Said == nil {
		return err
	}
	var problem struct {
		Error struct{ Code, Message, Field string } `json:"error"`
	}
	if json.Unmarshal(f.Said, &problem) != nil || problem.Error.Code == "" {
		return err
	}
	f.Code, f.Reason = problem.Error.Code, problem.Error.Message
	if field := problem.Error.Field; field != "" {
		f.Reason = field + ": " + f.Reason
	}
	switch {
	case f.Code == "too_late":
		f.Class = remote.TooLate
	case f.Status == http.StatusUnprocessableEntity:
		f.Class = remote.Business
	}
	return f
}

// sale is an order as the ERP takes it: what was sold, for how much, to whom, and our id. Nothing of the channel's.
type sale struct {
	ExternalRef string         `json:"external_ref"`
	CustomerID  string         `json:"customer_id"`
	OrderDate   string         `json:"order_date"`
	Currency    string         `json:"currency"`
	Lines       []schemas.Sold `json:"lines"`
	ShipTo      *place         `json:"ship_to,omitempty"`
}

// place is where it goes.
type place struct {
	Name       string `json:"name"`
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"`
}

// destination is the place as all ERPs have it.
func (p *place) destination() *schemas.Destination {
	if p == nil {
		return nil
	}
	return new(schemas.Destination(*p))
}

func saleOf(p *schemas.Placing) sale {
	o := &p.Order
	s := sale{
		ExternalRef: o.OrderID, CustomerID: p.CustomerRef, OrderDate: o.PlacedAt.Time().Format("2006-01-02"), Currency: o.Total.Currency, Lines: o.Sold(),
	}
	if to := o.ShipTo; to != nil {
		s.ShipTo = &place{cmp.Or(to.Name, to.Company), to.Street, to.PostalCode, to.City, to.Country}
	}
	return s
}
