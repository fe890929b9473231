package ebay

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Account is a seller's account, over the Sell Fulfillment API (sell_fulfillment_v1_oas3.json, v1.20.7).
type Account struct {
	client *remote.Client
	lists  *remote.Client // the same, for answers that hold many orders
}

// LoginURL is where tokens are given (developer.ebay.com, OAuth tokens).
const LoginURL = "https://api.ebay.com/identity/v1/oauth2/token"

// listBytesMax is more than a page of two hundred orders can have.
const listBytesMax = 16 << 20

// NewAccount is called at that address, https://api.ebay.com in reality. The refresh token stays the same with each use, for 18 months.
func NewAccount(address string, login remote.TokenSettings) (*Account, error) {
	login.InHeader = true
	tokens, err := remote.NewTokens(login)
	if err != nil {
		return nil, err
	}
	client := newClient(address, tokens)
	return &Account{client: client, lists: client.Long(listBytesMax)}, nil
}

func newClient(address string, tokens *remote.Tokens) *remote.Client {
	return remote.New(address, func(r *http.Request) { r.Header.Set("User-Agent", "waybill") }).
		With(tokens, func(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) })
}

const ordersPath = "/sell/fulfillment/v1/order"

func orderPath(ref string) string { return ordersPath + "/" + url.PathEscape(ref) }

// Fetch is an order, with the requests to cancel it, which a list lacks; eBay hands over no pieces.
func (a *Account) Fetch(ctx context.Context, kind, ref string) ([]byte, error) {
	if kind != schemas.FetchOrder {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "unknown_kind", Reason: "eBay has orders and no " + kind}
	}
	var document json.RawMessage
	said, err := a.client.Get(ctx, orderPath(ref), nil, &document)
	return said, understood(err)
}

// pageMax is how many orders a page has at most (getOrders, limit), and pagesMax how many pages are read at once: what is beyond, the next
// sweep finds.
const (
	pageMax  = 200
	pagesMax = 250
)

// page is one of a list: of an order, what tells it from how it stood before.
type page struct {
	Orders []struct {
		Ref     string    `json:"orderId"`
		Changed time.Time `json:"lastModifiedDate"`
	} `json:"orders"`
	Next string `json:"next"` // where the page that follows is; none: this is the last
}

func (a *Account) page(ctx context.Context, from, until time.Time, offset int) (p page, err error) {
	_, err = a.lists.Get(ctx, ordersPath, url.Values{
		"filter": {"lastmodifieddate:[" + instant(from) + ".." + instant(until) + "]"}, "limit": {strconv.Itoa(pageMax)}, "offset": {strconv.Itoa(offset)},
	}, &p)
	if err == nil && p.Orders == nil { // what lacks it is from somebody else, and says of no order that it did not change
		err = &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and it is no list of orders"}
	}
	return p, understood(err)
}

func instant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// oldest is how far back eBay lists (getOrders, filter: two years).
const oldest = 2*365*24*time.Hour - time.Hour

// Changed lists orders by when they changed. What changes while it is listed moves others to other pages; so the next sweep looks again.
func (a *Account) Changed(ctx context.Context, from time.Time) ([]schemas.Missed, error) {
	return a.changed(ctx, from, time.Now())
}

func (a *Account) changed(ctx context.Context, from, until time.Time) (changed []schemas.Missed, err error) {
	if earliest := until.Add(-oldest); from.Before(earliest) {
		from = earliest
	}
	for n := range pagesMax {
		p, err := a.page(ctx, from, until, n*pageMax)
		if err != nil {
			return nil, err
		}
		for _, o := range p.Orders {
			changed = append(changed, schemas.Missed{Ref: o.Ref, Changed: o.Changed})
		}
		if p.Next == "" || len(p.Orders) == 0 {
			break
		}
	}
	return changed, nil
}

// newsAge is how old a change has to be before it is told: eBay's clock is not ours, and its list may lag behind its orders.
const newsAge = 30 * time.Second

// News lists orders that changed from the cursor's time on. The cursor is a time, RFC 3339. The span that it begins is read again by as much as
// is waited, because a list can lag: what is told twice is known by when it changed.
func (a *Account) News(ctx context.Context, cursor string) (schemas.News, error) {
	until := time.Now().UTC().Add(-newsAge)
	news := schemas.News{Next: until.Format(time.RFC3339Nano)}
	if cursor == "" {
		return news, nil
	}
	from, err := time.Parse(time.RFC3339Nano, cursor)
	if err != nil {
		return news, &remote.Failure{Class: remote.Permanent, Code: "bad_cursor", Reason: "the cursor is no time"}
	}
	if !until.After(from) {
		news.Next = cursor
		return news, nil
	}
	changed, err := a.changed(ctx, from.Add(-newsAge), until)
	for _, one := range changed {
		news.Told = append(news.Told, schemas.Told{Ref: one.Ref, Mark: one.Changed.UTC().Format(time.RFC3339Nano), Changed: one.Changed})
	}
	return news, err
}

// Ping asks what only the owner of the credentials is answered.
func (a *Account) Ping(ctx context.Context) error {
	var p page
	_, err := a.lists.Get(ctx, ordersPath, url.Values{"limit": {"1"}}, &p)
	return understood(err)
}

// reasonMax bounds what is told of an error, in bytes.
const reasonMax = 300

// understood sorts a refusal by its number (v1.20.7, error codes of each method), where that says more than its status.
func understood(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	if f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	var refusal struct {
		Errors []struct {
			ID                   int `json:"errorId"`
			Message, LongMessage string
			Category             string
		}
	}
	if json.Unmarshal(f.Said, &refusal) != nil || len(refusal.Errors) == 0 {
		return err
	}
	first := refusal.Errors[0]
	f.Code = strconv.Itoa(first.ID)
	f.Reason = "eBay says: " + strings.ToValidUTF8(first.Message[:min(len(first.Message), reasonMax)], "")
	switch {
	case f.Class == remote.Authentication || f.Class == remote.Throttled:
	case f.Status == http.StatusConflict:
		f.Class = remote.Transient
	case first.Category == "BUSINESS":
		f.Class = remote.Business
	case f.Status >= http.StatusInternalServerError:
		f.Class, f.Perhaps = remote.Transient, true
	}
	if first.ID == errorOrder {
		return remote.ErrAbsent
	}
	return f
}

// errorOrder is eBay's answer to the reference of no order.
const errorOrder = 32100
