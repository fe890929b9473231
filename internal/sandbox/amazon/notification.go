package amazon

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// Notification announces version 1 of order n, as it lies in the seller's queue: an ORDER_CHANGE of
// Amazon's Notifications API, in the words of the old Orders API. It is no order: the reader must fetch
// that. Revision is the notification's id, which a reader knows a repeat by.
func (m Market) Notification(n uint64) wire.Sheet {
	s, _ := m.sale(n, 1)
	d := wire.Throw(uint64(m), n, forNotification)
	published := s.updated.Add(time.Duration(d.Between(500, 90_000)) * time.Millisecond)
	notice := notification{sale: s, eventTime: wire.Instant(published), id: wire.UUID(d, published)}
	line := make(wire.Line, 0, 1536)
	wire.Element(&line, &notice, (*notification).write)
	return wire.Sheet{Body: line, Ref: s.order.OrderID, Revision: notice.id, Status: s.oldStatus(), Lines: len(s.order.OrderItems)}
}

type notification struct {
	*sale
	eventTime string
	id        string
}

// seller is who receives all notifications.
const seller = "A3TH9S8BH6GOGM"

func (n *notification) write(l *wire.Line) {
	l.Text("NotificationVersion", "1.0")
	l.Text("NotificationType", "ORDER_CHANGE")
	l.Text("PayloadVersion", "1.0")
	l.Text("EventTime", n.eventTime)
	wire.Object(l, "Payload", n, func(n *notification, l *wire.Line) {
		wire.Object(l, "OrderChangeNotification", n, (*notification).writeChange)
	})
	wire.Object(l, "NotificationMetadata", n, func(n *notification, l *wire.Line) {
		l.Text("ApplicationId", "amzn1.sellerapps.app.d0e9e693-c3ad-4373-979f-ed4ec98dd746")
		l.Text("SubscriptionId", "7d78cc50-95c8-4641-add7-10af4b1fedc9")
		l.Text("PublishTime", n.eventTime)
		l.Text("NotificationId", n.id)
	})
}

func (n *notification) writeChange(l *wire.Line) {
	l.Text("NotificationLevel", "OrderLevel")
	l.Text("SellerId", seller)
	l.Text("AmazonOrderId", n.order.OrderID)
	l.Text("OrderChangeType", "OrderStatusChange")
	wire.Object(l, "OrderChangeTrigger", n, func(n *notification, l *wire.Line) {
		l.Text("TimeOfOrderChange", wire.Instant(n.updated))
		l.Text("ChangeReason", "OrderStatusChange")
	})
	wire.Object(l, "Summary", n, (*notification).writeSummary)
}

func (n *notification) writeSummary(l *wire.Line) {
	shipped, unshipped := n.pieces()
	l.Text("MarketplaceId", n.site.id)
	l.Text("OrderStatus", n.oldStatus())
	l.Text("PurchaseDate", n.order.CreatedTime)
	l.Key("DestinationPostalCode")
	if n.confirmed {
		l.String(n.order.Recipient.DeliveryAddress.PostalCode)
	} else {
		l.Null()
	}
	l.Text("FulfillmentType", map[bool]string{false: "MFN", true: "AFN"}[n.byAmazon])
	l.Text("OrderType", map[bool]string{false: "StandardOrder", true: "Preorder"}[n.order.Fulfillment.FulfillmentStatus == preordered])
	l.Whole("NumberOfItemsShipped", shipped)
	l.Whole("NumberOfItemsUnshipped", unshipped)
	l.Text("EarliestShipDate", n.order.Fulfillment.ShipByWindow.EarliestDateTime)
	l.Text("LatestShipDate", n.order.Fulfillment.ShipByWindow.LatestDateTime)
	wire.Objects(l, "OrderItems", n.order.OrderItems, (*orderItem).writeNotice)
}

func (n *notification) pieces() (shipped, unshipped int) {
	for _, i := range n.order.OrderItems {
		shipped += i.Fulfillment.QuantityFulfilled
		unshipped += i.Fulfillment.QuantityUnfulfilled
	}
	return shipped, unshipped
}

func (i *orderItem) writeNotice(l *wire.Line) {
	l.Text("OrderItemId", i.OrderItemID)
	l.Text("SellerSKU", i.Product.SellerSKU)
	l.Key("SupplySourceId")
	l.Null()
	l.Whole("Quantity", i.QuantityOrdered)
	l.Whole("QuantityShipped", i.Fulfillment.QuantityFulfilled)
}

// oldStatus is the status as the old Orders API spells it.
func (s *sale) oldStatus() string {
	return map[string]string{
		preordered: "PendingAvailability", pending: "Pending", unshipped: "Unshipped", partlyShipped: "PartiallyShipped",
		shipped: "Shipped", cancelled: "Canceled", unfulfillable: "Unfulfillable",
	}[s.order.Fulfillment.FulfillmentStatus]
}
