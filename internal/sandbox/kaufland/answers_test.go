package kaufland

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"waybill/internal/sandbox/specification"
)

func TestEveryAnswerFollowsTheSpecification(t *testing.T) {
	s, e := openShop(t, Options{}), listen(t)
	s.sell(60)
	s.subscribe(e.URL, "order_unit_status_changed")
	follows := func(file, path string, want int) {
		t.Helper()
		rules, err := specification.Read("testdata/" + file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		var answer json.RawMessage
		request := s.request("GET", path, "")
		if path == "/orders?unsigned" {
			request.Header.Del(headerSignature)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != want {
			t.Fatalf("%s: %s, %v", path, response.Status, err)
		}
		if err := rules.Check(answer); err != nil {
			t.Errorf("%s: %v\n%s", path, err, answer)
		}
	}
	follows("orders-list", "/orders?limit=100", 200)
	follows("orders-list", "/orders?offset=1000", 200)
	follows("order-units-list", "/order-units?limit=100", 200)
	follows("order-units-list", "/order-units?limit=100&sort=ts_updated:desc&fulfillment_type=fulfilled_by_kaufland", 200)
	follows("subscriptions-list", "/subscriptions", 200)
	for _, u := range s.list("/order-units?limit=50").Data {
		follows("order-unit-details", fmt.Sprint("/order-units/", u.Unit, "?embedded=tickets,delivery,return_unit"), 200)
	}
	s.pass(time.Second)
	follows("error", "/orders?limit=x", 400)
	follows("error", "/orders?unsigned", 401)
	follows("error", "/orders/NOSUCH", 404)
	follows("error", "/nosuch", 404)
}
