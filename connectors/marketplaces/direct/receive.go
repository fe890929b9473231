package direct

import (
	"net/http"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders: one, or an array of them.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.CutBy("ref", body)
}
