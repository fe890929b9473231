package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"waybill/internal/embedded/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// connect opens the driver on dsn, with a compression of the wire.
func connect(t testing.TB, dsn string, method clickhouse.CompressionMethod) driver.Conn {
	t.Helper()
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	options.Compression = &clickhouse.Compression{Method: method}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func execute(t testing.TB, conn driver.Conn, ctx context.Context, query string, args ...any) {
	t.Helper()
	if err := conn.Exec(ctx, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// value runs a query for its one value.
func value[T any](t testing.TB, conn driver.Conn, ctx context.Context, query string, args ...any) (v T) {
	t.Helper()
	if err := conn.QueryRow(ctx, query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

type parcel struct {
	ID     string            `ch:"id"`
	Price  decimal.Decimal   `ch:"price"`
	At     time.Time         `ch:"at"`
	Labels map[string]string `ch:"labels"`
	Lines  []int32           `ch:"lines"`
	Kind   string            `ch:"kind"`
	Note   *string           `ch:"note"`
}

func TestTheDriverWritesAndReadsEveryTypeWeUse(t *testing.T) {
	dsn := enginetest.Start(t)
	note := "zażółć gęślą 'jaźń' \\ \t\n"
	want := parcel{
		ID: "allegro/1", Price: decimal.RequireFromString("534.14"), At: time.Date(2026, 11, 22, 1, 2, 3, 4e6, time.UTC),
		Labels: map[string]string{"a": "1"}, Lines: []int32{1, -2, 3}, Kind: "order", Note: &note,
	}
	for _, method := range []clickhouse.CompressionMethod{
		clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD,
		clickhouse.CompressionGZIP, clickhouse.CompressionDeflate, clickhouse.CompressionBrotli,
	} {
		t.Run(method.String(), func(t *testing.T) {
			ctx, conn := t.Context(), connect(t, dsn, method)
			execute(t, conn, ctx, `CREATE OR REPLACE TABLE parcels (id String, price Decimal(18, 4), at DateTime64(3, 'UTC'), labels Map(String, String),
				lines Array(Int32), kind LowCardinality(String), note Nullable(String)) ENGINE = MergeTree ORDER BY id`)
			batch, err := conn.PrepareBatch(ctx, "INSERT INTO parcels")
			if err != nil {
				t.Fatal(err)
			}
			for range 10_000 {
				if err := batch.AppendStruct(&want); err != nil {
					t.Fatal(err)
				}
			}
			if err := batch.Send(); err != nil {
				t.Fatal(err)
			}
			var got []parcel
			if err := conn.Select(ctx, &got, "SELECT * FROM parcels"); err != nil {
				t.Fatal(err)
			}
			if len(got) != 10_000 {
				t.Fatalf("%d rows came back", len(got))
			}
			g := got[9_999]
			if !g.Price.Equal(want.Price) || !g.At.Equal(want.At) || g.Labels["a"] != "1" || g.Lines[1] != -2 || g.Kind != "order" || *g.Note != note {
				t.Fatalf("got %+v, want %+v", g, want)
			}
		})
	}
}

func TestErrorsCarryTheirClickHouseCode(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionLZ4)
	for query, code := range map[string]int32{
		"SELECT * FROM nowhere":                  60,
		"SELEC 1":                                62,
		"SELECT nothing":                         47,
		"SELECT 1; SELECT 2":                     62,
		"SELECT throwIf(1)":                      395,
		"CREATE TABLE t (a Int8) ENGINE = Magic": 56,
	} {
		err := conn.Exec(t.Context(), query)
		if !isException(err, code) {
			t.Errorf("%s: got %v, want an exception with code %d", query, err, code)
		}
	}
}

func TestParametersAreBound(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionNone)
	hostile := "a'b\\c\td\ne{f:String}"
	if got := value[string](t, conn, t.Context(), "SELECT {k:String}", clickhouse.Named("k", hostile)); got != hostile {
		t.Errorf("{k:String}: got %q", got)
	}
	if got := value[string](t, conn, t.Context(), "SELECT ?", hostile); got != hostile {
		t.Errorf("?: got %q", got)
	}
	if got := value[[]int32](t, conn, t.Context(), "SELECT {k:Array(Int32)}", clickhouse.Named("k", []int32{1, 2})); len(got) != 2 {
		t.Errorf("{k:Array(Int32)}: got %v", got)
	}
}

func isException(err error, code int32) bool {
	var exception *clickhouse.Exception
	return errors.As(err, &exception) && exception.Code == code
}
