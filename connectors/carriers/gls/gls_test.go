package gls

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

func TestEachParcelHasItsNumberAndItsLabel(t *testing.T) {
	for _, format := range []string{"", schemas.LabelPDF, schemas.LabelZPL, schemas.LabelPNG} {
		s := open(t)
		b := booking(7)
		b.Format = format
		if format == "" {
			format = schemas.LabelPDF
		}
		booked, said, err := s.Create(t.Context(), b)
		if err != nil || len(booked.Parcels) != 7 || len(said) == 0 || booked.Pending || len(booked.Warnings) != 0 {
			t.Fatalf("%s: %+v, %v", format, booked, err)
		}
		seen := map[string]bool{}
		for _, p := range booked.Parcels {
			if seen[string(p.Label)] || seen[p.Number] || schemas.FormatOf(p.Label) != format || p.Format != format || len(p.Number) != 8 || !strings.Contains(booked.Ref, p.Number) {
				t.Errorf("%s: parcel %s has a label in %s", format, p.Number, p.Format)
			}
			seen[string(p.Label)], seen[p.Number] = true, true
		}
		if effects, repeated := s.billed(); effects != 1 || repeated != 0 {
			t.Errorf("billed %d times, %d too often", effects, repeated)
		}
	}
}

// The list of parcels and, if it does not show them yet, where labels are kept: both find what was booked, with its labels.
func TestWhatWasBookedIsFoundByItsReference(t *testing.T) {
	for _, lists := range []bool{true, false} {
		s := open(t)
		b := booking(3)
		if _, _, err := s.Find(t.Context(), b); !errors.Is(err, remote.ErrAbsent) {
			t.Errorf("before it was booked: %v", err)
		}
		made, _, err := s.Create(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if !lists {
			b.ReadyAt = schemas.At(time.Now().AddDate(0, 0, 3)) // the list is asked for days on which nothing was booked
		}
		found, said, err := s.Find(t.Context(), b)
		if err != nil || len(said) == 0 || fmt.Sprint(found) != fmt.Sprint(made) {
			t.Errorf("found %v: %.300v", err, found)
		}
		if whole, _, err := s.Complete(t.Context(), made.Ref, b); err != nil || fmt.Sprint(whole) != fmt.Sprint(made) {
			t.Errorf("completed %v: %.300v", err, whole)
		}
		if effects, _ := s.billed(); effects != 1 {
			t.Errorf("billed %d times", effects)
		}
	}
}

// A template of a new label may be none of a label that is printed again.
func TestALabelIsPrintedAgainThoughItsTemplateIsNot(t *testing.T) {
	for format, template := range map[string]string{schemas.LabelPDF: "PF_8_D_200", schemas.LabelZPL: "D_200", "": "ZPL_300"} {
		s := open(t)
		b := booking(1)
		b.Format, b.Settings = format, map[string]string{"template": template}
		if _, _, err := s.Create(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if found, _, err := s.Find(t.Context(), b); err != nil || found.Pending {
			t.Errorf("%s: %+v, %v", template, found, err)
		}
	}
}

func TestTwoShipmentsWithOneReferenceAreForAPerson(t *testing.T) {
	s := open(t)
	for range 2 {
		if _, _, err := s.Create(t.Context(), booking(1)); err != nil {
			t.Fatal(err)
		}
	}
	var f *remote.Failure
	if _, _, err := s.Find(t.Context(), booking(1)); !errors.As(err, &f) || f.Class != remote.Permanent || f.Code != "ambiguous" {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Find(t.Context(), booking(3)); !errors.As(err, &f) || f.Class != remote.Transient || f.Code != "incomplete" || f.Perhaps {
		t.Errorf("got %v", err)
	}
	if _, repeated := s.billed(); repeated != 1 {
		t.Errorf("the books say %d repeated", repeated)
	}
}

func TestAShipmentIsTakenBackUntilItsDayIsClosed(t *testing.T) {
	s := open(t)
	booked, _, err := s.Create(t.Context(), booking(2))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // one that is cancelled stays so
		if said, err := s.Cancel(t.Context(), booked.Ref); err != nil || len(said) == 0 {
			t.Fatal(err)
		}
	}
	if effects := s.play.Books()["gls"].Operations["shipments.cancel"].Effects; effects != 2 {
		t.Errorf("%d parcels were cancelled", effects)
	}
	if _, _, err := s.Find(t.Context(), booking(2)); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("what is cancelled was found: %v", err)
	}
	if booked, _, err = s.Create(t.Context(), booking(2)); err != nil {
		t.Fatal(err)
	}
	s.play.GLS().EndDay()
	var f *remote.Failure
	if _, err := s.Cancel(t.Context(), booked.Ref); !errors.As(err, &f) || f.Class != remote.TooLate {
		t.Errorf("after the end of the day: %v", err)
	}
	if _, err := s.Cancel(t.Context(), "NOPARCEL"); !errors.As(err, &f) || f.Class != remote.Business || f.Perhaps {
		t.Errorf("a parcel that is not there: %v", err)
	}
}

func TestWhatGLSRefusesIsToldWithoutThePerson(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		change    func(*schemas.Booking)
		code, has string
	}{
		{func(b *schemas.Booking) { b.To.Name = strings.Repeat("Łucja ", 10) }, "INVALID_FIELD_VALUE", "Consignee.Address.Name1: Value is too long. Maximum is 40"},
		{func(b *schemas.Booking) { b.To.Street = strings.Repeat("Straße", 10) }, "INVALID_FIELD_VALUE", "Street: Value is too long"},
		{func(b *schemas.Booking) { b.To.City = "" }, "MANDATORY_PARAMETER_NOT_SET", "City is missing"},
		{func(b *schemas.Booking) { b.Parcels[0].Grams = 99_000 }, "INVALID_FIELD_VALUE", "No matching product"},
		{func(b *schemas.Booking) { b.Service = "LETTER" }, "INVALID_FIELD_VALUE", "Product"},
		{func(b *schemas.Booking) { b.Format = "tiff" }, "invalid_format", "not as tiff"},
		{func(b *schemas.Booking) { b.Parcels = nil }, "invalid_parcels", "has 0"},
	} {
		b := booking(1)
		c.change(b)
		_, _, err := s.Create(t.Context(), b)
		var f *remote.Failure
		if !errors.As(err, &f) || f.Class != remote.Business || f.Code != c.code || f.Perhaps || !strings.Contains(f.Reason, c.has) {
			t.Errorf("%+v", err)
			continue
		}
		if strings.Contains(f.Reason, "Łucja") || strings.Contains(f.Reason, "Straße") {
			t.Errorf("it tells who: %s", f.Reason)
		}
	}
	if effects, _ := s.billed(); effects != 0 {
		t.Errorf("what was refused was billed %d times", effects)
	}
}

