package allegro

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"waybill/schemas"
)

// eventsMax is how many events a page has at most (GET /order/events, limit).
const eventsMax = 1000

// ownWord is of an event by which the seller hears what he himself has said of an order: its acceptance, its shipment.
const ownWord = "FULFILLMENT_STATUS_CHANGED"

// beginning is the cursor of a seller to whom nothing has happened yet: all that will comes behind it.
const beginning = "0"

// News lists forms to which something happened, by the journal, of which the last 60 days are kept. The cursor is the id of an event: those
// grow as events arrive, not as they happened (ALL#2700). One event may come several times (ALL#4870), and another never (ALL#8498).
func (a *Account) News(ctx context.Context, cursor string) (schemas.News, error) {
	if cursor == "" {
		latest, err := a.latest(ctx)
		return schemas.News{Next: latest}, err
	}
	query := url.Values{"limit": {strconv.Itoa(eventsMax)}}
	if cursor != beginning {
		query.Set("from", cursor)
	}
	var page struct {
		Events []struct {
			ID       string    `json:"id"`
			Type     string    `json:"type"`
			Occurred time.Time `json:"occurredAt"`
			Order    struct {
				Form struct {
					ID       string `json:"id"`
					Revision string `json:"revision"`
				} `json:"checkoutForm"`
			} `json:"order"`
		} `json:"events"`
	}
	if _, err := a.lists.Get(ctx, "/order/events", query, &page); err != nil {
		return schemas.News{}, understood(err)
	}
	news := schemas.News{Next: cursor, More: len(page.Events) == eventsMax}
	told := map[[2]string]bool{}
	for _, e := range page.Events {
		news.Next = e.ID
		if e.Type == ownWord {
			continue
		}
		form := e.Order.Form
		if known := [2]string{form.ID, form.Revision}; form.ID == "" || told[known] { // who has no form yet is named again when he has
			continue
		} else {
			told[known] = true
		}
		mark := form.Revision
		if mark == "" {
			mark = e.ID
		}
		news.Told = append(news.Told, schemas.Told{Ref: form.ID, Mark: mark, Changed: e.Occurred})
	}
	return news, nil
}

// latest is the cursor of now.
func (a *Account) latest(ctx context.Context) (string, error) {
	var stats struct {
		Latest struct {
			ID string `json:"id"`
		} `json:"latestEvent"`
	}
	if _, err := a.client.Get(ctx, "/order/event-stats", nil, &stats); err != nil {
		return "", understood(err)
	}
	if stats.Latest.ID == "" {
		return beginning, nil
	}
	return stats.Latest.ID, nil
}

// pageMax is how many forms a page has at most (GET /order/checkout-forms, limit), and listedMax how many are listed for one question
// (ALL#4027): of more, half of the time is asked for.
const (
	pageMax   = 100
	listedMax = 10_000
)

// spanLeast is not halved any more: so many orders do not change in a second.
const spanLeast = time.Second

// Changed lists forms of every status. updatedAt does not move when only the fulfilment changes.
func (a *Account) Changed(ctx context.Context, from time.Time) ([]schemas.Missed, error) {
	return a.changedIn(ctx, from, time.Now())
}

// changedIn lists forms that changed from a time to another. They come with the latest purchase first: what comes to the list while it is
// read moves others to later pages, so that some are listed twice and none is passed over.
func (a *Account) changedIn(ctx context.Context, from, to time.Time) (changed []schemas.Missed, err error) {
	for offset := 0; offset < listedMax; offset += pageMax {
		var page struct {
			Forms []struct {
				ID      string    `json:"id"`
				Updated time.Time `json:"updatedAt"`
			} `json:"checkoutForms"`
			Total int `json:"totalCount"`
		}
		_, err := a.lists.Get(ctx, "/order/checkout-forms", url.Values{
			"updatedAt.gte": {instant(from)}, "updatedAt.lte": {instant(to)}, "limit": {strconv.Itoa(pageMax)}, "offset": {strconv.Itoa(offset)},
		}, &page)
		if err != nil {
			return nil, understood(err)
		}
		if page.Total > listedMax && to.Sub(from) > spanLeast {
			return a.inHalves(ctx, from, to)
		}
		for _, form := range page.Forms {
			changed = append(changed, schemas.Missed{Ref: form.ID, Changed: form.Updated})
		}
		if len(page.Forms) < pageMax {
			break
		}
	}
	return changed, nil
}

func (a *Account) inHalves(ctx context.Context, from, to time.Time) ([]schemas.Missed, error) {
	middle := from.Add(to.Sub(from) / 2)
	earlier, err := a.changedIn(ctx, from, middle)
	if err != nil {
		return nil, err
	}
	later, err := a.changedIn(ctx, middle, to)
	return append(earlier, later...), err
}

// instant is a time as the API takes it.
func instant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
