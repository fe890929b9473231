package shelf

import (
	"fmt"
	"testing"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// counted is a market whose orders are named after their number.
type counted struct{}

func (counted) Order(n uint64, _ int) wire.Sheet { return wire.Sheet{Ref: fmt.Sprint("order-", n)} }

func TestWhatIsSoldOrShownIsKeptOnce(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	books := ledger.New(time.Now)
	s := New(counted{}, books, func() time.Time { return now })
	if err := s.Show(2, 3); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if err := s.Sell(3); err != nil { // 1, 3 and 4: 2 was shown
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if err := s.Show(2, 2); err != nil { // an older version
		t.Fatal(err)
	}
	if err := s.Show(1, 2); err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, o := range s.Changed(time.Time{}, time.Time{}) {
		refs = append(refs, fmt.Sprint(o.Ref, "/", o.Version))
	}
	if got := fmt.Sprint(refs); got != "[order-2/3 order-3/1 order-4/1 order-1/2]" {
		t.Error(got)
	}
	if late := s.Changed(now, time.Time{}); len(late) != 1 || late[0].Ref != "order-1" {
		t.Errorf("%+v", late)
	}
	if early := s.Changed(time.Time{}, now.Add(-2*time.Minute)); len(early) != 1 || s.Find("order-5") != nil {
		t.Errorf("%+v", early)
	}
	if sold := books.Books().Operations["market.sell"]; sold.Effects != 4 || sold.Repeated != 0 {
		t.Errorf("%+v", sold)
	}
	if s.Sell(-1) == nil || s.Show(1, 0) == nil {
		t.Error("an impossible order of orders is taken")
	}
}

func TestThereIsAnEndToWhatIsKept(t *testing.T) {
	s := New(counted{}, ledger.New(time.Now), time.Now)
	s.ordersMax = 2
	if err := s.Sell(3); err == nil {
		t.Error("more are kept than may be")
	}
}
