package schemas

// How far an order is with its pieces.
const (
	FulfilmentOpen     = "open"           // nothing has left
	FulfilmentPartly   = "partly_shipped" // something has, and something is to
	FulfilmentComplete = "complete"       // nothing is to leave any more
)

// LineCount is where the pieces of a line are: each that was ordered has left, is not wanted any more, or is open.
type LineCount struct {
	LineRef   string
	Ordered   int64
	Shipped   int64 // by the seller, or as the channel knows
	Cancelled int64 // before they left: what has left and is paid back has been shipped all the same
	Open      int64
}

// Fulfilment counts the pieces of an order, of which so many have left by line, and is how far it is: that follows from the counts alone. What
// the seller does not ship is not open. A refund is no piece: an order that was paid back in part is complete as any other.
func (o *Order) Fulfilment(left map[string]int64) (lines []LineCount, state string) {
	open, shipped := int64(0), int64(0)
	for i := range o.Lines {
		l := &o.Lines[i]
		c := LineCount{LineRef: l.LineRef, Ordered: l.Quantity, Shipped: min(l.Quantity, max(left[l.LineRef], l.Shipped))}
		c.Cancelled = min(l.Cancelled, c.Ordered-c.Shipped)
		switch {
		case o.Status == StatusCancelled:
			c.Cancelled = c.Ordered - c.Shipped
		case o.LeavesNothing(l):
			c.Shipped = c.Ordered - c.Cancelled
		}
		c.Open = c.Ordered - c.Shipped - c.Cancelled
		open, shipped = open+c.Open, shipped+c.Shipped
		lines = append(lines, c)
	}
	switch {
	case open == 0:
		state = FulfilmentComplete
	case shipped > 0:
		state = FulfilmentPartly
	default:
		state = FulfilmentOpen
	}
	return lines, state
}
