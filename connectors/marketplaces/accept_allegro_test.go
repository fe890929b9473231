package marketplaces_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/sandbox/allegro"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

func TestAnOrderIsAcceptedAtAllegroOnceHoweverOftenItIsSaid(t *testing.T) {
	p := playAllegro(t)
	accepter := p.accepter()
	number, ref := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	what := schemas.Accepting{Ref: ref}
	if _, err := accepter.Accepted(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("before: %v", err)
	}
	p.use("checkout-forms.fulfillment", fault.Drop)
	if _, err := accepter.Accept(t.Context(), what); !failureOf(t, err).Perhaps {
		t.Fatalf("the answer was lost: %v", err)
	}
	p.mend()
	for range 2 {
		if _, err := accepter.Accept(t.Context(), what); err != nil {
			t.Fatal(err)
		}
	}
	said, err := accepter.Accepted(t.Context(), what)
	var short map[string]any
	if err != nil || json.Unmarshal(said, &short) != nil || len(short) != 4 || short["id"] != ref {
		t.Errorf("%s, %v", said, err)
	}
	sums := p.Books()["allegro"].Operations["checkout-forms.fulfillment"]
	if sums.Effects != 1 || sums.Repeated != 0 {
		t.Errorf("%+v", sums)
	}
	_, sent := p.shown(number, "READY_FOR_PROCESSING", "SENT")
	if _, err := accepter.Accept(t.Context(), schemas.Accepting{Ref: sent}); err != nil || p.Ledger("allegro").Times("checkout-forms.fulfillment", sent+" PROCESSING") != 0 {
		t.Errorf("one that was sent: %v", err)
	}
}

func TestAnAcceptanceThatWasIgnoredIsSeenNotToBeThere(t *testing.T) {
	p := playAllegro(t)
	accepter := p.accepter()
	_, ref := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	p.use("checkout-forms.fulfillment", fault.Ignore)
	if _, err := accepter.Accept(t.Context(), schemas.Accepting{Ref: ref}); err != nil {
		t.Fatal(err)
	}
	if _, err := accepter.Accepted(t.Context(), schemas.Accepting{Ref: ref}); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("got %v", err)
	}
}

// A form that changes in nothing that matters is still another revision each time.
func TestWhoAcceptsDecidesAgainWhenTheOrderHasChangedMeanwhile(t *testing.T) {
	p := playAllegro(t)
	accepter := p.accepter()
	for changes, number := uint64(1), uint64(0); changes <= 3; changes++ {
		var ref string
		number, ref = p.shown(number, "READY_FOR_PROCESSING", "NEW")
		for !staysNew(t, number, 4) {
			number, ref = p.shown(number, "READY_FOR_PROCESSING", "NEW")
		}
		outdated := p.asked("checkout-forms.fulfillment", "409")
		version := 1
		between := func(r *http.Request) {
			if r.Method == http.MethodPut && version <= int(changes) {
				version++
				_ = p.Allegro().Show(number, version) // it can not fail: the order is there
			}
		}
		p.before.Store(&between)
		_, err := accepter.Accept(t.Context(), schemas.Accepting{Ref: ref})
		if changes < 3 && err != nil {
			t.Errorf("changed %d times: %v", changes, err)
		}
		if changes == 3 {
			if f := failureOf(t, err); f.Class != remote.Transient || f.Perhaps {
				t.Errorf("changed each time: %+v", f)
			}
		}
		if times := uint64(p.asked("checkout-forms.fulfillment", "409") - outdated); times != changes {
			t.Errorf("changed %d times, and outdated %d", changes, times)
		}
		if effects := p.Ledger("allegro").Times("checkout-forms.fulfillment", ref+" PROCESSING"); (effects == 1) != (changes < 3) {
			t.Errorf("changed %d times, and accepted %d", changes, effects)
		}
	}
}

