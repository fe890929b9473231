package schemas

import _ "embed"

// Order is an order in our words. Its Total is the sum of its line totals and charges, to the minor unit.
type Order struct {
	OrderID           string       `avro:"order_id"`
	Party             string       `avro:"party"`
	Seller            string       `avro:"seller"`
	Channel           string       `avro:"channel"`
	Marketplace       string       `avro:"marketplace"` // the channel's own site: allegro-cz
	Ref               string       `avro:"ref"`         // their reference
	Revision          string       `avro:"revision"`    // their version of it, "" if they have none
	Change            string       `avro:"change"`
	Status            string       `avro:"status"`
	ChannelStatus     string       `avro:"channel_status"` // in their words
	FulfilledBy       string       `avro:"fulfilled_by"`
	PlacedAt          Millis       `avro:"placed_at"`
	UpdatedAt         *Millis      `avro:"updated_at"`
	ShipBy            *Millis      `avro:"ship_by"`
	DeliverFrom       *Millis      `avro:"deliver_from"`
	DeliverBy         *Millis      `avro:"deliver_by"`
	Total             Money        `avro:"total"` // what the buyer pays
	Lines             []Line       `avro:"lines"`
	Charges           []Charge     `avro:"charges"`
	Payments          []Payment    `avro:"payments"`
	BuyerRef          string       `avro:"buyer_ref"`
	Buyer             *Person      `avro:"buyer"`
	ShipTo            *Person      `avro:"ship_to"`
	BillTo            *Person      `avro:"bill_to"`
	InvoiceRequired   bool         `avro:"invoice_required"`
	DeliveryMethodRef string       `avro:"delivery_method_ref"`
	DeliveryMethod    string       `avro:"delivery_method"`
	PickupPoint       *PickupPoint `avro:"pickup_point"`
	Packages          int64        `avro:"packages"`
	BuyerNote         *Body        `avro:"buyer_note"`
	SellerNote        *Body        `avro:"seller_note"`
	GiftNote          *Body        `avro:"gift_note"`
	Mapping           string       `avro:"mapping"`
	Warnings          []Fault      `avro:"warnings"`
	SourceKind        string       `avro:"source_kind"`
	SellerRef         string       `avro:"seller_ref"`     // the seller's own, where the channel keeps one
	PurchaseOrder     string       `avro:"purchase_order"` // a business buyer's own
	Business          bool         `avro:"business"`
	Replaces          string       `avro:"replaces"`           // reference of the order this one replaces at no cost
	PricesIncludeTax  *bool        `avro:"prices_include_tax"` // nil if the channel does not say
	Zone              string       `avro:"zone"`               // IANA, in which the seller counts the days of the promise
	DeliveryNote      *Body        `avro:"delivery_note"`
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
	LineRef     string   `avro:"line_ref"`
	OfferRef    string   `avro:"offer_ref"`
	SKU         string   `avro:"sku"`
	Title       string   `avro:"title"`
	Quantity    int64    `avro:"quantity"`
	UnitPrice   Money    `avro:"unit_price"` // after discounts; rounded where the channel states the line total only
	ListPrice   Money    `avro:"list_price"` // before them
	LineTotal   Money    `avro:"line_total"` // of what is not cancelled; of a cancelled order, of all
	TaxRate     string   `avro:"tax_rate"`   // percent, decimal text
	FulfilledBy string   `avro:"fulfilled_by"`
	Discounts   []string `avro:"discounts"`

	ProductRef      string      `avro:"product_ref"` // the channel's: an ASIN
	EANs            []string    `avro:"eans"`
	UnitRefs        []string    `avro:"unit_refs"` // of each piece, where pieces have one
	Cancelled       int64       `avro:"cancelled"` // pieces of Quantity
	Shipped         int64       `avro:"shipped"`   // pieces of Quantity
	CancelRequested bool        `avro:"cancel_requested"`
	Condition       string      `avro:"condition"` // in the channel's words
	Measure         string      `avro:"measure"`   // of one piece, where goods are sold by measure: "0.5 kg"
	TaxCollectedBy  string      `avro:"tax_collected_by"`
	IOSS            string      `avro:"ioss"`
	GiftWrap        string      `avro:"gift_wrap"`
	GiftNote        *Body       `avro:"gift_note"`
	LineNote        *Body       `avro:"line_note"`
	Components      []Component `avro:"components"` // by id.catalogue
}

// Component is what leaves the warehouse for a line.
type Component struct {
	SKU      string `avro:"sku"`
	Quantity string `avro:"quantity"` // decimal text, of all pieces of the line that are not cancelled
	Unit     string `avro:"unit"`
	Total    Money  `avro:"total"` // its share of the line total
}

// Charge is what the buyer pays beside the goods.
type Charge struct {
	Kind     string `avro:"kind"`
	LineRef  string `avro:"line_ref"` // "" for the whole order
	Ref      string `avro:"ref"`
	Title    string `avro:"title"`
	Quantity int64  `avro:"quantity"`
	Amount   Money  `avro:"amount"` // for all pieces; negative lowers the total
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

// Payment is money the buyer paid or promised.
type Payment struct {
	Ref      string  `avro:"ref"` // several orders can share one
	Kind     string  `avro:"kind"`
	Method   string  `avro:"method"`
	Provider string  `avro:"provider"`
	Paid     *Money  `avro:"paid"`
	PaidAt   *Millis `avro:"paid_at"`
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
	Ref         string `avro:"ref"` // what the carrier calls it
	Name        string `avro:"name"`
	Street      string `avro:"street"`
	PostalCode  string `avro:"postal_code"`
	City        string `avro:"city"`
	Country     string `avro:"country"`
	Description string `avro:"description"`
}

//go:embed order.avsc
var orderText string

// OrderSchema is the schema of orders.normalized.
var OrderSchema = parse[Order]("order", orderText)
