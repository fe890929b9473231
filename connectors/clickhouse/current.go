package clickhouse

import (
	"context"
	"fmt"
	"strings"

	"waybill/topics"
)

// currentViews show the latest record of every key of a topic. They are derived as the tables are, and follow their columns.
var currentViews = map[string]string{
	topics.OrdersNormalized.Name: "v_orders_current", topics.OrdersFetch.Name: "v_fetch_tasks", topics.IDCatalogue.Name: "v_catalogue", topics.IDMap.Name: "v_links", topics.OrdersPlaced.Name: "v_orders_placed",
}

// currentView is the view of a topic's latest records, "" if there is none.
func currentView(t *topics.Topic) string {
	if isLedger(t) {
		return "v_calls_" + partyOf(t)
	}
	return currentViews[t.Name]
}

// viewChanges are the views that are not there, or whose columns are not those of their table.
func (c *ClickHouse) viewChanges(ctx context.Context, landing []*topics.Topic) ([]Change, error) {
	present, err := c.columnsPresent(ctx)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, topic := range landing {
		name := currentView(topic)
		if name == "" || c.table(topic).shownBy(present[name]) {
			continue
		}
		changes = append(changes, Change{"create view " + name, c.table(topic).currentView(name)})
	}
	return changes, nil
}

// shownBy tells whether the view has just the table's columns.
func (t *table) shownBy(view map[string]columnPresent) bool {
	for _, c := range t.columns {
		if view[c.name] != (columnPresent{c.kind, c.doc}) {
			return false
		}
	}
	return len(view) == len(t.columns)
}

// currentView is the view's definition. All records of a key are in one partition, so the highest offset is the latest; if that is
// a tombstone, the key is gone.
func (t *table) currentView(name string) string {
	var names, definitions []string
	for _, c := range t.columns {
		names = append(names, c.name)
		definitions = append(definitions, "    "+c.definition())
	}
	return fmt.Sprintf("CREATE OR REPLACE VIEW %s\n(\n%s\n)\nAS SELECT %s\nFROM (SELECT * FROM %s WHERE _unreadable = '' ORDER BY %s, _offset DESC LIMIT 1 BY %s)\n"+
		"WHERE NOT _deleted\nCOMMENT %s",
		name, strings.Join(definitions, ",\n"), strings.Join(names, ", "), t.name, t.key, t.key,
		quoted("The latest of every "+t.topic.Key+" of "+t.topic.Name+" that was not deleted"))
}
