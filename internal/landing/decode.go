package landing

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// decode makes events of records. A value that nobody will ever read lands as it is, with its fault; one that a newer Waybill
// wrote, or whose schema can not be asked for now, makes its partition wait.
func (l *Landing) decode(ctx context.Context, topic *topics.Topic, records []*kgo.Record) ([]topics.Landed, error) {
	events := make([]topics.Landed, len(records))
	for i, r := range records {
		events[i] = landed(topic, r)
		if r.Value == nil {
			continue
		}
		value := topic.Schema.New()
		err := l.registry.Decode(ctx, topic.Schema, r.Value, value)
		switch {
		case err == nil:
			events[i].Value = value
		case errors.Is(err, schemas.ErrMalformed), errors.Is(err, schemas.ErrUnknownSchema):
			events[i].Fault = err.Error()
		case errors.Is(err, schemas.ErrForeignSchema):
			return nil, &failure{"schema", fmt.Errorf("offset %d: %w", r.Offset, err)}
		default:
			return nil, &failure{"registry", fmt.Errorf("offset %d: %w", r.Offset, err)}
		}
	}
	return events, nil
}

func landed(topic *topics.Topic, r *kgo.Record) topics.Landed {
	headers := make([]topics.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = topics.Header{Key: h.Key, Value: h.Value}
	}
	return topics.Landed{
		Event: topics.Event{
			Topic: topic, Partition: r.Partition, Offset: r.Offset, Key: string(r.Key),
			At: schemas.At(r.Timestamp), Headers: headers,
		},
		Raw: r.Value,
	}
}
