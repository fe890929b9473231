package synthetic

import (
	"context"
	"log/slog"
	"time"

	"waybill/topics"
)

// Send stores an order whenever one is due, until ctx ends. What can not be stored is only logged: that it is missing is noticed at the
// other end.
func Send(ctx context.Context, every time.Duration, store func(context.Context, []topics.Message) error, log *slog.Logger) error {
	for {
		at := due(time.Now(), every)
		if err := store(ctx, []topics.Message{message(at, time.Now())}); err != nil && ctx.Err() == nil {
			log.Warn("a synthetic order was not sent", "order", idOf(at), "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(at.Add(every))):
		}
	}
}
