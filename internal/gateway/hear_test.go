package gateway

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// outspoken tells what it exchanges; its first call fails.
type outspoken struct{ *scripted }

func (p outspoken) Call(ctx context.Context, task *schemas.Task) (Answer, error) {
	answer, err := p.scripted.Call(ctx, task)
	sent := "first"
	if p.count() > 1 {
		sent = strings.Repeat("x", bodiesMax)
	}
	for range 2 {
		Hear(ctx)(schemas.Exchange{Method: "POST", Path: "/" + task.TaskID, Sent: schemas.Body{Bytes: []byte(sent)}, SentBytes: int64(len(sent)), Status: 200})
	}
	return answer, err
}

// Every call about an order leaves a receipt with what went over the wire, also one that failed (item 47). Of bodies no more is kept than a
// record can hold.
func TestEveryCallLeavesAReceipt(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds[0].Parts = func(*schemas.Task) []string { return []string{"storefront de", "article MUG"} }
		p.set(func(*schemas.Task) (Answer, error) {
			if p.count() == 1 {
				return Answer{}, &Failure{Class: Transient, Code: "503", Reason: "busy"}
			}
			return Answer{TheirRef: "R-1"}, nil
		})
		defer s.serve("1", outspoken{p}, DefaultLimits())()
		s.ask("repeatable", "a", "order")
		time.Sleep(time.Minute)
		s.wants(map[string]string{"a": schemas.TaskDone})
		var kept []schemas.Receipt
		for _, r := range s.all(topics.Receipts.Name) {
			var receipt schemas.Receipt
			if err := s.registry.Decode(s.Context(), schemas.ReceiptSchema, r.Value, &receipt); err != nil {
				t.Fatal(err)
			}
			kept = append(kept, receipt)
		}
		if len(kept) != 2 {
			t.Fatalf("%d receipts, want one of each call", len(kept))
		}
		first, second := kept[0], kept[1]
		if first.Outcome != schemas.CallFailed || first.Class != Transient || first.Code != "503" || first.Attempt != 1 || string(first.Exchanges[0].Sent.Bytes) != "first" {
			t.Errorf("of what failed: %+v", first)
		}
		if second.Outcome != schemas.CallDone || second.TheirRef != "R-1" || second.Attempt != 2 || second.OrderID != "a" || second.Party != simParty {
			t.Errorf("of what was done: %+v", second)
		}
		if x := second.Exchanges; len(x) != 2 || len(x[0].Sent.Bytes) != bodiesMax || len(x[1].Sent.Bytes) != 0 || x[1].SentBytes != bodiesMax {
			t.Errorf("of long bodies more is kept than a record holds")
		}
		for _, r := range kept {
			if !slices.Equal(r.Parts, []string{"storefront de", "article MUG"}) {
				t.Errorf("the call says that it is in %q", r.Parts)
			}
		}
	})
}

// A connector may go on speaking when nobody listens.
func TestWhatIsSaidOutsideOfACallIsHeardByNobody(t *testing.T) {
	Hear(t.Context())(schemas.Exchange{Method: "GET"})
}
