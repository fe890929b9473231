package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Account is a shop, over the Admin API: an order is read as the webhooks bring it (REST), and all else asked with GraphQL.
type Account struct {
	client *remote.Client
	lists  *remote.Client // the same, for answers that hold many orders
}

// What a shop grants: REST has a bucket of 40 requests that leaks two a second, and GraphQL more (shopify.dev, API limits). Some are left to
// whoever else uses the app.
const (
	RequestsPerSecond = 1.8
	RequestsAtOnce    = 30
)

// version is that of the API; each is good for a year (shopify.dev, API versioning).
const version = "2026-07"

const headerAccess = "X-Shopify-Access-Token"

// listBytesMax is more than a page of ids can have.
const listBytesMax = 4 << 20

// NewAccount is called at the address of the shop, https://my-shop.myshopify.com, with the token that it gave the app.
func NewAccount(address, token string) *Account {
	client := remote.New(address, func(r *http.Request) {
		r.Header.Set(headerAccess, token)
		r.Header.Set("User-Agent", "waybill")
	})
	return &Account{client: client, lists: client.Long(listBytesMax)}
}

// Fetch is an order, as its webhooks bring it; a shop hands over no pieces.
func (a *Account) Fetch(ctx context.Context, kind, ref string) ([]byte, error) {
	if kind != schemas.FetchOrder {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "unknown_kind", Reason: "Shopify has orders and no " + kind}
	}
	var document json.RawMessage
	said, err := a.lists.Get(ctx, "/admin/api/"+version+"/orders/"+url.PathEscape(ref)+".json", nil, &document)
	return said, absent(err)
}

// absent says so of what there is not.
func absent(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) && f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	return err
}

// listQuery lists orders by when they changed. A page of 250 ids costs less than a shop of any plan has at once.
const listQuery = `query($query: String!, $after: String) {
  orders(first: 250, after: $after, query: $query, sortKey: UPDATED_AT) { nodes { legacyResourceId updatedAt } pageInfo { hasNextPage endCursor } }
}`

// pagesMax is how many pages are read at once: what is beyond, the next sweep finds.
const pagesMax = 200

// Changed lists orders that changed at that time or later. The cursor of a page stands for an order and not for a place: what changes
// meanwhile comes last, and none is passed over.
func (a *Account) Changed(ctx context.Context, from time.Time) (changed []schemas.Missed, err error) {
	variables := map[string]any{"query": "updated_at:>='" + from.UTC().Format(time.RFC3339) + "'"}
	for range pagesMax {
		var answer struct {
			Orders *struct {
				Nodes []struct {
					Ref     json.Number `json:"legacyResourceId"`
					Changed time.Time   `json:"updatedAt"`
				} `json:"nodes"`
				Page struct {
					Next bool   `json:"hasNextPage"`
					End  string `json:"endCursor"`
				} `json:"pageInfo"`
			} `json:"orders"`
		}
		if err := a.ask(ctx, listQuery, variables, &answer); err != nil {
			return nil, err
		}
		if answer.Orders == nil { // what lacks it is from somebody else, and says of no order that it did not change
			return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and it is no list of orders"}
		}
		for _, o := range answer.Orders.Nodes {
			changed = append(changed, schemas.Missed{Ref: o.Ref.String(), Changed: o.Changed})
		}
		if !answer.Orders.Page.Next {
			break
		}
		variables["after"] = answer.Orders.Page.End
	}
	return changed, nil
}

// newsAge is how old a change has to be before it is told: a shop's times are whole seconds, its clock is not ours, and its index lags.
const newsAge = 15 * time.Second

// News lists orders that changed from the cursor's time on. The cursor is a time, RFC 3339. The span is read again by as much as is waited:
// what is told twice is known by when it changed.
func (a *Account) News(ctx context.Context, cursor string) (schemas.News, error) {
	until := time.Now().UTC().Add(-newsAge).Truncate(time.Second)
	news := schemas.News{Next: until.Format(time.RFC3339)}
	if cursor == "" {
		return news, nil
	}
	from, err := time.Parse(time.RFC3339, cursor)
	if err != nil {
		return news, &remote.Failure{Class: remote.Permanent, Code: "bad_cursor", Reason: "the cursor is no time"}
	}
	if !until.After(from) {
		news.Next = cursor
		return news, nil
	}
	changed, err := a.Changed(ctx, from.Add(-newsAge))
	for _, one := range changed {
		if one.Changed.Before(until) {
			news.Told = append(news.Told, schemas.Told{Ref: one.Ref, Mark: one.Changed.UTC().Format(time.RFC3339), Changed: one.Changed})
		}
	}
	return news, err
}

// Ping asks what only the owner of the credentials is answered.
func (a *Account) Ping(ctx context.Context) error {
	var answer struct {
		Shop *struct{ ID string }
	}
	err := a.ask(ctx, `{ shop { id } }`, nil, &answer)
	if err == nil && answer.Shop == nil {
		err = &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and no shop is named"}
	}
	return err
}

// gid is a reference as GraphQL has it, and ref what is behind its last slash.
func gid(kind, ref string) string { return "gid://shopify/" + kind + "/" + ref }

func ref(gid string) string { return gid[strings.LastIndexByte(gid, '/')+1:] }
