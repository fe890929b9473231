package amazon

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cases are what real orders hold by the specification, and readers stumble over.
var cases = map[string]func(view, itemView) bool{
	"euros":           func(v view, _ itemView) bool { return currency(v) == "EUR" },
	"pounds":          func(v view, _ itemView) bool { return currency(v) == "GBP" },
	"dollars":         func(v view, _ itemView) bool { return currency(v) == "USD" },
	"zloty":           func(v view, _ itemView) bool { return currency(v) == "PLN" },
	"yen":             func(v view, _ itemView) bool { return currency(v) == "JPY" },
	"pending":         func(v view, _ itemView) bool { return status(v) == "PENDING" },
	"preorder":        func(v view, _ itemView) bool { return status(v) == "PENDING_AVAILABILITY" && program(v, "PREORDER") },
	"partly":          func(v view, _ itemView) bool { return status(v) == "PARTIALLY_SHIPPED" },
	"shipped":         func(v view, _ itemView) bool { return status(v) == "SHIPPED" && len(v.Order.Packages) > 0 },
	"cancelled, told": func(v view, _ itemView) bool { return status(v) == "CANCELLED" && v.Order.Proceeds != nil },
	"cancelled, withheld": func(v view, i itemView) bool {
		return status(v) == "CANCELLED" && v.Order.Proceeds == nil && i.QuantityOrdered > 0
	},
	"cancelled, emptied": func(v view, i itemView) bool { return status(v) == "CANCELLED" && i.QuantityOrdered == 0 },
	"of another shop": func(v view, _ itemView) bool {
		return status(v) == "UNFULFILLABLE" && v.Order.SalesChannel.ChannelName == "NON_AMAZON" && v.Order.Fulfillment.FulfilledBy == "AMAZON"
	},
	"sent by Amazon": func(v view, _ itemView) bool {
		return v.Order.Fulfillment.FulfilledBy == "AMAZON" && status(v) == "UNSHIPPED"
	},
	"prime from the seller": func(v view, _ itemView) bool {
		return v.Order.Fulfillment.FulfilledBy == "MERCHANT" && program(v, "PRIME")
	},
	"programs empty":         func(v view, _ itemView) bool { return v.Order.Programs != nil && len(v.Order.Programs) == 0 },
	"collected in the store": func(v view, _ itemView) bool { return program(v, "IN_STORE_PICK_UP") },
	"business": func(v view, _ itemView) bool {
		return program(v, "AMAZON_BUSINESS") && v.Order.Buyer != nil && v.Order.Buyer.BuyerCompanyName != ""
	},
	"purchase order": func(v view, _ itemView) bool {
		return v.Order.Buyer != nil && v.Order.Buyer.BuyerPurchaseOrderNumber != ""
	},
	"tax number":           func(v view, _ itemView) bool { return v.Order.Tax != nil },
	"business price":       func(_ view, i itemView) bool { return i.Product.Price != nil && i.Product.Price.PriceDesignation != "" },
	"no name of the buyer": func(v view, _ itemView) bool { return v.Order.Buyer != nil && v.Order.Buyer.BuyerName == "" },
	"place alone": func(v view, _ itemView) bool {
		return v.Order.Recipient != nil && to(v, "addressLine1") == "" && status(v) == "UNSHIPPED"
	},
	"empty fields": func(v view, _ itemView) bool {
		return v.Order.Recipient != nil && strings.Contains(strings.Join(keys(v.Order.Recipient.DeliveryAddress), " "), "addressLine3") && to(v, "addressLine3") == ""
	},
	"street in the second line": func(v view, _ itemView) bool {
		return strings.Contains(to(v, "addressLine2"), "Königsallee")
	},
	"Japanese":          func(v view, _ itemView) bool { return strings.HasPrefix(to(v, "addressLine1"), "神宮前") },
	"across the border": func(v view, _ itemView) bool { return currency(v) == "EUR" && to(v, "countryCode") == "AT" },
	"instructions": func(v view, _ itemView) bool {
		return v.Order.Recipient != nil && v.Order.Recipient.DeliveryPreference != nil
	},
	"seller's own number": func(v view, _ itemView) bool { return len(v.Order.OrderAliases) > 0 },
	"replacement for nothing": func(v view, _ itemView) bool {
		return len(v.Order.Associated) > 0 && v.Order.Proceeds != nil && strings.Trim(v.Order.Proceeds.GrandTotal.Amount, "0.") == ""
	},
	"twelve lines":             func(v view, _ itemView) bool { return len(v.Order.OrderItems) == 12 },
	"parts of items alone":     func(v view, _ itemView) bool { return v.Order.Proceeds != nil && v.Order.Proceeds.Breakdowns == nil },
	"parts of the order alone": func(v view, i itemView) bool { return v.Order.Proceeds != nil && i.Proceeds == nil },
	"shipping":                 func(v view, _ itemView) bool { return has(v, "SHIPPING") },
	"tax":                      func(v view, _ itemView) bool { return has(v, "TAX") },
	"discount":                 func(v view, _ itemView) bool { return has(v, "DISCOUNT") },
	"gift wrap":                func(v view, _ itemView) bool { return has(v, "GIFT_WRAP") },
	"cash on delivery": func(v view, _ itemView) bool {
		return has(v, "COD_FEE") && v.Order.Payment.PaymentExecutions[0].PaymentMethod == "CashOnDelivery"
	},
	"tip":            func(v view, _ itemView) bool { return has(v, "DELIVERY_TIP") },
	"something else": func(v view, _ itemView) bool { return has(v, "OTHER") },
	"gift message": func(_ view, i itemView) bool {
		return i.Fulfillment != nil && i.Fulfillment.Packing != nil && strings.Contains(i.Fulfillment.Packing.GiftOption.GiftMessage, "🎄")
	},
	"IOSS": func(_ view, i itemView) bool {
		return i.Fulfillment != nil && i.Fulfillment.Shipping != nil && i.Fulfillment.Shipping.InternationalShipping.IossNumber != ""
	},
	"tax paid by Amazon": func(_ view, i itemView) bool { return i.Tax != nil && len(i.Tax.TaxCollections) > 0 },
	"points":             func(_ view, i itemView) bool { return i.Expense != nil },
	"by weight":          func(_ view, i itemView) bool { return i.Measurement != nil && i.Measurement.Unit == "KILOGRAMS" },
	"many pieces":        func(_ view, i itemView) bool { return i.QuantityOrdered > 24 },
	"price without decimals": func(v view, i itemView) bool {
		return currency(v) == "EUR" && !strings.Contains(i.Product.Price.UnitPrice.Amount, ".")
	},
	"no SKU":                  func(_ view, i itemView) bool { return i.Product.SellerSKU == "" },
	"SKU with zeros in front": func(_ view, i itemView) bool { return strings.HasPrefix(i.Product.SellerSKU, "00") },
	"SKU beyond ASCII":        func(_ view, i itemView) bool { return strings.HasPrefix(i.Product.SellerSKU, "商品") },
	"order of 3-7-7 digits": func(v view, _ itemView) bool {
		return regexp.MustCompile(`^\d{3}-\d{7}-\d{7}$`).MatchString(v.Order.OrderID)
	},
}

