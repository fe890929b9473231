package kaufland

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Account is a seller's account, over the Seller API v2 (sellerapi.kaufland.com, version 2.27.0).
type Account struct {
	client      *remote.Client
	storefronts []string
}

// RequestsPerSecond are a seller's, over all endpoints; documented are 111 (sellerapi.kaufland.com, Rate Limits), and some are left to
// whoever else uses the account.
const RequestsPerSecond = 100

// headerClientKey names the program that calls.
const headerClientKey = "Shop-Client-Key"

// NewAccount is called at that address, which ends in /v2. Each request is signed with the secret, as pushes are.
func NewAccount(address, clientKey, secret string, storefronts []string) *Account {
	return &Account{storefronts: storefronts, client: remote.New(address, func(r *http.Request) {
		now := time.Now().Unix()
		r.Header.Set(headerClientKey, clientKey)
		r.Header.Set(HeaderTimestamp, strconv.FormatInt(now, 10))
		r.Header.Set(HeaderSignature, Sign(secret, r.Method, r.URL.String(), bodyOf(r), now))
		r.Header.Set("User-Agent", "waybill") // required (sellerapi.kaufland.com, REST API)
	})}
}

// bodyOf are the bytes that will be sent: just those are signed.
func bodyOf(r *http.Request) []byte {
	if r.GetBody == nil {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil
	}
	defer body.Close()
	b, _ := io.ReadAll(body) // it is in memory
	return b
}

// Fetch is an order with its units, or a unit with its order's addresses.
func (a *Account) Fetch(ctx context.Context, kind, ref string) ([]byte, error) {
	path, query := "/orders/"+url.PathEscape(ref), url.Values(nil)
	if kind == strings.TrimSuffix(UnitRef, ":") {
		path, query = "/order-units/"+url.PathEscape(ref), url.Values{"embedded": {"tickets,delivery"}}
	}
	var document json.RawMessage
	said, err := a.client.Get(ctx, path, query, &document)
	return said, understood(err)
}

// pageMax is how many orders a page has at most, and pagesMax how many pages are read of a storefront: what is beyond that, the next sweep
// finds.
const (
	pageMax  = 100
	pagesMax = 500
)

// Changed lists orders of all storefronts, one after the other. What changes while it is listed moves others to later pages, so
// that some are listed twice and none is passed over.
func (a *Account) Changed(ctx context.Context, from time.Time) (changed []schemas.Missed, err error) {
	for _, storefront := range a.storefronts {
		for page := range pagesMax {
			var list struct {
				Data []struct {
					Ref     string    `json:"id_order"`
					Created time.Time `json:"ts_created_iso"`
					Changed time.Time `json:"ts_units_updated_iso"`
				}
			}
			_, err := a.client.Get(ctx, "/orders", url.Values{
				"storefront": {strings.TrimSpace(storefront)}, "ts_units_updated_from_iso": {from.UTC().Format(time.RFC3339)},
				"fulfillment_type": {"fulfilled_by_merchant,fulfilled_by_kaufland"}, "limit": {strconv.Itoa(pageMax)}, "offset": {strconv.Itoa(page * pageMax)},
			}, &list)
			if err != nil {
				return nil, understood(err)
			}
			for _, o := range list.Data {
				at := o.Changed
				if at.IsZero() {
					at = o.Created
				}
				changed = append(changed, schemas.Missed{Ref: o.Ref, Changed: at})
			}
			if len(list.Data) < pageMax {
				break
			}
		}
	}
	return changed, nil
}

// newsAge is how old a change has to be before it is told: Kaufland's times are whole seconds, and its clock is not ours.
const newsAge = 5 * time.Second

// News lists orders that changed from the cursor's time on. The cursor is a time, RFC 3339.
func (a *Account) News(ctx context.Context, cursor string) (schemas.News, error) {
	until := time.Now().UTC().Add(-newsAge).Truncate(time.Second)
	news := schemas.News{Next: until.Format(time.RFC3339)}
	if cursor == "" {
		return news, nil
	}
	from, err := time.Parse(time.RFC3339, cursor)
	if err != nil {
		return news, &remote.Failure{Class: remote.Permanent, Code: "bad_cursor", Reason: "the cursor is no time: " + cursor}
	}
	if !until.After(from) {
		news.Next = cursor
		return news, nil
	}
	changed, err := a.Changed(ctx, from)
	for _, one := range changed {
		if one.Changed.Before(until) {
			news.Told = append(news.Told, schemas.Told{Ref: one.Ref, Mark: one.Changed.UTC().Format(time.RFC3339), Changed: one.Changed})
		}
	}
	return news, err
}

// Ping asks what only the owner of the credentials is answered.
func (a *Account) Ping(ctx context.Context) error {
	var any json.RawMessage
	_, err := a.client.Get(ctx, "/status/ping", nil, &any)
	return understood(err)
}

// understood sorts a refusal by its type of problem (v2.27.0, ProblemType), which says more than its status.
func understood(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	if f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	var problem struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Errors  []struct{ Field, Message string }
	}
	if json.Unmarshal(f.Said, &problem) != nil || problem.Type == "" || problem.Type == "about:blank" {
		return err
	}
	f.Code = strings.TrimPrefix(problem.Type, "/problems/")
	if problem.Message != "" {
		f.Reason = "Kaufland says: " + problem.Message
	}
	for _, e := range problem.Errors {
		f.Reason += "; " + e.Field + ": " + e.Message
	}
	switch f.Code {
	case "action-not-allowed", "duplicate-action", "forbidden":
		f.Class = remote.Business
	case "server-error", "service-unavailable":
		f.Class, f.Perhaps = remote.Transient, true
	case "validation-error", "bad-request":
		f.Class = remote.Permanent
	}
	if strings.HasPrefix(f.Code, "order-units/") {
		f.Class = remote.Business
	}
	return f
}
