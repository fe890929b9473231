package reach

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/sr"
)

// login is who we are not, to them.
func (t Target) login(err error) (why, next string) {
	var answer *sr.ResponseError
	switch {
	case errors.Is(err, kerr.UnsupportedSaslMechanism):
		return "it does not take this mechanism of authentication", "set kafka.sasl.mechanism to one that its listener has"
	case errors.Is(err, kerr.SaslAuthenticationFailed), errors.Is(err, kerr.IllegalSaslState), strings.Contains(err.Error(), "SASL_AUTHENTICATION_FAILED"):
		return t.stranger()
	case errors.As(err, &answer) && answer.StatusCode == http.StatusUnauthorized:
		return t.stranger()
	case errors.As(err, &answer) && answer.StatusCode == http.StatusForbidden:
		return fmt.Sprintf("it forbids %s to %s %s", t.Who(), answer.Method, pathOf(answer.URL)), "have that granted"
	case t.What == "kafka" && t.User != "" && errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "api versions"):
		return "it hangs up when " + t.User + " logs in: another password, no such user, or not that mechanism",
			"correct kafka.sasl.user, kafka.sasl.password_file and kafka.sasl.mechanism"
	}
	return "", ""
}

// stranger is a wrong name or password; who is asked never says which.
func (t Target) stranger() (why, next string) {
	if t.User == "" {
		return "it wants a login, and was shown none", "set " + t.Login + ".user and " + t.Login + ".password_file"
	}
	return "it refuses the login of " + t.User + ": no such user, or another password", "correct " + t.Login + ".user and " + t.Login + ".password_file"
}

// Refused is the fault of a login that was turned away, for whoever finds that out in another way.
func (t Target) Refused(where string, err error) error {
	why, next := t.stranger()
	return &Fault{What: t.What, Where: where, Why: why, Next: next, err: err}
}

// Who is the login, for people.
func (t Target) Who() string {
	if t.User == "" {
		return "this instance"
	}
	return t.User
}

func pathOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if _, path, ok := strings.Cut(rest, "/"); ok {
		return "/" + path
	}
	return url
}

// right is what Kafka's authorizer does not let us do.
func (t Target) right(err error) (why, next string) {
	for _, of := range []struct {
		err  error
		what string
	}{
		{kerr.TopicAuthorizationFailed, "a topic"},
		{kerr.GroupAuthorizationFailed, "a consumer group"},
		{kerr.TransactionalIDAuthorizationFailed, "a transactional id"},
		{kerr.ClusterAuthorizationFailed, "the cluster"},
	} {
		if errors.Is(err, of.err) {
			return t.Who() + " has not the right to use " + of.what + ": " + err.Error(), "'waybill acls' prints what each role needs"
		}
	}
	return "", ""
}
