// Package processors holds the steps of Waybill, one file a step, verbs. A processor is a pure function: event and what it
// remembers in, messages and what it will remember out. It has no client, clock, random or global; what it needs of a channel
// it is handed as a small interface that is as pure as itself.
package processors

import (
	"errors"
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// Processor is one step: what it reads, what it may write, what it remembers, and the function between.
type Processor struct {
	Name   string
	Reads  []*topics.Topic
	Back   *topics.Topic   // step.<name>, what comes back to it
	Table  *topics.Topic   // table.<name>, what it remembers
	Looks  []*topics.Topic // compacted, what it looks things up in
	Writes []*topics.Topic // beside its table and the trash, which every step may write
	State  schemas.Any     // the schema of its state of one key
	// Snapshot: every input is the whole of its key, so a later good one overtakes a failed one and nothing waits for that.
	Snapshot bool
	// Minds tells, by its key alone, whether a record is the step's business; nil: all are. Of what is not, nothing is read or kept.
	Minds func(topic *topics.Topic, key string) bool
	// Came tells whether what a key waits for has come in a view; nil if nothing it waits for does. What is waited for otherwise, it
	// does not know.
	Came func(what string) (bool, error)
	// Handle answers one event. state is a pointer to the key's state, zero at first; what stands in it afterwards is kept
	// whatever the error, unless that means "try again".
	Handle func(event *topics.Event, state any) (Result, error)
}

// Result is what one event led to.
type Result struct {
	Messages []topics.Message
	Repeat   bool // the event said nothing new
	Partial  bool // the event was not the whole of its key: what failed before stays open
	Wake     *Wake
}

// Wake asks to hear of the event's key again: a message on step.<name>, not before At.
type Wake struct {
	At   schemas.Millis
	What string
}

// StateSubject is the name under which the state's schema is registered.
func (p Processor) StateSubject() string { return schemas.Subject(p.Table.Name + ".state") }

// Step declares a processor whose inputs are all of type In and whose state is of type State. in is nil for a wake-up, which only
// a processor that asks for one gets; what for stands in the event's header "wake".
func Step[In, State any](p Processor, handle func(event *topics.Event, in *In, state *State) (Result, error)) Processor {
	p.Handle = func(event *topics.Event, state any) (Result, error) {
		in, ok := event.Value.(*In)
		if !ok && event.Value != nil {
			return Result{}, Dead(schemas.ClassMalformed, fmt.Errorf("%s got a %T", p.Name, event.Value))
		}
		return handle(event, in, state.(*State))
	}
	return p
}

// Dead says that the event will never succeed as it is: it goes to the trash with its class. Any other error but Wait means
// that it is tried again.
func Dead(class string, err error) error { return &DeadError{Class: class, Err: err} }

// DeadError is the outcome Dead.
type DeadError struct {
	Class  string
	Err    error
	ShipBy *schemas.Millis // when the order has to have left, as far as the event could be read
}

func (e *DeadError) Error() string { return e.Err.Error() }
func (e *DeadError) Unwrap() error { return e.Err }

// Wait says that the event can not be handled before something comes: its key waits for it, the partition does not.
// A zero until waits without end.
func Wait(what string, until schemas.Millis) error { return &WaitError{What: what, Until: until} }

// Park is a Wait that somebody may have to do something about: while it lasts, the trash has an entry of that class which says why.
func Park(what string, until schemas.Millis, class string, err error) error {
	return &WaitError{What: what, Until: until, Class: class, Err: err}
}

// Alike says what a message that waits says, if it does: another that says the same, right behind it, does not wait too. A channel
// that is asked every minute would fill the row of its key.
func Alike(err error, says []byte) error {
	var wait *WaitError
	if errors.As(err, &wait) {
		wait.Says = says
	}
	return err
}

// Promised says of an event that is dead or waits by when its order has to have left: until then somebody should have mended it.
func Promised(err error, shipBy *schemas.Millis) error {
	dead, wait := Outcome(err)
	if dead != nil {
		dead.ShipBy = shipBy
	}
	if wait != nil {
		wait.ShipBy = shipBy
	}
	return err
}

// WaitError is the outcome Wait or Park.
type WaitError struct {
	Says   []byte // the same for messages that say the same; nil if that is not known
	What   string
	Until  schemas.Millis
	Class  string          // of a Park
	Err    error           // of a Park
	ShipBy *schemas.Millis // as that of a DeadError
}

// Unwrap is why it is parked.
func (e *WaitError) Unwrap() error { return e.Err }

func (e *WaitError) Error() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.Until == 0:
		return "waits for " + e.What
	}
	return fmt.Sprintf("waits for %s until %s", e.What, e.Until)
}

// Outcome sorts the error of a Handle.
func Outcome(err error) (dead *DeadError, wait *WaitError) {
	errors.As(err, &dead)
	errors.As(err, &wait)
	return dead, wait
}
