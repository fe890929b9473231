package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Classes of failure.
const (
	Transient      = "transient"      // passes by itself
	Permanent      = "permanent"      // the call is wrong as it is
	Business       = "business"       // the party refuses what is asked: no such article, a closed period
	TooLate        = "intercept"      // what is to be taken back is under way already: somebody has to go after it
	Authentication = "authentication" // our credentials are refused
	Throttled      = "throttled"      // too many calls: nothing was done, and it is no fault of this one
)

// ErrAbsent is the party's word that what was looked for is not there.
var ErrAbsent = errors.New("the party has nothing of it")

// Failure is a call that failed.
type Failure struct {
	Class      string
	Code       string        // stable: the party's own, or that of the status
	Reason     string        // for people; no personal data
	Perhaps    bool          // it may have been done all the same
	RetryAfter time.Duration // that the party asked for; 0 if it did not
	Status     int           // of the answer; 0 without one
	Said       []byte        // the answer, for the connector to understand
	Header     http.Header   // its headers, likewise
}

func (f *Failure) Error() string { return f.Class + " " + f.Code + ": " + f.Reason }

// broken is an exchange without an answer. What had not left this machine was not done.
func broken(err error, sent bool) *Failure {
	f := &Failure{Class: Transient, Code: "no_answer", Reason: "the connection broke before an answer came", Perhaps: sent}
	if timeout := net.Error(nil); errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		f.Code, f.Reason = "timeout", "no answer came in time"
	}
	if !sent {
		f.Code, f.Reason = "unreachable", "the party can not be reached"
	}
	return f
}

// unreadable is a success that is none: something before the party may have answered for it.
func unreadable(why string) *Failure {
	return &Failure{Class: Transient, Code: "unreadable_answer", Reason: "success was answered, but the answer can not be read: " + why, Perhaps: true}
}

// refused sorts an answer by its status (RFC 9110 §15, RFC 6585 §4). A server that failed may have done it before.
func refused(answer *http.Response, said []byte) *Failure {
	f := &Failure{
		Class: Permanent, Code: strconv.Itoa(answer.StatusCode), Reason: fmt.Sprintf("the party answered %s", answer.Status),
		Status: answer.StatusCode, Said: said, Header: answer.Header, RetryAfter: retryAfter(answer.Header.Get("Retry-After")),
	}
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		f.Class = Authentication
	case status == http.StatusTooManyRequests:
		f.Class = Throttled
	case status == http.StatusRequestTimeout, status >= http.StatusInternalServerError:
		f.Class, f.Perhaps = Transient, true
	}
	return f
}

// waitMax bounds what a party may ask for: a mistake of theirs is not to stop us for a year.
const waitMax = time.Hour

// retryAfter reads a Retry-After in seconds or as a date (RFC 9110 §10.2.3).
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, waitMax)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(0, time.Until(at)), waitMax)
	}
	return 0
}
