package amazon

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// datasets are what can be asked for besides what an order always says (includedData of orders_2026-01-01.json).
var datasets = []string{
	"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS",
}

// orderID is the shape of Amazon's, 3-7-7.
var orderID = regexp.MustCompile(`^\d{3}-\d{7}-\d{7}$`)

func (a *API) getOrder(c *party.Call) party.Reply {
	if bad := onlyKnown(c, "includedData"); bad != nil {
		return *bad
	}
	if bad := allIn(c, "includedData", datasets); bad != nil {
		return *bad
	}
	if !orderID.MatchString(c.PathValue("orderId")) {
		return *invalid("Invalid orderId")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.orders[c.PathValue("orderId")]
	if h == nil {
		return *notFound()
	}
	o := a.again(h)
	a.serve(Revision{h.ref, o.LastUpdatedTime})
	o = o.only(values(c, "includedData"))
	line := wire.Line{}
	wire.Element(&line, &o, (*order).answer)
	return party.Reply{Status: http.StatusOK, Body: line}
}

func (a *API) serve(r Revision) {
	if !a.known[r] {
		a.known[r] = true
		a.served = append(a.served, r)
	}
}

// only leaves out the datasets that were not asked for. The prices of articles are in none.
func (o order) only(asked []string) order {
	not := func(dataset string) bool { return !slices.Contains(asked, dataset) }
	drop(not("BUYER"), &o.Buyer)
	drop(not("RECIPIENT"), &o.Recipient)
	drop(not("PROCEEDS"), &o.Proceeds)
	drop(not("PAYMENT"), &o.Payment)
	drop(not("TAX"), &o.Tax)
	drop(not("FULFILLMENT"), &o.Fulfillment)
	drop(not("PACKAGES"), &o.Packages)
	o.OrderItems = slices.Clone(o.OrderItems)
	for i := range o.OrderItems {
		item := &o.OrderItems[i]
		drop(not("PROCEEDS"), &item.Proceeds)
		drop(not("EXPENSE"), &item.PointsCost)
		drop(not("PROMOTION"), &item.PromotionIDs)
		drop(not("CANCELLATION"), &item.Cancellation)
		drop(not("FULFILLMENT"), &item.Fulfillment)
		drop(not("TAX"), &item.Tax)
	}
	return o
}

func drop[T any](really bool, value *T) {
	if really {
		*value = *new(T)
	}
}

// values of a parameter that is a list, with commas.
func values(c *party.Call, name string) (all []string) {
	for _, text := range c.URL.Query()[name] {
		for value := range strings.SplitSeq(text, ",") {
			if value != "" {
				all = append(all, value)
			}
		}
	}
	return all
}

// allIn says which parameter has a value that the specification does not name.
func allIn(c *party.Call, name string, of []string) *party.Reply {
	for _, value := range values(c, name) {
		if !slices.Contains(of, value) {
			return invalid(name + " must be one of: " + strings.Join(of, ", "))
		}
	}
	return nil
}

// onlyKnown says which parameter there is not: who misspells one is not to be left with an answer to something else.
func onlyKnown(c *party.Call, names ...string) *party.Reply {
	for name := range c.URL.Query() {
		if !slices.Contains(names, name) {
			return invalid("there is no such parameter: " + name)
		}
	}
	return nil
}
