package carriers

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkTrack reads one typical answer or push of each carrier.
func BenchmarkTrack(b *testing.B) {
	for _, c := range []struct{ name, carrier, file string }{
		{"dhl", "dhl", "tracking-piece-detail.xml"},
		{"dhl-unified", "dhl", "nr-success-423475729485.json"},
		{"dhl-express", "dhl-express", "tracking-response.json"},
		{"dpd", "dpd", "tracking-response.xml"},
		{"dpd-push", "dpd", "push-request-out-for-delivery.txt"},
		{"fedex", "fedex", "tracking-response.json"},
		{"gls", "gls", "tnt-200-200WithLinks.json"},
		{"inpost", "inpost", "webhook-shipment-status-changed.json"},
		{"packeta", "packeta", "packet-status-response.xml"},
		{"ups", "ups", "postman-response-tracking-example-request.json"},
		{"ups-push", "ups", "track-alert-webhook-2.json"},
	} {
		b.Run(c.name, func(b *testing.B) {
			said, err := os.ReadFile(filepath.Join(folderOf(c.carrier), c.file))
			if err != nil {
				b.Fatal(err)
			}
			track := trackers[c.carrier]
			scans := 0
			b.SetBytes(int64(len(said)))
			b.ReportAllocs()
			for b.Loop() {
				tracked, err := track(said, "1")
				if err != nil {
					b.Fatal(err)
				}
				scans = len(tracked.Scans)
			}
			b.ReportMetric(float64(scans)*float64(b.N)/b.Elapsed().Seconds(), "scans/s")
		})
	}
}
