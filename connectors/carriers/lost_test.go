package carriers_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

// A quarter of what is answered after it was done gets lost, and much else goes wrong. Who asks before booking again, as a gateway does, and leaves
// in doubt what nobody can ask for, pays for each shipment once.
func TestNothingIsBilledTwiceThoughAnswersGetLost(t *testing.T) {
	each(t, func(at *town) {
		var rules []fault.Rule
		for _, r := range []fault.Rule{{Fault: fault.Drop, Probability: 0.15}, {Fault: fault.Gateway, Probability: 0.05}, {Fault: fault.Wrong, Probability: 0.05}, {Fault: fault.Down, Probability: 0.1}, {Fault: fault.Storm, Probability: 0.02, Seconds: 1}} {
			r.Party, r.Operation = at.name, fault.Any
			rules = append(rules, r)
		}
		if err := at.play.UseFaults(rules); err != nil {
			t.Fatal(err)
		}
		doubts, asked := 0, map[string]bool{}
		for range 40 {
			b := at.next(1)
			booked, doubt := at.settled(b)
			switch times := at.times(b); {
			case doubt:
				doubts++
				if times > 1 {
					at.Errorf("in doubt, and billed %d times", times)
				}
			case times != 1 || asked[booked.Ref] || len(booked.Parcels) != 1 || len(booked.Parcels[0].Label) == 0:
				at.Errorf("billed %d times: %+v", times, booked)
			}
			asked[booked.Ref] = !doubt
		}
		if finds := at.carrier.Traits().Finds; finds == (doubts > 0) {
			at.Errorf("finds: %v, and %d are in doubt", finds, doubts)
		}
	})
}

// settled books until it is clear what became of it, or that nobody can tell.
func (at *town) settled(b *schemas.Booking) (booked schemas.Booked, doubt bool) {
	at.Helper()
	call, traits := at.carrier.Create, at.carrier.Traits()
	for range 200 {
		next, _, err := call(at.Context(), b)
		var f *remote.Failure
		switch {
		case err == nil && !next.Pending:
			return next, false
		case err == nil:
			call = func(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
				return at.carrier.Complete(ctx, next.Ref, b)
			}
			booked = next
		case errors.Is(err, remote.ErrAbsent):
			call = at.carrier.Create
			continue
		case !errors.As(err, &f) || f.Class != remote.Transient && f.Class != remote.Throttled:
			at.Fatal(err)
		case f.Perhaps && booked.Ref == "" && !traits.Finds:
			return booked, true
		case f.Perhaps && booked.Ref == "":
			at.wait(traits.SettleTime)
			call = at.carrier.Find
		}
		at.wait(2 * time.Second)
	}
	at.Fatal("it never came to an end")
	return booked, false
}
