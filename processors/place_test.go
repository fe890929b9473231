package processors

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

// bought is an order as normalize hands it on.
func bought(status string) *schemas.Order {
	eur := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }
	return &schemas.Order{
		OrderID: "allegro/9007199254740993", Party: "allegro", Seller: "s", Channel: "allegro", Ref: "9007199254740993", Revision: "r1", Change: schemas.ChangeReceived,
		Status: status, PlacedAt: 1_750_000_000_123, ShipBy: new(schemas.Millis(1_750_100_000_000)), Total: eur(2499), Lines: []schemas.Line{{
			LineRef: "1", SKU: "MUG", Quantity: 2, UnitPrice: eur(1000), LineTotal: eur(2000), Components: []schemas.Component{{SKU: "MUG", Quantity: "2", Unit: "piece", Total: eur(2000)}},
		}},
		Charges: []schemas.Charge{{Kind: schemas.ChargeShipping, Quantity: 1, Amount: eur(499)}},
		Buyer:   &schemas.Person{Email: " Ana@Example.com ", Login: "ana"}, ShipTo: &schemas.Person{Name: "Ana Ć", City: "Łódź", Country: "PL"},
		BuyerNote: schemas.Text("zażółć \x00\xff"), PricesIncludeTax: new(false),
	}
}

func place(t *testing.T, state *schemas.OrderPlacing, order *schemas.Order) (tasks []*schemas.Task) {
	t.Helper()
	result, err := Place(Sources{}).Handle(&topics.Event{Topic: topics.OrdersNormalized, Key: order.OrderID, Value: order}, state)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range result.Messages {
		task := m.Value.(*schemas.Task)
		if m.Topic != topics.OutboxERP || m.Key != task.TaskID {
			t.Errorf("task %s goes to %s under %s", task.TaskID, m.Topic.Name, m.Key)
		}
		tasks = append(tasks, task)
	}
	return tasks
}

// What is cancelled later is one call more.
func TestAnOrderIsPlacedOnceWhenItIsReady(t *testing.T) {
	var state schemas.OrderPlacing
	for _, c := range []struct {
		status string
		want   int
	}{
		{schemas.StatusPending, 0}, {schemas.StatusReady, 1}, {schemas.StatusReady, 0}, {schemas.StatusShipped, 0}, {schemas.StatusCancelled, 1}, {schemas.StatusCancelled, 0}, {schemas.StatusReady, 0},
	} {
		if tasks := place(t, &state, bought(c.status)); len(tasks) != c.want {
			t.Errorf("%s: %d tasks, want %d", c.status, len(tasks), c.want)
		}
	}
	if len(place(t, new(schemas.OrderPlacing), bought(schemas.StatusShipped))) != 1 {
		t.Error("what the channel has shipped is not placed")
	}
	if len(place(t, new(schemas.OrderPlacing), bought(schemas.StatusCancelled))) != 0 {
		t.Error("what was cancelled first is placed")
	}
}

func TestTheOrderFollowsItsCustomerAndIsPassedOnWhole(t *testing.T) {
	order := bought(schemas.StatusReady)
	customer := place(t, new(schemas.OrderPlacing), order)[0]
	if customer.Kind != KindCustomer || customer.Party != "erp" || customer.Deadline == nil || *customer.Deadline != *order.ShipBy {
		t.Errorf("asked for %+v", customer)
	}
	if !cmp.Equal(customer.Holds, []string{schemas.PersonKey("ana@example.COM"), order.OrderID}) {
		t.Errorf("it holds %v", customer.Holds)
	}
	for _, text := range append(customer.Holds, customer.TaskID) {
		if strings.Contains(strings.ToLower(text), "ana") {
			t.Errorf("%q names the buyer", text)
		}
	}
	messages, err := CustomerThen(customer, "C-1", 5)
	if err != nil || len(messages) != 2 {
		t.Fatal(messages, err)
	}
	if link := messages[1].Value.(*schemas.Link); messages[1].Topic != topics.IDMap || link.OurID != schemas.PersonKey("ana@example.com") || link.Ref != "C-1" || link.At != 5 {
		t.Errorf("linked %+v", link)
	}
	next := messages[0].Value.(*schemas.Task)
	if next.Kind != KindOrder || next.TaskID == customer.TaskID || !cmp.Equal(next.Holds, []string{order.OrderID}) {
		t.Errorf("then %+v", next)
	}
	if messages, err = OrderThen(next, "O-1", 6); err != nil || len(messages) != 2 || messages[0].Topic != topics.OrdersPlaced || messages[0].Key != order.OrderID {
		t.Fatal(messages, err)
	}
	order.Placement = &schemas.Placement{Party: "erp", CustomerRef: "C-1", OrderRef: "O-1", By: placedBy}
	if link := messages[1].Value.(*schemas.Link); link.OurID != order.OrderID || messages[1].Key != "erp/order/O-1" || link.At != 6 {
		t.Errorf("linked %+v under %s", link, messages[1].Key)
	}
	if diff := cmp.Diff(order, messages[0].Value); diff != "" {
		t.Errorf("the order that was placed is another (-want +got):\n%s", diff)
	}
}

func TestABuyerWhoIsNotNamedIsNobodyElse(t *testing.T) {
	first, second := bought(schemas.StatusReady), bought(schemas.StatusReady)
	first.Buyer, first.ShipTo, second.Buyer, second.ShipTo, second.OrderID = nil, nil, nil, nil, "allegro/2"
	a, b := customerOf(first, Terms{}), customerOf(second, Terms{})
	if a.Email == b.Email || !strings.HasSuffix(a.Email, "@allegro.invalid") || a.Name == "" || a.Country != "ZZ" {
		t.Errorf("booked for %+v and %+v", a, b)
	}
	if again := customerOf(first, Terms{}); again != a {
		t.Errorf("the same order is booked for %+v and then for %+v", a, again)
	}
}

func TestWhatCanNotBeReadIsNotPlaced(t *testing.T) {
	broken := &schemas.Task{Payload: schemas.Body{Bytes: []byte(`{"order":{"lines":{}}}`)}}
	if _, err := CustomerThen(broken, "C-1", 5); err == nil {
		t.Error("it goes on to the order")
	}
	if _, err := OrderThen(broken, "O-1", 6); err == nil {
		t.Error("it goes on to orders.placed")
	}
}
