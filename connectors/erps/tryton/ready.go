package tryton

import (
	"context"
	"encoding/json"
	"math"
	"time"
)

// Shipment is one that is ready to be handed to a carrier.
type Shipment struct {
	OrderID   string // ours, as the sale carries it; or what the merchant wrote there on a sale of their own
	Ref       string // what the ERP calls the shipment
	Gone      bool   // it has left already
	Grams     int64  // weight of the goods; 0 if the ERP does not know it
	Parcels   []Parcel
	ChangedAt time.Time // when the transaction began that wrote it last, by the ERP's clock
}

// Parcel is how a part of a shipment was packed. What the ERP does not know is 0.
type Parcel struct {
	Ref                   string
	Grams                 int64 // with its wrapping
	Length, Width, Height int64 // in millimetres
}

// readyStates are the states of stock.shipment.out in which it is ready: packed, or gone before anybody asked.
var readyStates = []string{"packed", "done"}

// Ready lists the shipments that were made ready, or were written to since, from a time on: those of a page, which may be few or none
// although more follow. next goes into the next call; since then no longer counts. One who calls for ever hears of every
// shipment, and of each several times: it is known by its Ref.
func (e *ERP) Ready(ctx context.Context, since time.Time, after string) (list []Shipment, next string, err error) {
	at := cursor{Since: since.UTC()}
	if after != "" {
		if at, err = readCursor(after); err != nil {
			return nil, "", err
		}
	}
	if at.AfterID == "" { // a new round
		if at.Newest, err = e.newestReady(ctx); err != nil {
			return nil, "", err
		}
	}
	page, err := e.readyPage(ctx, at)
	if err != nil {
		return nil, "", err
	}
	if list, err = e.withOrders(ctx, page); err != nil {
		return nil, "", err
	}
	return list, at.behind(page).String(), nil
}

// readyRow is a shipment as Tryton says it. The module stock_shipment_measurements knows the weight, in kilograms.
type readyRow struct {
	ID        json.Number   `json:"id"`
	State     string        `json:"state"`
	WriteDate moment        `json:"write_date"`
	Weight    float64       `json:"weight"`
	Packages  []json.Number `json:"root_packages"`
}

const readyPageRows = 100

var writtenFirst = [][]string{{"write_date", "ASC"}, {"id", "ASC"}}

// readyPage are the rows behind a cursor, in the order in which the transactions began that wrote them.
func (e *ERP) readyPage(ctx context.Context, at cursor) (page []readyRow, err error) {
	behind := where("write_date", ">=", momentOf(at.Since))
	if at.AfterID != "" {
		behind = anyOf(where("write_date", ">", momentOf(at.Since)), all(where("write_date", "=", momentOf(at.Since)), where("id", ">", at.AfterID)))
	}
	_, err = e.ask(ctx, "model.stock.shipment.out.search_read", &page, all(where("state", "in", readyStates), behind), 0, readyPageRows,
		writtenFirst, e.known(ctx, "stock.shipment.out", "state", "write_date", "weight", "root_packages"))
	return page, err
}

// newestReady is when the newest of them was written, whatever the round is at: the zero time if there is none.
func (e *ERP) newestReady(ctx context.Context) (time.Time, error) {
	var newest []readyRow
	_, err := e.ask(ctx, "model.stock.shipment.out.search_read", &newest, all(where("state", "in", readyStates)), 0, 1,
		[][]string{{"write_date", "DESC"}}, []string{"write_date"})
	if err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	return newest[0].WriteDate.time(), nil
}

// withOrders joins the rows with the sales they ship, a Shipment for each.
func (e *ERP) withOrders(ctx context.Context, page []readyRow) (list []Shipment, err error) {
	if len(page) == 0 {
		return nil, nil
	}
	var ids, packages []json.Number
	for _, r := range page {
		ids, packages = append(ids, r.ID), append(packages, r.Packages...)
	}
	var sales []struct {
		Reference string        `json:"reference"`
		Shipments []json.Number `json:"shipments"`
	}
	if _, err := e.ask(ctx, "model.sale.sale.search_read", &sales, all(where("shipments", "in", ids)), 0, nil, oldestFirst, []string{"reference", "shipments"}); err != nil {
		return nil, err
	}
	orders := map[json.Number][]string{}
	for _, s := range sales {
		for _, id := range s.Shipments {
			orders[id] = append(orders[id], s.Reference)
		}
	}
	parcels, err := e.parcels(ctx, packages)
	for _, r := range page {
		s := Shipment{Ref: r.ID.String(), Gone: r.State == "done", Grams: thousandths(r.Weight), ChangedAt: r.WriteDate.time()}
		for _, id := range r.Packages {
			if p, known := parcels[id]; known {
				s.Parcels = append(s.Parcels, p)
			}
		}
		for _, s.OrderID = range orders[r.ID] {
			list = append(list, s)
		}
	}
	return list, err
}

// thousandths are the grams of kilograms, and the millimetres of metres.
func thousandths(of float64) int64 { return int64(math.Round(of * 1000)) }
