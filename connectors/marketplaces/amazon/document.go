package amazon

import (
	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// kind is what a document is.
type kind int

const (
	kindOther     kind = iota // nothing we know
	kindNotice                // that something happened
	kind2026                  // an order of 2026-01-01
	kindV0                    // an order of v0 with its items merged into it
	kindParts                 // the parts of an order of v0, each under its name
	kindOrder                 // an order of v0 without its items, as getOrder and getOrders answer
	kindItems                 // getOrderItems
	kindAddress               // getOrderAddress
	kindBuyer                 // getOrderBuyerInfo
	kindGifts                 // getOrderItemsBuyerInfo
	kindRegulated             // getOrderRegulatedInfo
)

// partNames are the kinds that are a part of an order, under the names by which they are kept.
var partNames = map[kind]string{
	kindOrder: "order", kindItems: "items", kindAddress: "address", kindBuyer: "buyer", kindGifts: "items_buyer", kindRegulated: "regulated",
}

// recognize tells what a document is by the fields that only that kind has, and finds the order's reference in it.
func recognize(document jx.Raw) (k kind, id jx.Raw, err error) {
	found, err := reading.Pick(document, "orderId", "orderItems", "createdTime", "fulfillment", "parts",
		"AmazonOrderId", "OrderItems", "OrderStatus", "PurchaseDate", "LastUpdateDate", "ShippingAddress", "DeliveryPreferences")
	if err != nil {
		return kindOther, nil, err
	}
	switch {
	case said(found[:4]):
		return kind2026, found[0], nil
	case said(found[4:5]):
		return kindParts, idOfParts(found[4]), nil
	case said(found[7:10]) && said(found[6:7]):
		k = kindV0
	case said(found[7:10]):
		k = kindOrder
	case said(found[6:7]):
		k = kindOfItems(found[6])
	case said(found[10:]):
		k = kindAddress
	default:
		k = recognizeFurther(document)
	}
	return k, found[5], nil
}

// recognizeFurther tells apart what few documents are.
func recognizeFurther(document jx.Raw) kind {
	found, err := reading.Pick(document, "BuyerEmail", "BuyerName", "BuyerTaxInfo", "BuyerCounty", "PurchaseOrderNumber",
		"RegulatedInformation", "RegulatedOrderVerificationStatus", "RequiresDosageLabel")
	switch {
	case err != nil:
		return kindOther
	case said(found[:5]):
		return kindBuyer
	case said(found[5:8]):
		return kindRegulated
	}
	if _, _, ok := noticeIn(document); ok {
		return kindNotice
	}
	return kindOther
}

// kindOfItems tells items from what is known of their buyer, which comes as a list of the same name. Only items say what was bought.
func kindOfItems(list jx.Raw) kind {
	if first := firstOf(list); first.Type() == jx.Object {
		found, _ := reading.Pick(first, "ASIN", "QuantityOrdered", "SellerSKU", "Title", "ItemPrice")
		if !said(found[:]) {
			return kindGifts
		}
	}
	return kindItems
}

func idOfParts(parts jx.Raw) jx.Raw {
	found, _ := reading.Pick(parts, partNames[kindOrder])
	found, _ = reading.Pick(found[0], "AmazonOrderId")
	return found[0]
}

func firstOf(array jx.Raw) (first jx.Raw) {
	d := jx.DecodeBytes(array)
	if d.Next() != jx.Array {
		return nil
	}
	if it, err := d.ArrIter(); err == nil && it.Next() {
		first, _ = d.Raw()
	}
	return first
}

// said tells whether one of the values is there, and not null.
func said(values []jx.Raw) bool {
	for _, v := range values {
		if v != nil && v.Type() != jx.Null {
			return true
		}
	}
	return false
}
