package allegro

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"waybill/internal/sandbox/party"
)

// requestsPerMinuteMax is a program's, over all sellers and endpoints (developer.allegro.pl, Limits).
const requestsPerMinuteMax = 9000

// quota counts the requests of each minute.
type quota struct {
	now func() time.Time

	mu     sync.Mutex
	minute time.Time
	asked  int
}

func (q *quota) allows() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if minute := q.now().Truncate(time.Minute); !minute.Equal(q.minute) {
		q.minute, q.asked = minute, 0
	}
	q.asked++
	return q.asked <= requestsPerMinuteMax
}

// Admit checks that the program does not ask too often, has a token that is good, and speaks the API's media type. Whoever asks for a
// token has none yet: that is checked there.
func (a *API) Admit(c *party.Call) *party.Reply {
	if !a.quota.allows() {
		r := a.Refuse(http.StatusTooManyRequests, "The limit of requests has been exceeded", 0) // no Retry-After is documented
		return &r
	}
	if strings.HasSuffix(c.URL.Path, loginPath) {
		return nil
	}
	if refused := a.logins.admit(c.Header.Get("Authorization")); refused != nil {
		return refused
	}
	if !accepts(c.Header.Get("Accept")) { // ALL#3309, ALL#11561
		return refusedAs(http.StatusNotAcceptable, codeNotAcceptable, "Not acceptable representation requested. Please check 'Accept' request header")
	}
	if sent, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); c.Method != http.MethodGet && sent != mediaType { // ALL#3822, ALL#8052
		return refusedAs(http.StatusUnsupportedMediaType, codeNotSupported, "Unsupported content type. Please check 'Content-Type' request header")
	}
	return nil
}

// accepts asks for the API's own media type by name: who leaves it to chance is shown that it is none.
func accepts(header string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(one string) bool {
		name, _, _ := mime.ParseMediaType(one)
		return name == mediaType
	})
}

// Codes of errors, as Allegro was seen to answer them in the issues of allegro/allegro-api.
const (
	codeFormNotFound  = "CheckoutFormNotFoundException"                 // ALL#9119
	codeNotFound      = "NotFoundException"                             // ALL#5934
	codeNotAcceptable = "NotAcceptableException"                        // ALL#3310
	codeNotSupported  = "NotSupportedException"                         // ALL#8052
	codeUnprocessable = "SellerOrdersStoreUnprocessableEntityException" // ALL#3652, ALL#11908
	codeValidation    = "VALIDATION_ERROR"                              // ALL#4027
	codeServer        = "INTERNAL_SERVER_ERROR"                         // ALL#2360
	codeWaybill       = "CarrierWaybillValidationException"             // ALL#7673
	codeError         = "ERROR"                                         // ALL#628: what has no other
	codeConflict      = "SellerOrdersStoreConflictException"            // inferred: only the status is documented
)

// problem is the specification's Error.
type problem struct {
	Code        string            `json:"code"`
	Message     string            `json:"message"`
	Details     *string           `json:"details"`
	Path        *string           `json:"path"`
	UserMessage string            `json:"userMessage"`
	Metadata    map[string]string `json:"metadata"`
}

// refusedAs is the specification's ErrorsHolder with one error.
func refusedAs(status int, code, message string) *party.Reply {
	r := answered(status, map[string][]problem{"errors": {{Code: code, Message: message, UserMessage: message, Metadata: map[string]string{}}}})
	return &r
}

// Refuse answers with the error of a status.
func (*API) Refuse(status int, message string, after time.Duration) party.Reply {
	code, known := map[int]string{http.StatusNotFound: codeNotFound, http.StatusInternalServerError: codeServer}[status]
	if !known {
		code = codeError
	}
	r := *refusedAs(status, code, message)
	r.After = after
	return r
}

func notFound(id string) party.Reply {
	return *refusedAs(http.StatusNotFound, codeFormNotFound, "Checkout form "+id+" not found")
}

func invalid(message string) *party.Reply {
	return refusedAs(http.StatusUnprocessableEntity, codeValidation, message)
}
