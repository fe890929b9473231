package amazon

import (
	"net/http"
	"regexp"
	"slices"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// confirmation is ConfirmShipmentRequest (ordersV0.json).
type confirmation struct {
	MarketplaceID       string        `json:"marketplaceId"`
	PackageDetail       packageDetail `json:"packageDetail"`
	CODCollectionMethod string        `json:"codCollectionMethod"`
}

type packageDetail struct {
	PackageReferenceID     string `json:"packageReferenceId"` // a text: a number is refused (amzn/selling-partner-api-models#5094)
	CarrierCode            string `json:"carrierCode"`
	CarrierName            string `json:"carrierName"`
	ShippingMethod         string `json:"shippingMethod"`
	TrackingNumber         string `json:"trackingNumber"`
	ShipDate               string `json:"shipDate"`
	ShipFromSupplySourceID string `json:"shipFromSupplySourceId"`
	OrderItems             []struct {
		OrderItemID       string   `json:"orderItemId"`
		Quantity          int      `json:"quantity"`
		TransparencyCodes []string `json:"transparencyCodes"`
	} `json:"orderItems"`
}

// packageReference is a positive number.
var packageReference = regexp.MustCompile(`^0*[1-9]\d{0,17}$`)

// otherCarrier is the code of those carriers that have none, and need a name.
const otherCarrier = "Other"

// check says what is wrong with a confirmation by itself.
func (c *confirmation) check() string {
	p := &c.PackageDetail
	_, noDate := time.Parse(time.RFC3339, p.ShipDate)
	switch {
	case c.MarketplaceID == "":
		return "marketplaceId is missing"
	case !packageReference.MatchString(p.PackageReferenceID):
		return "packageReferenceId must be a positive number, as a text"
	case p.CarrierCode == "", p.CarrierCode == otherCarrier && p.CarrierName == "":
		return "carrierCode is missing, or the carrierName of one that is Other"
	case p.TrackingNumber == "":
		return "trackingNumber is missing"
	case noDate != nil:
		return "shipDate must be in ISO 8601 date/time format"
	case len(p.OrderItems) == 0:
		return "orderItems is missing"
	case c.CODCollectionMethod != "" && c.CODCollectionMethod != "DirectPayment":
		return "codCollectionMethod can only be DirectPayment"
	}
	return ""
}

// confirmShipment adds a package to an order, or puts it in the place of the one that has its reference.
func (a *API) confirmShipment(c *party.Call) party.Reply {
	var asked confirmation
	if err := c.Read(&asked); err != nil {
		return *invalid("the body is not as it must be")
	}
	if wrong := asked.check(); wrong != "" {
		return *invalid(wrong)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.orders[c.PathValue("orderId")]
	if h == nil {
		return *notFound()
	}
	p, bad := asked.packed(a.again(h), h.site, a.now())
	if bad != nil {
		return *bad
	}
	subject := h.ref + " " + p.PackageReferenceID
	if c.Pretend(subject) {
		return party.Reply{Status: http.StatusNoContent}
	}
	h.packages = append(slices.DeleteFunc(h.packages, func(other orderPackage) bool { return other.PackageReferenceID == p.PackageReferenceID }), p)
	s, _ := a.market.sale(h.number, h.version)
	a.change(h, s)
	c.Done(subject, asked.PackageDetail.CarrierCode+" "+p.TrackingNumber)
	return party.Reply{Status: http.StatusNoContent}
}

// packed is the package that an order gets, if it can.
func (c *confirmation) packed(o order, site string, now time.Time) (p orderPackage, bad *party.Reply) {
	detail := &c.PackageDetail
	edited := slices.IndexFunc(o.Packages, func(p orderPackage) bool { return p.PackageReferenceID == detail.PackageReferenceID })
	switch status := o.Fulfillment.FulfillmentStatus; {
	case c.MarketplaceID != site:
		return p, invalid("the order is of another marketplace")
	case o.Fulfillment.FulfilledBy != fulfillers[0]:
		return p, invalid("Amazon fulfils this order")
	case status == shipped && edited < 0: // the words of amzn/selling-partner-api-models#5037
		return p, refused(http.StatusBadRequest, "PackageToUpdateNotFound",
			"Failed to create package due to not finding a matching package or order already fulfilled.", "")
	case status != unshipped && status != partlyShipped && status != shipped:
		return p, invalid("an order that is " + status + " can not be shipped")
	}
	carrier := detail.CarrierName
	if carrier == "" {
		carrier = detail.CarrierCode
	}
	shippedAt, _ := time.Parse(time.RFC3339, detail.ShipDate) // was checked
	p = orderPackage{
		PackageReferenceID: detail.PackageReferenceID, CreatedTime: wire.Instant(now), Status: "SHIPPED", Carrier: carrier,
		ShipTime: wire.Instant(shippedAt.UTC()), ShippingService: detail.ShippingMethod, TrackingNumber: detail.TrackingNumber,
	}
	left := leftIn(o, edited)
	for _, i := range detail.OrderItems {
		pieces, known := left[i.OrderItemID]
		if !known || i.Quantity < 1 || i.Quantity > pieces {
			return p, invalid("orderItems: an item that the order does not have, or not so often")
		}
		left[i.OrderItemID] -= i.Quantity
		p.PackageItems = append(p.PackageItems, packageItem{i.OrderItemID, i.Quantity})
	}
	return p, nil
}

// leftIn counts by item the pieces that are in no package, or in the one that is edited.
func leftIn(o order, edited int) map[string]int {
	left := map[string]int{}
	for _, item := range o.OrderItems {
		left[item.OrderItemID] = item.Fulfillment.QuantityUnfulfilled
	}
	if edited >= 0 {
		for _, i := range o.Packages[edited].PackageItems {
			left[i.OrderItemID] += i.Quantity
		}
	}
	return left
}
