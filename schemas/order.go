package schemas

import (
	"cmp"
	_ "embed"
)

// Order is an order in our words. Its Total is the sum of its line totals and charges, to the minor unit.
type Order struct {
	OrderID           string       `avro:"order_id" json:"order_id,omitzero"`
	Party             string       `avro:"party" json:"party,omitzero"`
	Seller            string       `avro:"seller" json:"seller,omitzero"`
	Channel           string       `avro:"channel" json:"channel,omitzero"`
	Marketplace       string       `avro:"marketplace" json:"marketplace,omitzero"` // the channel's own site: allegro-cz
	Ref               string       `avro:"ref" json:"ref,omitzero"`                 // their reference
	Revision          string       `avro:"revision" json:"revision,omitzero"`       // their version of it, "" if they have none
	Change            string       `avro:"change" json:"change,omitzero"`
	Status            string       `avro:"status" json:"status,omitzero"`
	ChannelStatus     string       `avro:"channel_status" json:"channel_status,omitzero"` // in their words
	FulfilledBy       string       `avro:"fulfilled_by" json:"fulfilled_by,omitzero"`
	PlacedAt          Millis       `avro:"placed_at" json:"placed_at,omitzero"`
	UpdatedAt         *Millis      `avro:"updated_at" json:"updated_at,omitzero"`
	ShipBy            *Millis      `avro:"ship_by" json:"ship_by,omitzero"`
	DeliverFrom       *Millis      `avro:"deliver_from" json:"deliver_from,omitzero"`
	DeliverBy         *Millis      `avro:"deliver_by" json:"deliver_by,omitzero"`
	Total             Money        `avro:"total" json:"total,omitzero"` // what the buyer pays
	Lines             []Line       `avro:"lines" json:"lines,omitzero"`
	Charges           []Charge     `avro:"charges" json:"charges,omitzero"`
	Payments          []Payment    `avro:"payments" json:"payments,omitzero"`
	BuyerRef          string       `avro:"buyer_ref" json:"buyer_ref,omitzero"`
	Buyer             *Person      `avro:"buyer" json:"buyer,omitzero"`
	ShipTo            *Person      `avro:"ship_to" json:"ship_to,omitzero"`
	BillTo            *Person      `avro:"bill_to" json:"bill_to,omitzero"`
	InvoiceRequired   bool         `avro:"invoice_required" json:"invoice_required,omitzero"`
	DeliveryMethodRef string       `avro:"delivery_method_ref" json:"delivery_method_ref,omitzero"`
	DeliveryMethod    string       `avro:"delivery_method" json:"delivery_method,omitzero"`
	PickupPoint       *PickupPoint `avro:"pickup_point" json:"pickup_point,omitzero"`
	Packages          int64        `avro:"packages" json:"packages,omitzero"`
	BuyerNote         *Body        `avro:"buyer_note" json:"buyer_note,omitzero"`
	SellerNote        *Body        `avro:"seller_note" json:"seller_note,omitzero"`
	GiftNote          *Body        `avro:"gift_note" json:"gift_note,omitzero"`
	Mapping           string       `avro:"mapping" json:"mapping,omitzero"`
	Warnings          []Fault      `avro:"warnings" json:"warnings,omitzero"`
	SourceKind        string       `avro:"source_kind" json:"source_kind,omitzero"`
	SellerRef         string       `avro:"seller_ref" json:"seller_ref,omitzero"`         // the seller's own, where the channel keeps one
	PurchaseOrder     string       `avro:"purchase_order" json:"purchase_order,omitzero"` // a business buyer's own
	Business          bool         `avro:"business" json:"business,omitzero"`
	Replaces          string       `avro:"replaces" json:"replaces,omitzero"`                     // reference of the order this one replaces at no cost
	PricesIncludeTax  *bool        `avro:"prices_include_tax" json:"prices_include_tax,omitzero"` // nil if the channel does not say
	Zone              string       `avro:"zone" json:"zone,omitzero"`                             // IANA, in which the seller counts the days of the promise
	DeliveryNote      *Body        `avro:"delivery_note" json:"delivery_note,omitzero"`
	Placement         *Placement   `avro:"placement" json:"placement,omitzero"` // nil before it is placed
	Refund            *Refund      `avro:"refund" json:"refund,omitzero"`       // nil if nothing was paid back, or the channel does not say how much
}

