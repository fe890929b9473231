package remote

import (
	"context"

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
