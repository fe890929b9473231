package marketplaces_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	sandboxamazon "waybill/internal/sandbox/amazon"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

func shipperOf(t *testing.T, account marketplaces.Account) marketplaces.Shipper {
	t.Helper()
	shipper, is := account.(marketplaces.Shipper)
	if !is {
		t.Fatal("the channel is not told which parcels have left")
	}
	return shipper
}

// parcelOf is the first parcel of an order, with all that is in it.
func parcelOf(ref, carrier, number string) schemas.Shipping {
	return schemas.Shipping{Ref: ref, Parcel: 1, Carrier: carrier, CarrierName: carrier, Number: number, URL: "https://carrier.example/" + number, At: 1780000000000}
}

// fetched is an order as it stands at a channel, in our words.
func fetched(t *testing.T, channel string, account marketplaces.Account, ref string) *schemas.Order {
	t.Helper()
	document, err := account.Fetch(t.Context(), schemas.FetchOrder, ref)
	if err != nil {
		t.Fatal(err)
	}
	m, err := marketplaces.Open(channel, nil)
	if err != nil {
		t.Fatal(err)
	}
	raws, err := m.Receive(http.Header{}, document)
	if err != nil || len(raws) != 1 {
		t.Fatal(len(raws), err)
	}
	order, err := m.Normalize(&raws[0])
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// tellUntil tells a channel of a parcel until it has it, whatever breaks on the way: it only looks, and tells again while it is not so.
func tellUntil(t *testing.T, shipper marketplaces.Shipper, what schemas.Shipping) {
	t.Helper()
	for tries := 0; ; tries++ {
		if _, err := shipper.Shipped(t.Context(), what); err == nil {
			return
		} else if tries > 300 {
			t.Fatalf("%s is not told: %v", what.Ref, err)
		}
		_, _ = shipper.Ship(t.Context(), what) // what became of it is looked at
	}
}

// breaking are faults of all kinds that lose an answer, or tell a wrong one.
func breaking(party string) (rules []fault.Rule) {
	for kind, probability := range map[fault.Kind]float64{fault.Down: 0.1, fault.Gateway: 0.15, fault.Drop: 0.15, fault.Ignore: 0.15, fault.Wrong: 0.1} {
		rules = append(rules, fault.Rule{Party: party, Operation: fault.Any, Fault: kind, Probability: probability, Seconds: 0.1})
	}
	return rules
}

func TestAParcelIsToldToAllegroOnceHoweverOftenItIsSaid(t *testing.T) {
	p := playAllegro(t)
	shipper := shipperOf(t, p.account())
	_, ref := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	what := parcelOf(ref, "dhl", "JJD000390007")
	if _, err := shipper.Shipped(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("before: %v", err)
	}
	p.use("shipments.add", fault.Drop)
	if _, err := shipper.Ship(t.Context(), what); err == nil {
		t.Fatal("the answer was lost, and nobody says so")
	}
	p.mend()
	for range 2 {
		if _, err := shipper.Ship(t.Context(), what); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := shipper.Shipped(t.Context(), what); err != nil {
		t.Errorf("after: %v", err)
	}
	if order := fetched(t, "allegro", p.account(), ref); order.Status != schemas.StatusShipped {
		t.Errorf("the order is %s", order.ChannelStatus)
	}
	books := p.Books()["allegro"].Operations
	if books["shipments.add"].Effects != 1 || books["checkout-forms.fulfillment"].Effects != 1 {
		t.Errorf("%+v", books)
	}
}

// Allegro takes no number of a DPD abroad as one of DPD's: it goes under the carrier's name.
func TestANumberThatAllegroDoesNotTakeGoesUnderTheCarriersName(t *testing.T) {
	p := playAllegro(t)
	_, ref := p.shown(0, "READY_FOR_PROCESSING", "NEW")
	what := parcelOf(ref, "dpd", "0550 1234 5678 9012 3456")
	what.CarrierName = "DPD Deutschland, a name that is far too long"
	if _, err := shipperOf(t, p.account()).Ship(t.Context(), what); err != nil {
		t.Fatal(err)
	}
	if p.Ledger("allegro").Times("shipments.add", ref+" OTHER:"+what.Number) != 1 {
		t.Errorf("%+v", p.Books()["allegro"].Operations)
	}
}

func TestEachParcelIsToldOnceWhateverBreaksOnTheWayToAllegro(t *testing.T) {
	p := playAllegro(t)
	shipper := shipperOf(t, p.account())
	var all []schemas.Shipping
	for number := uint64(0); len(all) < 15; {
		var ref string
		number, ref = p.shown(number, "READY_FOR_PROCESSING", "NEW")
		all = append(all, parcelOf(ref, "ups", fmt.Sprintf("1Z%d", len(all))))
	}
	if err := p.UseFaults(breaking("allegro")); err != nil {
		t.Fatal(err)
	}
	for _, what := range all {
		tellUntil(t, shipper, what)
	}
	p.mend()
	if sums := p.Books()["allegro"].Operations["shipments.add"]; sums.Effects != len(all) || sums.Repeated != 0 {
		t.Errorf("%+v", sums)
	}
}

// unshippedAtAmazon are orders of the seller's own that are to be shipped.
func unshippedAtAmazon(t *testing.T, p *playedAmazon, most int) (refs []string) {
	t.Helper()
	for n := uint64(1); len(refs) < most; n++ {
		sheet := sandboxamazon.Market(7).Order(n, 1)
		if err := p.Show(n, 1); err != nil {
			t.Fatal(err)
		}
		if order := fetched(t, "amazon", p.account(), sheet.Ref); order.Status == schemas.StatusReady && order.FulfilledBy == schemas.FulfilledBySeller && order.Lines[0].Shipped == 0 {
			refs = append(refs, sheet.Ref)
		}
	}
	return refs
}

func TestAParcelIsToldToAmazonOnceWhateverBreaksOnTheWay(t *testing.T) {
	p := playAmazon(t, 1e6)
	shipper := shipperOf(t, p.account())
	refs := unshippedAtAmazon(t, p, 10)
	first := parcelOf(refs[0], "dhl", "JJD1")
	if _, err := shipper.Shipped(t.Context(), first); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("before: %v", err)
	}
	p.use(breaking("amazon")...)
	for i, ref := range refs {
		tellUntil(t, shipper, parcelOf(ref, "dhl", fmt.Sprintf("JJD%d", i+1)))
	}
	p.use()
	if sums := p.server.Books()["amazon"].Operations[sandboxamazon.ConfirmOperation]; sums.Effects != len(refs) || sums.Repeated != 0 {
		t.Errorf("%+v", sums)
	}
	said, err := shipper.Ship(t.Context(), first)
	var d struct {
		Packages []struct{ PackageReferenceID string }
	}
	if err != nil || json.Unmarshal(said, &d) != nil || len(d.Packages) != 1 || d.Packages[0].PackageReferenceID != "1" {
		t.Errorf("%s, %v", said, err)
	}
	if order := fetched(t, "amazon", p.account(), refs[0]); order.Status != schemas.StatusShipped {
		t.Errorf("the order is %s", order.ChannelStatus)
	}
	another := parcelOf(refs[0], "dhl", "JJD-another")
	another.Parcel = 2
	if _, err := shipper.Ship(t.Context(), another); failureOf(t, err).Class != remote.Business {
		t.Errorf("another parcel of nothing: %v", err)
	}
}

func TestAPartOfAnAmazonOrderCanLeave(t *testing.T) {
	p := playAmazon(t, 1e6)
	shipper := shipperOf(t, p.account())
	for _, ref := range unshippedAtAmazon(t, p, 30) {
		line := fetched(t, "amazon", p.account(), ref).Lines[0]
		if line.Quantity < 2 {
			continue
		}
		what := parcelOf(ref, "a carrier of nobody", "X1")
		what.Lines = []schemas.ShippedLine{{LineRef: line.LineRef, Quantity: 1}}
		if _, err := shipper.Ship(t.Context(), what); err != nil {
			t.Fatal(err)
		}
		if order := fetched(t, "amazon", p.account(), ref); order.Status != schemas.StatusReady || order.Lines[0].Shipped != 1 {
			t.Errorf("%s, %+v", order.Status, order.Lines[0])
		}
		return
	}
	t.Fatal("no order has two pieces of a line")
}

func TestEachPieceOfAParcelIsToldToKauflandOnce(t *testing.T) {
	settings := playedKaufland(t, breaking("kaufland")...)
	account := kauflandAccount(t, settings)
	shipper := shipperOf(t, account)
	told := 0
	for _, ref := range soldAtKauflandSurely(t, account) {
		var order *schemas.Order
		for order == nil { // the faults strike reading too
			order = perhapsFetched(t, "kaufland", account, ref)
		}
		if order.Status != schemas.StatusReady || order.FulfilledBy != schemas.FulfilledBySeller {
			continue
		}
		what := parcelOf(ref, "dpd-at", fmt.Sprintf("0550%d", told))
		for _, l := range order.Lines {
			if l.Shipped+l.Cancelled == 0 {
				what.Lines = append(what.Lines, schemas.ShippedLine{LineRef: l.LineRef, UnitRefs: l.UnitRefs, Quantity: l.Quantity})
			}
		}
		tellUntil(t, shipper, what)
		told++
	}
	if told == 0 {
		t.Fatal("nothing was to be shipped")
	}
}

// perhapsFetched is an order as it stands at a channel; nil if it could not be fetched now.
func perhapsFetched(t *testing.T, channel string, account marketplaces.Account, ref string) *schemas.Order {
	t.Helper()
	m, err := marketplaces.Open(channel, nil)
	if err != nil {
		t.Fatal(err)
	}
	document, err := account.Fetch(t.Context(), schemas.FetchOrder, ref)
	if err != nil {
		return nil
	}
	raws, err := m.Receive(http.Header{}, document)
	if err != nil || len(raws) != 1 {
		return nil
	}
	order, err := m.Normalize(&raws[0])
	if err != nil {
		return nil
	}
	return order
}

// soldAtKauflandSurely are the references of what it has sold, asked for until they are answered.
func soldAtKauflandSurely(t *testing.T, account marketplaces.Account) (refs []string) {
	t.Helper()
	for range 300 {
		if changed, err := account.Changed(t.Context(), time.Time{}); err == nil && len(changed) > 0 {
			for _, one := range changed {
				refs = append(refs, one.Ref)
			}
			return refs
		}
	}
	t.Fatal("nothing is listed")
	return nil
}
