package clickhouse_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
	"waybill/topics"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTheTablesAreThose(t *testing.T) {
	h := migrated(t)
	database := h.one("SELECT currentDatabase()")
	for _, table := range h.rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND name NOT LIKE 'goose%' ORDER BY name") {
		var ddl string
		if err := h.conn.QueryRow(t.Context(), "SHOW CREATE TABLE "+table).Scan(&ddl); err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(ddl, database+".", "") + "\n"
		golden := filepath.Join("testdata", table+".sql")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Errorf("%v; run the test with -update and look at it", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-golden +got):\n%s", table, diff)
		}
	}
}

func TestEveryTableAndColumnIsExplained(t *testing.T) {
	h := migrated(t)
	for _, missing := range h.rows("SELECT table || '.' || name FROM system.columns WHERE database = currentDatabase() AND comment = '' AND table NOT LIKE 'goose%'") {
		t.Errorf("%s has no comment", missing)
	}
	for _, missing := range h.rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND comment = '' AND name NOT LIKE 'goose%'") {
		t.Errorf("%s has no comment", missing)
	}
}

func TestEveryFieldOfASchemaHasAColumn(t *testing.T) {
	h := migrated(t)
	for _, topic := range topics.Landing() {
		columns := h.rows("SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '" + topic.Table() + "'")
		for _, f := range topic.Schema.Fields() {
			named := func(column string) bool { return column == f.Name || strings.HasPrefix(column, f.Name+"_") }
			if !slices.ContainsFunc(columns, named) {
				t.Errorf("%s has no column for the field %s", topic.Table(), f.Name)
			}
		}
	}
}

func TestASecondMigrateFindsNothingToDo(t *testing.T) {
	h := open(t)
	plan, err := h.Migrate(t.Context(), topics.Landing(), true)
	if err != nil {
		t.Fatal(err)
	}
	if tables := h.rows("SHOW TABLES"); len(tables) != 0 {
		t.Fatalf("the dry run made %v", tables)
	}
	done, err := h.Migrate(t.Context(), topics.Landing(), false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan, done); diff != "" {
		t.Errorf("what was done is not what was planned (-plan +done):\n%s", diff)
	}
	for _, change := range done {
		if change.What == "" || change.SQL == "" {
			t.Errorf("a change says nothing: %+v", change)
		}
	}
	for _, dryRun := range []bool{true, false} {
		again, err := h.Migrate(t.Context(), topics.Landing(), dryRun)
		if err != nil || len(again) != 0 {
			t.Errorf("a second time: %+v, %v", again, err)
		}
	}
}

func TestInstancesThatStartTogetherMigrateTogether(t *testing.T) {
	h := open(t)
	var instances sync.WaitGroup
	for range 3 {
		instances.Go(func() {
			if _, err := h.Migrate(t.Context(), topics.Landing(), false); err != nil {
				t.Error(err)
			}
		})
	}
	instances.Wait()
	h.write(story()...)
	if again, err := h.Migrate(t.Context(), topics.Landing(), true); err != nil || len(again) != 0 {
		t.Errorf("afterwards there is still to do: %+v, %v", again, err)
	}
}

// grown is orders.normalized with more in its schema than there was.
type grown struct{ schemas.Any }

type grownOrder struct {
	schemas.Order
	Gift    bool              `avro:"gift"`
	Parcels []schemas.Payment `avro:"parcels"`
}

func (g grown) New() any { return new(grownOrder) }

func (g grown) Fields() []schemas.Field {
	payments := slices.IndexFunc(g.Any.Fields(), func(f schemas.Field) bool { return f.Name == "payments" })
	parcels := g.Any.Fields()[payments]
	parcels.Name, parcels.Doc = "parcels", "it's what goes out"
	return append(g.Any.Fields(), schemas.Field{Name: "gift", Kind: schemas.KindBoolean}, parcels)
}

func TestANewFieldBecomesANewColumn(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 10))
	topic := *topics.OrdersNormalized
	topic.Schema = grown{topics.OrdersNormalized.Schema}
	topic.Line = func(v any) topics.Line { return topics.OrdersNormalized.Line(&v.(*grownOrder).Order) }

	plan, err := h.Migrate(t.Context(), []*topics.Topic{&topic}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != 9 || plan[0].What != "add column gift to orders_normalized" || plan[8].What != "create view v_orders_current" {
		t.Errorf("the plan is %+v", plan)
	}
	value := &grownOrder{Order: *order(10, schemas.ChangeReceived, 1, "PLN"), Gift: true}
	value.Parcels = value.Payments
	b := block(&topic, 0, 10, value)
	b.Events[0].Key = value.OrderID
	h.write(b)
	if got := h.one("SELECT countIf(gift), countIf(NOT gift), sum(length(parcels_paid)) FROM v_orders_current"); got != "1 10 2" {
		t.Errorf("got %s", got)
	}
	h.write(orders(0, 11, 5)) // by an instance that does not know the field
	if got := h.one("SELECT count() FROM v_orders_current"); got != "16" {
		t.Errorf("%s orders, want 16", got)
	}
}

// changed is a schema that did what schemas never do.
type changed struct{ schemas.Any }

func (c changed) Fields() []schemas.Field {
	fields := c.Any.Fields()
	fields[0].Optional = true
	return fields
}

func TestAFieldThatChangedItsTypeIsRefused(t *testing.T) {
	h := migrated(t)
	topic := *topics.OrdersNormalized
	topic.Schema = changed{topics.OrdersNormalized.Schema}
	_, err := h.Migrate(t.Context(), []*topics.Topic{&topic}, false)
	if err == nil || !strings.Contains(err.Error(), "column order_id of table orders_normalized is String and its schema says Nullable(String)") {
		t.Errorf("got %v", err)
	}
}

func TestATableThatIsOlderThanTheBinarySaysWhatToDo(t *testing.T) {
	h := migrated(t)
	h.exec("ALTER TABLE orders_normalized DROP COLUMN packages")
	err := h.Write(t.Context(), orders(0, 0, 1))
	if err == nil || !strings.Contains(err.Error(), "waybill provision") || !strings.Contains(err.Error(), "packages") {
		t.Errorf("got %v", err)
	}
}
