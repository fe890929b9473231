package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// readyOverlap is by how much a new round begins before the newest change of the last. This ERP shows a change when it says that it was
// made, so this only has to be more than nothing: two changes may have one time.
const readyOverlap = 2 * time.Second

// readyHistory is how far back the first round begins: an order is packed soon after it is placed, or before anybody asked here.
const readyHistory = 24 * time.Hour

// firstVersion is that of an order as it was placed.
const firstVersion = "1"

// readyPageOrders keeps an answer far below what a client reads.
const readyPageOrders = "50"

// round is where a reading stands.
type round struct {
	Since  time.Time `json:"since"`            // what changed from then on
	Cursor string    `json:"cursor,omitempty"` // the ERP's own, within a round
	Newest time.Time `json:"newest,omitzero"`  // change of the round so far
}

// again is where the round behind this one begins.
func (r round) again() time.Time {
	if start := r.Newest.Add(-readyOverlap); start.After(r.Since) {
		return start
	}
	return r.Since
}

// ReadReady is a page of the orders that are packed, from a place on, "" for the beginning: here an order is one shipment in one parcel.
// Of those that are watched it also tells that they are not packed any more, and of the others that somebody has written to them.
func (e *ERP) ReadReady(ctx context.Context, at string, watched []string) (page schemas.Readies, err error) {
	p := round{Since: time.Now().Add(-readyHistory).UTC()}
	if at != "" {
		if json.Unmarshal([]byte(at), &p) != nil || p.Since.IsZero() {
			return page, fmt.Errorf("%q is no place in the orders of the ERP", at)
		}
	}
	var found struct {
		Orders     *[]json.RawMessage `json:"orders"`
		NextCursor string             `json:"next_cursor"`
	}
	query := url.Values{"changed_since": {p.Since.Format(time.RFC3339Nano)}, "limit": {readyPageOrders}}
	if p.Cursor != "" {
		query.Set("cursor", p.Cursor)
	}
	if _, err = e.client.Get(ctx, "/orders", query, &found); err != nil {
		return page, understood(err)
	}
	if found.Orders == nil {
		return page, unreadable("the answer has no list in it")
	}
	for _, body := range *found.Orders {
		one, err := Readied(body)
		if err != nil {
			return schemas.Readies{}, err
		}
		if one.ChangedAt.After(p.Newest) {
			p.Newest = one.ChangedAt
		}
		switch isWatched := slices.Contains(watched, one.Ref); {
		case one.Kind == schemas.ERPReady || isWatched:
		case one.Revision == firstVersion: // nobody has written to it since it was placed
			continue
		default:
			one.Kind = schemas.ERPEdited
		}
		page.Told = append(page.Told, one)
	}
	if p.Cursor, page.More = found.NextCursor, found.NextCursor != ""; !page.More {
		p = round{Since: p.again()}
	}
	page.Again = p.again()
	next, err := json.Marshal(p)
	page.Next = string(next)
	return page, err
}

// Readied is what an order says of its shipment, as this ERP wrote it.
func Readied(body []byte) (schemas.Readied, error) {
	var o struct {
		ID          string         `json:"id"`
		ExternalRef string         `json:"external_ref"`
		Status      string         `json:"status"`
		Version     int64          `json:"version"`
		ShipTo      *place         `json:"ship_to"`
		ChangedAt   time.Time      `json:"changed_at"`
		Lines       []schemas.Sold `json:"lines"`
		Parcel      *struct {
			Grams  int64 `json:"weight_grams"`
			Length int64 `json:"length_mm"`
			Width  int64 `json:"width_mm"`
			Height int64 `json:"height_mm"`
		} `json:"parcel"`
	}
	if json.Unmarshal(body, &o) != nil || o.ID == "" || o.ChangedAt.IsZero() {
		return schemas.Readied{}, unreadable("an order in it is none")
	}
	one := schemas.Readied{
		Kind: schemas.ERPUnready, Ref: o.ID, OrderID: o.ExternalRef, Revision: strconv.FormatInt(o.Version, 10), ChangedAt: o.ChangedAt, Mark: markOf(body), Body: body,
	}
	if o.Status == "packed" {
		one.Kind = schemas.ERPReady
	}
	one.To, one.Cancelled = o.ShipTo.destination(), o.Status == "cancelled"
	if p := o.Parcel; p != nil {
		one.Articles = schemas.PackedOf(o.Lines)
		one.Grams, one.Parcels = p.Grams, []schemas.Parcel{{Grams: p.Grams, Length: p.Length, Width: p.Width, Height: p.Height}}
	}
	return one, nil
}

// markOf is the same for an order as long as it differs by nothing but what we wrote to it of its parcels.
func markOf(order []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(order, &fields) == nil {
		for _, ours := range []string{"version", "changed_at", "tracking"} {
			delete(fields, ours)
		}
		order, _ = json.Marshal(fields) // they were read as JSON
	}
	sum := sha256.Sum256(order)
	return hex.EncodeToString(sum[:8])
}

func unreadable(why string) *remote.Failure {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: why}
}