// staysNew tells whether nobody takes on an order of the market up to a version, nor back.
func staysNew(t *testing.T, number uint64, versions int) bool {
	t.Helper()
	for version := range versions {
		sheet := allegro.Market(allegroSeed).Order(number, version+1)
		var form struct{ Fulfillment struct{ Status string } }
		if err := json.Unmarshal(sheet.Body, &form); err != nil {
			t.Fatal(err)
		}
		if sheet.Status != "READY_FOR_PROCESSING" || form.Fulfillment.Status != "NEW" {
			return false
		}
	}
	return true
}

func TestAnOrderIsRejectedAtAllegroWholeOrNotAtAll(t *testing.T) {
	p := playAllegro(t)
	accepter := p.accepter()
	number, ref := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	what := schemas.Accepting{Ref: ref, Reason: "out of stock"}
	if _, err := accepter.Rejected(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("before: %v", err)
	}
	pieces := schemas.Accepting{Ref: ref, Pieces: []schemas.Rejected{{LineRef: "1", Quantity: 1}}}
	if _, err := accepter.Reject(t.Context(), pieces); failureOf(t, err).Code != "not_divisible" || failureOf(t, err).Class != remote.Business {
		t.Errorf("a line of it: %v", err)
	}
	for range 2 {
		if _, err := accepter.Reject(t.Context(), what); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := accepter.Rejected(t.Context(), what); err != nil || p.Ledger("allegro").Times("checkout-forms.fulfillment", ref+" CANCELLED") != 1 {
		t.Errorf("after: %v", err)
	}
	if _, err := accepter.Accept(t.Context(), what); failureOf(t, err).Code != "cancelled" || failureOf(t, err).Class != remote.Business {
		t.Errorf("accepted after it was rejected: %v", err)
	}
	_, gone := p.shown(number, "CANCELLED", "NEW")
	if _, err := accepter.Accept(t.Context(), schemas.Accepting{Ref: gone}); failureOf(t, err).Code != "cancelled" {
		t.Errorf("one that its buyer took back: %v", err)
	}
	if _, err := accepter.Reject(t.Context(), schemas.Accepting{Ref: gone}); err != nil {
		t.Errorf("one that its buyer took back is rejected: %v", err)
	}
	if _, err := accepter.Accept(t.Context(), schemas.Accepting{Ref: "00000000-0000-0000-0000-000000000000"}); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("one that there is not: %v", err)
	}
}

// Who only looks, and says it again while it is not so, accepts each order once: a request that arrives late names a revision that is over.
func TestEachOrderIsAcceptedOnceWhateverBreaksOnTheWay(t *testing.T) {
	p := playAllegro(t)
	accepter := p.accepter()
	var refs []string
	for number := uint64(0); len(refs) < 40; {
		var ref string
		number, ref = p.shown(number, "READY_FOR_PROCESSING", "NEW")
		refs = append(refs, ref)
	}
	var rules []fault.Rule
	for kind, probability := range map[fault.Kind]float64{fault.Down: 0.1, fault.Gateway: 0.2, fault.Drop: 0.2, fault.Late: 0.2, fault.Ignore: 0.2, fault.Wrong: 0.2} {
		rules = append(rules, fault.Rule{Party: "allegro", Operation: fault.Any, Fault: kind, Probability: probability, Seconds: 0.1})
	}
	if err := p.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		what := schemas.Accepting{Ref: ref}
		is := func() bool { _, err := accepter.Accepted(t.Context(), what); return err == nil }
		for tries := 0; !is(); tries++ {
			if tries > 200 {
				t.Fatalf("%s is not accepted", ref)
			}
			_, _ = accepter.Accept(t.Context(), what) // what became of it is looked at
		}
	}
	p.mend()
	time.Sleep(300 * time.Millisecond) // what is late has arrived
	sums := p.Books()["allegro"].Operations["checkout-forms.fulfillment"]
	if sums.Effects != len(refs) || sums.Repeated != 0 {
		t.Errorf("%+v", sums)
	}
}
