// Package amazon makes up Amazon orders as getOrder of the Orders API 2026-01-01 answers them, and the
// notifications that announce them, from the official models (amzn/selling-partner-api-models) and
// their samples. It knows nothing of Waybill: it is the other side of the wire.
package amazon

// The types below are the specification's schemas, as far as they are written. Amazon leaves out what
// is not known: an empty text and a nil are not written; write.go has the names.

type order struct {
	OrderID          string
	OrderAliases     []alias
	CreatedTime      string
	LastUpdatedTime  string
	Programs         []string
	AssociatedOrders []associatedOrder
	SalesChannel     salesChannel
	Buyer            *buyer
	Recipient        *recipient
	Proceeds         *orderProceeds
	Payment          *orderPayment
	Tax              *orderTax
	Fulfillment      *orderFulfillment
	OrderItems       []orderItem
	Packages         []orderPackage
}

type alias struct {
	AliasID   string
	AliasType string
}

type associatedOrder struct {
	OrderID         string
	AssociationType string
}

type salesChannel struct {
	ChannelName     string
	MarketplaceID   string
	MarketplaceName string
}

type buyer struct {
	BuyerName                string
	BuyerEmail               string
	BuyerCompanyName         string
	BuyerPurchaseOrderNumber string
}

type recipient struct {
	DeliveryAddress    address
	DeliveryPreference *deliveryPreference
}

// address is CustomerAddress; a wordy one has its empty fields written, as many samples do.
type address struct {
	Name          string
	CompanyName   string
	AddressLine1  string
	AddressLine2  string
	AddressLine3  string
	City          string
	County        string
	StateOrRegion string
	Municipality  string
	PostalCode    string
	CountryCode   string
	Phone         string
	AddressType   string
	wordy         bool
}

type deliveryPreference struct {
	DropOffLocation      string
	AddressInstruction   string
	DeliveryCapabilities []string
}

type money struct {
	Amount       string
	CurrencyCode string
}

type orderProceeds struct {
	GrandTotal money
	Breakdowns []breakdown
}

// breakdown serves orders and items; only an order's can have a status, only an item's details.
type breakdown struct {
	Type               string
	Status             string
	Subtotal           money
	DetailedBreakdowns []detail
}

type detail struct {
	Subtype string
	Value   money
}

type orderPayment struct {
	PaymentExecutions []paymentExecution
}

type paymentExecution struct {
	PaymentMethod string
	PaymentAmount money
}

type orderTax struct {
	TaxRegistrations []taxRegistration
}

type taxRegistration struct {
	EntityType             string
	LegalName              string
	TaxRegistrationType    string
	TaxRegistrationNumber  string
	TaxRegistrationAddress *address
}

type orderFulfillment struct {
	FulfillmentStatus       string
	FulfilledBy             string
	FulfillmentServiceLevel string
	ShipByWindow            *window
	DeliverByWindow         *window
}

type window struct {
	EarliestDateTime string
	LatestDateTime   string
}

type orderPackage struct {
	PackageReferenceID string
	CreatedTime        string
	Status             string
	DetailedStatus     string
	Carrier            string
	ShipTime           string
	ShippingService    string
	TrackingNumber     string
	PackageItems       []packageItem
}

type packageItem struct {
	OrderItemID string
	Quantity    int
}
