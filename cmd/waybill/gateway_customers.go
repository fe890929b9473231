package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/schemas"
)

// customers are those that the ERP has named lately, by who they are (item 37): whoever orders again is not asked for again. The calls about one
// person are made one after the other, so each knows what the last has made.
type customers struct{ named *otter.Cache[string, named] }

// named is what the ERP calls a customer.
type named struct {
	Ref string    `json:"customer"`
	At  time.Time `json:"named_at"`
}

// customersMax bounds the memory.
const customersMax = 100_000

// newCustomers forgets what is older; with 0 it remembers nothing.
func newCustomers(age time.Duration) *customers {
	if age <= 0 {
		return &customers{}
	}
	return &customers{otter.Must(&otter.Options[string, named]{MaximumSize: customersMax, ExpiryCalculator: otter.ExpiryWriting[string, named](age)})}
}

// of is whom the ERP has named for that person.
func (c *customers) of(person schemas.Customer) (named, bool) {
	if c.named == nil {
		return named{}, false
	}
	return c.named.GetIfPresent(schemas.PersonKey(person.Email))
}

func (c *customers) name(person schemas.Customer, answer gateway.Answer, err error) {
	if c.named != nil && err == nil && answer.TheirRef != "" {
		c.named.Set(schemas.PersonKey(person.Email), named{answer.TheirRef, time.Now().UTC()})
	}
}

func (c *customers) forget(person schemas.Customer) {
	if c.named != nil {
		c.named.Invalidate(schemas.PersonKey(person.Email))
	}
}

// customer is looked for before another is made.
func (p erpParty) customer(ctx context.Context, task *schemas.Task, placing *schemas.Placing) (answer gateway.Answer, err error) {
	if known, is := p.customers.of(placing.Customer); is {
		said, err := json.Marshal(known)
		return gateway.Answer{TheirRef: known.Ref, Receipt: said, At: time.Now()}, err
	}
	defer func() { p.customers.name(placing.Customer, answer, err) }()
	found, said, err := p.erp.FindCustomer(ctx, placing.Customer.Email)
	if !errors.Is(err, remote.ErrAbsent) {
		return answered(found, said, asking(err))
	}
	made, said, err := p.erp.CreateCustomer(ctx, placing.Customer)
	return p.made(ctx, task, made, said, err)
}

// order is booked. If it is not, whom it is for is asked for anew the next time: the ERP may not have that customer any more.
func (p erpParty) order(ctx context.Context, task *schemas.Task, placing *schemas.Placing) (gateway.Answer, error) {
	made, said, err := p.erp.CreateOrder(ctx, placing)
	if err != nil {
		p.customers.forget(placing.Customer)
	}
	return p.made(ctx, task, made, said, err)
}

// made is what the ERP says it has made. If it is to be looked at and is not there, it may still come, or never will: that is asked later.
func (p erpParty) made(ctx context.Context, task *schemas.Task, ref string, said []byte, err error) (gateway.Answer, error) {
	if err != nil || !p.erp.Traits().ReadBack {
		return answered(ref, said, err)
	}
	found, err := p.Find(ctx, task)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{
			Class: gateway.Transient, Code: "not_applied", Perhaps: true,
			Reason: fmt.Sprintf("it was acknowledged as %s, and could not be read back: %v", ref, err),
		}
	}
	return found, nil
}
