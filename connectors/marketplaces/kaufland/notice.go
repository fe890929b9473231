package kaufland

import (
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// UnitRef stands in front of the reference of an order unit, where that of its order is not known.
const UnitRef = "unit:"

// idBytesMax is far above the 7 of an order and the 15 of a unit.
const idBytesMax = 64

// refOf reads what a push is about from the end of its resource: …/orders/{id}/ or …/order-units/{id}/. All else of it
// is ignored, and never asked for: whoever wrote it chose the host. A push about anything but orders, such as a return, has no
// reference.
func refOf(resource jx.Raw) string {
	path := strings.TrimSuffix(reading.Reference(resource), "/")
	rest, id := cutLast(path)
	_, kind := cutLast(rest)
	switch {
	case strings.ContainsAny(path, "?#"): // then its end is no path
	case kind == "orders" && isID(id):
		return id
	case kind == "order-units" && isDigits(id):
		return UnitRef + id
	}
	return ""
}

func cutLast(path string) (before, last string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

// isID refuses what could mean more than itself within an address that is asked for one day.
func isID(s string) bool {
	return s != "" && len(s) <= idBytesMax && strings.IndexFunc(s, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	}) < 0
}

func isDigits(s string) bool {
	return s != "" && len(s) <= idBytesMax && strings.IndexFunc(s, func(c rune) bool { return c < '0' || c > '9' }) < 0
}
