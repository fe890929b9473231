package allegro

// lineItem is CheckoutFormLineItem: price is that of one piece, after discounts.
type lineItem struct {
	ID                         string
	Offer                      offer
	Quantity                   int
	OriginalPrice              price
	Price                      price
	Deposit                    *deposit
	Reconciliation             *reconciliation
	SelectedAdditionalServices []service
	Vouchers                   []voucher
	Tax                        *tax
	BoughtAt                   string
	Discounts                  []discount
}

type offer struct {
	ID         string
	Name       string
	External   *id // the seller's SKU
	ProductSet *productSet
}

type productSet struct {
	Products []product
}

type product struct {
	ID       string
	Quantity int
}

type deposit struct {
	Price price
}

type reconciliation struct {
	Value    price
	Type     string
	Quantity int
}

type service struct {
	DefinitionID string
	Name         string
	Price        price
	Quantity     int
}

type voucher struct {
	Code                  string
	Type                  string
	Status                string
	ExternalTransactionID string
	Value                 price
}

type tax struct {
	Rate      *string
	Subject   *string
	Exemption *string
}

type discount struct {
	Type string
}
