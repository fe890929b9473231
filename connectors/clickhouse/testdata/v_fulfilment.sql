CREATE VIEW v_fulfilment
(
    `order_id` String COMMENT 'party/reference',
    `party` LowCardinality(String) COMMENT 'the configured account it came from',
    `line_ref` String COMMENT 'the line\'s reference at the channel',
    `sku` String COMMENT 'the seller\'s own article number, else the offer\'s reference',
    `ordered` Int64 COMMENT 'pieces; each is shipped, cancelled or open',
    `shipped` Int64 COMMENT 'pieces that have left, with a shipment of ours or as the channel knows; of a line that the seller does not ship, all',
    `cancelled` Int64 COMMENT 'pieces that were not wanted any more before they left',
    `open` Int64 COMMENT 'pieces that are to leave',
    `in_shipment` Int64 COMMENT 'of those, in a shipment that has a label, or is to have one',
    `state` LowCardinality(String) COMMENT 'of the whole order: open, partly_shipped, or complete, which is when no piece of it is open'
)
COMMENT 'Every line of every order by where its pieces are, and how far its order is, which follows from that'
AS SELECT
    order_id,
    party,
    line_ref,
    sku,
    ordered,
    shipped,
    cancelled,
    (ordered - shipped) - cancelled AS open,
    least(open, asked) AS in_shipment,
    multiIf(sum(open) OVER of_order = 0, 'complete', sum(shipped) OVER of_order > 0, 'partly_shipped', 'open') AS state
FROM
(
    SELECT
        o.order_id AS order_id,
        o.party AS party,
        o.line_ref AS line_ref,
        o.sku AS sku,
        o.pieces AS ordered,
        s.asked AS asked,
        least(o.pieces, greatest(o.known, s.gone)) AS known_gone,
        if(o.status = 'cancelled', ordered - known_gone, least(o.unwanted, ordered - known_gone)) AS cancelled,
        if(o.elsewhere OR (o.order_id IN (
            SELECT order_id
            FROM shipments
            WHERE (state = 'handed_over') AND empty(lines_line_ref) AND (_unreadable = '')
        )), ordered - cancelled, known_gone) AS shipped
    FROM
    (
        SELECT
            order_id,
            any(orders_normalized.party) AS party,
            argMax(orders_normalized.status, _offset) AS status,
            argMax(orders_normalized.fulfilled_by, _offset) AS by,
            arrayJoin(arrayZip(argMax(lines_line_ref, _offset), argMax(lines_sku, _offset), argMax(lines_quantity, _offset), argMax(lines_cancelled, _offset), argMax(lines_shipped, _offset), argMax(lines_fulfilled_by, _offset))) AS line,
            line.1 AS line_ref,
            line.2 AS sku,
            line.3 AS pieces,
            line.4 AS unwanted,
            line.5 AS known,
            (status = 'shipped') OR (if((line.6) = '', by, line.6) IN ('channel', 'download')) AS elsewhere
        FROM orders_normalized
        WHERE _unreadable = ''
        GROUP BY order_id
    ) AS o
    LEFT JOIN
    (
        SELECT
            order_id,
            piece.1 AS line_ref,
            sumIf(piece.2, has_left) AS gone,
            sumIf(piece.2, (NOT has_left) AND (stands IN ('requested', 'recalled'))) AS asked
        FROM
        (
            SELECT
                order_id,
                ref,
                countIf(state = 'handed_over') > 0 AS has_left,
                argMaxIf(state, _offset, (state IN ('held', 'requested', 'recalled', 'cancelled'))) AS stands,
                arrayJoin(if(has_left, arrayZip(argMaxIf(lines_line_ref, _offset, state = 'handed_over'), argMaxIf(lines_quantity, _offset, state = 'handed_over')), arrayZip(argMaxIf(lines_line_ref, _offset, state = 'requested'), argMaxIf(lines_quantity, _offset, state = 'requested')))) AS piece
            FROM shipments
            WHERE _unreadable = ''
            GROUP BY
                order_id,
                ref
        )
        GROUP BY
            order_id,
            line_ref
    ) AS s ON (s.order_id = o.order_id) AND (s.line_ref = o.line_ref)
)
WINDOW of_order AS (PARTITION BY order_id)
