package amazon

import (
	"context"
	"errors"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// span is a period that is read, and how far it was: a cursor. Where it begins, as a time of RFC 3339, is all that a cursor says between
// two periods. Within one it also says where the period ends and which page follows, parted by slashes: in which order Amazon lists is
// documented nowhere, so that the time of what was told last says nothing of what was not.
type span struct {
	from, until time.Time
	page        string // token of the page that follows; "": the first
}

func (s span) String() string {
	if s.page == "" {
		return s.from.Format(time.RFC3339)
	}
	return strings.Join([]string{s.from.Format(time.RFC3339), s.until.Format(time.RFC3339), s.page}, "/")
}

func spanOf(cursor string) (s span, err error) {
	from, rest, within := strings.Cut(cursor, "/")
	if s.from, err = time.Parse(time.RFC3339, from); err == nil && within {
		until, page, _ := strings.Cut(rest, "/")
		s.page = page
		s.until, err = time.Parse(time.RFC3339, until)
	}
	return s, err
}

// newsAge is how long ago a period must have ended that is searched: two minutes (lastUpdatedBefore of searchOrders), and what Amazon's
// clock may be behind ours.
const newsAge = 2*time.Minute + 5*time.Second

// settled is the end of the latest period that can be searched.
func settled() time.Time { return time.Now().UTC().Add(-newsAge).Truncate(time.Second) }

// News lists orders that changed from the cursor on, page by page. The cursor that it answers with passes no order that was not told: when
// a page fails, those before it are told, and the next call goes on with it.
func (a *Account) News(ctx context.Context, cursor string) (schemas.News, error) {
	until := settled()
	if cursor == "" {
		return schemas.News{Next: span{from: until}.String()}, nil
	}
	at, err := spanOf(cursor)
	if err != nil {
		return schemas.News{}, &remote.Failure{Class: remote.Permanent, Code: "bad_cursor", Reason: "the cursor is no time"}
	}
	if at.page == "" {
		at.until = until
	}
	if !at.until.After(at.from) {
		return schemas.News{Next: cursor}, nil
	}
	var told []schemas.Told
	for n := range pagesMax {
		page, err := a.search(ctx, at)
		if err != nil {
			return halted(told, at, n > 0, err)
		}
		for _, o := range page.Orders {
			told = append(told, schemas.Told{Ref: o.Ref, Mark: o.Changed.UTC().Format(time.RFC3339Nano), Changed: o.Changed})
		}
		if at.page = page.Pagination.Next; at.page == "" {
			return schemas.News{Told: told, Next: span{from: at.until}.String()}, nil // what changed in that second is told again, and known
		}
	}
	return schemas.News{Told: told, Next: at.String(), More: true}, nil
}

// halted is what can be told when a page could not be read. A token that is good no more, after a day, is refused as a wrong input: then the
// period is read from its beginning.
func halted(told []schemas.Told, at span, read bool, err error) (schemas.News, error) {
	var f *remote.Failure
	switch {
	case read:
		return schemas.News{Told: told, Next: at.String(), More: !isThrottled(err)}, nil
	case at.page != "" && errors.As(err, &f) && f.Code == codeInvalid:
		return schemas.News{Next: span{from: at.from}.String()}, nil
	}
	return schemas.News{}, err
}
