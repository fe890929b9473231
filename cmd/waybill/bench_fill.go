package main

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// fillTable writes so many rows to each partition of the table of normalize: orders that it has seen long ago.
func fillTable(ctx context.Context, s *stack, registry *schemas.Registry, rows int) error {
	if rows == 0 {
		return nil
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.RecordPartitioner(kgo.ManualPartitioner())}, s.kafka...)...)
	if err != nil {
		return fmt.Errorf("fill %s: %w", topics.TableNormalize.Name, err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for n := range rows {
		value, err := oldRow(ctx, registry, n)
		if err != nil {
			return err
		}
		for p := range s.config.Kafka.Partitions {
			key := fmt.Appendf(nil, "allegro/old-%d-%08x-7f6a-11e8-ac45-09db60ede9d6", p, n)
			client.Produce(ctx, &kgo.Record{Topic: topics.TableNormalize.Name, Partition: int32(p), Key: key, Value: value}, func(_ *kgo.Record, err error) {
				if err != nil {
					cancel(err)
				}
			})
		}
	}
	if err := client.Flush(ctx); err != nil {
		return fmt.Errorf("fill %s: %w", topics.TableNormalize.Name, context.Cause(ctx))
	}
	return nil
}

// oldRow is what normalize remembers of an order that it passed on once.
func oldRow(ctx context.Context, registry *schemas.Registry, n int) ([]byte, error) {
	person := &schemas.Person{
		Name: fmt.Sprintf("Zofia Żółkiewska %d", n), Street: "os. Zwycięstwa 7/11", City: "Zakopane", PostalCode: "34-500", Country: "PL",
		Phone: fmt.Sprintf("+48 380 %06d", n%1_000_000), Email: fmt.Sprintf("8xabe48xd1+%d@example.org", n),
	}
	hash := make([]byte, 32)
	for i := range hash {
		hash[i] = byte(uint64(n+1) * 0x9E3779B97F4A7C15 >> (i % 57)) // as little to compress as a hash has
	}
	versions := &schemas.OrderVersions{Hash: hash, Revision: fmt.Sprintf("%08x", n), Status: schemas.StatusReady, Events: 1, ShipTo: person, Buyer: person}
	state, err := registry.Encode(ctx, nil, schemas.Subject(topics.TableNormalize.Name+".state"), schemas.OrderVersionsSchema, versions)
	if err != nil {
		return nil, err
	}
	return registry.Encode(ctx, nil, topics.TableNormalize.Subject(), schemas.RowSchema, &schemas.Row{State: state})
}
