package remote

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// ForPassword gets tokens for the name and the password of an account (RFC 6749 §4.3); the settings name endpoint, client and secret.
func ForPassword(s TokenSettings, user, password string) *Tokens {
	t := s.tokens()
	t.ask = func(ctx context.Context) (*oauth2.Token, error) {
		return t.endpoint.PasswordCredentialsToken(ctx, user, password)
	}
	return t
}

// ForClient gets tokens for the client itself (RFC 6749 §4.4); the settings name endpoint, client and secret.
func ForClient(s TokenSettings) *Tokens {
	t := s.tokens()
	t.ask = func(ctx context.Context) (*oauth2.Token, error) {
		own := clientcredentials.Config{
			ClientID: t.endpoint.ClientID, ClientSecret: t.endpoint.ClientSecret, TokenURL: t.endpoint.Endpoint.TokenURL, AuthStyle: t.endpoint.Endpoint.AuthStyle,
		}
		if s.Scope != "" {
			own.Scopes = []string{s.Scope}
		}
		return own.Token(ctx)
	}
	return t
}

// ForLogin gets tokens in a way of the party's own, each good for so long. Its error is a *Failure.
func ForLogin(life time.Duration, login func(ctx context.Context) (token string, err error)) *Tokens {
	return &Tokens{ask: func(ctx context.Context) (*oauth2.Token, error) {
		token, err := login(ctx)
		var f *Failure
		if errors.As(err, &f) && f.Status != 0 { // a refusal of credentials is not tried again
			return nil, &oauth2.RetrieveError{Response: &http.Response{StatusCode: f.Status, Header: f.Header}, ErrorCode: f.Code}
		}
		if err != nil {
			return nil, err
		}
		return &oauth2.Token{AccessToken: token, Expiry: time.Now().Add(life)}, nil
	}}
}

// tokens ask at the endpoint of the settings.
func (s TokenSettings) tokens() *Tokens {
	t := &Tokens{endpoint: oauth2.Config{
		ClientID: s.Client, ClientSecret: s.Secret, Endpoint: oauth2.Endpoint{TokenURL: s.URL, AuthStyle: oauth2.AuthStyleInParams},
	}}
	if s.InHeader {
		t.endpoint.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return t
}
