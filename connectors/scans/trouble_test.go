package scans

import (
	"testing"

	"waybill/schemas"
)

func TestWhatHindersAParcelIsReadFromItsCarriersWords(t *testing.T) {
	for _, said := range []struct{ status, words, trouble string }{
		{schemas.ParcelInTransit, "Damage Reported", ""},
		{schemas.ParcelException, "Damage found, return to sender", schemas.TroubleDamaged},
		{schemas.ParcelException, "Sent to Lost and Found", schemas.TroubleLost},
		{schemas.ParcelException, "The shipment's data is missing", schemas.TroubleHeld},
		{schemas.ParcelFailedAttempt, "DUTIES AND TAX PAYMENT REFUSED BY CONSIGNEE", schemas.TroubleRefused},
		{schemas.ParcelException, "HELD AT CUSTOMS", schemas.TroubleCustoms},
		{schemas.ParcelFailedAttempt, "DELIVERY ATTEMPTED; RETURNED FOR RE-DELIVERY", schemas.TroubleAttempt},
		{schemas.ParcelException, "ON_ROUTE_TO_SHIPPER", schemas.TroubleReturning},
		{schemas.ParcelFailedAttempt, "MOVED, LEFT NO ADDRESS", schemas.TroubleAddress},
		{schemas.ParcelFailedAttempt, "The deadline for collecting has passed.", schemas.TroubleNotCollected},
		{schemas.ParcelException, "Adverse Weather May Cause Delay", schemas.TroubleLate},
		{schemas.ParcelException, "Exception occured, e.g. damaged parcel or delay in delivery", schemas.TroubleHeld},
		{schemas.ParcelFailedAttempt, "NOTICE LEFT", schemas.TroubleAttempt},
	} {
		if got := trouble(said.status, said.words); got != said.trouble {
			t.Errorf("%s %q: %q, want %q", said.status, said.words, got, said.trouble)
		}
	}
	if got := trouble(schemas.ParcelException, "Exception occured, e.g. damaged parcel", "Die Sendung wurde beschädigt."); got != schemas.TroubleDamaged {
		t.Errorf("a carrier's own description: %q", got)
	}
}
