package processors

import (
	"slices"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// toldMax bounds how many marks of an order are kept.
const toldMax = 32

// noteTold takes down what the ERP is told of an order. What stands there otherwise, somebody has written there, and it is theirs (item 43).
func noteTold(order *schemas.Order, placing *schemas.OrderPlacing, terms Terms) {
	placing.Destinations = noted(placing.Destinations, destinationMarks(order, terms)...)
	placing.Goods = noted(placing.Goods, order.GoodsMarks()...)
}

// destinationMarks are those of where an order goes as an ERP may have it. Of one that goes nowhere yet, it may have its customer's name alone.
func destinationMarks(order *schemas.Order, terms Terms) []string {
	marks := order.DestinationMarks()
	if order.ShipTo == nil {
		c := customerOf(order, terms)
		marks = append(marks, schemas.Destination{Name: c.Name, Country: c.Country}.Mark())
	}
	return marks
}

// noted are marks with more of them, each once, the latest last.
func noted(all []string, marks ...string) []string {
	for _, mark := range marks {
		if !slices.Contains(all, mark) {
			all = append(all, mark)
		}
	}
	return all[max(0, len(all)-toldMax):]
}

// codeOwned is what is said of a change that the ERP does not take, because people have changed the same there.
const codeOwned = "changed_at_the_erp"

// AmendThen is what follows once the ERP has an order as it is now. What it keeps as somebody has written it there, stands in the receipts.
func AmendThen(task *schemas.Task, orderRef string, kept []string, at schemas.Millis) ([]topics.Message, error) {
	messages, err := OrderThen(task, orderRef, at)
	if err != nil || len(kept) == 0 {
		return messages, err
	}
	return append(messages, topics.Message{Topic: topics.Receipts, Key: task.OrderID, Value: &schemas.Receipt{
		TaskID: task.TaskID, Party: task.Party, Kind: task.Kind, OrderID: task.OrderID, Outcome: schemas.CallNotAccepted, Code: codeOwned,
		Reason: "somebody at the ERP has changed this, and it stays as it is there: " + strings.Join(kept, ", "), At: at,
	}}), nil
}
