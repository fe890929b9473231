// Package allegro makes up Allegro orders as GET /order/checkout-forms/{id} answers them, from the
// official specification (developer.allegro.pl/swagger.yaml) and payloads recorded in public, and plays the API that answers so. ALL#n is
// an issue of allegro/allegro-api. It knows nothing of Waybill: it is the other side of the wire.
package allegro

// The types below are the specification's CheckoutForm* schemas, field for field. The real answers say
// null for what is absent; write.go has the names.

type checkoutForm struct {
	ID                string
	MessageToSeller   *string
	Buyer             buyer
	Payment           *payment
	Status            string
	Fulfillment       fulfillment
	Delivery          *delivery
	Invoice           invoice
	LineItems         []lineItem
	Surcharges        []payment
	Note              *note
	Marketplace       id
	Summary           summary
	UpdatedAt         string
	Revision          string
	CodBookedPayments []codPayment // since September 2026, not in the specification
}

type id struct {
	ID string
}

type price struct {
	Amount   string
	Currency string
}

type buyer struct {
	ID               string
	Email            string
	Login            string
	FirstName        *string
	LastName         *string
	CompanyName      *string
	Guest            bool
	PersonalIdentity *string
	PhoneNumber      *string
	Preferences      preferences
	Address          *buyerAddress
}

type preferences struct {
	Language string
}

// buyerAddress says postCode where every other address says zipCode.
type buyerAddress struct {
	Street      *string
	City        *string
	PostCode    *string
	CountryCode string
}

type payment struct {
	ID             string
	Type           string
	Provider       string
	FinishedAt     *string
	PaidAmount     *price
	Reconciliation *price
	Features       []string
}

type fulfillment struct {
	Status          string
	ShipmentSummary shipmentSummary
	Provider        *id
}

type shipmentSummary struct {
	LineItemsSent string
}

type delivery struct {
	Address                    *deliveryAddress
	Method                     *deliveryMethod
	PickupPoint                *pickupPoint
	Cost                       *price
	Smart                      bool
	Time                       *deliveryTime
	CalculatedNumberOfPackages int
	Cancellation               *cancellation
}

type deliveryAddress struct {
	FirstName   string
	LastName    string
	Street      string
	City        string
	ZipCode     string
	CountryCode string
	CompanyName *string
	PhoneNumber *string
	ModifiedAt  *string
}

type deliveryMethod struct {
	ID   string
	Name string
}

type pickupPoint struct {
	ID          string
	Name        string
	Description *string
	Address     pointAddress
}

type pointAddress struct {
	Street      string
	ZipCode     string
	City        string
	CountryCode string
}

type deliveryTime struct {
	From       string
	To         string
	Guaranteed *window
	Dispatch   *window
}

type window struct {
	From string
	To   string
}

type cancellation struct {
	Date string
}

type invoice struct {
	Required bool
	Address  *invoiceAddress
	DueDate  *string
	Features []string
}

type invoiceAddress struct {
	Street        string
	City          string
	ZipCode       string
	CountryCode   string
	Company       *company
	NaturalPerson *naturalPerson
}

type company struct {
	Name           string
	IDs            []companyID
	VatPayerStatus string
	TaxID          *string
}

type companyID struct {
	Type  string
	Value string
}

type naturalPerson struct {
	FirstName string
	LastName  string
}

type note struct {
	Text string
}

type summary struct {
	TotalToPay price
}

type codPayment struct {
	PaymentID  string
	ShipmentID string
}
