package clickhouse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Dialer connects to host:port and shakes hands.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// ErrLogin is what a server says to a user it does not know, or whose password is another. It does not say which.
var ErrLogin = errors.New("the login is refused")

// connect makes the driver dial and authenticate as it is right at that moment, so that a certificate and a password can be
// exchanged while connections are open.
func (o Options) connect(options *clickhouse.Options) {
	if o.Dial != nil {
		options.TLS = &tls.Config{MinVersion: tls.VersionTLS12} // tells the driver that it is encrypted; o.Dial does it
		options.DialContext = func(ctx context.Context, address string) (net.Conn, error) { return o.Dial(ctx, "tcp", address) }
	}
	if o.PasswordNow != nil {
		options.DialStrategy = func(ctx context.Context, id int, known *clickhouse.Options, dial clickhouse.Dial) (clickhouse.DialResult, error) {
			now := *known
			now.Auth.Password = o.PasswordNow()
			return clickhouse.DefaultDialStrategy(ctx, id, &now, dial)
		}
	}
	options.TransportFunc = func(transport *http.Transport) (http.RoundTripper, error) {
		if o.Dial != nil {
			transport.DialTLSContext = o.Dial
		}
		if o.PasswordNow == nil {
			return transport, nil
		}
		return &login{transport, o.PasswordNow}, nil
	}
}

// login shows the password of the moment with each request: a connection over HTTP outlives many.
type login struct {
	http.RoundTripper
	passwordNow func() string
}

// shownIn is where the driver puts it over TLS; else it is part of the basic authentication.
const shownIn = "X-ClickHouse-Key"

// RoundTrip makes it an http.RoundTripper.
func (l *login) RoundTrip(r *http.Request) (*http.Response, error) {
	user, _, basic := r.BasicAuth()
	if !basic && r.Header.Get(shownIn) == "" {
		return l.RoundTripper.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	if basic {
		r.SetBasicAuth(user, l.passwordNow())
	} else {
		r.Header.Set(shownIn, l.passwordNow())
	}
	return l.RoundTripper.RoundTrip(r)
}

// The codes of ClickHouse for a login it refuses: UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED; and for a
// database that is not there.
const (
	codeUnknownUser      = 192
	codeWrongPassword    = 193
	codeRequiredPassword = 194
	codeAuthentication   = 516
	codeUnknownDatabase  = 81
)

// unreachable says what to do about a server that does not answer.
func (c *ClickHouse) unreachable(err error) error {
	var exception *clickhouse.Exception
	if !errors.As(err, &exception) {
		return fmt.Errorf("reach ClickHouse at %s: %w; is it running, and is the DSN right?", c.address, err)
	}
	switch exception.Code {
	case codeUnknownUser, codeWrongPassword, codeRequiredPassword, codeAuthentication:
		return fmt.Errorf("ClickHouse at %s: %w: %w", c.address, ErrLogin, &queryError{exception})
	case codeUnknownDatabase:
		return fmt.Errorf("ClickHouse at %s has no database %s; make it, or correct clickhouse.dsn", c.address, c.options.Auth.Database)
	}
	return fmt.Errorf("ClickHouse at %s refuses the connection: %w", c.address, &queryError{exception})
}
