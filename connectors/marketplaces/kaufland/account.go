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
)

// Account is a seller's account, over the Seller API v2 (sellerapi.kaufland.com, version 2.27.0).
type Account struct{ client *remote.Client }

// RequestsPerSecond are a seller's, over all endpoints; documented are 111 (sellerapi.kaufland.com, Rate Limits), and some are left to
// whoever else uses the account.
const RequestsPerSecond = 100

// headerClientKey names the program that calls.
const headerClientKey = "Shop-Client-Key"

// NewAccount is called at that address, which ends in /v2. Each request is signed with the secret, as pushes are.
func NewAccount(address, clientKey, secret string) *Account {
	return &Account{remote.New(address, func(r *http.Request) {
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
