package kaufland

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/sandbox/party"
)

const sending = `{"tracking_numbers":"0034123456789","carrier_code":"DHL"}`

func (s *shop) status(unit string) string {
	s.t.Helper()
	var answer struct {
		Data struct{ Status string }
	}
	s.ask("GET", "/order-units/"+unit, "", &answer)
	return answer.Data.Status
}

func (s *shop) must(want int, wantType, method, path, body string) {
	s.t.Helper()
	if status, p := s.ask(method, path, body, nil); status != want || p.Type != wantType {
		s.t.Errorf("%s %s %.80s: %d %s %s, want %d %s", method, path, body, status, p.Type, p.Message, want, wantType)
	}
}

func TestAUnitIsSentOnceAndTheBooksSayHow(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(3)
	unit := s.unit()
	path := "/order-units/" + unit
	s.must(400, problemBadRequest, "PATCH", path+"/refund", `{"amount":1,"reason":"defect"}`)
	s.must(204, "", "PATCH", path+"/send", sending)
	s.must(403, problemDuplicate, "PATCH", path+"/send", sending)
	s.must(403, problemNoCancel, "PATCH", path+"/cancel", `{"reason":"NoInventory"}`)
	s.must(403, problemNotAllowed, "PATCH", path+"/fulfil", "")
	s.must(204, "", "POST", "/shipments", `{"id_order_unit":"`+unit+`","shipment_information":{"carrier_code":"DHL","tracking_number":"0034987654321"}}`)
	s.must(204, "", "PATCH", path+"/refund/", `{"amount":1,"reason":"delivery_delay"}`)
	s.must(400, problemValidation, "PATCH", path+"/refund", `{"amount":99999999,"reason":"delivery_delay"}`)
	if got := s.status(unit); got != sent {
		t.Errorf("the unit is %s", got)
	}
	var effects []string
	for _, e := range s.books.Effects(0) {
		if strings.HasPrefix(e.Subject, unit) {
			effects = append(effects, e.Operation+" "+e.Result)
		}
	}
	want := "order-units.send DHL 0034123456789, shipments.add DHL 0034987654321, order-units.refund 1 delivery_delay"
	if got := strings.Join(effects, ", "); got != want {
		t.Errorf("the books say %s", got)
	}
}

func TestAUnitIsCancelledOnce(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(3)
	path := "/order-units/" + s.unit()
	s.must(204, "", "PATCH", path+"/cancel", `{"reason":"NoInventory"}`)
	s.must(403, problemDuplicate, "PATCH", path+"/cancel", `{"reason":"NoInventory"}`)
	s.must(403, problemNotAllowed, "PATCH", path+"/send", sending)
	s.must(403, problemNotAllowed, "POST", "/shipments", `{"id_order_unit":`+strings.TrimPrefix(path, "/order-units/")+`,"shipment_information":{"carrier_code":"DHL","tracking_number":"1"}}`)
	if s.books.Books().Operations["order-units.cancel"].Effects != 1 {
		t.Error("cancelled once, the books say otherwise")
	}
}

func TestAddressesAreHiddenUntilAnOrderIsReleased(t *testing.T) {
	s := openShop(t, Options{OpenFor: time.Hour})
	s.sell(5)
	shows := func(ref string) bool {
		var answer struct {
			Data struct {
				Ship map[string]any `json:"shipping_address"`
			}
		}
		s.ask("GET", "/orders/"+ref, "", &answer)
		return answer.Data.Ship != nil
	}
	unit := s.list("/order-units?status=open").Data[0]
	if shows(unit.ID) {
		t.Error("the address of an open order is shown")
	}
	path := fmt.Sprint("/order-units/", unit.Unit)
	s.must(403, problemNotAllowed, "PATCH", path+"/send", sending)
	s.must(204, "", "PATCH", path+"/fulfil", "")
	s.must(403, problemDuplicate, "PATCH", path+"/fulfil", "")
	if !shows(unit.ID) {
		t.Error("the address of a released order is hidden")
	}
	s.must(204, "", "PATCH", path+"/send", sending)
}

