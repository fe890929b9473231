package erp

import (
	"fmt"
	"net/http"
	"regexp"
	"time"

	"waybill/internal/sandbox/party"
)

// Order is one that was booked.
type Order struct {
	ID          string     `json:"id"`
	ExternalRef string     `json:"external_ref"` // by which whoever booked it knows it
	CustomerID  string     `json:"customer_id"`
	OrderDate   string     `json:"order_date"` // a day, in which it counts
	Currency    string     `json:"currency"`   // ISO 4217
	Lines       []Line     `json:"lines"`
	ShipTo      *Place     `json:"ship_to,omitempty"`
	Parcel      *Parcel    `json:"parcel,omitempty"` // as it was packed
	Status      string     `json:"status"`           // booked, packed, cancelled
	Tracking    []Tracking `json:"tracking,omitempty"`
	Version     int        `json:"version"` // 1, and one more with each change
	CreatedAt   time.Time  `json:"created_at"`
	ChangedAt   time.Time  `json:"changed_at"`

	change int // its last place in the changes
}

// Line is so much of an article; numbers are decimal texts.
type Line struct {
	Article   string `json:"article"`
	Quantity  string `json:"quantity"`
	UnitPrice string `json:"unit_price"`
}

// Place is where an order goes.
type Place struct {
	Name       string `json:"name"`
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"`
}

type newOrder struct {
	ExternalRef string `json:"external_ref"`
	CustomerID  string `json:"customer_id"`
	OrderDate   string `json:"order_date"`
	Currency    string `json:"currency"`
	Lines       []Line `json:"lines"`
	ShipTo      *Place `json:"ship_to"`
}

const (
	booked    = "booked"
	packed    = "packed"
	cancelled = "cancelled"
	linesMax  = 1000 // of an order
	// changesMax is how many changes are kept, in times of the orders.
	changesMax = 10
)

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	amount       = regexp.MustCompile(`^-?\d{1,12}(\.\d{1,4})?$`) // below 0: a discount
	quantity     = regexp.MustCompile(`^(0\.\d{0,5}[1-9]\d{0,5}|[1-9]\d{0,8}(\.\d{1,6})?)$`)
)

// check is what can be seen without knowing anything.
func (n newOrder) check() *party.Reply {
	var r party.Reply
	_, noDay := time.Parse(time.DateOnly, n.OrderDate)
	switch {
	case n.ExternalRef == "" || len(n.ExternalRef) > textMax:
		r = invalid("external_ref", fmt.Sprintf("give a reference of at most %d bytes", textMax))
	case n.CustomerID == "":
		r = invalid("customer_id", "say whom it is booked for")
	case noDay != nil:
		r = invalid("order_date", "give a day as 2026-11-22")
	case !currencyCode.MatchString(n.Currency):
		r = invalid("currency", "give a currency in three capitals, as EUR")
	case len(n.Lines) == 0 || len(n.Lines) > linesMax:
		r = invalid("lines", fmt.Sprintf("give 1 to %d lines", linesMax))
	default:
		return n.checkLines()
	}
	return &r
}

func (n newOrder) checkLines() *party.Reply {
	for i, l := range n.Lines {
		field, what := fmt.Sprintf("lines[%d].", i), ""
		switch {
		case l.Article == "" || len(l.Article) > textMax:
			field, what = field+"article", "name an article"
		case !quantity.MatchString(l.Quantity):
			field, what = field+"quantity", `give a number above 0, as text: "2", "0.5"`
		case !amount.MatchString(l.UnitPrice):
			field, what = field+"unit_price", `give an amount, as text: "9.99"`
		default:
			continue
		}
		r := invalid(field, what)
		return &r
	}
	return nil
}

func (e *ERP) createOrder(c *party.Call) party.Reply {
	var n newOrder
	if err := c.Read(&n); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	if wrong := n.check(); wrong != nil {
		return *wrong
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if wrong := e.forbids(n); wrong != nil {
		return *wrong
	}
	now := e.options.Now().UTC()
	made := &Order{
		ID: e.nextID("O"), ExternalRef: n.ExternalRef, CustomerID: n.CustomerID, OrderDate: n.OrderDate,
		Currency: n.Currency, Lines: n.Lines, ShipTo: n.ShipTo, Status: booked, CreatedAt: now,
	}
	if c.Pretend(n.ExternalRef) {
		made.ChangedAt, made.Version = now, 1
		return party.JSON(http.StatusCreated, made)
	}
	e.orders[made.ID] = made
	e.byRef[n.ExternalRef] = append(e.byRef[n.ExternalRef], made)
	e.changed(made, now)
	c.Done(n.ExternalRef, made.ID)
	return party.JSON(http.StatusCreated, made)
}

// forbids is what the ERP knows against an order.
func (e *ERP) forbids(n newOrder) *party.Reply {
	var r party.Reply
	who := e.customers[n.CustomerID]
	switch article := e.settings.unknownArticle(n.Lines); {
	case len(e.orders) >= e.options.OrdersMax || len(e.changes) >= changesMax*e.options.OrdersMax:
		r = e.Refuse(http.StatusInsufficientStorage, "no more orders are kept", 0)
	case who == nil:
		r = problem(http.StatusUnprocessableEntity, "unknown_customer", "customer_id", "there is no such customer")
	case e.settings.isBlocked(who.ID):
		r = problem(http.StatusUnprocessableEntity, "blocked_customer", "customer_id", "nothing may be booked for this customer")
	case article >= 0:
		r = problem(http.StatusUnprocessableEntity, "unknown_article", fmt.Sprintf("lines[%d].article", article), "there is no such article")
	case n.OrderDate <= e.settings.ClosedUntil:
		r = problem(http.StatusUnprocessableEntity, "closed_period", "order_date", "the books are closed until "+e.settings.ClosedUntil)
	case e.settings.FindsRepeats && len(e.byRef[n.ExternalRef]) > 0:
		r = problem(http.StatusConflict, "duplicate_external_ref", "external_ref", "order "+e.byRef[n.ExternalRef][0].ID+" has this reference")
	default:
		return nil
	}
	return &r
}

// change is that of an order, at a time.
type change struct {
	order *Order
	at    time.Time
}

func (e *ERP) changed(o *Order, now time.Time) {
	o.ChangedAt, o.change = now, len(e.changes)
	o.Version++
	e.changes = append(e.changes, change{o, now})
}

func (e *ERP) getOrder(c *party.Call) party.Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	found := e.orders[c.PathValue("id")]
	if found == nil {
		return notFound("there is no such order")
	}
	return party.JSON(http.StatusOK, found)
}
