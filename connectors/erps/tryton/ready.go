package tryton

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"waybill/schemas"
)

// readyStates are the states of stock.shipment.out in which it is ready: packed, or gone before anybody asked. From both it can only go
// back by being cancelled, and from there to a draft (stock/shipment.py).
var readyStates = []string{"packed", "done"}

var isReady = where("state", "in", readyStates)

// ReadReady is a page of the shipments that were made ready, or were written to since, from a place on, "" for the beginning; it may be
// empty although more follow. A shipment is told for each sale that it ships. Who reads for ever hears of all of them, and of each several
// times: of one that did not change, with the same revision. Of those that are watched it also tells that they are not ready any more.
func (e *ERP) ReadReady(ctx context.Context, at string, watched []string) (page schemas.Readies, err error) {
	c := cursor{Since: time.Now().Add(-readyHistory).UTC()}
	if at != "" {
		if c, err = readCursor(at); err != nil {
			return page, err
		}
	}
	var taken []json.RawMessage
	if c.AfterID == "" { // a new round
		if c.Newest, err = e.newest(ctx, "stock.shipment.out", isReady); err == nil {
			taken, err = e.takenBack(ctx, watched)
		}
		if err != nil {
			return page, err
		}
	}
	behind, err := e.pageOf(ctx, "stock.shipment.out", isReady, c, e.readyFields(ctx))
	if err != nil {
		return page, err
	}
	last, err := lastOf(behind)
	if err != nil {
		return page, err
	}
	if page.Told, err = e.assembled(ctx, append(taken, behind...)); err != nil {
		return page, err
	}
	next := c.behind(len(behind), last)
	page.Next, page.More, page.Again = next.String(), next.AfterID != "", c.again()
	return page, nil
}

// readyRow is a shipment as Tryton says it. The module stock_shipment_measurements knows the weight, in kilograms.
type readyRow struct {
	ID        json.Number   `json:"id"`
	State     string        `json:"state"`
	WriteDate moment        `json:"write_date"`
	Weight    float64       `json:"weight"`
	Packages  []json.Number `json:"root_packages"`
	Address   json.Number   `json:"delivery_address"`
	Warehouse struct {
		Name string `json:"rec_name"`
	} `json:"warehouse."`
}

const readyPageRows = 100

var writtenFirst = [][]string{{"write_date", "ASC"}, {"id", "ASC"}}

// readyFields are what is read of a shipment. Where we write ourselves, its reference, is not among them.
func (e *ERP) readyFields(ctx context.Context) []string {
	fields := e.known(ctx, "stock.shipment.out", "state", "write_date", "number", "weight", "root_packages", "delivery_address", "warehouse")
	if slices.Contains(fields, "warehouse") {
		fields = append(fields, "warehouse.rec_name")
	}
	return fields
}

// pageOf are the rows of a model behind a cursor that a condition holds for, in the order in which the transactions began that wrote them.
func (e *ERP) pageOf(ctx context.Context, model string, that clause, at cursor, fields []string) (page []json.RawMessage, err error) {
	behind := where("write_date", ">=", momentOf(at.Since))
	if at.AfterID != "" {
		behind = anyOf(where("write_date", ">", momentOf(at.Since)), all(where("write_date", "=", momentOf(at.Since)), where("id", ">", at.AfterID)))
	}
	_, err = e.ask(ctx, "model."+model+".search_read", &page, all(that, behind), 0, readyPageRows, writtenFirst, fields)
	return page, err
}

// takenBack are those of the watched shipments that are ready no more.
func (e *ERP) takenBack(ctx context.Context, watched []string) (rows []json.RawMessage, err error) {
	if len(watched) == 0 {
		return nil, nil
	}
	ids := make([]json.Number, len(watched))
	for i, ref := range watched {
		ids[i] = json.Number(ref)
	}
	_, err = e.ask(ctx, "model.stock.shipment.out.search_read", &rows, all(where("id", "in", ids), where("state", "not in", readyStates)), 0, len(ids),
		oldestFirst, e.readyFields(ctx))
	return rows, err
}

// newest is when the newest row of a model was written that a condition holds for, whatever the round is at: the zero time if there is none.
func (e *ERP) newest(ctx context.Context, model string, that clause) (time.Time, error) {
	var newest []readyRow
	_, err := e.ask(ctx, "model."+model+".search_read", &newest, all(that, where("write_date", "!=", nil)), 0, 1, [][]string{{"write_date", "DESC"}}, []string{"write_date"})
	if err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	return newest[0].WriteDate.time(), nil
}

// lastOf is the row that the next page is behind.
func lastOf(page []json.RawMessage) (last readyRow, err error) {
	if len(page) > 0 && json.Unmarshal(page[len(page)-1], &last) != nil {
		return last, unreadable("a shipment in it is none")
	}
	return last, nil
}

// thousandths are the grams of kilograms, and the millimetres of metres.
func thousandths(of float64) int64 { return int64(math.Round(of * 1000)) }
