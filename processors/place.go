package processors

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// The calls that place an order in the ERP: first its customer, and only then itself. What is amended or cancelled later, the ERP is told.
const (
	KindCustomer = "customer" // find or create whom it is for
	KindOrder    = "order"
	KindAmend    = "amend"
	KindCancel   = "cancel"
)

// Place asks for an order to be placed in the ERP, once, as soon as it is ready; and for what becomes of it later. It says what is missing: the
// channel's word that an order is ready, or the ERP's that it has it.
func Place(s Sources) Processor {
	return Step(Processor{
		Name:   "place",
		Reads:  []*topics.Topic{topics.OrdersNormalized, topics.OrdersPlaced},
		Back:   topics.StepPlace,
		Table:  topics.TablePlace,
		Writes: []*topics.Topic{topics.OutboxERP, topics.Missing},
		State:  schemas.OrderPlacingSchema,
	}, func(event *topics.Event, order *schemas.Order, placing *schemas.OrderPlacing) (Result, error) {
		if order == nil {
			said := tellMissing(event, placing.Party, placing.Expected, onceLate)
			return Result{Messages: said, Repeat: said == nil, Wake: nextWake(placing.Expected, onceLate)}, nil
		}
		placing.Party = order.Party
		terms := s.terms(order.Party)
		task, err := nextCall(order, placing, terms)
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		said, wake := awaitNext(event, order, placing, terms.Expectations)
		if task != nil {
			said = append(said, *task)
		}
		return Result{Messages: said, Repeat: said == nil, Wake: wake}, nil
	})
}

// awaitNext expects what is to come of the order now, and says that what was missing has come.
func awaitNext(event *topics.Event, order *schemas.Order, placing *schemas.OrderPlacing, within Expectations) (said []topics.Message, wake *Wake) {
	what, time := "", within.Ready
	switch {
	case placing.Placed || placing.Cancelled || order.Status == schemas.StatusCancelled:
	case placing.TaskID != "":
		what, time = schemas.MissingPlaced, within.Placed
	default:
		what = schemas.MissingReady
	}
	if x := placing.Expected; x != nil && x.What == what {
		return nil, nil
	}
	said = tellCame(event, order.Party, placing.Expected)
	if placing.Expected = nil; what != "" {
		placing.Expected = expect(what, event.At, time)
	}
	return said, nextWake(placing.Expected, onceLate)
}

// nextCall is what the ERP is to be told now; nil if it is to be told nothing.
func nextCall(order *schemas.Order, placing *schemas.OrderPlacing, terms Terms) (*topics.Message, error) {
	switch {
	case order.Placement != nil:
		placing.Placed, placing.CustomerRef = true, order.Placement.CustomerRef
		if placing.Amended == nil || placing.Cancelled {
			return nil, nil
		}
		amended := new(schemas.Order)
		if err := json.Unmarshal(placing.Amended.Bytes, amended); err != nil {
			return nil, fmt.Errorf("read the order as it was amended: %w", err)
		}
		placing.Amended = nil
		return amendment(amended, placing, terms)
	case placing.TaskID == "" && isToPlace(order):
		return placement(order, placing, terms)
	case placing.TaskID == "" || placing.Cancelled:
		return nil, nil
	case order.Status == schemas.StatusCancelled:
		placing.Cancelled = true
		return erpCall(KindCancel, &schemas.Placing{Customer: customerOf(order, terms), Order: *order}, placingLane, 1)
	}
	return change(order, placing, terms)
}

// placement asks for the customer, and so for the order.
func placement(order *schemas.Order, placing *schemas.OrderPlacing, terms Terms) (_ *topics.Message, err error) {
	if placing.Content, err = contentFor(order); err != nil {
		return nil, err
	}
	noteTold(order, placing, terms)
	p := schemas.Placing{Customer: customerOf(order, terms), Order: *order}
	task, err := erpCall(KindCustomer, &p, placingLane, 0, schemas.PersonKey(p.Customer.Email))
	if err == nil {
		placing.TaskID, placing.Revision = task.Key, order.Revision
	}
	return task, err
}

// change tells the ERP what is another now; as soon as it has the order as it was.
func change(order *schemas.Order, placing *schemas.OrderPlacing, terms Terms) (*topics.Message, error) {
	content, err := contentFor(order)
	if err != nil || content == placing.Content {
		return nil, err
	}
	placing.Content, placing.Revision = content, order.Revision
	if placing.Goods != nil { // else it was placed by a version that took no note
		noteTold(order, placing, terms)
	}
	if placing.Placed {
		return amendment(order, placing, terms)
	}
	b, err := json.Marshal(order)
	placing.Amended = &schemas.Body{Bytes: b}
	return nil, err
}