// later are cases that only come with a change.
var later = map[string]func(view, itemView) bool{
	"buyer asks to cancel": func(v view, i itemView) bool {
		return i.Cancellation != nil && i.Cancellation.CancellationExecution == nil
	},
	"asked, then done": func(_ view, i itemView) bool {
		return i.Cancellation != nil && i.Cancellation.CancellationRequest != nil && i.Cancellation.CancellationExecution != nil
	},
	"delivered": func(v view, _ itemView) bool {
		return len(v.Order.Packages) > 0 && v.Order.Packages[0].PackageStatus.Status == "DELIVERED"
	},
	"two packages": func(v view, _ itemView) bool { return len(v.Order.Packages) == 2 },
}

func status(v view) string { return v.Order.Fulfillment.FulfillmentStatus }

func program(v view, name string) bool { return slices.Contains(v.Order.Programs, name) }

func currency(v view) string {
	if v.Order.Proceeds == nil {
		return ""
	}
	return v.Order.Proceeds.GrandTotal.CurrencyCode
}

func to(v view, field string) string {
	if v.Order.Recipient == nil {
		return ""
	}
	return v.Order.Recipient.DeliveryAddress[field]
}

func has(v view, kind string) bool {
	return v.Order.Proceeds != nil && slices.ContainsFunc(v.Order.Proceeds.Breakdowns, func(p part) bool { return p.Type == kind })
}

func keys(of map[string]string) (names []string) {
	for name := range of {
		names = append(names, name)
	}
	return names
}

func TestEveryCaseOccurs(t *testing.T) {
	const orders = 10_000
	ready := hunt(t, cases, orders, 1)
	hunt(t, later, orders/4, 4)
	if ready < orders*6/10 || ready > orders*9/10 {
		t.Errorf("%d of %d orders are to be shipped, which is not the usual share", ready, orders)
	}
}

// hunt looks for the cases among the orders at a version, and counts those that are ready.
func hunt(t *testing.T, cases map[string]func(view, itemView) bool, orders uint64, version int) (ready uint64) {
	t.Helper()
	missing := map[string]bool{}
	for name := range cases {
		missing[name] = true
	}
	for n := range orders {
		v := look(t, Market(11).Order(n, version).Body)
		if status(v) == "UNSHIPPED" {
			ready++
		}
		for name := range missing {
			if slices.ContainsFunc(v.Order.OrderItems, func(i itemView) bool { return cases[name](v, i) }) {
				delete(missing, name)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("never among %d orders: %v", orders, missing)
	}
	return ready
}
