package labels

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"
)

// How long it takes to get a label out of the folder it is kept in, its hash looked at (item 90: p99 below 20 ms).
//
//	go test ./internal/labels -run xxx -bench Get -benchtime 5000x
func BenchmarkGet(b *testing.B) {
	const kept, size = 1000, 80 << 10 // as a page of PDF
	s, err := Open(b.Context(), "", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var hashes []string
	for range kept {
		label := make([]byte, size)
		_, _ = rand.Read(label)
		sha, err := s.Put(b.Context(), "label", label)
		if err != nil {
			b.Fatal(err)
		}
		hashes = append(hashes, sha)
	}
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		began := time.Now()
		if _, err := s.Get(b.Context(), "label", hashes[n*7919%kept]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}
