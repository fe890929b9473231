package reach

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Why makes one line of an error that came of talking to the target at where. What is one already stays as it is, and so does
// what this package has no better words for.
func (t Target) Why(where string, err error) error {
	return t.say(where, err, t.certificate, t.refusedByTLS, t.login, t.right, t.wire)
}

// Refusal is Why of an error that may have come from elsewhere: only what the target itself said is taken.
func (t Target) Refusal(where string, err error) error { return t.say(where, err, t.login, t.right) }

func (t Target) say(where string, err error, words ...func(error) (why, next string)) error {
	var known *Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	for _, ask := range words {
		if why, next := ask(err); why != "" {
			return &Fault{What: t.What, Where: where, Why: why, Next: next, err: err}
		}
	}
	return err
}

// certificate is what we have against theirs.
func (t Target) certificate(err error) (why, next string) {
	var stranger x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &stranger):
		return "its certificate is signed by an authority that is not trusted here" + issuer(stranger.Cert),
			"put that authority's certificate into the file of " + t.What + ".tls.ca_file"
	case errors.As(err, &name):
		return "its certificate is not for that name: " + strings.TrimPrefix(name.Error(), "x509: "),
			"name it in " + t.Address + " as its certificate does, or set " + t.What + ".tls.server_name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && time.Now().Before(invalid.Cert.NotBefore):
		return "its certificate is not valid before " + invalid.Cert.NotBefore.UTC().Format(time.RFC3339), "set the clocks by NTP"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate expired on " + invalid.Cert.NotAfter.UTC().Format(time.DateOnly), "renew it there; if it has not expired, this machine's clock is off"
	case errors.As(err, &invalid):
		return "its certificate can not be accepted: " + strings.TrimPrefix(invalid.Error(), "x509: "), "have it issued anew"
	}
	return "", ""
}

func issuer(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	return " (" + c.Issuer.String() + ")"
}

// refusedByTLS is what they have against ours. The alerts of RFC 8446, section 6.2, have no type of their own in crypto/tls.
func (t Target) refusedByTLS(err error) (why, next string) {
	text := err.Error()
	_, alert, refused := strings.Cut(text, "remote error: tls: ")
	ours := t.What + ".tls.cert_file and " + t.What + ".tls.key_file"
	switch {
	case refused && strings.HasPrefix(alert, "certificate required"), refused && strings.HasPrefix(alert, "bad certificate"):
		return "it lets in only who shows a certificate that it accepts, and was shown none, or another one", "set " + ours + " to one that its authorities have signed"
	case refused && strings.HasPrefix(alert, "expired certificate"):
		return "it refuses this instance's certificate, because it has expired", "exchange the files of " + ours + "; no restart is needed"
	case refused && (strings.HasPrefix(alert, "unknown certificate") || strings.HasPrefix(alert, "revoked certificate")):
		return "it refuses this instance's certificate: " + strings.SplitN(alert, "\n", 2)[0], "exchange the files of " + ours + " for one that it trusts"
	case refused:
		return "it ends the handshake: " + strings.SplitN(alert, "\n", 2)[0], "look whether it takes TLS 1.2 or newer, and into its log"
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) || strings.Contains(text, "server gave HTTP response to HTTPS client") {
		return "it speaks no TLS on this port", "give its TLS port in " + t.Address + ", or leave " + t.What + ".tls away"
	}
	return "", ""
}

// wire is what lies below TLS and logins.
func (t Target) wire(err error) (why, next string) {
	var name *net.DNSError
	var first *kgo.ErrFirstReadEOF
	text := err.Error()
	timedOut := func() bool { var n net.Error; return errors.As(err, &n) && n.Timeout() }
	switch {
	case errors.As(err, &name):
		return "nobody knows the name " + name.Name, "correct " + t.Address + ", or the DNS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there", "start it, or correct " + t.Address
	case strings.Contains(text, "beginning of an HTTP response"):
		return "it speaks HTTP on this port", "correct " + t.Address
	case strings.Contains(text, "tls alert record"), strings.Contains(text, "HTTP request to an HTTPS server"), strings.Contains(text, `malformed HTTP response "\x15\x03`):
		return "it speaks only TLS on this port", "set " + t.What + ".tls.enabled, with https:// where there is a scheme"
	case errors.As(err, &first) && !t.TLS, errors.Is(err, io.EOF) && !t.TLS && t.What == "kafka":
		return "it hangs up on what is said in plain text: it wants TLS, or a login", "set " + t.What + ".tls.enabled, or " + t.Login
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "it hangs up", "look into its log; does this port want another protocol, or a login (" + t.Login + ")?"
	case errors.Is(err, context.DeadlineExceeded), timedOut():
		return "it does not answer in time", "is the network open to it, and is it well?"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to it", "look at the network, or correct " + t.Address
	}
	return "", ""
}
