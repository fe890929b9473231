package processors

import "waybill/topics"

// All is the pipeline, in reading order.
func All(s Sources) []Processor {
	return []Processor{Normalize(s), Place(s), Acknowledge(s), Request(s), Book(s), Dispatch(s), Track(s), Ask(s), Announce(s), Care(s)}
}

// Gateway is a party at which calls are made, in its own process: what asks for them, what becomes of them, and what follows.
type Gateway struct {
	Party  string
	Outbox *topics.Topic
	Ledger *topics.Topic
	Writes []*topics.Topic // beside its outbox, its ledger and the trash
}

// Gateways are those of all parties, in reading order.
func Gateways() []Gateway {
	all := []Gateway{{topics.ERP, topics.OutboxERP, topics.LedgerERP, []*topics.Topic{topics.OrdersPlaced, topics.IDMap, topics.ERPRaw, topics.Receipts}}}
	for _, party := range topics.Called() {
		all = append(all, Gateway{party, topics.Named(topics.OutboxName(party)), topics.Named(topics.LedgerName(party)), []*topics.Topic{topics.OrdersRaw, topics.OrdersFetch, topics.OrdersAcknowledged, topics.Missing, topics.Receipts}})
	}
	for _, carrier := range topics.Carriers() {
		outbox := topics.Named(topics.OutboxName(carrier))
		all = append(all, Gateway{carrier, outbox, topics.Named(topics.LedgerName(carrier)), []*topics.Topic{topics.Shipments, topics.IDMap, topics.TrackingRaw, outbox, topics.Receipts}})
	}
	for _, printer := range topics.Printers() {
		all = append(all, Gateway{printer, topics.Named(topics.OutboxName(printer)), topics.Named(topics.LedgerName(printer)), []*topics.Topic{topics.Shipments, topics.Receipts}})
	}
	return all
}
