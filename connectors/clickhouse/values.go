package clickhouse

import (
	"fmt"
	"math"
	"math/big"
	"net"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// jsonSafe turns a value that the driver has read into one that JSON holds without loss. kind is its ClickHouse type.
func jsonSafe(v reflect.Value, kind string) any {
	if !v.IsValid() {
		return nil
	}
	if v.CanInterface() {
		switch value := v.Interface().(type) {
		case time.Time:
			return instantText(value, kind)
		case decimal.Decimal:
			return value.String()
		case big.Int:
			return value.String()
		case uuid.UUID:
			return value.String()
		case net.IP:
			return value.String()
		case interface{ NestedMap() map[string]any }: // JSON
			return jsonSafe(reflect.ValueOf(value.NestedMap()), kind)
		case interface{ Any() any }: // Dynamic, Variant
			return jsonSafe(reflect.ValueOf(value.Any()), kind)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return jsonSafe(v.Elem(), kind)
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil // as ClickHouse writes them in JSON
		}
	case reflect.Slice, reflect.Array:
		values := make([]any, v.Len())
		for i := range values {
			values[i] = jsonSafe(v.Index(i), kind)
		}
		return values
	case reflect.Map:
		values := make(map[string]any, v.Len())
		for key, value := range v.Seq2() {
			values[fmt.Sprint(jsonSafe(key, kind))] = jsonSafe(value, kind)
		}
		return values
	case reflect.Struct:
		return fmt.Sprint(v.Interface())
	}
	return v.Interface()
}

// instantText is a date as a date, and a time as RFC 3339 in UTC with the digits it has.
func instantText(t time.Time, kind string) string {
	if strings.Contains(kind, "Date") && !strings.Contains(kind, "DateTime") {
		return t.Format(time.DateOnly)
	}
	return t.UTC().Format(time.RFC3339Nano)
}
