package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/schemas"
)

// poll asks what happened behind the cursor. What the channel also told by itself, and has come, is not asked for again.
func (p accountParty) poll(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	at, err := schemas.ParsePolling(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	news, err := p.account.News(ctx, at.Cursor)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "not_found", Reason: p.party.Name + " has no such list: look at its api_url"}
	}
	if err != nil {
		return answered("", nil, err)
	}
	news.Told = p.stillToCome(ctx, news.Told)
	answer := gateway.Answer{At: time.Now(), More: news.More}
	if answer.Document, err = json.Marshal(news); err == nil {
		answer.Next, err = schemas.Polling{Cursor: news.Next}.Body()
	}
	return answer, err
}

// stillToCome leaves out what came by itself. To fetch that again would change nothing, so that nobody has to know.
func (p accountParty) stillToCome(ctx context.Context, told []schemas.Told) []schemas.Told {
	var ids []string
	for _, one := range told {
		if !one.Changed.IsZero() {
			ids = append(ids, schemas.OrderID(p.party.Name, one.Ref))
		}
	}
	if len(ids) == 0 {
		return told
	}
	delivered, err := p.delivered(ctx, ids)
	if err != nil {
		return told
	}
	return slices.DeleteFunc(told, func(one schemas.Told) bool {
		came, is := delivered[schemas.OrderID(p.party.Name, one.Ref)]
		return is && !one.Changed.IsZero() && !came.Before(one.Changed)
	})
}
