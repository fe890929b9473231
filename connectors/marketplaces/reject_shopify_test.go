package marketplaces_test

import (
	"errors"
	"testing"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	"waybill/schemas"
)

// Of each channel it is said what it is told of a refused payment, or why it is told nothing (item 15); who is told has a call for it.
func TestEachChannelIsToldOfARefusedPaymentOrThereIsAReasonWhyNot(t *testing.T) {
	for _, channel := range marketplaces.Channels() {
		refusal := marketplaces.RefusalOf(channel)
		if (refusal.Send == "") == (refusal.Why == "") || refusal.Send != "" && refusal.Says == "" {
			t.Errorf("%s: %+v", channel, refusal)
		}
		if refusal.Send == "" {
			continue
		}
		if _, is := playShop(t, channel, 0).account().(marketplaces.Rejecter); !is {
			t.Errorf("%s is to be told, and has no call for it", channel)
		}
	}
}

// What each channel says of a refused payment is read in its recorded words: as an order that waits.
func TestAChannelsWordForARefusedPaymentIsRead(t *testing.T) {
	p := playShop(t, "shopify", 60)
	refs := p.Shopify().RefusePayments(2)
	if len(refs) != 2 {
		t.Fatalf("%d payments were refused", len(refs))
	}
	for _, ref := range refs {
		if order := fetched(t, "shopify", p.account(), ref); !marketplaces.RefusalOf("shopify").Tells(order) {
			t.Errorf("the order is %s, %s", order.Status, order.ChannelStatus)
		}
	}
	for channel, status := range map[string]string{"ebay": "FAILED/NOT_STARTED", "woocommerce": "failed", "direct": "unpaid", "shopify": "expired/on_hold"} {
		for _, order := range []*schemas.Order{
			{Status: schemas.StatusPending, ChannelStatus: status}, {Status: schemas.StatusCancelled, ChannelStatus: status}, {Status: schemas.StatusPending, ChannelStatus: "pending"},
		} {
			if is := order.Status == schemas.StatusPending && order.ChannelStatus == status; marketplaces.RefusalOf(channel).Tells(order) != is {
				t.Errorf("%s, %s %s: taken for the other", channel, order.Status, order.ChannelStatus)
			}
		}
	}
}

func TestAnOrderWhosePaymentWasRefusedIsCancelledOnceAtShopifyWhateverBreaksOnTheWay(t *testing.T) {
	p := playShop(t, "shopify", 120)
	account := p.account()
	rejecter := account.(marketplaces.Rejecter)
	var rules []fault.Rule
	for _, kind := range []fault.Kind{fault.Drop, fault.Gateway, fault.Down, fault.Ignore} {
		rules = append(rules, fault.Rule{Party: "shopify", Operation: "orders.cancel", Fault: kind, Probability: 0.2})
	}
	if err := p.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	refs := p.Shopify().RefusePayments(5)
	for _, ref := range refs {
		what := schemas.Accepting{Ref: ref, Reason: marketplaces.RefusalOf("shopify").Send}
		if _, err := rejecter.Rejected(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
			t.Fatalf("before: %v", err)
		}
		for tries := 0; ; tries++ {
			if _, err := rejecter.Rejected(t.Context(), what); err == nil {
				break
			}
			if tries > 200 {
				t.Fatalf("%s is not cancelled", ref)
			}
			_, _ = rejecter.Reject(t.Context(), what) // what became of it is looked at
		}
		if order := fetched(t, "shopify", account, ref); order.Status != schemas.StatusCancelled {
			t.Errorf("the order is %s", order.ChannelStatus)
		}
		if _, err := rejecter.Reject(t.Context(), what); err != nil {
			t.Errorf("again: %v", err)
		}
	}
	if sums := p.Books()["shopify"].Operations["orders.cancel"]; len(refs) != 5 || sums.Effects != 5 || sums.Repeated != 0 {
		t.Errorf("%d orders: %+v", len(refs), sums)
	}
}

func TestShopifyIsNotAskedToCancelWhatIsPaidOrAPart(t *testing.T) {
	p := playShop(t, "shopify", 20)
	rejecter, order := p.account().(marketplaces.Rejecter), p.open(1)[0]
	for code, what := range map[string]schemas.Accepting{
		"paid":          {Ref: order.Ref, Reason: "DECLINED"},
		"not_divisible": {Ref: order.Ref, Reason: "DECLINED", Pieces: []schemas.Rejected{{LineRef: order.Lines[0].LineRef, Quantity: 1}}},
	} {
		if _, err := rejecter.Reject(t.Context(), what); failureOf(t, err).Code != code || failureOf(t, err).Class != remote.Business {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := rejecter.Reject(t.Context(), schemas.Accepting{Ref: "1", Reason: "DECLINED"}); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("of an order that there is not: %v", err)
	}
	refused := p.Shopify().RefusePayments(1)
	if _, err := rejecter.Reject(t.Context(), schemas.Accepting{Ref: refused[0], Reason: "NoInventory"}); failureOf(t, err).Class != remote.Permanent {
		t.Errorf("a reason of another channel: %v", err)
	}
}
