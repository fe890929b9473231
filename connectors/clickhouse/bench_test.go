package clickhouse_test

import (
	"testing"
)

// BenchmarkWrite lands blocks of 10,000 orders of two lines: typed row, audit row, both rollups and the range.
func BenchmarkWrite(b *testing.B) {
	const rows = 10_000
	h := migrated(b)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		orders := orders(0, int64(i)*rows, rows)
		b.StartTimer()
		h.write(orders)
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
