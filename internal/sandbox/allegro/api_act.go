package allegro

import (
	"encoding/json"
	"net/http"
	"slices"

	"waybill/internal/sandbox/party"
)

// setsMax is how often the fulfilment of one order may be set, to what it is already as well (ALL#3652, ALL#11908).
const setsMax = 100

var done = party.Reply{Status: http.StatusNoContent}

// setFulfillment sets the seller's own status. Who names a revision is refused if the form has another by now; who names none changes
// whatever it is (setOrderFulfillmentUsingPUT).
func (a *API) setFulfillment(c *party.Call) party.Reply {
	var asked struct {
		Status          string          `json:"status"`
		ShipmentSummary json.RawMessage `json:"shipmentSummary"` // allowed by the specification, and not the seller's to say
		Provider        json.RawMessage `json:"provider"`
	}
	if err := c.Read(&asked); err != nil {
		return *refusedAs(http.StatusBadRequest, codeError, "Bad Request") // ALL#5934
	}
	ref := c.PathValue("id")
	a.mu.Lock()
	defer a.mu.Unlock()
	h, known := a.forms[ref]
	if !known {
		return notFound(ref)
	}
	if named := c.URL.Query().Get("checkoutForm.revision"); named != "" && named != h.revision {
		return *refusedAs(http.StatusConflict, codeConflict, "Provided revision is outdated")
	}
	switch {
	case !slices.Contains(stages, asked.Status), asked.Status == "RETURNED": // Allegro alone sets that (CheckoutFormFulfillmentStatus)
		return *refusedAs(http.StatusUnprocessableEntity, codeUnprocessable, "Failed to set status on order "+ref)
	case h.status == canceled, h.sets >= setsMax:
		return *refusedAs(http.StatusUnprocessableEntity, codeUnprocessable, "Failed to set status "+asked.Status+" on order "+ref)
	}
	subject := ref + " " + asked.Status
	if c.Pretend(subject) {
		return done
	}
	h.sets++
	if h.fulfilled() == asked.Status {
		return done
	}
	h.own = asked.Status
	a.mark(h, a.revision(h))
	c.Done(subject, h.revision)
	a.announce(h, fulfillmentEvent)
	return done
}
