package erp

import (
	"net/http"
	"reflect"

	"waybill/internal/sandbox/party"
)

// alter makes an order another, if it is still there to be altered; what it is already has no effect.
func (e *ERP) alter(c *party.Call, to func(o *Order)) party.Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	found := e.orders[c.PathValue("id")]
	if found == nil {
		return notFound("there is no such order")
	}
	altered := *found
	to(&altered)
	switch {
	case reflect.DeepEqual(&altered, found):
		return party.JSON(http.StatusOK, found)
	case found.Status == packed:
		return problem(http.StatusConflict, "too_late", "", "it is packed already")
	case found.Status == cancelled:
		return problem(http.StatusConflict, "is_cancelled", "", "it is cancelled")
	case c.Pretend(found.ID):
		return party.JSON(http.StatusOK, &altered)
	}
	*found = altered
	e.changed(found, e.options.Now().UTC())
	c.Done(found.ID, found.ID)
	return party.JSON(http.StatusOK, found)
}

func (e *ERP) cancelOrder(c *party.Call) party.Reply {
	return e.alter(c, func(o *Order) { o.Status = cancelled })
}

func (e *ERP) amendOrder(c *party.Call) party.Reply {
	var asked struct {
		Lines  []Line `json:"lines"`
		ShipTo *Place `json:"ship_to"`
	}
	if err := c.Read(&asked); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	if len(asked.Lines) == 0 || len(asked.Lines) > linesMax {
		return invalid("lines", "give lines")
	}
	if wrong := (newOrder{Lines: asked.Lines}).checkLines(); wrong != nil {
		return *wrong
	}
	return e.alter(c, func(o *Order) { o.Lines, o.ShipTo = asked.Lines, asked.ShipTo })
}

// packOrder is the warehouse's: from then on it is ready to ship, and can neither be amended nor cancelled.
func (e *ERP) packOrder(c *party.Call) party.Reply {
	var asked Parcel
	if err := c.Read(&asked); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	if asked.Weight <= 0 || asked.Length <= 0 || asked.Width <= 0 || asked.Height <= 0 {
		return invalid("weight_grams", "give the weight and all three measures, above 0")
	}
	return e.alter(c, func(o *Order) { o.Status, o.Parcel = packed, &asked })
}
