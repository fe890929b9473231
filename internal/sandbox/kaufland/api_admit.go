package kaufland

import (
	"crypto/hmac"
	"net/http"
	"strconv"
	"time"

	"waybill/internal/sandbox/party"
)

// The headers of a signed request, and of a push (sellerapi.kaufland.com, REST API).
const (
	headerClientKey = "Shop-Client-Key"
	headerTimestamp = "Shop-Timestamp"
	headerSignature = "Shop-Signature"
)

// clockSkewMax is how far the time of a request may be from ours, in either direction.
const clockSkewMax = 5 * time.Minute

// The specification's types of problems that are of use here (ProblemType).
const (
	problemBlank       = "about:blank"
	problemBadRequest  = "/problems/bad-request"
	problemNotFound    = "/problems/not-found"
	problemServer      = "/problems/server-error"
	problemUnavailable = "/problems/service-unavailable"
	problemValidation  = "/problems/validation-error"
	problemCredentials = "/problems/invalid-credentials"
	problemSignature   = "/problems/corrupted-signature"
	problemHeader      = "/problems/missing-or-invalid-request-header"
	problemDuplicate   = "/problems/duplicate-action"
	problemNotAllowed  = "/problems/action-not-allowed"
	problemNoCancel    = "/problems/order-units/cancel-not-possible"
	problemCallback    = "/problems/subscriptions/unverified-callback-url"
)

// Admit checks who signed the request, and when; then that the seller does not ask too often.
func (a *API) Admit(c *party.Call) *party.Reply {
	for _, name := range []string{headerClientKey, headerTimestamp, headerSignature} {
		if c.Header.Get(name) == "" {
			return refused(http.StatusUnauthorized, problemHeader, "the header "+name+" is missing")
		}
	}
	at, err := strconv.ParseInt(c.Header.Get(headerTimestamp), 10, 64)
	if skew := a.options.Now().Sub(time.Unix(at, 0)); err != nil || skew > clockSkewMax || skew < -clockSkewMax {
		return refused(http.StatusUnauthorized, problemHeader, "the header "+headerTimestamp+" must be the present time in Unix seconds")
	}
	if a.options.ClientKey == "" || !hmac.Equal([]byte(a.options.ClientKey), []byte(c.Header.Get(headerClientKey))) {
		return refused(http.StatusUnauthorized, problemCredentials, "the client key is not known")
	}
	right := Sign(a.options.Secret, c.Method, c.Address(), c.Body, at)
	if a.options.Secret == "" || !hmac.Equal([]byte(right), []byte(c.Header.Get(headerSignature))) {
		return refused(http.StatusUnauthorized, problemSignature, "the signature is not that of "+c.Method+" on this URI with this body and timestamp")
	}
	if !a.limit.AllowN(a.options.Now(), 1) {
		r := a.Refuse(http.StatusTooManyRequests, "too many requests", 0) // no Retry-After is documented
		return &r
	}
	return nil
}

// Refuse answers with the problem of a status.
func (*API) Refuse(status int, message string, after time.Duration) party.Reply {
	kind, known := map[int]string{
		http.StatusNotFound: problemNotFound, http.StatusInternalServerError: problemServer, http.StatusServiceUnavailable: problemUnavailable,
		http.StatusRequestEntityTooLarge: problemBadRequest,
	}[status]
	if !known {
		kind = problemBlank
	}
	r := *refused(status, kind, message)
	r.After = after
	return r
}

// wrong is a field of a request that breaks the specification (ErrorDetails).
type wrong struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// refused is the specification's ErrorResponse.
func refused(status int, kind, message string, fields ...wrong) *party.Reply {
	r := party.JSON(status, map[string]any{"type": kind, "errors": append([]wrong{}, fields...), "message": message})
	return &r
}

func invalid(field, message string) *party.Reply {
	return refused(http.StatusBadRequest, problemValidation, "the request has invalid values", wrong{field, message})
}

func notFound() party.Reply {
	return *refused(http.StatusNotFound, problemNotFound, "resource not found")
}
