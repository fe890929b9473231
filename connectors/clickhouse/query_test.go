package clickhouse_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded/enginetest"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

func TestQueryAnswersWhatJSONHolds(t *testing.T) {
	h := open(t)
	for expression, want := range map[string]string{
		"toInt64(9007199254740993)":                           `9007199254740993`,
		"toUInt64(18446744073709551615)":                      `18446744073709551615`,
		"toInt256('-57896044618658097711785492504343953926')": `"-57896044618658097711785492504343953926"`,
		"toDecimal128('534.14', 4)":                           `"534.14"`,
		"toDecimal128('-0.0001', 4)":                          `"-0.0001"`,
		"true":                                                `true`,
		"NULL":                                                `null`,
		"toNullable(5)":                                       `5`,
		"1.5":                                                 `1.5`,
		"nan":                                                 `null`,
		"-inf":                                                `null`,
		"'zażółć \\'\"\\n'":                                   `"zażółć '\"\n"`,
		"toDateTime64('2026-11-22 12:00:00.123', 3, 'UTC')":  `"2026-11-22T12:00:00.123Z"`,
		"toDateTime('2026-11-22 12:00:00', 'Europe/Warsaw')": `"2026-11-22T11:00:00Z"`,
		"toDate('2026-11-22')":                               `"2026-11-22"`,
		"[toDate('2026-11-22')]":                             `["2026-11-22"]`,
		"[toDecimal64(1.5, 2), NULL]":                        `["1.5",null]`,
		"[[1, 2], []]":                                       `[[1,2],[]]`,
		"map('a', toInt64(1), 'b', 2)":                       `{"a":1,"b":2}`,
		"map(toDate('2026-11-22'), [toDecimal32(1, 2)])":     `{"2026-11-22":["1"]}`,
		"tuple(1, 'a', NULL)":                                `[1,"a",null]`,
		"toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')":     `"61f0c404-5cb3-11e7-907b-a6006ad3dba0"`,
		"toIPv4('127.0.0.1')":                                `"127.0.0.1"`,
		"toLowCardinality('a')":                              `"a"`,
		"CAST('a' AS Enum8('a' = 1))":                        `"a"`,
		"toFixedString('PLN', 3)":                            `"PLN"`,
		"toUInt8(200)":                                       `200`,
		"[toUInt8(1), toUInt8(2)]":                           `[1,2]`,
	} {
		err := h.Query(t.Context(), "SELECT "+expression+" AS x", func(columns []string, values []any) error {
			got, err := json.Marshal(values[0])
			if err != nil || string(got) != want || columns[0] != "x" {
				t.Errorf("%s: got %s %v, want %s", expression, got, err, want)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", expression, err)
		}
	}
}

func TestQueryChangesNothing(t *testing.T) {
	h := migrated(t)
	h.write(orders(0, 0, 5))
	file := filepath.Join(t.TempDir(), "out")
	for _, statement := range []string{
		"INSERT INTO landed (topic) VALUES ('x')",
		"INSERT INTO landed SELECT * FROM landed",
		"INSERT INTO FUNCTION file('" + file + "', 'CSV') SELECT 1",
		"DROP TABLE audit",
		"TRUNCATE TABLE audit",
		"ALTER TABLE audit DELETE WHERE 1",
		"DELETE FROM audit WHERE 1",
		"CREATE TABLE t (a Int8) ENGINE = Memory",
		"CREATE DATABASE d",
		"RENAME TABLE audit TO t",
		"OPTIMIZE TABLE audit",
		"SYSTEM SHUTDOWN",
		"KILL QUERY WHERE 1",
		"SET readonly = 0",
		"SELECT 1 SETTINGS readonly = 0",
		"SELECT 1 SETTINGS max_execution_time = 0",
		"SELECT 1; DROP TABLE audit",
		"SELECT 1 INTO OUTFILE '" + file + "'",
		"SELECT * FROM file('/etc/passwd', 'LineAsString')",
		"SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
		"SELECT * FROM remote('127.0.0.1:1', 'system.one')",
		"SELECT * FROM executable('id', 'TSV', 'a String')",
		"SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV')",
		"CREATE FUNCTION f AS x -> x",
		"USE system",
	} {
		err := h.Query(t.Context(), statement, func([]string, []any) error { return nil })
		if err == nil {
			t.Errorf("%s was answered", statement)
			continue
		}
		t.Logf("%s\n\t%v", statement, err)
	}
	if left, _ := filepath.Glob(file + "*"); left != nil {
		t.Errorf("a query wrote %v", left)
	}
	if got := h.one("SELECT count() FROM audit"); got != "5" {
		t.Errorf("the audit has %s rows, want 5", got)
	}
}

func TestQueryReadsAllThatAnAnalystNeeds(t *testing.T) {
	h := migrated(t)
	for _, statement := range []string{
		"SHOW TABLES", "DESCRIBE TABLE audit", "EXPLAIN SELECT 1", "SELECT 1;", "WITH 1 AS x SELECT x", " -- words\nSELECT 1 -- format",
		"SELECT * FROM numbers(3)", "EXISTS TABLE audit", "SHOW CREATE TABLE audit", "(SELECT 1) UNION ALL SELECT 2",
	} {
		rows := 0
		err := h.Query(t.Context(), statement, func([]string, []any) error { rows++; return nil })
		if err != nil || rows == 0 {
			t.Errorf("%s: %d rows, %v", statement, rows, err)
		}
	}
}

func TestAMistakeIsNamedWithItsPlace(t *testing.T) {
	h := migrated(t)
	for statement, want := range map[string]string{
		"SELECT 1,\n  FROM audit WHERE (":     "line 2, col",
		"SELECT order_idd FROM audit":         "order_idd",
		"SELECT * FROM audits":                "audits",
		"SELECT 1 FORMAT CSV":                 "leave FORMAT away",
		"SELECT throwIf(1, 'as you like it')": "as you like it",
	} {
		err := h.Query(t.Context(), statement, func([]string, []any) error { return nil })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to name %q", statement, err, want)
		}
	}
}

func TestAQueryIsBounded(t *testing.T) {
	c, err := clickhouse.Open(t.Context(), enginetest.Start(t), clickhouse.Options{QuerySeconds: 1, QueryRows: 1000, QueryBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for statement, want := range map[string]string{
		"SELECT number FROM numbers(2000)":                         "add a LIMIT",
		"SELECT repeat(toString(number), 1000000) FROM numbers(9)": "add a LIMIT",
		"SELECT sum(sipHash64(number)) FROM numbers(100000000000)": "longer than 1 s",
	} {
		err := c.Query(t.Context(), statement, func([]string, []any) error { return nil })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", statement, err, want)
		}
	}
	enough := errors.New("enough")
	if err := c.Query(t.Context(), "SELECT 1", func([]string, []any) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v, want the error of the row", err)
	}
}

func TestAnUnreachableServerIsNamedAndItsPasswordIsNot(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for dsn, want := range map[string]string{
		"http://u:hunter2@127.0.0.1:1/waybill":       "127.0.0.1:1",
		"https://u:hunter2@127.0.0.1:1/waybill":      "127.0.0.1:1",
		"clickhouse://u:hunter2@127.0.0.1:1/waybill": "127.0.0.1:1",
		"mysql://u:hunter2@127.0.0.1:1/waybill":      "must begin with",
		"http://u:hunter2@127.0.0.1:port/waybill":    "DSN",
		"127.0.0.1:9000": "must begin with",
	} {
		_, err := clickhouse.Open(ctx, dsn, clickhouse.Options{ConnectSeconds: 2})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want it to say %q and no password", dsn, err, want)
		}
	}
}

func TestADatabaseThatIsNotThereIsNamed(t *testing.T) {
	dsn := enginetest.Start(t)
	_, err := clickhouse.Open(t.Context(), dsn[:strings.LastIndex(dsn, "/")]+"/nowhere", clickhouse.Options{})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v", err)
	}
}
