package erp

import (
	"net/http"
	"reflect"

	"waybill/internal/sandbox/party"
)

// alter makes an order another, if it is still there to be altered.
func (e *ERP) alter(c *party.Call, to func(o *Order)) party.Reply {
	return e.keep(c, func(o *Order) *party.Reply {
		was := *o
		to(o)
		var r party.Reply
		switch {
		case reflect.DeepEqual(o, &was):
			return nil
		case was.Status == packed:
			r = problem(http.StatusConflict, "too_late", "", "it is packed already")
		case was.Status == cancelled:
			r = problem(http.StatusConflict, "is_cancelled", "", "it is cancelled")
		default:
			return nil
		}
		return &r
	}, func(o *Order) string { return o.ID })
}

// keep makes a change to an order and enters it in the books, under a subject; what the order is already has no effect.
func (e *ERP) keep(c *party.Call, change func(o *Order) *party.Reply, subject func(o *Order) string) party.Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	found := e.orders[c.PathValue("id")]
	if found == nil {
		return notFound("there is no such order")
	}
	altered := *found
	if wrong := change(&altered); wrong != nil {
		return *wrong
	}
	switch {
	case reflect.DeepEqual(&altered, found):
		return party.JSON(http.StatusOK, found)
	case len(e.changes) >= changesMax*e.options.OrdersMax:
		return e.Refuse(http.StatusInsufficientStorage, "no more changes are kept", 0)
	case c.Pretend(subject(found)):
		return party.JSON(http.StatusOK, &altered)
	}
	*found = altered
	e.changed(found, e.options.Now().UTC())
	c.Done(subject(found), found.ID)
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