func TestOnlyWhatIsToBePassedOnIs(t *testing.T) {
	s := open(t)
	sent := func(b *schemas.Booking) string {
		c, err := s.creation(b)
		if err != nil {
			t.Fatal(err)
		}
		said, _ := json.Marshal(c)
		return string(said)
	}
	b := booking(1)
	if said := sent(b); strings.Contains(said, "lucja@") || strings.Contains(said, "600 100") || strings.Contains(said, "Kubki") || !strings.Contains(said, `"Weight":0.9`) {
		t.Error(said)
	}
	b.Settings = map[string]string{"contacts": "send", "sender": "booking", "services": "service_flexdelivery, service_guaranteed24"}
	b.Point = "2761234567"
	b.To.Company = "Biuro Podróży Łódzkie Przygody Spółka z o.o."
	said := sent(b)
	for _, want := range []string{
		`"eMail":"lucja@example.com"`, `"MobilePhoneNumber":"+48 600 100 200"`, `"Name1":"Kubki GmbH"`, `"ServiceName":"service_guaranteed24"`,
		`"ShopDelivery":{"ServiceName":"service_shopdelivery","ParcelShopID":"2761234567"}`, `"Name2":"o.o.","Name3":"Łucja Żak"`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%s is missing in %s", want, said)
		}
	}
}

