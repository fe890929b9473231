package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// How many orders an hour go from the door to the ERP, and hear of it at their channel: with the sandbox's ERP, which takes as many calls
// as come, and with a real Tryton.
//
//	go test ./cmd/waybill -run xxx -bench OrdersAnHour -benchtime 1x
//	deploy/with-erp go test ./cmd/waybill -run xxx -bench OrdersAnHourInTryton -benchtime 1x
func BenchmarkOrdersAnHour(b *testing.B) {
	const orders = 3000
	for range b.N {
		c := rows[account](b, ask(b, "demo", "--orders", fmt.Sprint(orders), "-o", "json"))[0]
		b.ReportMetric(float64(c.Placed)/c.Elapsed*3600, "placed/h")
		b.ReportMetric(float64(c.Acknowledged)/c.Elapsed*3600, "accepted/h")
	}
}

func BenchmarkOrdersAnHourInTryton(b *testing.B) {
	const orders = 200
	startMerchant(b)
	i := newInstance(b)
	for n := range b.N {
		var payloads strings.Builder
		for m := range orders {
			fmt.Fprintf(&payloads, `{"ref":"%d-%d","source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"PLN","ship_to":{"name":"Ana %d",`+
				`"street":"S 1","postal_code":"01067","city":"Dresden","country":"DE","email":"b%d-%d@example.com"},"lines":[{"sku":"MUG-RED","quantity":1,"unit_price":"9.99"}]}`+"\n",
				n, m, m, n, m)
		}
		file := writeFile(b, payloads.String())
		b.ResetTimer()
		began := time.Now()
		ask(b, i.at("feed", "--party", "direct", file)...)
		within(b, 10*time.Minute, func() string {
			return ask(b, i.at("sql", "-o", "json", fmt.Sprintf("SELECT toUInt32(uniqExact(order_id)) AS n FROM orders_placed WHERE order_id LIKE 'direct/%d-%%'", n))...)
		}, func(placed string) bool { return placed == fmt.Sprintf(`{"n":%d}`+"\n", orders) })
		b.ReportMetric(orders/time.Since(began).Hours(), "placed/h")
	}
}
