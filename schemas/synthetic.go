package schemas

import "strings"

// PartySynthetic is the account of the orders that nobody placed: they are sent to see whether orders go through. No door takes
// orders for it, no party hears of one, and no figure counts them.
const PartySynthetic = "synthetic"

// IsSynthetic tells an order that nobody placed.
func IsSynthetic(orderID string) bool { return strings.HasPrefix(orderID, PartySynthetic+"/") }