func TestAnOrderIsReleasedByItself(t *testing.T) {
	s := openShop(t, Options{OpenFor: time.Millisecond})
	s.sell(3)
	await(t, "no order is released", func() bool {
		s.pass(time.Second)
		return s.list("/order-units?status=open").Pagination.Total == 0
	})
}

func TestGarbageIsRefusedAndDoesNothing(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(3)
	path, before := "/order-units/"+s.unit(), len(s.books.Effects(0))
	for _, body := range []string{"", "null", "[]", "{}", "{", sending + sending, sending + "}", `{"reason":"Bored"}`, "\x00", strings.Repeat("[", 50_000)} {
		for _, operation := range []string{"/send", "/cancel", "/refund"} {
			if status, p := s.ask("PATCH", path+operation, body, nil); status != 400 {
				t.Errorf("%s %.60q: %d %s", operation, body, status, p.Type)
			}
		}
		for _, other := range []string{"/shipments", "/subscriptions?storefront=de"} {
			if status, p := s.ask("POST", other, body, nil); status != 400 {
				t.Errorf("%s %.60q: %d %s", other, body, status, p.Type)
			}
		}
		s.pass(time.Second)
	}
	for _, body := range []string{
		`{"tracking_numbers":"1"}`, `{"carrier_code":"DHL"}`, `{"tracking_numbers":"","carrier_code":"DHL"}`, `{"tracking_numbers":"1","carrier_code":"dhl"}`,
		`{"tracking_numbers":"` + strings.Repeat("1", 1001) + `","carrier_code":"DHL"}`,
	} {
		s.must(400, problemValidation, "PATCH", path+"/send", body)
	}
	s.must(400, problemValidation, "PATCH", "/order-units/first/send", sending)
	s.must(404, problemNotFound, "PATCH", "/order-units/9223372036854775807/send", sending)
	s.must(413, problemBadRequest, "PATCH", path+"/send", strings.Repeat(" ", party.BodyBytesMax+1))
	if got := s.books.Effects(before); len(got) != 0 {
		t.Errorf("garbage did %+v", got)
	}
	s.must(204, "", "PATCH", path+"/send", `{"tracking_numbers":"","carrier_code":"Other"}`)
}

func TestWhatKauflandSendsItselfIsNotTheSellers(t *testing.T) {
	s := openShop(t, Options{})
	s.sell(100)
	theirs := s.list("/order-units?fulfillment_type=fulfilled_by_kaufland").Data
	if len(theirs) == 0 {
		t.Fatal("none of 100 orders is fulfilled by Kaufland")
	}
	s.must(403, problemNotAllowed, "PATCH", fmt.Sprint("/order-units/", theirs[0].Unit, "/send"), sending)
}

func TestOnlySoManyOrdersAreKept(t *testing.T) {
	s := openShop(t, Options{OrdersMax: 2})
	if err := s.api.Sell(3); err == nil {
		t.Error("three of two orders are sold")
	}
	if err := s.api.Sell(-1); err == nil {
		t.Error("less than no order is sold")
	}
}

func TestAUnitIsSentOnceHoweverManyTryAtOnce(t *testing.T) {
	s, e := openShop(t, Options{OpenFor: time.Millisecond}), listen(t)
	s.subscribe(e.URL, "order_unit_status_changed")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				if err := s.api.Sell(1); err != nil {
					t.Error(err)
				}
				for _, u := range s.list("/order-units?limit=5&status=need_to_be_sent").Data {
					path := fmt.Sprint("/order-units/", u.Unit)
					if status, p := s.ask("PATCH", path+"/send", sending, nil); status != 204 && p.Type != problemDuplicate {
						t.Errorf("%d %+v", status, p)
					}
					if got := s.status(path[len("/order-units/"):]); got != sent {
						t.Errorf("what is sent is %s", got)
					}
				}
				s.pass(time.Second)
			}
		})
	}
	all.Wait()
	if b := s.books.Books().Operations["order-units.send"]; b.Effects == 0 || b.Repeated != 0 {
		t.Errorf("the books say %+v", b)
	}
}

// await waits until something is so.
func await(t *testing.T, otherwise string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !is(); {
		if time.Now().After(until) {
			t.Fatal(otherwise)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
