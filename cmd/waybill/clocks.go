package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/internal/reach"
)

// clockDriftMax is how far a clock may be off before times in the audit mislead.
const clockDriftMax = 5 * time.Second

// tablesClock compares this clock with ClickHouse's.
func tablesClock(ctx context.Context, store *clickhouse.ClickHouse) finding {
	var theirs time.Time
	asked := time.Now()
	err := store.Query(ctx, "SELECT toUnixTimestamp64Milli(now64(3)) AS now", func(_ []string, values []any) error {
		var millis int64
		_, err := fmt.Sscan(fmt.Sprint(values[0]), &millis)
		theirs = time.UnixMilli(millis)
		return err
	})
	if err != nil {
		return judge("clock", err, "", "look into ClickHouse's log")
	}
	return clocks("ClickHouse", asked, theirs, time.Now())
}

// kafkaClock compares this clock with that of the cluster's controller, where it can be asked.
func kafkaClock(ctx context.Context, client *kgo.Client) finding {
	asked := time.Now()
	theirs, err := reach.ControllerClock(ctx, client)
	if errors.Is(err, reach.ErrNotTold) {
		return judge("clock", nil, "the brokers do not tell theirs: "+err.Error(), "")
	}
	if err != nil {
		return judge("clock", err, "", "look into the controller's log")
	}
	return clocks("the Kafka controller", asked, theirs, time.Now())
}

// clocks is off when theirs lies outside the time of asking by more than may be.
func clocks(whose string, asked, theirs, answered time.Time) finding {
	drift := max(asked.Sub(theirs), theirs.Sub(answered), 0)
	if drift <= clockDriftMax {
		return judge("clock", nil, "agrees with that of "+whose, "")
	}
	side := "ahead of"
	if theirs.Before(asked) {
		side = "behind"
	}
	return judge("clock", fmt.Errorf("that of %s is %s %s this one", whose, drift.Round(time.Second), side), "", "set the clocks by NTP: times in the audit mislead")
}