func TestALostAnswerMayHaveBeenALabel(t *testing.T) {
	for _, kind := range []fault.Kind{fault.Drop, fault.Gateway, fault.Wrong, fault.Down} {
		s := open(t, fault.Rule{Party: "gls", Operation: "shipments.create", Fault: kind, Probability: 1})
		var f *remote.Failure
		if _, _, err := s.Create(t.Context(), booking(1)); !errors.As(err, &f) || f.Class != remote.Transient || !f.Perhaps {
			t.Errorf("%s: %v", kind, err)
		}
		if err := s.play.UseFaults(nil); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.Find(t.Context(), booking(1))
		if there := kind != fault.Down; there != (err == nil) {
			t.Errorf("%s: found %v", kind, err)
		}
	}
	s := open(t, fault.Rule{Party: "gls", Operation: "shipments.create", Fault: fault.Storm, Probability: 1, Seconds: 5})
	var f *remote.Failure
	if _, _, err := s.Create(t.Context(), booking(1)); !errors.As(err, &f) || f.Class != remote.Throttled || f.Perhaps || f.RetryAfter == 0 {
		t.Errorf("a storm: %v", err)
	}
}

// A label that is not printed now is asked for again; the parcel is there all the same.
func TestALabelThatDoesNotComeIsPending(t *testing.T) {
	s := open(t)
	made, _, err := s.Create(t.Context(), booking(2))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.play.UseFaults([]fault.Rule{{Party: "gls", Operation: "shipments.reprint", Fault: fault.Down, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	found, _, err := s.Find(t.Context(), booking(2))
	if err != nil || !found.Pending || found.Ref != made.Ref {
		t.Errorf("%+v, %v", found, err)
	}
	var f *remote.Failure
	if _, _, err = s.Complete(t.Context(), made.Ref, booking(2)); !errors.As(err, &f) || f.Class != remote.Transient || f.Perhaps {
		t.Errorf("completed: %v", err)
	}
	if err := s.play.UseFaults(nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Complete(t.Context(), "ZW0000AA", booking(2)); !errors.As(err, &f) || f.Code != "ambiguous" {
		t.Errorf("of another: %v", err)
	}
	other := booking(2)
	other.Reference = "WB-00000002"
	if whole, _, err := s.Complete(t.Context(), made.Ref, other); err != nil || !whole.Pending || whole.Ref != made.Ref {
		t.Errorf("what does not show yet: %+v, %v", whole, err)
	}
}

func TestCredentialsAreCheckedByAPing(t *testing.T) {
	s := open(t)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	s.settings["client_secret"] = "another"
	other, err := New(s.settings)
	if err != nil {
		t.Fatal(err)
	}
	var f *remote.Failure
	if err := other.Ping(t.Context()); !errors.As(err, &f) || f.Class != remote.Authentication {
		t.Errorf("another secret: %v", err)
	}
	for _, needed := range []string{"client_id", "client_secret", "contact_id"} {
		if _, err := New(map[string]string{"client_id": "c", "client_secret": "s", "contact_id": "i", needed: ""}); err == nil || !strings.Contains(err.Error(), needed) {
			t.Errorf("without %s: %v", needed, err)
		}
	}
	if quotes, _, err := s.Quotes(t.Context(), booking(1)); len(quotes) != 0 || err != nil {
		t.Errorf("it quotes %v", quotes)
	}
	if !slices.Equal(Formats, []string{"pdf", "zpl", "png"}) {
		t.Errorf("formats %v", Formats)
	}
}
