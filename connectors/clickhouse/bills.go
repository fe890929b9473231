package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/schemas"
)

// Bill is a row of a carrier's invoice.
type Bill struct {
	Row                       int
	Number, Reference, Charge string
	Amount                    schemas.Money
}

// billsAtOnce bounds an insert.
const billsAtOnce = 50_000

// AddBills keeps the rows of an invoice. Whoever adds the same file again has it once, as it was read last.
func (c *ClickHouse) AddBills(ctx context.Context, invoice, file string, bills []Bill, at time.Time) error {
	for from := 0; from < len(bills); from += billsAtOnce {
		batch, err := c.conn.PrepareBatch(ctx, "INSERT INTO bills (invoice, row, file, number, reference, charge, amount, currency, at)")
		if err != nil {
			return fmt.Errorf("keep the bills of %s: %w", file, hinted(err))
		}
		for _, b := range bills[from:min(from+billsAtOnce, len(bills))] {
			if err := batch.Append(invoice, uint32(b.Row), file, b.Number, b.Reference, b.Charge, b.Amount.Decimal(), b.Amount.Currency, at); err != nil {
				_ = batch.Abort() // nothing of it was sent
				return fmt.Errorf("keep row %d of %s: %w", b.Row, file, err)
			}
		}
		if err := batch.Send(); err != nil {
			return fmt.Errorf("keep the bills of %s: %w", file, hinted(err))
		}
	}
	return nil
}

// ProofsOfBills hold carriers' invoices against labels, a query each. What the first column calls wrong can not come right by another invoice; what is noted can.
var ProofsOfBills = []string{
	`SELECT 'billed, and no label is known' AS wrong, concat(named, ': row ', toString(row), ' of ', file) AS what
FROM v_bills WHERE parcel = '' ORDER BY file, row`,
	`SELECT 'billed twice' AS wrong, concat(if(parcel != '', concat(parcel, ' of ', any(shipment_id)), any(named)), if(charge != '', concat(', ', charge), ''), ': ',
    arrayStringConcat(arraySort(groupArray(concat(toString(amount), ' ', currency, ' in row ', toString(row), ' of ', file))), ', ')) AS what
FROM v_bills GROUP BY parcel, if(parcel = '', named, '') AS stranger, charge HAVING countIf(amount > 0) > countIf(amount < 0) + 1 ORDER BY what`,
	`SELECT 'taken back, and billed' AS noted, concat(parcel, ' of ', any(shipment_id), ': ', toString(sum(amount)), ' ', currency) AS what
FROM v_bills WHERE (shipment_id, part, generation) IN (SELECT shipment_id, part, generation FROM v_credits WHERE state = 'open')
GROUP BY parcel, currency HAVING sum(amount) > 0 ORDER BY what`,
	`SELECT 'no invoice has it yet' AS noted, concat(number, ' of ', shipment_id, ', ', carrier) AS what
FROM (SELECT DISTINCT shipment_id, part, generation, carrier, reference, arrayJoin(parcels_number) AS number FROM shipments WHERE state = 'labelled' AND _unreadable = '')
WHERE carrier IN (SELECT carrier FROM v_bills WHERE parcel != '') AND number NOT IN (SELECT parcel FROM v_bills) AND reference NOT IN (SELECT parcel FROM v_bills)
AND (shipment_id, part, generation) NOT IN (SELECT shipment_id, part, generation FROM shipments WHERE state = 'voided' AND _unreadable = '') ORDER BY what`,
	`WITH asked AS (
    SELECT shipment_id, generation, anyIf(quote, quote_currency != '') AS quoted, sum(part_cost) AS cost,
        if(max(quote_currency) != '', max(quote_currency), max(part_currency)) AS asked_in, if(max(quote_currency) != '', quoted, cost) AS asked
    FROM (SELECT shipment_id, generation, part, ifNull(argMaxIf(cost, _offset, cost_currency != ''), 0) AS part_cost, max(cost_currency) AS part_currency,
        argMaxIf(quotes_price[1], _offset, notEmpty(quotes_price)) AS quote, argMaxIf(quotes_price_currency[1], _offset, notEmpty(quotes_price)) AS quote_currency
        FROM shipments WHERE state IN ('booked', 'labelled') AND _unreadable = '' GROUP BY shipment_id, generation, part)
    GROUP BY shipment_id, generation HAVING asked_in != ''
)
SELECT if(currency = asked_in, 'billed above its quote', 'billed in another currency than quoted') AS noted,
    concat(shipment_id, '@', toString(generation), ': quoted ', toString(asked), ' ', asked_in, ', billed ', toString(sum(amount)), ' ', currency,
        if(uniqExact(charge) > 1, concat(' (', arrayStringConcat(arraySort(groupArray(concat(charge, ' ', toString(amount)))), ', '), ')'), '')) AS what
FROM v_bills INNER JOIN asked USING (shipment_id, generation) GROUP BY shipment_id, generation, currency, asked_in, asked
HAVING currency != asked_in OR sum(amount) > asked ORDER BY what`,
}
