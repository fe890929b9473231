package marketplaces

// OrderView is an order for reading: amounts are decimal text in the decimals of their currency, times RFC 3339 in UTC. It is
// what `waybill feed --dry-run` prints and what the recorded payloads are compared with; of notes it only says that there are some.
type OrderView struct {
	OrderID     string      `json:"order_id"`
	Channel     string      `json:"channel"`
	Ref         string      `json:"ref"`
	Status      string      `json:"status"`
	Currency    string      `json:"currency"`
	Total       string      `json:"total"`
	PlacedAt    string      `json:"placed_at"`
	FulfilledBy string      `json:"fulfilled_by"`
	ShipTo      *PersonView `json:"ship_to"`
	Lines       []LineView  `json:"lines"`

	Party             string        `json:"party,omitempty"`
	Seller            string        `json:"seller,omitempty"`
	Marketplace       string        `json:"marketplace,omitempty"`
	Revision          string        `json:"revision,omitempty"`
	Change            string        `json:"change,omitempty"`
	ChannelStatus     string        `json:"channel_status"`
	UpdatedAt         string        `json:"updated_at,omitempty"`
	ShipBy            string        `json:"ship_by,omitempty"`
	DeliverFrom       string        `json:"deliver_from,omitempty"`
	DeliverBy         string        `json:"deliver_by,omitempty"`
	Charges           []ChargeView  `json:"charges,omitempty"`
	Payments          []PaymentView `json:"payments,omitempty"`
	BuyerRef          string        `json:"buyer_ref,omitempty"`
	Buyer             *PersonView   `json:"buyer,omitempty"`
	BillTo            *PersonView   `json:"bill_to,omitempty"`
	InvoiceRequired   bool          `json:"invoice_required,omitempty"`
	DeliveryMethodRef string        `json:"delivery_method_ref,omitempty"`
	DeliveryMethod    string        `json:"delivery_method,omitempty"`
	PickupPoint       *PointView    `json:"pickup_point,omitempty"`
	Packages          int64         `json:"packages,omitempty"`
	BuyerNote         bool          `json:"buyer_note,omitempty"`
	SellerNote        bool          `json:"seller_note,omitempty"`
	GiftNote          bool          `json:"gift_note,omitempty"`
	Mapping           string        `json:"mapping,omitempty"`
	Warnings          []FaultView   `json:"warnings,omitempty"`
	SourceKind        string        `json:"source_kind,omitempty"`
	SellerRef         string        `json:"seller_ref,omitempty"`
	PurchaseOrder     string        `json:"purchase_order,omitempty"`
	Business          bool          `json:"business,omitempty"`
	Replaces          string        `json:"replaces,omitempty"`
	PricesIncludeTax  *bool         `json:"prices_include_tax,omitempty"`
	Zone              string        `json:"zone,omitempty"`
	DeliveryNote      bool          `json:"delivery_note,omitempty"`
	Refund            *RefundView   `json:"refund,omitempty"`
}

// PersonView is a schemas.Person for reading.
type PersonView struct {
	Name       string `json:"name"`
	Street     string `json:"street"`
	City       string `json:"city"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
	Company    string `json:"company,omitempty"`
	Region     string `json:"region,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	TaxID      string `json:"tax_id,omitempty"`
	Login      string `json:"login,omitempty"`
}

// LineView is a schemas.Line for reading.
type LineView struct {
	LineRef     string   `json:"line_ref"`
	SKU         string   `json:"sku"`
	Title       string   `json:"title"`
	Quantity    int64    `json:"quantity"`
	UnitPrice   string   `json:"unit_price"`
	LineTotal   string   `json:"line_total"`
	ListPrice   string   `json:"list_price"`
	OfferRef    string   `json:"offer_ref,omitempty"`
	TaxRate     string   `json:"tax_rate,omitempty"`
	FulfilledBy string   `json:"fulfilled_by"`
	Discounts   []string `json:"discounts,omitempty"`

	ProductRef      string          `json:"product_ref,omitempty"`
	EANs            []string        `json:"eans,omitempty"`
	UnitRefs        []string        `json:"unit_refs,omitempty"`
	Cancelled       int64           `json:"cancelled,omitempty"`
	Shipped         int64           `json:"shipped,omitempty"`
	CancelRequested bool            `json:"cancel_requested,omitempty"`
	Condition       string          `json:"condition,omitempty"`
	Measure         string          `json:"measure,omitempty"`
	TaxCollectedBy  string          `json:"tax_collected_by,omitempty"`
	IOSS            string          `json:"ioss,omitempty"`
	GiftWrap        string          `json:"gift_wrap,omitempty"`
	GiftNote        bool            `json:"gift_note,omitempty"`
	LineNote        bool            `json:"line_note,omitempty"`
	Components      []ComponentView `json:"components,omitempty"`
}

// ComponentView is a schemas.Component for reading.
type ComponentView struct {
	SKU      string `json:"sku"`
	Quantity string `json:"quantity"`
	Unit     string `json:"unit"`
	Total    string `json:"total"`
}

// ChargeView is a schemas.Charge for reading.
type ChargeView struct {
	Kind     string `json:"kind"`
	LineRef  string `json:"line_ref,omitempty"`
	Ref      string `json:"ref,omitempty"`
	Title    string `json:"title,omitempty"`
	Quantity int64  `json:"quantity"`
	Amount   string `json:"amount"`
}

// PaymentView is a schemas.Payment for reading. Its currency may be another than the order's.
type PaymentView struct {
	Ref      string `json:"ref"`
	Kind     string `json:"kind"`
	Method   string `json:"method"`
	Provider string `json:"provider,omitempty"`
	Paid     string `json:"paid,omitempty"`
	Currency string `json:"currency,omitempty"`
	PaidAt   string `json:"paid_at,omitempty"`
}

// RefundView is a schemas.Refund for reading, in the order's currency.
type RefundView struct {
	Amount string `json:"amount"`
	Paid   string `json:"paid"`
}

// PointView is a schemas.PickupPoint for reading.
type PointView struct {
	Ref         string `json:"ref"`
	Name        string `json:"name,omitempty"`
	Street      string `json:"street,omitempty"`
	City        string `json:"city,omitempty"`
	PostalCode  string `json:"postal_code,omitempty"`
	Country     string `json:"country,omitempty"`
	Description string `json:"description,omitempty"`
}

// FaultView is a schemas.Fault for reading.
type FaultView struct {
	Code string `json:"code"`
	Path string `json:"path"`
	Text string `json:"text"`
}
