package processors

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// The calls that place an order in the ERP: first its customer, and only then itself.
const (
	KindCustomer = "customer" // find or create whom it is for
	KindOrder    = "order"
)

// Place asks for an order to be placed in the ERP, once, as soon as it is ready. What the channel amends later is no second order.
func Place() Processor {
	return Step(Processor{
		Name:   "place",
		Reads:  []*topics.Topic{topics.OrdersNormalized},
		Back:   topics.StepPlace,
		Table:  topics.TablePlace,
		Writes: []*topics.Topic{topics.OutboxERP},
		State:  schemas.OrderPlacingSchema,
	}, func(_ *topics.Event, order *schemas.Order, placing *schemas.OrderPlacing) (Result, error) {
		if placing.TaskID != "" || !isToPlace(order) {
			return Result{Repeat: true}, nil
		}
		p := schemas.Placing{Customer: customerOf(order), Order: *order}
		task, err := placingTask(KindCustomer, &p, schemas.PersonKey(p.Customer.Email), order.OrderID)
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		placing.TaskID, placing.Revision = task.Key, order.Revision
		return Result{Messages: []topics.Message{task}}, nil
	})
}

// isToPlace tells whether the ERP is to have the order. One that is pending may never be paid; one that was cancelled before anybody
// asked for it is none. What the channel has shipped from its own warehouse is sold all the same.
func isToPlace(order *schemas.Order) bool {
	return order.Status == schemas.StatusReady || order.Status == schemas.StatusShipped
}

// placingTask is a call of that kind, in its turn behind all that hold the same.
func placingTask(kind string, p *schemas.Placing, holds ...string) (topics.Message, error) {
	payload, err := p.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down order %s: %w", p.Order.OrderID, err)
	}
	task := &schemas.Task{
		TaskID: topics.ERP + "/" + kind + ":" + p.Order.OrderID, Party: topics.ERP, Kind: kind, OrderID: p.Order.OrderID, Holds: holds,
		Deadline: p.Order.ShipBy, Payload: payload,
	}
	return topics.Message{Topic: topics.OutboxERP, Key: task.TaskID, Value: task}, nil
}

// CustomerThen is what follows once the ERP has the customer: the order.
func CustomerThen(task *schemas.Task, customerRef string) ([]topics.Message, error) {
	p, err := schemas.ParsePlacing(task.Payload)
	if err != nil {
		return nil, err
	}
	p.CustomerRef = customerRef
	next, err := placingTask(KindOrder, p, p.Order.OrderID)
	return []topics.Message{next}, err
}

// OrderThen is what follows once the ERP has the order.
func OrderThen(task *schemas.Task, orderRef string) ([]topics.Message, error) {
	p, err := schemas.ParsePlacing(task.Payload)
	if err != nil {
		return nil, err
	}
	p.Order.Placement = &schemas.Placement{Party: task.Party, CustomerRef: p.CustomerRef, OrderRef: orderRef}
	return []topics.Message{{Topic: topics.OrdersPlaced, Key: p.Order.OrderID, Value: &p.Order}}, nil
}

// customerOf is who an order is booked for: the buyer, or whoever gets it. Where the channel tells no address of theirs, the order's
// own stands for them, so that nobody is taken for anybody else.
func customerOf(order *schemas.Order) schemas.Customer {
	var c schemas.Customer
	for _, p := range []*schemas.Person{order.Buyer, order.BillTo, order.ShipTo} {
		if p != nil {
			c.Email = cmp.Or(c.Email, strings.TrimSpace(p.Email))
			c.Name = cmp.Or(c.Name, strings.TrimSpace(p.Name), strings.TrimSpace(p.Company), p.Login)
			c.Country = cmp.Or(c.Country, p.Country)
		}
	}
	if c.Email == "" {
		sum := sha256.Sum256([]byte(order.OrderID))
		c.Email = "guest-" + hex.EncodeToString(sum[:8]) + "@" + order.Party + ".invalid"
	}
	c.Name, c.Country = cmp.Or(c.Name, "Guest of "+order.Party), cmp.Or(c.Country, "ZZ")
	return c
}
