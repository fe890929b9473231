package kaufland

import (
	"encoding/json"
	"testing"
)

// view is what the tests read of an answer, by the specification's names and not by the generator's types.
type view struct {
	Data struct {
		ID              string `json:"id_order"`
		Deemed          any    `json:"is_marketplace_deemed_supplier"`
		Storefront      string
		FulfillmentType string             `json:"fulfillment_type"`
		Count           *int               `json:"order_units_count"`
		UnitsUpdated    string             `json:"ts_units_updated_iso"`
		Units           []unitView         `json:"order_units"`
		BillTo          map[string]*string `json:"billing_address"`
		ShipTo          map[string]*string `json:"shipping_address"`
		Buyer           *struct {
			Email *string
		}
		Invoices []any `json:"order_invoices"`
		Delivery *struct {
			Point map[string]*string `json:"pickup_location"`
		}
	}
}

type unitView struct {
	ID       int64   `json:"id_order_unit"`
	Order    string  `json:"id_order"`
	Offer    *string `json:"id_offer"`
	Status   string
	Price    int64
	Shipping int64 `json:"shipping_rate"`
	Currency string
	VAT      *json.Number
	Note     *string
	Reason   *string `json:"cancel_reason"`
	Updated  string  `json:"ts_updated_iso"`
	Expires  *string `json:"delivery_time_expires_iso"`
	Tickets  []any
	Product  *struct {
		ID   int64 `json:"id_product"`
		EANs []string
	}
}

func look(t *testing.T, body []byte) view {
	t.Helper()
	var v view
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}
