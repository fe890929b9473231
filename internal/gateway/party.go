package gateway

import (
	"context"
	"errors"
	"time"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
	"waybill/topics"
)

// Party is a system on the outside, as its connector speaks to it. Both calls end when ctx does; an error that is no *Failure means
// that nobody knows what came of it.
type Party interface {
	// Call does what the task says. It looks at ctx right before it sends, and sends nothing once ctx is done: it may have slept.
	Call(ctx context.Context, task *schemas.Task) (Answer, error)
	// Find asks what became of a task that may have been sent: ErrAbsent if the party has nothing of it.
	Find(ctx context.Context, task *schemas.Task) (Answer, error)
}

// ErrAbsent is the party's word that what was looked for is not there.
var ErrAbsent = errors.New("the party has nothing of it")

// Answer is what the party said to a task that it has done.
type Answer struct {
	TheirRef string // what it calls what it made
	Receipt  []byte // what it said, without secrets and payment data
	Limit    limit.Report
	// Needless: there is nothing there that could be told, or taken back.
	Needless bool
	// Next is what the next call of a standing kind begins with, and More that it may go at once.
	Next schemas.Body
	More bool
	// Document is what it handed over, and At when: for what follows, and kept nowhere else.
	Document []byte
	At       time.Time
}

// Kind is how tasks of one kind are treated.
type Kind struct {
	Name       string
	Repeatable bool          // sent twice it does no more than once
	Findable   bool          // the party can be asked what became of it
	CallMax    time.Duration // longest that a call may take, from its intent on
	SettleTime time.Duration // how long after a call the party may not yet find what it has done, or may still do it
	Priority   limit.Priority
	// Needless: nothing is sent. Its tasks are done as soon as they come, and only overtake others of their lanes.
	Needless bool
	// Every is the pause between the calls of a standing kind: nobody asks for those, and they never end. Its one task keeps in its
	// payload what the last answer said the next is to begin with. 0: the kind is none.
	Every time.Duration
	// Parts are what a task has in common with some of its kind, the widest first, and may fail alone with: a storefront, an article. No
	// personal data; nil if nothing is.
	Parts func(task *schemas.Task) []string
	// Then is what follows from an answer; it is pure. nil if nothing does.
	Then func(task *schemas.Task, answer Answer) ([]topics.Message, error)
	// Else is what follows when a task goes to the trash; it is pure. nil if nothing does.
	Else func(task *schemas.Task, code, reason string, at time.Time) ([]topics.Message, error)
}

// Classes of failure, as the party's documentation tells them apart.
const (
	Transient      = "transient"      // passes by itself
	Permanent      = "permanent"      // the call is wrong as it is
	Business       = "business"       // the party refuses what is asked: no such article, a closed period
	TooLate        = "intercept"      // what is to be taken back is under way already: somebody has to go after it
	Pending        = "pending"        // the party is still at it: the call works, and is made again
	Authentication = "authentication" // our credentials are refused
	Throttled      = "throttled"      // too many calls: nothing was done, and it is no fault of this one
	Systemic       = "systemic"       // it fails for all alike: the party is closed for repair
)

// isFinal tells the classes of which no repetition helps: a person has to look.
func isFinal(class string) bool { return class == Permanent || class == Business || class == TooLate }

// Failure is a call that failed, as the connector understood it.
type Failure struct {
	Class      string
	Code       string        // stable, as the party names it
	Reason     string        // for people; no personal data
	Perhaps    bool          // it may have been done all the same
	Unsent     bool          // it was refused here, before anybody was called: it says nothing of the party
	RetryAfter time.Duration // what the party asked for; 0 if it did not
	Limit      limit.Report
}

func (f *Failure) Error() string { return f.Class + " " + f.Code + ": " + f.Reason }

// failureOf is what an error of a connector means. What is not understood may have been done, and may pass.
func failureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Class: Transient, Code: unknownCode, Reason: err.Error(), Perhaps: true}
}

// unknownCode is of a failure that has no code: what it says tells it from others.
const unknownCode = "unknown"
