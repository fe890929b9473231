// Package kaufland makes up Kaufland orders as GET /orders/{id_order} of the Seller API v2 answers them,
// and the signed pushes that announce them, from the official specification (v2.27.0), its examples
// and payloads recorded in public; and it is that API, over HTTP. It knows nothing of Waybill: it is the
// other side of the wire.
package kaufland

// The types below are the specification's schemas. What it calls nullable is a pointer and is written
// as null; write.go has the names.

type order struct {
	IDOrder         string
	Created         string
	DeemedSupplier  boolean
	Storefront      string
	FulfillmentType string
	Listed          bool   // with the two fields that only the list of orders is specified to have
	UnitsUpdated    string // the latest of the units'
	Units           []unit
	BillingAddress  *address
	ShippingAddress *address
	Buyer           *buyer
	Invoices        []invoice
	Delivery        *delivery
}

// boolean is true or false, or the same as a text, as the specification's examples have it.
type boolean struct{ is, text bool }

// unit is one piece: there is no quantity.
type unit struct {
	IDOrderUnit     int64
	IDOrder         string
	IDOffer         *string
	Status          string
	Price           int64 // all amounts in minor units, also Czech ones
	ShippingRate    int64
	RevenueGross    int64
	RevenueNet      int64
	Currency        string
	Storefront      string
	VAT             *string // per cent, a number
	Condition       *string
	Note            *string
	CancelReason    *string
	Created         string
	Updated         string
	Received        *string
	DeliveryMin     *int
	DeliveryMax     *int
	DeliveryExpires *string
	DeemedSupplier  boolean
	Product         *product
	Tickets         []ticket
	KssEligible     bool
	withKssEligible bool
}

type product struct {
	IDProduct      int64
	Storefront     string
	Title          string
	EANs           []string
	IDCategory     int
	Manufacturer   string
	DangerousGoods *string
}

type ticket struct {
	ID       string
	Units    []int64
	IDBuyer  int64
	Created  string
	Topic    *string
	IsSeller bool
}

type address struct {
	FirstName       string
	LastName        string
	CompanyName     *string
	Street          string
	HouseNumber     string
	Postcode        string
	AdditionalField *string
	City            string
	Phone           *string
	Country         string
}

type buyer struct {
	IDBuyer int64
	Email   *string
}

type invoice struct {
	ID      int64
	IDOrder string
	Created string
	Store   string
}

type delivery struct {
	PickupLocation *pickupLocation
}

type pickupLocation struct {
	ID            string
	Provider      string
	Carrier       string
	Services      string
	DHLPostNumber *string
}
