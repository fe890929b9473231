package allegro

// lineItem is CheckoutFormLineItem: price is that of one piece, after discounts.
type lineItem struct {
	ID                         string          `json:"id"`
	Offer                      offer           `json:"offer"`
	Quantity                   int             `json:"quantity"`
	OriginalPrice              price           `json:"originalPrice"`
	Price                      price           `json:"price"`
	Deposit                    *deposit        `json:"deposit,omitempty"`
	Reconciliation             *reconciliation `json:"reconciliation"`
	SelectedAdditionalServices []service       `json:"selectedAdditionalServices"`
	Vouchers                   []voucher       `json:"vouchers"`
	Tax                        *tax            `json:"tax"`
	BoughtAt                   string          `json:"boughtAt"`
	Discounts                  []discount      `json:"discounts"`
}

type offer struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	External   *id         `json:"external"` // the seller's SKU
	ProductSet *productSet `json:"productSet"`
}

type productSet struct {
	Products []product `json:"products"`
}

type product struct {
	ID       string `json:"id"`
	Quantity int    `json:"quantity"`
}

type deposit struct {
	Price price `json:"price"`
}

type reconciliation struct {
	Value    price  `json:"value"`
	Type     string `json:"type"`
	Quantity int    `json:"quantity"`
}

type service struct {
	DefinitionID string `json:"definitionId"`
	Name         string `json:"name"`
	Price        price  `json:"price"`
	Quantity     int    `json:"quantity"`
}

type voucher struct {
	Code                  string `json:"code"`
	Type                  string `json:"type"`
	Status                string `json:"status"`
	ExternalTransactionID string `json:"externalTransactionId"`
	Value                 price  `json:"value"`
}

type tax struct {
	Rate      *string `json:"rate"`
	Subject   *string `json:"subject"`
	Exemption *string `json:"exemption"`
}

type discount struct {
	Type string `json:"type"`
}
