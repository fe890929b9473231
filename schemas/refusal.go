package schemas

import "strings"

// Refusal is how a channel says that an order's payment was refused, and what it is told of that: the word is its own reason of a rejection.
type Refusal struct {
	Word

	Says string // the first word of what the channel calls the order's status; "": it does not say so
}

// Tells whether an order is one whose payment was refused. One that is ready all the same is paid otherwise: at the door, on an invoice.
func (r Refusal) Tells(o *Order) bool {
	said, _, _ := strings.Cut(o.ChannelStatus, "/")
	return r.Says != "" && o.Status == StatusPending && said == r.Says
}
