package amazon

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

// Account is a seller's account, over the Selling Partner API: orders are read with Orders 2026-01-01 (orders_2026-01-01.json). There is no
// call by which Amazon is told that an order is accepted.
type Account struct {
	client *remote.Client
	sites  string // the marketplace ids that are asked for, with commas
}

// LoginURL is where Login with Amazon (LWA) gives tokens, for all regions (developer-docs.amazon.com/sp-api, Connect to the SP-API).
const LoginURL = "https://api.amazon.com/auth/o2/token"

// headerAccess carries the token of LWA; requests are not signed any more (ibid.).
const headerAccess = "x-amz-access-token"

// userAgent is required, in this form (developer-docs.amazon.com/sp-api, Include a User-Agent header).
const userAgent = "waybill/1 (Language=Go)"

// NewAccount is called at the address of a region's endpoint. The refresh token stays the same with each use. A token that is too old is
// refused with 403, as is who may not: one that is refused is renewed once.
func NewAccount(address string, login remote.TokenSettings, sites []string) (*Account, error) {
	tokens, err := remote.NewTokens(login)
	if err != nil {
		return nil, err
	}
	for i := range sites {
		sites[i] = strings.TrimSpace(sites[i])
	}
	client := remote.New(address, func(r *http.Request) { r.Header.Set("User-Agent", userAgent) })
	client.With(tokens, func(r *http.Request, token string) { r.Header.Set(headerAccess, token) }, http.StatusForbidden)
	return &Account{client: client, sites: strings.Join(sites, ",")}, nil
}

const ordersPath = "/orders/2026-01-01/orders"

// includedData are the datasets that an order is asked for with: all that a merchant's own order can have. Persons are told to who has the
// restricted roles; to others the rest is.
const includedData = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"

// Fetch is an order with its items; Amazon hands over no pieces.
func (a *Account) Fetch(ctx context.Context, _, ref string) ([]byte, error) {
	var document json.RawMessage
	said, err := a.client.Get(ctx, ordersPath+"/"+url.PathEscape(ref), url.Values{"includedData": {includedData}}, &document)
	return said, understood(err)
}

// nobodys is an order id of the right form (3-7-7) that Amazon gives to no order.
const nobodys = "000-0000000-0000000"

// Ping asks for an order that there is not, with nothing of it: who is told so, was let in. A token alone would not do: LWA gives one for
// a program that lacks the roles to read orders. A search is granted once in three minutes, this every two seconds.
func (a *Account) Ping(ctx context.Context) error {
	var document json.RawMessage
	_, err := a.client.Get(ctx, ordersPath+"/"+nobodys, nil, &document)
	err = understood(err)
	var f *remote.Failure
	if errors.Is(err, remote.ErrAbsent) || errors.As(err, &f) && f.Code == codeInvalid {
		return nil
	}
	return err
}

// found is a page of a search: of an order, what tells it from how it stood before.
type found struct {
	Orders []struct {
		Ref     string    `json:"orderId"`
		Changed time.Time `json:"lastUpdatedTime"`
	} `json:"orders"`
	Pagination struct {
		Next string `json:"nextToken"` // of the page that follows; none: this is the last
	} `json:"pagination"`
}

// pageMax is how many orders a page has at most (maxResultsPerPage of searchOrders).
const pageMax = 100

// search is one page of the orders that changed in a period, both ends included. All parameters must be those of the first page.
func (a *Account) search(ctx context.Context, s span) (page found, err error) {
	query := url.Values{
		"lastUpdatedAfter": {s.from.UTC().Format(time.RFC3339)}, "lastUpdatedBefore": {s.until.UTC().Format(time.RFC3339)},
		"marketplaceIds": {a.sites}, "maxResultsPerPage": {strconv.Itoa(pageMax)},
	}
	if s.page != "" {
		query.Set("paginationToken", s.page)
	}
	_, err = a.client.Get(ctx, ordersPath, query, &page)
	if err == nil && page.Orders == nil { // required: what lacks it is from somebody else, and says of no order that it did not change
		err = &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and it is no list of orders"}
	}
	return page, understood(err)
}

// How many pages one call reads at most: for news, half of what Amazon grants at once (searchOrders: 20, then one in three minutes).
const (
	pagesMax = 10
	listMax  = 500
)

// Changed lists orders by when they changed, as far as Amazon grants it now: a long list costs more calls than it gives an account at
// once. What is beyond that, only news can tell.
func (a *Account) Changed(ctx context.Context, from time.Time) (changed []schemas.Missed, err error) {
	at := span{from: from, until: settled()}
	if at.until.Before(from) {
		return nil, nil
	}
	for range listMax {
		page, err := a.search(ctx, at)
		if isThrottled(err) && at.page != "" {
			break
		}
		if err != nil {
			return nil, err
		}
		for _, o := range page.Orders {
			changed = append(changed, schemas.Missed{Ref: o.Ref, Changed: o.Changed})
		}
		if at.page = page.Pagination.Next; at.page == "" {
			break
		}
	}
	return changed, nil
}