// Refund is what was paid back to the buyer.
type Refund struct {
	Amount Money `avro:"amount" json:"amount,omitzero"` // so far, of all refunds together
	Paid   Money `avro:"paid" json:"paid,omitzero"`     // of this: what the buyer paid for all that was bought
}

// Exceeds tells whether more was paid back than was paid, which nobody is owed.
func (r *Refund) Exceeds() bool {
	return r != nil && r.Amount.Minor > r.Paid.Minor
}

// Placement is where an order stands in the ERP.
type Placement struct {
	Party       string `avro:"party" json:"party,omitzero"`
	CustomerRef string `avro:"customer_ref" json:"customer_ref,omitzero"` // what the ERP calls the buyer
	OrderRef    string `avro:"order_ref" json:"order_ref,omitzero"`       // what the ERP calls the order
	By          string `avro:"by" json:"by,omitzero"`                     // who added this, and in which version of what it means
}

// What an event is to its order.
const (
	ChangeReceived  = "received"
	ChangeAmended   = "amended"
	ChangeCancelled = "cancelled"
)

// The states of an order. Nothing behind orders.normalized acts on one that is not ready.
const (
	StatusPending   = "pending"   // bought, but not yet paid or confirmed
	StatusReady     = "ready"     // the seller may ship
	StatusShipped   = "shipped"   // handed over, as the channel knows
	StatusCancelled = "cancelled" // the seller must not ship
)

// Who ships.
const (
	FulfilledBySeller   = "seller"
	FulfilledByChannel  = "channel"  // from the channel's own warehouse
	FulfilledByPickup   = "pickup"   // the buyer collects it from the seller
	FulfilledByDownload = "download" // it is nothing that could be shipped
)

// Line is one article of an order.
type Line struct {
	LineRef     string   `avro:"line_ref" json:"line_ref,omitzero"`
	OfferRef    string   `avro:"offer_ref" json:"offer_ref,omitzero"`
	SKU         string   `avro:"sku" json:"sku,omitzero"`
	Title       string   `avro:"title" json:"title,omitzero"`
	Quantity    int64    `avro:"quantity" json:"quantity,omitzero"`
	UnitPrice   Money    `avro:"unit_price" json:"unit_price,omitzero"` // after discounts; rounded where the channel states the line total only
	ListPrice   Money    `avro:"list_price" json:"list_price,omitzero"` // before them
	LineTotal   Money    `avro:"line_total" json:"line_total,omitzero"` // of what is not cancelled; of a cancelled order, of all
	TaxRate     string   `avro:"tax_rate" json:"tax_rate,omitzero"`     // percent, decimal text
	FulfilledBy string   `avro:"fulfilled_by" json:"fulfilled_by,omitzero"`
	Discounts   []string `avro:"discounts" json:"discounts,omitzero"`

	ProductRef      string      `avro:"product_ref" json:"product_ref,omitzero"` // the channel's: an ASIN
	EANs            []string    `avro:"eans" json:"eans,omitzero"`
	UnitRefs        []string    `avro:"unit_refs" json:"unit_refs,omitzero"` // of each piece, where pieces have one
	Cancelled       int64       `avro:"cancelled" json:"cancelled,omitzero"` // pieces of Quantity
	Shipped         int64       `avro:"shipped" json:"shipped,omitzero"`     // pieces of Quantity
	CancelRequested bool        `avro:"cancel_requested" json:"cancel_requested,omitzero"`
	Condition       string      `avro:"condition" json:"condition,omitzero"` // in the channel's words
	Measure         string      `avro:"measure" json:"measure,omitzero"`     // of one piece, where goods are sold by measure: "0.5 kg"
	TaxCollectedBy  string      `avro:"tax_collected_by" json:"tax_collected_by,omitzero"`
	IOSS            string      `avro:"ioss" json:"ioss,omitzero"`
	GiftWrap        string      `avro:"gift_wrap" json:"gift_wrap,omitzero"`
	GiftNote        *Body       `avro:"gift_note" json:"gift_note,omitzero"`
	LineNote        *Body       `avro:"line_note" json:"line_note,omitzero"`
	Components      []Component `avro:"components" json:"components,omitzero"` // by id.catalogue
}

