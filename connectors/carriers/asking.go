package carriers

import (
	"context"
	"fmt"
	"regexp"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
	"waybill/schemas"
)

// Asker is a carrier that says how parcels stand when it is asked. An error is a *remote.Failure; what was asked may be asked again.
type Asker interface {
	// Ask is what the carrier says of parcels, byte for byte, at most Asking.NumbersMax of them. That it does not know one is an answer too.
	Ask(ctx context.Context, numbers []string) (said []byte, err error)
}

// Subscriber is an Asker whose carrier has to be told of which parcels it is to push what happens, if Asking.SubscribeMax says so.
type Subscriber interface {
	// Subscribe tells it of at most Asking.SubscribeMax parcels. What happened before, it does not push.
	Subscribe(ctx context.Context, numbers []string) (said []byte, err error)
}

// Prover is an Asker whose carrier has something that proves a delivery, if it is asked for that.
type Prover interface {
	// Prove is what proves that a parcel was delivered; nothing if there is nothing.
	Prove(ctx context.Context, number string) ([]schemas.Proof, error)
}

// Asking is how a carrier may be asked.
type Asking = scans.Asking

// AskerOf is the account of a carrier as it is asked, which is not spoken to yet; nil without an error if it has no setting to be asked with.
func AskerOf(carrier string, settings map[string]string) (Asker, Asking, error) {
	e, err := find(carrier)
	if err != nil {
		return nil, Asking{}, err
	}
	asker, asking, err := e.ask(settings)
	if err != nil || asker == nil {
		return nil, Asking{}, err
	}
	return careful{asker, asking}, asking, nil
}

// asked lets a folder's own type be one of ours. One that may not be asked about a single number has nothing to ask with.
func asked[A Asker](open func(map[string]string) (A, Asking, error)) func(map[string]string) (Asker, Asking, error) {
	return func(settings map[string]string) (Asker, Asking, error) {
		asker, asking, err := open(settings)
		if err != nil || asking.NumbersMax == 0 {
			return nil, Asking{}, err
		}
		return asker, asking, nil
	}
}

// careful asks about what can be a number only: it becomes part of an address, or of a list.
type careful struct {
	Asker
	asking Asking
}

// Ask asks, if it may be asked.
func (c careful) Ask(ctx context.Context, numbers []string) ([]byte, error) {
	if err := askable(numbers, c.asking.NumbersMax); err != nil {
		return nil, err
	}
	return c.Asker.Ask(ctx, numbers)
}

// SubscriberOf is an asker that can subscribe, if its carrier lets it; nil otherwise.
func SubscriberOf(asker Asker) Subscriber {
	if c, is := asker.(careful); is {
		if subscriber, is := c.Asker.(Subscriber); is && c.asking.SubscribeMax > 0 {
			return carefulSubscriber{c.asking, subscriber}
		}
	}
	return nil
}

type carefulSubscriber struct {
	asking     Asking
	subscriber Subscriber
}

// Subscribe subscribes, if that may be done.
func (c carefulSubscriber) Subscribe(ctx context.Context, numbers []string) ([]byte, error) {
	if err := askable(numbers, c.asking.SubscribeMax); err != nil {
		return nil, err
	}
	return c.subscriber.Subscribe(ctx, numbers)
}

// ProverOf is an asker that can be asked what proves a delivery; nil if its carrier has nothing.
func ProverOf(asker Asker) Prover {
	if c, is := asker.(careful); is {
		if prover, is := c.Asker.(Prover); is {
			return carefulProver{prover}
		}
	}
	return nil
}

type carefulProver struct{ prover Prover }

// Prove asks, if it may be asked.
func (c carefulProver) Prove(ctx context.Context, number string) ([]schemas.Proof, error) {
	if err := askable([]string{number}, 1); err != nil {
		return nil, err
	}
	return c.prover.Prove(ctx, number)
}

var numberForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$`)

func askable(numbers []string, most int) error {
	if len(numbers) == 0 || len(numbers) > most {
		return &remote.Failure{Class: remote.Permanent, Code: "too_many_numbers", Reason: fmt.Sprintf("the carrier is told of 1 to %d parcels in one call, not of %d", most, len(numbers))}
	}
	for i, number := range numbers {
		if !numberForm.MatchString(number) {
			return &remote.Failure{Class: remote.Permanent, Code: "bad_number", Reason: fmt.Sprintf("number %d of the call can be no tracking number: letters and digits, at most 100", i+1)}
		}
	}
	return nil
}
