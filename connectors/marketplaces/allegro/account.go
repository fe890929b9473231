package allegro

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Account is a seller's account, over the REST API (developer.allegro.pl/swagger.yaml).
type Account struct {
	client *remote.Client
	lists  *remote.Client // the same, for answers that hold many orders
}

// RequestsPerSecond are a program's, over all its sellers and endpoints; documented are 9000 a minute, and some are left to whoever else
// uses its client id.
const RequestsPerSecond = 120

// LoginURL is where refresh tokens are exchanged (securitySchemes of the specification).
const LoginURL = "https://allegro.pl/auth/oauth/token"

// mediaType is that of every request and answer.
const mediaType = "application/vnd.allegro.public.v1+json"

// listBytesMax is more than a page can have: a hundred forms, or a thousand events.
const listBytesMax = 16 << 20

// NewAccount is called at that address, https://api.allegro.pl in reality, with tokens for login. Each refresh token is good for three
// months, and brings another that takes its place, so that login needs a file.
func NewAccount(address string, login remote.TokenSettings) (*Account, error) {
	login.InHeader = true
	tokens, err := remote.NewTokens(login)
	if err != nil {
		return nil, err
	}
	client := remote.New(address, func(r *http.Request) {
		r.Header.Set("Accept", mediaType)
		if r.Header.Get("Content-Type") != "" {
			r.Header.Set("Content-Type", mediaType)
		}
		r.Header.Set("User-Agent", "waybill")
	}).With(tokens, func(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) })
	return &Account{client: client, lists: client.Long(listBytesMax)}, nil
}

// Fetch is a checkout form. One that an event has named, and that is absent, is nothing unusual: who pays two purchases together makes a
// new form of both, and the two vanish (ALL#589, ALL#2829).
func (a *Account) Fetch(ctx context.Context, kind, ref string) ([]byte, error) {
	if kind != schemas.FetchOrder {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "unknown_kind", Reason: "Allegro has orders and no " + kind}
	}
	var document json.RawMessage
	said, err := a.client.Get(ctx, formPath(ref), nil, &document)
	return said, understood(err)
}

func formPath(ref string) string { return "/order/checkout-forms/" + url.PathEscape(ref) }

// Ping asks what only the owner of the credentials is answered.
func (a *Account) Ping(ctx context.Context) error {
	_, err := a.latest(ctx)
	return err
}

// reasonMax bounds what is told of an error, in bytes.
const reasonMax = 300

// understood sorts a refusal by its code (specification, ErrorsHolder), where that says more than its status. What a refusal of
// credentials says is not passed on: it quotes tokens (ALL#1590, ALL#4323).
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
			Code, Message string
		}
		Error string // of an AuthError
	}
	if json.Unmarshal(f.Said, &refusal) != nil {
		return err
	}
	if refusal.Error != "" {
		f.Code = refusal.Error
	}
	if len(refusal.Errors) == 0 {
		return f
	}
	f.Code, f.Reason = refusal.Errors[0].Code, "Allegro says:"
	for _, e := range refusal.Errors {
		f.Reason += " " + e.Message + ";"
	}
	f.Reason = strings.ToValidUTF8(f.Reason[:min(len(f.Reason)-1, reasonMax)], "")
	switch {
	case f.Status == http.StatusConflict: // what was decided on has changed: it is decided on again
		f.Class = remote.Transient
	case f.Code == unprocessable:
		f.Class = remote.Business
	}
	return f
}

// unprocessable is that the order does not take that status, or none any more (ALL#3652, ALL#11908).
const unprocessable = "SellerOrdersStoreUnprocessableEntityException"
