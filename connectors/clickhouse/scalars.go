package clickhouse

import (
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"

	"waybill/schemas"
)

const (
	kindTime  = "DateTime64(3, 'UTC')"
	kindMoney = "Decimal(38, 4)" // no currency of ISO 4217 has more than four decimals
)

// scalarColumn is a field that is one value. An optional one is Nullable.
func scalarColumn(f schemas.Field) column {
	c := column{name: f.Name, doc: meaning(f)}
	switch f.Kind {
	case schemas.KindString:
		c.kind = textKind(f.Name)
		if f.Optional {
			c.kind = "String"
		}
		of(&c, f.Optional, reflect.Value.String)
	case schemas.KindBytes:
		c.kind = "String"
		of(&c, f.Optional, func(v reflect.Value) string { return string(v.Bytes()) })
	case schemas.KindBoolean:
		c.kind = "Bool"
		of(&c, f.Optional, reflect.Value.Bool)
	case schemas.KindInt:
		c.kind = "Int32"
		of(&c, f.Optional, func(v reflect.Value) int32 { return int32(v.Int()) })
	case schemas.KindLong:
		c.kind = "Int64"
		of(&c, f.Optional, reflect.Value.Int)
	case schemas.KindMillis:
		c.kind = kindTime
		of(&c, f.Optional, func(v reflect.Value) time.Time { return instant(schemas.Millis(v.Int())) })
	default:
		panic(fmt.Sprintf("clickhouse: no column for the field %q, a %s", f.Name, f.Kind))
	}
	return c
}

// of completes a column whose value is a T, or a *T when it is optional.
func of[T any](c *column, optional bool, read func(reflect.Value) T) {
	if !optional {
		c.goType = reflect.TypeFor[T]()
		c.value = func(v reflect.Value) any { return read(v) }
		return
	}
	c.kind = "Nullable(" + c.kind + ")"
	c.goType = reflect.TypeFor[*T]()
	c.value = func(v reflect.Value) any {
		if v.IsNil() {
			return (*T)(nil)
		}
		value := read(v.Elem())
		return &value
	}
}

// moneyColumns are the amount in major units, exact, and its currency.
func moneyColumns(f schemas.Field) []column {
	amount := column{name: f.Name, kind: kindMoney, doc: meaning(f) + ", in major units of " + f.Name + "_currency"}
	of(&amount, f.Optional, func(v reflect.Value) decimal.Decimal { return v.Interface().(schemas.Money).Decimal() })
	currency := column{name: f.Name + "_currency", kind: "LowCardinality(String)", doc: "currency of " + f.Name + ", ISO 4217"}
	of(&currency, false, func(v reflect.Value) string { return orZero[schemas.Money](v).Currency })
	return []column{amount, currency}
}

// bodyColumns are the bytes as they are, and the key they are encrypted with. A null body is empty.
func bodyColumns(f schemas.Field) []column {
	bytes := column{name: f.Name, kind: "String", doc: meaning(f)}
	of(&bytes, false, func(v reflect.Value) string { return string(orZero[schemas.Body](v).Bytes) })
	key := column{name: f.Name + "_key_id", kind: "String", doc: "key that " + f.Name + " is encrypted with; empty: none"}
	of(&key, false, func(v reflect.Value) string { return orZero[schemas.Body](v).KeyID })
	return []column{bytes, key}
}

// orZero is the T in v, or the one that v points to.
func orZero[T any](v reflect.Value) (value T) {
	switch v := v.Interface().(type) {
	case T:
		value = v
	case *T:
		if v != nil {
			value = *v
		}
	}
	return value
}

// The instants a DateTime64 column can hold, as far as the driver counts: in nanoseconds since 1970. What lies outside, such as
// a year 9999 that means never, becomes the nearest: an odd date must not keep an order from landing.
var (
	earliest = schemas.At(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = schemas.At(time.Date(2261, 12, 31, 0, 0, 0, 0, time.UTC))
)

func instant(m schemas.Millis) time.Time { return min(max(m, earliest), latest).Time() }
