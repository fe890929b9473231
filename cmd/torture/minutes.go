package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// minutes are the charts as they must be: recounted from all records of the run.
type minutes struct {
	events map[string]int64    // by minute, topic, party and kind
	orders map[string]*takings // by minute, party, channel and currency
}

// takings are the orders of a minute.
type takings struct {
	received, amended, cancelled int64
	revenue                      big.Rat
}

func newMinutes() *minutes { return &minutes{map[string]int64{}, map[string]*takings{}} }

const minuteLayout = "2006-01-02T15:04:00Z"

func (m *minutes) add(records []*record) {
	for _, r := range records {
		line, told := r.line()
		if !told {
			continue
		}
		minute := r.At.Time().UTC().Truncate(time.Minute).Format(minuteLayout)
		m.events[strings.Join([]string{minute, r.Topic.Name, line.Party, line.Kind}, " ")]++
		if o, is := r.Value.(*schemas.Order); is {
			m.addOrder(strings.Join([]string{minute, o.Party, o.Channel, o.Total.Currency}, " "), o)
		}
	}
}

func (m *minutes) addOrder(key string, o *schemas.Order) {
	t := m.orders[key]
	if t == nil {
		t = &takings{}
		m.orders[key] = t
	}
	switch o.Change {
	case schemas.ChangeReceived:
		t.received++
		amount, _ := new(big.Rat).SetString(o.Total.String())
		t.revenue.Add(&t.revenue, amount)
	case schemas.ChangeAmended:
		t.amended++
	case schemas.ChangeCancelled:
		t.cancelled++
	}
}

// check compares both charts whole.
func (m *minutes) check(ctx context.Context, tables *clickhouse.ClickHouse) (differences []difference, err error) {
	want := map[string]string{}
	for key, n := range m.events {
		want["events "+key] = fmt.Sprint(n)
	}
	for key, t := range m.orders {
		want["orders "+key] = fmt.Sprintf("%d %d %d %s", t.received, t.amended, t.cancelled, t.revenue.FloatString(4))
	}
	got := map[string]string{}
	err = tables.Query(ctx, "SELECT minute, topic, party, kind, events FROM v_audit_per_minute", func(_ []string, v []any) error {
		got[fmt.Sprintf("events %v %v %v %v", v[0], v[1], v[2], v[3])] = fmt.Sprint(v[4])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read v_audit_per_minute: %w", err)
	}
	const orders = "SELECT minute, party, channel, currency, orders, amended, cancelled, toString(revenue) FROM v_orders_per_minute"
	err = tables.Query(ctx, orders, func(_ []string, v []any) error {
		revenue, ok := new(big.Rat).SetString(fmt.Sprint(v[7]))
		if !ok {
			return fmt.Errorf("revenue %v is no number", v[7])
		}
		got[fmt.Sprintf("orders %v %v %v %v", v[0], v[1], v[2], v[3])] = fmt.Sprintf("%v %v %v %s", v[4], v[5], v[6], revenue.FloatString(4))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read v_orders_per_minute: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] {
			differences = append(differences, difference{Why: fmt.Sprintf("chart: %s is %q, the records make %q", key, got[key], want[key])})
		}
		delete(got, key)
	}
	for key, value := range got {
		differences = append(differences, difference{Why: fmt.Sprintf("chart: %s is %q, and there is no record of that", key, value)})
	}
	return differences, nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
