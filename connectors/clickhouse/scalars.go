package clickhouse

import (
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"

	"waybill/schemas"
)

// Types of column.
const (
	kindText  = "String"
	kindWord  = "LowCardinality(String)" // a text that repeats
	kindTime  = "DateTime64(3, 'UTC')"
	kindMoney = "Decimal(38, 4)" // no currency of ISO 4217 has more than four decimals
)

// scalarColumn is a field that is one value. An optional one is Nullable.
func scalarColumn(f schemas.Field) derived {
	switch f.Kind {
	case schemas.KindString:
		if f.Optional {
			return scalar(f, kindText, reflect.Value.String)
		}
		return scalar(f, textKind(f.Name), reflect.Value.String)
	case schemas.KindBytes:
		return scalar(f, kindText, func(v reflect.Value) string { return string(v.Bytes()) })
	case schemas.KindBoolean:
		return scalar(f, "Bool", reflect.Value.Bool)
	case schemas.KindInt:
		return scalar(f, "Int32", func(v reflect.Value) int32 { return int32(v.Int()) })
	case schemas.KindLong:
		return scalar(f, "Int64", reflect.Value.Int)
	case schemas.KindMillis:
		return scalar(f, kindTime, func(v reflect.Value) time.Time { return instant(schemas.Millis(v.Int())) })
	}
	panic(fmt.Sprintf("clickhouse: no column for the field %q, a %s", f.Name, f.Kind))
}

// scalar is the column of a field whose value is read as a T.
func scalar[T any](f schemas.Field, kind string, read func(reflect.Value) T) derived {
	c := derived{column: column{name: f.Name, kind: kind, doc: meaning(f)}, steps: [][]int{nil}, leaf: values[T](read)}
	if f.Optional {
		c.kind = "Nullable(" + kind + ")"
		c.leaf = values[*T](func(v reflect.Value) *T {
			value := read(v)
			return &value
		})
	}
	return c
}

// moneyColumns are the amount in major units, exact, and its currency.
func moneyColumns(f schemas.Field) []derived {
	amount := scalar(f, kindMoney, func(v reflect.Value) decimal.Decimal { return v.Addr().Interface().(*schemas.Money).Decimal() })
	amount.doc += ", in major units of its currency"
	currency := schemas.Field{Name: f.Name + "_currency", Doc: meaning(f) + ": currency, ISO 4217"}
	return []derived{amount, scalar(currency, kindWord, func(v reflect.Value) string { return v.Addr().Interface().(*schemas.Money).Currency })}
}

// bodyColumns are the bytes as they are, and the key they are encrypted with. A null body is empty.
func bodyColumns(f schemas.Field) []derived {
	bytes := schemas.Field{Name: f.Name, Doc: meaning(f)}
	key := schemas.Field{Name: f.Name + "_key_id", Doc: meaning(f) + ": key it is encrypted with; empty: none"}
	return []derived{
		scalar(bytes, kindText, func(v reflect.Value) string { return string(v.Addr().Interface().(*schemas.Body).Bytes) }),
		scalar(key, kindText, func(v reflect.Value) string { return v.Addr().Interface().(*schemas.Body).KeyID }),
	}
}

// The instants a DateTime64 column can hold, as far as the driver counts: in nanoseconds since 1970. What lies outside, such as
// a year 9999 that means never, becomes the nearest: an odd date must not keep an order from landing.
var (
	earliest = schemas.At(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = schemas.At(time.Date(2261, 12, 31, 0, 0, 0, 0, time.UTC))
)

func instant(m schemas.Millis) time.Time { return min(max(m, earliest), latest).Time() }

// The times of records stay within what a minute, a DateTime of 32 bits, can hold. Kafka says -1 where it knows none.
var lastMinute = schemas.At(time.Date(2105, 12, 31, 0, 0, 0, 0, time.UTC))

func recorded(m schemas.Millis) time.Time { return min(max(m, 0), lastMinute).Time() }
