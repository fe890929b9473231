// Package allegro makes up Allegro orders as GET /order/checkout-forms/{id} answers them, from the
// official specification (developer.allegro.pl/swagger.yaml) and payloads recorded in public.
// It knows nothing of Waybill: it is the other side of the wire.
package allegro

// The types below are the specification's CheckoutForm* schemas, field for field, in the order of the
// real answers, which say null for what is absent.

type checkoutForm struct {
	ID                string       `json:"id"`
	MessageToSeller   *string      `json:"messageToSeller"`
	Buyer             buyer        `json:"buyer"`
	Payment           *payment     `json:"payment"`
	Status            string       `json:"status"`
	Fulfillment       fulfillment  `json:"fulfillment"`
	Delivery          *delivery    `json:"delivery"`
	Invoice           invoice      `json:"invoice"`
	LineItems         []lineItem   `json:"lineItems"`
	Surcharges        []payment    `json:"surcharges"`
	Note              *note        `json:"note"`
	Marketplace       id           `json:"marketplace"`
	Summary           summary      `json:"summary"`
	UpdatedAt         string       `json:"updatedAt"`
	Revision          string       `json:"revision"`
	CodBookedPayments []codPayment `json:"codBookedPayments,omitempty"` // since September 2026, not in the specification
}

type id struct {
	ID string `json:"id"`
}

type price struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type buyer struct {
	ID               string        `json:"id"`
	Email            string        `json:"email"`
	Login            string        `json:"login"`
	FirstName        *string       `json:"firstName"`
	LastName         *string       `json:"lastName"`
	CompanyName      *string       `json:"companyName"`
	Guest            bool          `json:"guest"`
	PersonalIdentity *string       `json:"personalIdentity"`
	PhoneNumber      *string       `json:"phoneNumber"`
	Preferences      preferences   `json:"preferences"`
	Address          *buyerAddress `json:"address"`
}

type preferences struct {
	Language string `json:"language"`
}

// buyerAddress says postCode where every other address says zipCode.
type buyerAddress struct {
	Street      *string `json:"street"`
	City        *string `json:"city"`
	PostCode    *string `json:"postCode"`
	CountryCode string  `json:"countryCode"`
}

type payment struct {
	ID             string   `json:"id"`
	Type           string   `json:"type"`
	Provider       string   `json:"provider"`
	FinishedAt     *string  `json:"finishedAt"`
	PaidAmount     *price   `json:"paidAmount"`
	Reconciliation *price   `json:"reconciliation"`
	Features       []string `json:"features"`
}

type fulfillment struct {
	Status          string          `json:"status"`
	ShipmentSummary shipmentSummary `json:"shipmentSummary"`
	Provider        *id             `json:"provider,omitempty"`
}

type shipmentSummary struct {
	LineItemsSent string `json:"lineItemsSent"`
}

type delivery struct {
	Address                    *deliveryAddress `json:"address"`
	Method                     *deliveryMethod  `json:"method"`
	PickupPoint                *pickupPoint     `json:"pickupPoint"`
	Cost                       *price           `json:"cost"`
	Smart                      bool             `json:"smart"`
	Time                       *deliveryTime    `json:"time"`
	CalculatedNumberOfPackages int              `json:"calculatedNumberOfPackages"`
	Cancellation               *cancellation    `json:"cancellation"`
}

type deliveryAddress struct {
	FirstName   string  `json:"firstName"`
	LastName    string  `json:"lastName"`
	Street      string  `json:"street"`
	City        string  `json:"city"`
	ZipCode     string  `json:"zipCode"`
	CountryCode string  `json:"countryCode"`
	CompanyName *string `json:"companyName"`
	PhoneNumber *string `json:"phoneNumber"`
	ModifiedAt  *string `json:"modifiedAt"`
}

type deliveryMethod struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type pickupPoint struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description *string      `json:"description"`
	Address     pointAddress `json:"address"`
}

type pointAddress struct {
	Street      string `json:"street"`
	ZipCode     string `json:"zipCode"`
	City        string `json:"city"`
	CountryCode string `json:"countryCode"`
}

type deliveryTime struct {
	From       string  `json:"from"`
	To         string  `json:"to"`
	Guaranteed *window `json:"guaranteed"`
	Dispatch   *window `json:"dispatch"`
}

type window struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type cancellation struct {
	Date string `json:"date"`
}

type invoice struct {
	Required bool            `json:"required"`
	Address  *invoiceAddress `json:"address"`
	DueDate  *string         `json:"dueDate"`
	Features []string        `json:"features"`
}

type invoiceAddress struct {
	Street        string         `json:"street"`
	City          string         `json:"city"`
	ZipCode       string         `json:"zipCode"`
	CountryCode   string         `json:"countryCode"`
	Company       *company       `json:"company"`
	NaturalPerson *naturalPerson `json:"naturalPerson"`
}

type company struct {
	Name           string      `json:"name"`
	IDs            []companyID `json:"ids"`
	VatPayerStatus string      `json:"vatPayerStatus"`
	TaxID          *string     `json:"taxId"`
}

type companyID struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type naturalPerson struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

type note struct {
	Text string `json:"text"`
}

type summary struct {
	TotalToPay price `json:"totalToPay"`
}

type codPayment struct {
	PaymentID  string `json:"paymentId"`
	ShipmentID string `json:"shipmentId"`
}
