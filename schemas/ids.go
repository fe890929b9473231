package schemas

import "strings"

// OrderID is <party>/<their order reference>: readable, derived, never looked up, and the partition key of all that is about
// the order.
func OrderID(party, ref string) string { return party + "/" + ref }

// SplitOrderID gives back what OrderID was made of.
func SplitOrderID(id string) (party, ref string, ok bool) { return strings.Cut(id, "/") }
