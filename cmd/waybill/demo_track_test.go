package main

import (
	"testing"

	"waybill/schemas"
)

// GLS says of a parcel that it has lost that it was not delivered, and nothing after that.
func TestAParcelStandsAtItsEndAsFarAsItsCarrierHasWordsForIt(t *testing.T) {
	for _, end := range []struct {
		carrier, truth, standing string
		known                    bool
	}{
		{"gls", "lost", schemas.ParcelFailedAttempt, true},
		{"dpd", "lost", schemas.ParcelInTransit, true},
		{"dpd", "returned", schemas.ParcelInTransit, true},
		{"gls", "lost", "", false},
		{"gls", "lost", schemas.ParcelDelivered, false},
		{"gls", "delivered", schemas.ParcelOutForDelivery, false},
		{"ups", "lost", schemas.ParcelFailedAttempt, false},
		{"ups", "lost", schemas.ParcelException, true},
		{"dhl", "returned", schemas.ParcelInTransit, false},
	} {
		if got := isEnd(end.carrier, end.truth, end.standing); got != end.known {
			t.Errorf("%s by %s, and we say %q: known %v", end.truth, end.carrier, end.standing, got)
		}
	}
}