func amendment(order *schemas.Order, placing *schemas.OrderPlacing, terms Terms) (*topics.Message, error) {
	placing.Changes++
	p := schemas.Placing{Customer: customerOf(order, terms), CustomerRef: placing.CustomerRef, Order: *order}
	if placing.Goods != nil {
		p.Told = &schemas.ToldSale{Destinations: placing.Destinations, Goods: placing.Goods}
	}
	return erpCall(KindAmend, &p, amendingLane, placing.Changes)
}

// contentFor is a hash of what the ERP is told of an order: what is sold, for how much, and where it goes.
func contentFor(order *schemas.Order) (string, error) {
	told := []any{order.Charges, order.Total, order.ShipTo, order.BillTo, order.PickupPoint}
	for i := range order.Lines {
		l := &order.Lines[i]
		told = append(told, []any{l.LineRef, l.SKU, l.Quantity - l.Cancelled, l.UnitPrice, l.LineTotal, l.Components})
	}
	b, err := json.Marshal(told)
	if err != nil {
		return "", fmt.Errorf("tell what the ERP knows of order %s: %w", order.OrderID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// isToPlace tells whether the ERP is to have the order. One that is pending may never be paid; one that was cancelled before anybody
// asked for it is none. What the channel has shipped from its own warehouse is sold all the same.
func isToPlace(order *schemas.Order) bool {
	return order.Status == schemas.StatusReady || order.Status == schemas.StatusShipped
}

// The lanes of an order's calls. A cancellation overtakes what places it, as long as that is not begun; a later amendment an earlier one.
const (
	placingLane  = "placing:"
	amendingLane = "amending:"
)

// erpCall is a call about an order, in its turn behind all that hold the same.
func erpCall(kind string, p *schemas.Placing, lane string, sequence int64, holds ...string) (*topics.Message, error) {
	id := p.Order.OrderID
	payload, err := p.Body()
	if err != nil {
		return nil, fmt.Errorf("write down order %s: %w", id, err)
	}
	task := &schemas.Task{
		TaskID: topics.ERP + "/" + kind + ":" + id, Party: topics.ERP, Kind: kind, OrderID: id, Holds: append(holds, id),
		Lane: lane + id, Sequence: sequence, Deadline: p.Order.ShipBy, Payload: payload,
	}
	if kind == KindAmend {
		task.TaskID += "#" + strconv.FormatInt(sequence, 10)
	}
	return &topics.Message{Topic: topics.OutboxERP, Key: task.TaskID, Value: task}, nil
}

// CustomerThen is what follows once the ERP has the customer: the order.
func CustomerThen(task *schemas.Task, customerRef string, at schemas.Millis) ([]topics.Message, error) {
	p, err := schemas.ParsePlacing(task.Payload)
	if err != nil {
		return nil, err
	}
	p.CustomerRef = customerRef
	next, err := erpCall(KindOrder, p, placingLane, 0)
	if err != nil {
		return nil, err
	}
	return []topics.Message{*next, linked(task, schemas.LinkCustomer, customerRef, schemas.PersonKey(p.Customer.Email), at)}, nil
}

// OrderThen is what follows once the ERP has the order, or has it as it was amended: where it stands there, and the link between their
// name of it and ours.
func OrderThen(task *schemas.Task, orderRef string, at schemas.Millis) ([]topics.Message, error) {
	p, err := schemas.ParsePlacing(task.Payload)
	if err != nil {
		return nil, err
	}
	p.Order.Placement = &schemas.Placement{Party: task.Party, CustomerRef: p.CustomerRef, OrderRef: orderRef, By: placedBy}
	placed := topics.Message{Topic: topics.OrdersPlaced, Key: p.Order.OrderID, Value: &p.Order}
	if task.Kind == KindAmend {
		return []topics.Message{placed}, nil
	}
	return []topics.Message{placed, linked(task, schemas.LinkOrder, orderRef, p.Order.OrderID, at)}, nil
}

// placedBy is who adds a placement, and in which version of what it means.
const placedBy = "place/1"

// linked is their name of what is ours. Whoever has one of them finds the other, from when it was made on.
func linked(task *schemas.Task, kind, ref, ours string, at schemas.Millis) topics.Message {
	link := &schemas.Link{Party: task.Party, Kind: kind, Ref: ref, OurID: ours, At: at, By: placedBy, Reason: "it stands there"}
	return topics.Message{Topic: topics.IDMap, Key: schemas.LinkKey(task.Party, kind, ref), Value: link}
}

// customerOf is who an order is booked for: the buyer, or whoever gets it. Where the channel tells no address of theirs, the order's
// own stands for them, so that nobody is taken for anybody else.
func customerOf(order *schemas.Order, terms Terms) schemas.Customer {
	var c schemas.Customer
	for _, p := range []*schemas.Person{order.Buyer, order.BillTo, order.ShipTo} {
		if p != nil {
			c.Email = cmp.Or(c.Email, strings.TrimSpace(p.Email))
			if terms.WithoutTags {
				c.Email = schemas.WithoutTag(c.Email)
			}
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
