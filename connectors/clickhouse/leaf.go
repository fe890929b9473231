package clickhouse

import (
	"reflect"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// leaf reads the values at the end of some steps and gives them to a column of a batch.
type leaf interface {
	fill(to driver.BatchColumn, records []record, steps [][]int) error
}

// values is a leaf of type T. What lies behind a null is the zero T.
type values[T any] func(reflect.Value) T

// fill works column by column and in slices of T, because a value on its own would be an allocation each.
func (read values[T]) fill(to driver.BatchColumn, records []record, steps [][]int) error {
	switch len(steps) {
	case 1:
		all := make([]T, len(records))
		for i := range records {
			all[i] = read.one(records[i].value, steps[0])
		}
		return to.Append(all)
	case 2:
		return appendRows(to, records, func(v reflect.Value) any { return read.list(v, steps) })
	}
	return appendRows(to, records, func(v reflect.Value) any { return read.lists(v, steps) })
}

func appendRows(to driver.BatchColumn, records []record, value func(reflect.Value) any) error {
	for i := range records {
		if err := to.AppendRow(value(records[i].value)); err != nil {
			return err
		}
	}
	return nil
}

func (read values[T]) one(v reflect.Value, steps []int) (zero T) {
	if v = walk(v, steps); v.IsValid() {
		return read(v)
	}
	return zero
}

// list is the values of an array.
func (read values[T]) list(v reflect.Value, steps [][]int) []T {
	if v = walk(v, steps[0]); !v.IsValid() || v.Len() == 0 {
		return nil
	}
	all := make([]T, v.Len())
	for i := range all {
		all[i] = read.one(v.Index(i), steps[1])
	}
	return all
}

// lists is the values of the arrays in an array.
func (read values[T]) lists(v reflect.Value, steps [][]int) [][]T {
	if v = walk(v, steps[0]); !v.IsValid() || v.Len() == 0 {
		return nil
	}
	all := make([][]T, v.Len())
	for i := range all {
		all[i] = read.list(v.Index(i), steps[1:])
	}
	return all
}

// walk takes the steps from v and what the pointers on the way point to. It is invalid if one of them is nil.
func walk(v reflect.Value, steps []int) reflect.Value {
	for _, step := range steps {
		if v = v.Field(step); v.Kind() == reflect.Pointer {
			if v = v.Elem(); !v.IsValid() {
				return v
			}
		}
	}
	return v
}
