package allegro

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// uuid in capitals or not; one in capitals names no form (ALL#9119).
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (a *API) getForm(c *party.Call) party.Reply {
	ref := c.PathValue("id")
	if !uuid.MatchString(ref) {
		return *invalid("Checkout form id is malformed")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h, known := a.forms[ref]
	if !known {
		return notFound(ref)
	}
	return written(a.form(h), (*checkoutForm).write)
}

// resultsMax is what offset and limit may come to together (ALL#4027).
const resultsMax = 10_000

// filters of the specification that the sandbox does not have: whoever asks for one is told so, and not shown everything.
var filtersUnknown = []string{
	"fulfillment.provider.id", "fulfillment.shipmentSummary.lineItemsSent", "lineItems.boughtAt.lte", "lineItems.boughtAt.gte", "payment.id",
	"surcharges.id", "delivery.method.id", "buyer.login", "marketplace.id",
}

var (
	statuses = []string{bought, filledIn, ready, canceled}
	sorts    = []string{"lineItems.boughtAt", "-lineItems.boughtAt", "updatedAt", "-updatedAt"}
)

// filter is what the list may be asked for.
type filter struct {
	statuses, fulfillments []string
	from, to               time.Time // of changes, both included
	sort                   string
	offset, limit          int
}

func filterOf(c *party.Call) (f filter, bad *party.Reply) {
	query := c.URL.Query()
	for _, name := range filtersUnknown {
		if query.Has(name) {
			return f, refusedAs(http.StatusBadRequest, codeError, "the sandbox has no filter "+name)
		}
	}
	f = filter{statuses: values(c, "status"), fulfillments: values(c, "fulfillment.status"), sort: sorts[1]}
	if query.Has("sort") {
		f.sort = query.Get("sort")
	}
	for _, given := range []struct {
		name     string
		values   []string
		possible []string
	}{{"status", f.statuses, statuses}, {"fulfillment.status", f.fulfillments, stages}, {"sort", []string{f.sort}, sorts}} {
		for _, value := range given.values {
			if !slices.Contains(given.possible, value) {
				return f, refusedAs(http.StatusBadRequest, codeError, given.name+" must be one of: "+strings.Join(given.possible, ", "))
			}
		}
	}
	for name, at := range map[string]*time.Time{"updatedAt.gte": &f.from, "updatedAt.lte": &f.to} {
		if text := query.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return f, refusedAs(http.StatusBadRequest, codeError, name+" must be a time")
			}
		}
	}
	if f.limit, bad = wholeOf(c, "limit", 100, 1, 100); bad == nil {
		f.offset, bad = wholeOf(c, "offset", 0, 0, resultsMax)
	}
	if bad == nil && f.offset+f.limit > resultsMax {
		bad = invalid(fmt.Sprintf("Offset and limit parameters exceed maximal result size of %d items", resultsMax))
	}
	return f, bad
}

func (f filter) wants(h *held) bool {
	return (len(f.statuses) == 0 || slices.Contains(f.statuses, h.status)) &&
		(len(f.fulfillments) == 0 || slices.Contains(f.fulfillments, h.fulfilled())) &&
		!h.changed.Before(f.from) && (f.to.IsZero() || !h.changed.After(f.to))
}

// less orders two forms as it is asked for.
func (f filter) less(x, y *held) int {
	order := x.boughtAt.Compare(y.boughtAt)
	if strings.HasSuffix(f.sort, "updatedAt") {
		order = x.changed.Compare(y.changed)
	}
	if strings.HasPrefix(f.sort, "-") {
		return -order
	}
	return order
}

func (a *API) listForms(c *party.Call) party.Reply {
	f, bad := filterOf(c)
	if bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []*held
	for _, h := range a.listed {
		if f.wants(h) {
			found = append(found, h)
		}
	}
	slices.SortStableFunc(found, f.less)
	page := &formPage{total: len(found)}
	for _, h := range found[min(f.offset, len(found)):min(f.offset+f.limit, len(found))] {
		page.forms = append(page.forms, *a.form(h))
	}
	return written(page, (*formPage).write)
}

// formPage is CheckoutForms.
type formPage struct {
	forms []checkoutForm
	total int
}

func (p *formPage) write(l *wire.Line) {
	wire.Objects(l, "checkoutForms", append([]checkoutForm{}, p.forms...), (*checkoutForm).write)
	l.Whole("count", len(p.forms))
	l.Whole("totalCount", p.total)
}

// values of a parameter that is a list: given more than once, or with commas.
func values(c *party.Call, name string) (all []string) {
	for _, text := range c.URL.Query()[name] {
		all = append(all, strings.FieldsFunc(text, func(r rune) bool { return r == ',' })...)
	}
	return all
}

// wholeOf reads a parameter that is a whole number from least to most.
func wholeOf(c *party.Call, name string, otherwise, least, most int) (int, *party.Reply) {
	text := c.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid(fmt.Sprintf("%s must be a whole number from %d to %d", name, least, most))
	}
	return n, nil
}
