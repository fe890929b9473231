package schemas

import "slices"

// Owner is who may change a field of an order.
type Owner string

// The owners.
const (
	OwnerChannel      Owner = "channel"      // who sold it says it, and nobody else
	OwnerERP          Owner = "erp"          // once it stands there; the channel's word is taken as long as nobody has changed it there
	OwnerOrchestrator Owner = "orchestrator" // Waybill: how it is known, read and carried on
)

// Owned is a group of an order's fields that have one owner.
type Owned struct {
	Name   string
	Owner  Owner
	Fields []string // as in the definition of an order
}

// The groups that people at the ERP can change.
const (
	OwnedGoods       = "goods"
	OwnedDestination = "destination"
)

// Owners are all fields of an order, each once (item 43).
var Owners = []Owned{
	{"identity", OwnerOrchestrator, []string{"order_id", "party", "seller", "channel", "change", "mapping", "warnings", "zone"}},
	{"sale", OwnerChannel, []string{
		"marketplace", "ref", "revision", "seller_ref", "purchase_order", "business", "replaces", "source_kind", "placed_at", "updated_at",
		"buyer_ref", "buyer", "prices_include_tax", "invoice_required", "payments", "refund",
	}},
	{"standing", OwnerChannel, []string{"status", "channel_status"}},
	{"promise", OwnerChannel, []string{"ship_by", "deliver_from", "deliver_by", "fulfilled_by", "delivery_method_ref", "delivery_method", "packages"}},
	{"notes", OwnerChannel, []string{"buyer_note", "seller_note", "gift_note", "delivery_note"}},
	{OwnedGoods, OwnerERP, []string{"lines", "charges", "total"}},
	{OwnedDestination, OwnerERP, []string{"ship_to", "bill_to", "pickup_point"}},
	{"placement", OwnerOrchestrator, []string{"placement"}},
}

// OwnerOf is who owns a field of an order; "" if there is no such field.
func OwnerOf(field string) Owner {
	at := slices.IndexFunc(Owners, func(g Owned) bool { return slices.Contains(g.Fields, field) })
	if at < 0 {
		return ""
	}
	return Owners[at].Owner
}
