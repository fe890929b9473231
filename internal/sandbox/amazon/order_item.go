package amazon

// orderItem is OrderItem: its price is that of one piece, its proceeds those of all.
type orderItem struct {
	OrderItemID     string
	QuantityOrdered int
	Measurement     *measurement
	Programs        []string
	Product         product
	Proceeds        *itemProceeds
	PointsCost      *pointsGranted
	PromotionIDs    []string
	Cancellation    *cancellation
	Fulfillment     *itemFulfillment
	Tax             *itemTax
}

type measurement struct {
	Unit  string
	Value string // a number
}

type product struct {
	ASIN          string
	Title         string
	SellerSKU     string
	Condition     *condition
	Price         *itemPrice
	SerialNumbers []string
	CustomizedURL string
}

type condition struct {
	Type, Subtype, Note string
}

type itemPrice struct {
	UnitPrice        money
	PriceDesignation string
}

type itemProceeds struct {
	ProceedsTotal money
	Breakdowns    []breakdown
}

type pointsGranted struct {
	PointsNumber        int
	PointsMonetaryValue money
}

// cancellation: who asked and who did are told apart.
type cancellation struct {
	Requester   string
	AskedFor    string
	CancelledBy string
	Reason      string
}

type itemFulfillment struct {
	QuantityFulfilled   int
	QuantityUnfulfilled int
	Gift                *giftOption
	CashOnDelivery      bool
	IOSSNumber          string
}

type giftOption struct {
	GiftMessage   string
	GiftWrapLevel string
}

type itemTax struct {
	ReportingScheme  string
	ResponsibleParty string
}
