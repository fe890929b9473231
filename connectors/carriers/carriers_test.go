package carriers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// played is a carrier as the sandbox plays it. Every carrier of the catalogue is, and keeps all the promises of these tests.
type played struct {
	settings       map[string]string // beside those that the sandbox tells
	booking        schemas.Booking   // one that it takes; parcels and reference are the test's
	create, cancel string            // operations, in its books; no cancel: nothing is taken back
	refuse         func(*schemas.Booking)
	close          func(*town) // afterwards nothing can be taken back; nil: that is always possible
}

var all = map[string]played{
	"dhl":    playedDHL,
	"dpd":    playedDPD,
	"gls":    playedGLS,
	"inpost": playedInPost,
	"ups":    playedUPS,
}

// town is the sandbox at a time of its own, and a carrier in it.
type town struct {
	*testing.T
	played
	name    string
	play    *sandboxserver.Server
	carrier carriers.Carrier
	ahead   atomic.Int64 // of our clock, in nanoseconds
	billed  int
}

// each runs a test for every carrier.
func each(t *testing.T, test func(*town)) {
	for _, name := range carriers.Names() {
		t.Run(name, func(t *testing.T) { test(visit(t, name, nil)) })
	}
}

func visit(t *testing.T, name string, other map[string]string) *town {
	t.Helper()
	at := &town{T: t, name: name, played: all[name]}
	if at.create == "" {
		t.Fatal("the catalogue has a carrier that nobody plays")
	}
	opened := time.Now() // its time stands still but for what the test waits
	play, err := sandboxserver.New(sandboxserver.Options{Seed: 3, Now: func() time.Time { return opened.Add(time.Duration(at.ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(play.Handler())
	t.Cleanup(func() {
		play.Close()
		served.Close()
	})
	at.play = play
	settings := map[string]string{}
	for _, access := range play.Parties(served.URL) {
		if access.Party == name {
			settings["url"], settings["token_url"] = access.URL, access.Login
			for key, value := range access.Made {
				settings[key] = value
			}
		}
	}
	for _, more := range []map[string]string{at.settings, other} {
		for key, value := range more {
			settings[key] = value
		}
	}
	if at.carrier, err = carriers.Open(name, settings); err != nil {
		t.Fatal(err)
	}
	return at
}

func (at *town) wait(d time.Duration) { at.ahead.Add(int64(d)) }

func (at *town) strike(kind fault.Kind, operation string) {
	at.Helper()
	rules := []fault.Rule{}
	if kind != "" {
		rules = append(rules, fault.Rule{Party: at.name, Operation: operation, Fault: kind, Probability: 1, Seconds: 1})
	}
	if err := at.play.UseFaults(rules); err != nil {
		at.Fatal(err)
	}
}

// next is a booking with so many parcels, and with a reference that no other has.
func (at *town) next(parcels int) *schemas.Booking {
	at.billed++
	b := at.booking
	b.Reference, b.ReadyAt = fmt.Sprintf("WB-%06d", at.billed), schemas.At(time.Now())
	b.Parcels = nil
	for i := range parcels {
		b.Parcels = append(b.Parcels, schemas.Parcel{Grams: int64(1250 + i), Length: 300, Width: 200, Height: 70})
	}
	return &b
}

// completed follows a shipment until it has its labels.
func (at *town) completed(booked schemas.Booked, b *schemas.Booking) schemas.Booked {
	at.Helper()
	for range 20 {
		if !booked.Pending {
			return booked
		}
		at.wait(time.Second)
		next, said, err := at.carrier.Complete(at.Context(), booked.Ref, b)
		if err != nil || len(said) == 0 || next.Ref != booked.Ref {
			at.Fatalf("complete %+v: %+v, %v", booked, next, err)
		}
		booked = next
	}
	at.Fatalf("it is never done: %+v", booked)
	return booked
}

func (at *town) book(b *schemas.Booking) schemas.Booked {
	at.Helper()
	booked, said, err := at.carrier.Create(at.Context(), b)
	if err != nil || booked.Ref == "" || len(said) == 0 {
		at.Fatalf("booked %+v: %v", booked, err)
	}
	return at.completed(booked, b)
}

func (at *town) times(b *schemas.Booking) int {
	return at.play.Ledger(at.name).Times(at.create, b.Reference)
}

func (at *town) fails(err error, class string, perhaps bool) *remote.Failure {
	at.Helper()
	var f *remote.Failure
	if !errors.As(err, &f) || f.Class != class || f.Perhaps != perhaps || f.Code == "" || f.Reason == "" {
		at.Fatalf("got %+v, want a failure that is %s, perhaps done: %v", err, class, perhaps)
	}
	return f
}

// magic is how a file of each form begins, or what is in it at least.
var magic = map[string]string{schemas.LabelPDF: "%PDF-", schemas.LabelZPL: "^XA", schemas.LabelEPL: "\nN\n", schemas.LabelPNG: "\x89PNG\r\n", schemas.LabelGIF: "GIF8"}

func TestWhatIsBookedHasNumbersAndLabelsAndIsBilledOnce(t *testing.T) {
	each(t, func(at *town) {
		traits, numbers := at.carrier.Traits(), map[string]bool{}
		for _, format := range append(slices.Clone(traits.Formats), "") {
			for parcels := 1; parcels <= min(traits.ParcelsMax, 3); parcels++ {
				b := at.next(parcels)
				b.Format = format
				booked := at.book(b)
				if format == "" {
					format = traits.Formats[0]
				}
				if len(booked.Parcels) != parcels {
					at.Fatalf("%d parcels of %d: %+v", len(booked.Parcels), parcels, booked)
				}
				for _, p := range booked.Parcels {
					if p.Number == "" || numbers[p.Number] || p.Format != format || !bytes.Contains(p.Label, []byte(magic[format])) {
						at.Errorf("%s: number %q, format %q, label %.40q", format, p.Number, p.Format, p.Label)
					}
					numbers[p.Number] = true
				}
				if at.times(b) != 1 {
					at.Errorf("billed %d times", at.times(b))
				}
			}
		}
	})
}

func TestNothingIsAskedForThatTheCarrierDoesNotDo(t *testing.T) {
	each(t, func(at *town) {
		many, strange := at.next(at.carrier.Traits().ParcelsMax+1), at.next(1)
		strange.Format = "tiff"
		for _, b := range []*schemas.Booking{many, strange} {
			_, _, err := at.carrier.Create(at.Context(), b)
			at.fails(err, remote.Business, false)
		}
		over, end := context.WithCancel(at.Context())
		end()
		if _, _, err := at.carrier.Create(over, at.next(1)); err == nil {
			at.Error("it was booked after the time was over")
		} else if f := new(remote.Failure); errors.As(err, &f) && f.Perhaps {
			at.Errorf("%+v", f)
		}
		if asked := at.play.Books()[at.name].Requests[at.create]; len(asked) != 0 {
			at.Errorf("it was asked: %v", asked)
		}
	})
}

func TestWhatGoesWrongIsSorted(t *testing.T) {
	each(t, func(at *town) {
		for kind, perhaps := range map[fault.Kind]bool{fault.Down: true, fault.Gateway: true, fault.Drop: true, fault.Late: true, fault.Wrong: true} {
			at.strike(kind, at.create)
			_, _, err := at.carrier.Create(at.Context(), at.next(1))
			at.fails(err, remote.Transient, perhaps)
		}
		at.strike(fault.Storm, at.create)
		_, _, err := at.carrier.Create(at.Context(), at.next(1))
		if f := at.fails(err, remote.Throttled, false); f.RetryAfter == 0 {
			at.Error("it does not say when to come again")
		}
		at.wait(time.Minute)
		at.strike("", "")
		b := at.next(1)
		at.refuse(b)
		_, _, err = at.carrier.Create(at.Context(), b)
		f := at.fails(err, remote.Business, false)
		for _, personal := range []string{b.To.Name, b.To.Street, b.To.City, b.To.Email, b.To.Phone} {
			if personal != "" && strings.Contains(f.Error(), personal) {
				at.Errorf("%q is told: %s", personal, f)
			}
		}
		if at.times(b) != 0 {
			at.Error("what was refused was billed")
		}
	})
}

// Whoever lost the answer asks, where he can, after the time that it may take until it shows; nobody books again.
func TestAShipmentWhoseAnswerGotLostIsFoundOrInDoubt(t *testing.T) {
	each(t, func(at *town) {
		b := at.next(1)
		at.strike(fault.Drop, at.create)
		_, _, err := at.carrier.Create(at.Context(), b)
		at.fails(err, remote.Transient, true)
		at.strike("", "")
		traits := at.carrier.Traits()
		at.wait(traits.SettleTime)
		booked, _, err := at.carrier.Find(at.Context(), b)
		if !traits.Finds {
			at.fails(err, remote.Permanent, false)
			return
		}
		if err != nil {
			at.Fatal(err)
		}
		if booked = at.completed(booked, b); len(booked.Parcels) != 1 || len(booked.Parcels[0].Label) == 0 || at.times(b) != 1 {
			at.Errorf("found %+v, billed %d times", booked, at.times(b))
		}
		if found, _, err := at.carrier.Find(at.Context(), at.next(1)); !errors.Is(err, remote.ErrAbsent) {
			at.Errorf("what nobody booked is %+v, %v", found, err)
		}
	})
}

func TestAShipmentIsTakenBackWhileThatIsPossible(t *testing.T) {
	each(t, func(at *town) {
		first, _, err := at.carrier.Create(at.Context(), at.next(1))
		if err != nil {
			at.Fatal(err)
		}
		_, err = at.carrier.Cancel(at.Context(), first.Ref)
		if at.cancel == "" {
			at.fails(err, remote.Permanent, false)
			return
		}
		if err != nil {
			at.Fatal(err)
		}
		if _, err := at.carrier.Cancel(at.Context(), first.Ref); err != nil && !errors.Is(err, remote.ErrAbsent) {
			at.Errorf("once more: %v", err)
		}
		if done := at.play.Books()[at.name].Operations[at.cancel]; done.Effects != 1 {
			at.Errorf("done %+v", done)
		}
		if at.close == nil {
			return
		}
		second, _, err := at.carrier.Create(at.Context(), at.next(1))
		if err != nil {
			at.Fatal(err)
		}
		at.close(at)
		_, err = at.carrier.Cancel(at.Context(), second.Ref)
		at.fails(err, remote.TooLate, false)
	})
}

func TestWhoMayNotComeInIsTold(t *testing.T) {
	each(t, func(at *town) {
		if err := at.carrier.Ping(at.Context()); err != nil {
			at.Error(err)
		}
		for _, secret := range []string{"password", "token", "client_secret"} {
			if at.settingOf(secret) == "" {
				continue
			}
			stranger := visit(at.T, at.name, map[string]string{secret: "another"})
			at.fails(stranger.carrier.Ping(at.Context()), remote.Authentication, false)
			_, _, err := stranger.carrier.Create(at.Context(), stranger.next(1))
			at.fails(err, remote.Authentication, false)
		}
	})
}

// settingOf is a credential that the sandbox tells.
func (at *town) settingOf(name string) string {
	for _, access := range at.play.Parties("") {
		if access.Party == at.name {
			return access.Made[name]
		}
	}
	return ""
}

// What people write is booked as the carrier can print it, wherever they live.
func TestNamesInAllLettersOfEuropeAreBooked(t *testing.T) {
	each(t, func(at *town) {
		for _, name := range []string{"Łukasz Żółkiewski", "Käthe Größer", "Олена Ковальчук", "Ελένη Παπαδάκη", "Jiří Růžička", "Þóra Æsisdóttir"} {
			b := at.next(1)
			b.To.Name = name
			fitted, faults, _, err := carriers.Check(at.name, *b)
			if err != nil || len(faults) > 0 {
				at.Fatalf("%s: %v %v", name, faults, err)
			}
			at.book(&fitted)
		}
	})
}

func TestACarrierThatNobodyKnowsIsNotOpened(t *testing.T) {
	if _, err := carriers.Open("pigeon", nil); err == nil || !strings.Contains(err.Error(), "dhl, ") {
		t.Error(err)
	}
	if _, _, _, err := carriers.Check("pigeon", schemas.Booking{}); err == nil {
		t.Error("it was asked what it can print")
	}
	for _, name := range carriers.Names() {
		if _, err := carriers.Open(name, nil); err == nil {
			t.Errorf("%s: opened without credentials", name)
		}
	}
}
