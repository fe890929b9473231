package clickhouse

import (
	"context"
	"fmt"

	"waybill/schemas"
)

// ParcelEvent is what was said of a parcel, and how it stands since.
type ParcelEvent struct {
	At       schemas.Millis `json:"at"`
	HeardAt  schemas.Millis `json:"heard_at"`
	OrderID  string         `json:"order_id"`
	Party    string         `json:"carrier"`
	Number   string         `json:"tracking_number"`
	Status   string         `json:"status"`
	Origin   string         `json:"origin"`
	Code     string         `json:"code"`
	Location string         `json:"location"`
	Standing string         `json:"standing"` // of the parcel, since this was heard of
	Why      string         `json:"why,omitempty"`
	Ended    bool           `json:"ended"`
}

// ParcelEventsQuery asks for the events of a parcel of an order.
const ParcelEventsQuery = `SELECT toUnixTimestamp64Milli(at), toUnixTimestamp64Milli(heard_at), order_id, party, number, status, origin, code, location, standing, why, ended
FROM tracking_events FINAL WHERE order_id = ? AND party = ? AND number = ? ORDER BY at, sequence LIMIT ?`

// ParcelEvents is all that was said of a parcel of an order, the oldest first.
func (c *ClickHouse) ParcelEvents(ctx context.Context, orderID, party, number string) (events []ParcelEvent, err error) {
	rows, err := c.conn.Query(ctx, ParcelEventsQuery, orderID, party, number, timelineEventsMax)
	if err != nil {
		return nil, fmt.Errorf("read what was said of parcel %s: %w", number, hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var e ParcelEvent
		var at, heard int64
		if err := rows.Scan(&at, &heard, &e.OrderID, &e.Party, &e.Number, &e.Status, &e.Origin, &e.Code, &e.Location, &e.Standing, &e.Why, &e.Ended); err != nil {
			return nil, fmt.Errorf("read what was said of parcel %s: %w", number, err)
		}
		e.At, e.HeardAt = schemas.Millis(at), schemas.Millis(heard)
		events = append(events, e)
	}
	return events, rows.Err()
}

// ProofsQuery asks for what proves the delivery of a parcel of an order, each once.
const ProofsQuery = `SELECT DISTINCT proof.1, proof.2, proof.3, proof.4 FROM tracking_events
ARRAY JOIN arrayZip(proofs_kind, proofs_type, proofs_sha256, proofs_bytes) AS proof WHERE order_id = ? AND party = ? AND number = ? ORDER BY proof.1, proof.3`

// Proofs are those of the delivery of a parcel of an order, as they lie in the label store.
func (c *ClickHouse) Proofs(ctx context.Context, orderID, party, number string) (proofs []schemas.KeptProof, err error) {
	rows, err := c.conn.Query(ctx, ProofsQuery, orderID, party, number)
	if err != nil {
		return nil, fmt.Errorf("read what proves the delivery of parcel %s: %w", number, hinted(err))
	}
	defer rows.Close()
	for rows.Next() {
		var p schemas.KeptProof
		if err := rows.Scan(&p.Kind, &p.Type, &p.SHA256, &p.Bytes); err != nil {
			return nil, fmt.Errorf("read what proves the delivery of parcel %s: %w", number, err)
		}
		proofs = append(proofs, p)
	}
	return proofs, rows.Err()
}
