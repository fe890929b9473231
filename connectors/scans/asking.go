package scans

import (
	"time"

	"waybill/schemas"
)

// Asking is how a carrier may be asked how parcels stand.
type Asking struct {
	NumbersMax int           // in one call
	CallMax    time.Duration // longest that a call may take
	PerSecond  float64       // calls a second
	PerDay     int           // calls; 0: not known to be limited

	SubscribeMax  int           // numbers in one subscription of pushes; 0: there is none to make
	SubscribedFor time.Duration // after which a subscription ends
}

// Answers says that a body tells something of parcels, or that they are not known, and nothing that can not be read: then it is an answer,
// by whatever status it came.
func Answers(track func(said []byte, asked string) (schemas.Tracked, error), asked string) func(said []byte) bool {
	return func(said []byte) bool {
		tracked, err := track(said, asked)
		return err == nil && len(tracked.Scans)+len(tracked.Absent) > 0
	}
}
