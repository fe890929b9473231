package erps

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"waybill/schemas"
)

// reading is a page of what a system says of its shipments behind a place of its own, "" for the beginning; and of those it is asked to
// watch, which are ready no more. It says some again: whatever may have been hidden by a transaction that had not ended.
type reading func(ctx context.Context, at string, watched []string) (schemas.Readies, error)

// readyCursor is the place in a system's own reading, and what was told that is still of use.
type readyCursor struct {
	At   string `json:"at,omitempty"`
	Edit string `json:"edit,omitempty"` // likewise in what it says was edited
	Told []told `json:"told,omitempty"` // in the order in which it was told
}

// told is how a shipment stood when it was told last. The names are short, because the cursor is written down with every answer.
type told struct {
	Ref  string         `json:"r"`
	Mark string         `json:"m"`
	Open bool           `json:"o,omitempty"` // it was ready, and had not left
	At   schemas.Millis `json:"t"`           // when it changed
}

// Limits of what a cursor remembers.
const (
	// watchedMax is of how many shipments that wait for a carrier it is noticed that they are ready no more: the last that were told. It is
	// to be noticed before the label is bought, which takes seconds.
	watchedMax = 100
	// toldMax is how many shipments of one overlap are known. Beyond it they are told again with every reading, which is a repeat by their
	// revision, and costs a row each.
	toldMax = 10_000
)

// ready reads the next page, and leaves out what was told already as it stands. edited reads what people have changed of orders that are not packed;
// nil where the first says that too.
func ready(ctx context.Context, read, edited reading, cursor string) (schemas.Readies, error) {
	var was readyCursor
	if cursor != "" && json.Unmarshal([]byte(cursor), &was) != nil {
		return schemas.Readies{}, errors.New("the cursor of Ready is none: begin again with an empty one")
	}
	var watched []string
	known := map[string]string{}
	for _, t := range was.Told {
		if known[t.Ref] = t.Mark; t.Open {
			watched = append(watched, t.Ref)
		}
	}
	page, err := read(ctx, was.At, watched[max(0, len(watched)-watchedMax):])
	if err != nil {
		return schemas.Readies{}, err
	}
	next := readyCursor{At: page.Next}
	if edited != nil {
		changes, err := edited(ctx, was.Edit, nil)
		if err != nil {
			return schemas.Readies{}, err
		}
		next.Edit, page.More, page.Told = changes.Next, page.More || changes.More, append(changes.Told, page.Told...)
		if changes.Again.Before(page.Again) {
			page.Again = changes.Again
		}
	}
	page.Told = slices.DeleteFunc(page.Told, func(r schemas.Readied) bool {
		mark, is := known[r.Ref]
		return is && mark == r.Mark
	})
	next.Told = remembered(was.Told, page)
	text, err := json.Marshal(next)
	page.Next = string(text)
	return page, err
}

// remembered is what is still of use after a page: what may be said again, and the last that wait for a carrier.
func remembered(before []told, page schemas.Readies) []told {
	all := slices.Clone(before)
	for _, r := range page.Told {
		all = slices.DeleteFunc(all, func(t told) bool { return t.Ref == r.Ref })
		all = append(all, told{r.Ref, r.Mark, r.Kind == schemas.ERPReady, schemas.At(r.ChangedAt)})
	}
	open, edge := 0, schemas.At(page.Again.Truncate(time.Millisecond))
	var kept []told
	for i := len(all) - 1; i >= 0 && len(kept) < toldMax; i-- {
		t := all[i]
		if t.Open {
			open++
		}
		if t.At >= edge || t.Open && open <= watchedMax {
			kept = append(kept, t)
		}
	}
	slices.Reverse(kept)
	return kept
}
