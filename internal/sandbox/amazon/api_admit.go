package amazon

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"waybill/internal/sandbox/party"
)

// The headers of the specifications, and the one that carries a token.
const (
	headerAccess  = "X-Amz-Access-Token"
	headerRate    = "X-Amzn-Ratelimit-Limit"
	headerRequest = "X-Amzn-Requestid"
)

// usage is a usage plan: requests a second, and at once.
type usage struct {
	rate  float64
	burst int
}

// usagePlans are the documented ones (Usage Plan of each operation).
var usagePlans = map[string]usage{
	searchPattern:  {0.0056, 20},
	getPattern:     {0.5, 30},
	confirmPattern: {2, 10},
}

// plan is the bucket of tokens of an operation, for a seller and a program.
type plan struct {
	limit *rate.Limiter
	told  string
}

func (u usage) plan(faster float64) *plan {
	perSecond := u.rate * faster
	return &plan{rate.NewLimiter(rate.Limit(perSecond), u.burst), strconv.FormatFloat(perSecond, 'g', 6, 64)}
}

// Admit checks the token, then that the operation is not asked for too often. Who logs in needs neither.
func (a *API) Admit(c *party.Call) *party.Reply {
	if c.Pattern == a.routed(loginPattern) {
		return nil
	}
	if why := a.refuses(c.Header.Get(headerAccess)); why != "" {
		r := a.numbered(*refused(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", why))
		return &r
	}
	if p := a.plans[c.Pattern]; p != nil && !p.limit.AllowN(a.options.Now(), 1) {
		r := a.Refuse(http.StatusTooManyRequests, "You exceeded your quota for the requested resource.", 0)
		return &r
	}
	return nil
}

// codes are the specifications' by the status that they come with.
var codes = map[int]string{
	http.StatusForbidden: "Unauthorized", http.StatusNotFound: "NotFound", http.StatusRequestEntityTooLarge: "RequestEntityTooLarge",
	http.StatusTooManyRequests: "QuotaExceeded", http.StatusInternalServerError: "InternalFailure", http.StatusServiceUnavailable: "ServiceUnavailable",
}

// Refuse answers with the code of a status. When to come again is never said: no Retry-After is documented.
func (a *API) Refuse(status int, message string, _ time.Duration) party.Reply {
	code, known := codes[status]
	if !known {
		code = "InternalFailure"
	}
	return a.numbered(*refused(status, code, message, ""))
}

// numbered gives an answer the id by which Amazon's support finds it.
func (a *API) numbered(r party.Reply) party.Reply {
	r.Header = http.Header{headerRequest: {fmt.Sprintf("00000000-0000-4000-8000-%012x", a.asked.Add(1))}}
	return r
}

// wrong is the specifications' Error.
type wrong struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Details string `json:"details,omitempty"`
}

// refused is the specifications' ErrorList.
func refused(status int, code, message, details string) *party.Reply {
	r := party.JSON(status, map[string][]wrong{"errors": {{code, message, details}}})
	return &r
}

func invalid(details string) *party.Reply {
	return refused(http.StatusBadRequest, "InvalidInput", "Invalid Input", details)
}

func notFound() *party.Reply {
	return refused(http.StatusNotFound, codes[http.StatusNotFound], "The specified resource does not exist.", "")
}
