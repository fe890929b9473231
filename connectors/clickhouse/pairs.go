package clickhouse

import (
	"context"
	"fmt"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// PairChange is one word that was said about a pair.
type PairChange struct {
	At        schemas.Millis `json:"at"`
	By        string         `json:"by"`
	Reason    string         `json:"reason,omitempty"`
	Was       string         `json:"was"`               // what the reference was said to be from then on: an SKU, or our id; "" once it was taken away
	Removed   bool           `json:"removed,omitempty"` // it was taken away
	Partition int32          `json:"partition"`
	Offset    int64          `json:"offset"`
}

// pairChangesMax bounds a history.
const pairChangesMax = 10_000

// PairHistory is all that was ever said about the pair of that key, on id.catalogue or id.map, up to a time, the oldest first: the topic
// keeps the last word only, the table each. The last is what the pair was at that time.
func (c *ClickHouse) PairHistory(ctx context.Context, topic *topics.Topic, key string, until time.Time) ([]PairChange, error) {
	what := "our_id"
	if topic == topics.IDCatalogue {
		what = "if(empty(components_sku), concat(quantity, ' ', unit, ' of ', sku), concat('a bundle of ', arrayStringConcat(components_sku, ', ')))"
	}
	rows, err := c.conn.Query(ctx, `SELECT DISTINCT toUnixTimestamp64Milli(at) AS millis, by, reason, if(_deleted, '', `+what+`) AS was, _deleted, _partition, _offset FROM `+topic.Table()+
		` WHERE _key = ? AND _unreadable = '' AND at <= toDateTime64(?, 3, 'UTC') ORDER BY _partition, _offset LIMIT ?`, key, moment(until), pairChangesMax)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", key, hinted(err))
	}
	defer rows.Close()
	var all []PairChange
	for rows.Next() {
		var p PairChange
		var at int64
		if err := rows.Scan(&at, &p.By, &p.Reason, &p.Was, &p.Removed, &p.Partition, &p.Offset); err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", key, err)
		}
		p.At = schemas.Millis(at)
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", key, err)
	}
	return all, nil
}

// Suggestion is an article that an offer without a pair may be.
type Suggestion struct {
	SKU   string  `json:"sku"`
	Title string  `json:"title"`
	Like  string  `json:"like"`  // the offer that is this article elsewhere: party/offer
	Why   string  `json:"why"`   // ean, sku or title
	Score float64 `json:"score"` // 1 is certain
}

// Suggest ranks the articles of id.catalogue by how well they fit an offer: the same GTIN before the same SKU before a title that
// reads alike (n-gram similarity).
func (c *ClickHouse) Suggest(ctx context.Context, line *schemas.Line, limit int) ([]Suggestion, error) {
	eans := line.EANs
	if eans == nil {
		eans = []string{}
	}
	rows, err := c.conn.Query(ctx, `SELECT sku, any(title), any(_key), argMax(why, score), max(score) AS best FROM (
    SELECT sku, title, _key,
        multiIf(hasAny(eans, ?), 'ean', sku = ? OR offer_ref = ?, 'sku', 'title') AS why,
        toFloat64(multiIf(why = 'ean', 1, why = 'sku', 0.95, empty(title), 0, 0.9 * ngramSearchCaseInsensitiveUTF8(title, ?))) AS score
    FROM v_catalogue WHERE sku != ''
) WHERE score > 0.3 GROUP BY sku ORDER BY best DESC, sku LIMIT ?`, eans, line.SKU, line.SKU, line.Title, limit)
	if err != nil {
		return nil, fmt.Errorf("look for articles like %s: %w", line.SKU, hinted(err))
	}
	defer rows.Close()
	var all []Suggestion
	for rows.Next() {
		var s Suggestion
		if err := rows.Scan(&s.SKU, &s.Title, &s.Like, &s.Why, &s.Score); err != nil {
			return nil, fmt.Errorf("look for articles like %s: %w", line.SKU, err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for articles like %s: %w", line.SKU, err)
	}
	return all, nil
}