// Article is what an ERP is told that was sold: by the seller's code, or else by what the channel calls it.
func (l *Line) Article() string { return cmp.Or(l.SKU, l.OfferRef, l.LineRef) }

// Component is what leaves the warehouse for a line.
type Component struct {
	SKU      string `avro:"sku" json:"sku,omitzero"`
	Quantity string `avro:"quantity" json:"quantity,omitzero"` // decimal text, of all pieces of the line that are not cancelled
	Unit     string `avro:"unit" json:"unit,omitzero"`
	Total    Money  `avro:"total" json:"total,omitzero"` // its share of the line total
}

// Charge is what the buyer pays beside the goods.
type Charge struct {
	Kind     string `avro:"kind" json:"kind,omitzero"`
	LineRef  string `avro:"line_ref" json:"line_ref,omitzero"` // "" for the whole order
	Ref      string `avro:"ref" json:"ref,omitzero"`
	Title    string `avro:"title" json:"title,omitzero"`
	Quantity int64  `avro:"quantity" json:"quantity,omitzero"`
	Amount   Money  `avro:"amount" json:"amount,omitzero"` // for all pieces; negative lowers the total
}

// Kinds of charge.
const (
	ChargeShipping = "shipping"
	ChargeService  = "service"
	ChargeDeposit  = "deposit"
	ChargeDiscount = "discount"
	ChargeTax      = "tax"
	// ChargeRounding is what the channel's stated total differs from the sum of its parts by. The stated total stands.
	ChargeRounding = "rounding_adjustment"
)

// FeeKind is the kind of charge that a fee is: one below zero is a discount.
func FeeKind(fee Money) string {
	if fee.Minor < 0 {
		return ChargeDiscount
	}
	return ChargeService
}

// Payment is money the buyer paid or promised.
type Payment struct {
	Ref      string  `avro:"ref" json:"ref,omitzero"` // several orders can share one
	Kind     string  `avro:"kind" json:"kind,omitzero"`
	Method   string  `avro:"method" json:"method,omitzero"`
	Provider string  `avro:"provider" json:"provider,omitzero"`
	Paid     *Money  `avro:"paid" json:"paid,omitzero"`
	PaidAt   *Millis `avro:"paid_at" json:"paid_at,omitzero"`
}

// Kinds and methods of payment.
const (
	PaymentOrder     = "payment"
	PaymentSurcharge = "surcharge"

	MethodOnline         = "online"
	MethodCashOnDelivery = "cash_on_delivery"
	MethodTransfer       = "transfer"
	MethodSplit          = "split"
	MethodDeferred       = "deferred"
)

// PickupPoint is a locker or shop where the buyer collects the parcel.
type PickupPoint struct {
	Ref         string `avro:"ref" json:"ref,omitzero"` // what the carrier calls it
	Name        string `avro:"name" json:"name,omitzero"`
	Street      string `avro:"street" json:"street,omitzero"`
	PostalCode  string `avro:"postal_code" json:"postal_code,omitzero"`
	City        string `avro:"city" json:"city,omitzero"`
	Country     string `avro:"country" json:"country,omitzero"`
	Description string `avro:"description" json:"description,omitzero"`
}

//go:embed order.avsc
var orderText string

// OrderSchema is the schema of orders.normalized.
var OrderSchema = parse[Order]("order", orderText)
