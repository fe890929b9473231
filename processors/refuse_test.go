package processors

import (
	"strings"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// teller is acknowledge at a channel that is told of refused payments.
func teller(t *testing.T, send string) *clerk {
	return &clerk{T: t, terms: Acceptance{Within: time.Hour, WhyNot: "the shop is the seller's own"}, refusal: schemas.Refusal{
		Says: "expired", Word: schemas.Word{Send: send, Why: map[bool]string{true: "it has said so itself"}[send == ""]},
	}}
}

func refusedBy(channelStatus string) *schemas.Order {
	order := bought(schemas.StatusPending)
	order.ChannelStatus = channelStatus
	return order
}

func TestARefusedPaymentIsToldToTheChannelOnceAndInTime(t *testing.T) {
	c := teller(t, "DECLINED")
	if said := c.of(refusedBy("pending")).Messages; len(said) != 0 {
		t.Fatalf("of one that may still be paid: %+v", said)
	}
	var calls []*schemas.Task
	for _, status := range []string{"expired", "expired/on_hold", "pending", "expired"} {
		calls = append(calls, callsIn(c.of(refusedBy(status)))...)
	}
	if len(calls) != 1 || calls[0].Kind != KindReject || calls[0].Party != "allegro" || *calls[0].Deadline != heardAt+60_000 {
		t.Fatalf("called %+v", calls)
	}
	what, err := schemas.ParseAccepting(calls[0].Payload)
	if err != nil || what.Reason != "DECLINED" || what.Ref != "9007199254740993" || len(what.Pieces) != 0 {
		t.Errorf("it says %+v, %v", what, err)
	}
	messages, err := AcceptThen(calls[0], what.Ref, heardAt+5)
	if err != nil {
		t.Fatal(err)
	}
	if ack := messages[0].Value.(*schemas.Acknowledgement); ack.State != schemas.AckRejected || *ack.Due != heardAt+60_000 || ack.By != "acknowledge" {
		t.Errorf("what follows: %+v", ack)
	}
}

func TestARefusedPaymentThatIsNotToldStandsThereWithItsReason(t *testing.T) {
	for why, c := range map[string]*clerk{"it has said so itself": teller(t, ""), "waybill reject": teller(t, "DECLINED"), "party own is not called": teller(t, "DECLINED")} {
		order := refusedBy("expired")
		switch why {
		case "waybill reject": // it was ready before: the goods may be packed
			c.of(bought(schemas.StatusReady))
		case "party own is not called":
			order.Party = "own"
		}
		said := append(c.of(order).Messages, c.of(order).Messages...)
		if len(said) != 1 {
			t.Fatalf("%s: said %+v", why, said)
		}
		receipt := said[0].Value.(*schemas.Receipt)
		if said[0].Topic != topics.Receipts || receipt.Outcome != schemas.CallNotAccepted || receipt.Code != codeRefused || !strings.Contains(receipt.Reason, why) {
			t.Errorf("%s: said %+v", why, receipt)
		}
	}
}

// Whoever pays at last is delivered to: what the channel does not know yet, it does not hear.
func TestWhoPaysAtLastIsNotRefused(t *testing.T) {
	c := teller(t, "DECLINED")
	refused := callsIn(c.of(refusedBy("expired")))[0]
	result := c.of(bought(schemas.StatusReady))
	calls := callsIn(result)
	if len(calls) != 1 || calls[0].Kind != KindWithdraw || calls[0].Lane != refused.Lane || calls[0].Sequence <= refused.Sequence || len(result.Messages) != 2 {
		t.Fatalf("refused by %+v, then %+v", refused, result.Messages)
	}
	if calls := callsIn(c.of(bought(schemas.StatusReady))); len(calls) != 0 {
		t.Errorf("and again: %+v", calls[0])
	}
}

// No step that hears of an order does anything outside as long as it is not ready, whatever else it is (item 15).
func TestNothingActsOnAnOrderThatIsNotReady(t *testing.T) {
	for _, step := range All(Sources{Terms: func(string) Terms {
		return Terms{Called: true, Ships: true, Acceptance: Acceptance{Within: time.Hour, Provisional: true}}
	}}) {
		for _, input := range step.Reads {
			if input != topics.OrdersNormalized {
				continue
			}
			result, err := step.Handle(&topics.Event{Topic: input, Key: "allegro/9007199254740993", Value: bought(schemas.StatusPending), At: heardAt}, step.State.New())
			if err != nil {
				t.Fatal(err)
			}
			if calls := callsIn(result); len(calls) != 0 {
				t.Errorf("%s asks for %s", step.Name, calls[0].Kind)
			}
		}
	}
}
