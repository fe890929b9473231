package direct

import (
	"net/http"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Receive cuts what was delivered into orders: one, or an array of them.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	return reading.Cut(body, func(c *reading.Cutter, element jx.Raw) error {
		found, err := reading.Pick(element, "ref")
		if err == nil {
			c.Add(schemas.RawOrder{Ref: reading.Reference(found[0]), Body: schemas.Body{Bytes: element}})
		}
		return err
	})
}
