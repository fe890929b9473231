package allegro

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// The seller's own statuses that matter here (specification, CheckoutFormFulfillmentStatus). NEW is what nobody has taken on yet.
const (
	fulfilmentNew        = "NEW"
	fulfilmentProcessing = "PROCESSING"
	fulfilmentCancelled  = "CANCELLED"
)

// formCancelled is a form that its buyer, or Allegro, took back.
const formCancelled = "CANCELLED"

// standing is how far a form is, without persons.
type standing struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	Fulfillment struct {
		Status string `json:"status"`
	} `json:"fulfillment"`
	Revision string `json:"revision,omitempty"`
}

// isAccepted tells that the seller has taken the order on; what it became since then says so too.
func (s standing) isAccepted() bool {
	switch s.Fulfillment.Status {
	case "", fulfilmentNew, fulfilmentCancelled:
		return false
	}
	return true
}

// isCancelled tells that nothing will be delivered, whoever said so.
func (s standing) isCancelled() bool {
	return s.Status == formCancelled || s.Fulfillment.Status == fulfilmentCancelled
}

func (a *Account) standingOf(ctx context.Context, ref string) (s standing, err error) {
	if _, err = a.client.Get(ctx, formPath(ref), nil, &s); err != nil {
		return s, understood(err)
	}
	if s.ID != ref {
		return s, &remote.Failure{Class: remote.Transient, Code: "unexpected_answer", Reason: "another form was answered than was asked for"}
	}
	return s, nil
}

// Accept says that the order is being processed, unless more is said already.
func (a *Account) Accept(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	return a.set(ctx, what.Ref, fulfilmentProcessing, standing.isAccepted)
}

// Accepted looks whether the seller has taken the order on.
func (a *Account) Accepted(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	return a.look(ctx, what.Ref, standing.isAccepted)
}

// Reject cancels the whole order: Allegro has no rejection of a line.
func (a *Account) Reject(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	if len(what.Pieces) > 0 {
		return nil, &remote.Failure{Class: remote.Business, Code: "not_divisible", Reason: "Allegro cancels whole orders only: refund the pieces there"}
	}
	return a.set(ctx, what.Ref, fulfilmentCancelled, standing.isCancelled)
}

// Rejected looks whether the order is cancelled.
func (a *Account) Rejected(ctx context.Context, what schemas.Accepting) ([]byte, error) {
	return a.look(ctx, what.Ref, standing.isCancelled)
}

// look is how the form stands; remote.ErrAbsent if it is not so.
func (a *Account) look(ctx context.Context, ref string, so func(standing) bool) ([]byte, error) {
	s, err := a.standingOf(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !so(s) {
		return nil, remote.ErrAbsent
	}
	return json.Marshal(s)
}

// setsMax is how often it is decided anew because the form had changed in between.
const setsMax = 3

// set gives a form a status, if it is not so already, and only in the revision that was looked at: what somebody else has said in between
// is not overwritten.
func (a *Account) set(ctx context.Context, ref, status string, so func(standing) bool) ([]byte, error) {
	var outdated error
	for range setsMax {
		s, err := a.standingOf(ctx, ref)
		switch {
		case err != nil:
			return nil, err
		case so(s):
			return json.Marshal(s)
		case s.isCancelled():
			return nil, &remote.Failure{Class: remote.Business, Code: "cancelled", Reason: "the order is cancelled at Allegro"}
		}
		query := url.Values{}
		if s.Revision != "" {
			query.Set("checkoutForm.revision", s.Revision)
		}
		s.Fulfillment.Status, s.Revision = status, "" // which revision that makes, Allegro does not say
		_, err = a.client.Send(ctx, http.MethodPut, formPath(ref)+"/fulfillment", query, map[string]string{"status": status})
		if err == nil {
			return json.Marshal(s)
		}
		var f *remote.Failure
		if outdated = understood(err); !errors.As(err, &f) || f.Status != http.StatusConflict {
			return nil, outdated
		}
	}
	return nil, outdated
}
