package remote

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

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
