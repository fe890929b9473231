package schemas

import "strings"

// Every key is made here, and of a party: the same number at two accounts is two things.

// OrderID is <party>/<their order reference>: readable, derived, never looked up, and the partition key of all that is about
// the order.
func OrderID(party, ref string) string { return party + "/" + ref }

// SplitOrderID gives back what OrderID was made of.
func SplitOrderID(id string) (party, ref string, ok bool) { return strings.Cut(id, "/") }

// Unidentified begins the reference of an order that has none. The hash of its bytes follows, so that it is the same each time.
const Unidentified = "unidentified-"

// OfferKey is the key of an offer in id.catalogue: party/their offer reference.
func OfferKey(party, offer string) string { return party + "/" + offer }

// LinkKey is the key of a link in id.map: party/kind/their reference.
func LinkKey(party, kind, ref string) string { return party + "/" + kind + "/" + ref }

// RequestID is the key of a request in orders.keys: party/idempotency key.
func RequestID(party, key string) string { return party + "/" + key }
