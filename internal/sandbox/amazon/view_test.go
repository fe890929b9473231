package amazon

import (
	"encoding/json"
	"math/big"
	"testing"
)

// view is what the tests read of an answer, by the specification's names and not by the generator's types.
type view struct {
	Order struct {
		OrderID         string
		CreatedTime     string
		LastUpdatedTime string
		Programs        []string
		SalesChannel    struct{ ChannelName, MarketplaceID string }
		OrderAliases    []struct{ AliasID string }
		Associated      []struct{ OrderID string } `json:"associatedOrders"`
		Buyer           *struct{ BuyerName, BuyerEmail, BuyerCompanyName, BuyerPurchaseOrderNumber string }
		Recipient       *struct {
			DeliveryAddress    map[string]string
			DeliveryPreference *struct{ AddressInstruction string }
		}
		Proceeds *struct {
			GrandTotal amount
			Breakdowns []part
		}
		Payment *struct {
			PaymentExecutions []struct{ PaymentMethod string }
		}
		Tax *struct {
			TaxRegistrations []struct{ TaxRegistrationNumber string }
		}
		Fulfillment struct{ FulfillmentStatus, FulfilledBy string }
		OrderItems  []itemView
		Packages    []struct {
			PackageStatus struct{ Status string }
			PackageItems  []struct {
				OrderItemID string
				Quantity    int
			}
		}
	}
}

type itemView struct {
	OrderItemID     string
	QuantityOrdered int
	Measurement     *struct{ Unit string }
	Product         struct {
		SellerSKU string
		Title     string
		Price     *struct {
			UnitPrice        amount
			PriceDesignation string
		}
	}
	Proceeds *struct {
		ProceedsTotal amount
		Breakdowns    []part
	}
	Expense      *struct{ PointsCost any }
	Cancellation *struct{ CancellationRequest, CancellationExecution any }
	Fulfillment  *struct {
		QuantityFulfilled, QuantityUnfulfilled int
		Packing                                *struct {
			GiftOption struct{ GiftMessage, GiftWrapLevel string }
		}
		Shipping *struct {
			InternationalShipping struct{ IossNumber string }
		}
	}
	Tax *struct{ TaxCollections []any }
}

type amount struct{ Amount, CurrencyCode string }

type part struct {
	Type     string
	Subtotal amount
}

func (a amount) value(t *testing.T) *big.Rat {
	t.Helper()
	value, ok := new(big.Rat).SetString(a.Amount)
	if !ok {
		t.Fatalf("amount %q is no number", a.Amount)
	}
	return value
}

func look(t *testing.T, body []byte) view {
	t.Helper()
	var v view
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}
