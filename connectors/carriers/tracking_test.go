package carriers

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

var updateScans = flag.Bool("update-scans", false, "rewrite the golden files of what carriers say of parcels")

const goldenScans = ".golden.txt"

// folderOf is where the recorded words of a carrier lie.
func folderOf(carrier string) string {
	return filepath.Join(strings.ReplaceAll(carrier, "-", ""), "testdata", "track")
}

// everyWord runs a check on each recorded answer and push of each carrier.
func everyWord(t *testing.T, check func(t *testing.T, carrier, file string, said []byte)) {
	for _, carrier := range Trackers() {
		files, err := filepath.Glob(filepath.Join(folderOf(carrier), "*"))
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, file := range files {
			if strings.HasSuffix(file, goldenScans) || strings.HasSuffix(file, "SOURCES.md") {
				continue
			}
			said, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			count++
			t.Run(carrier+"/"+filepath.Base(file), func(t *testing.T) { check(t, carrier, file, said) })
		}
		if count == 0 {
			t.Errorf("%s has no recorded answer", carrier)
		}
	}
}

// read is what a carrier's words come to.
func read(t *testing.T, carrier string, said []byte) (schemas.Tracked, schemas.Faults) {
	t.Helper()
	tracker, err := TrackerOf(carrier)
	if err != nil {
		t.Fatal(err)
	}
	tracked, err := tracker(said, "")
	return tracked, faultsOf(t, err)
}

func faultsOf(t *testing.T, err error) (faults schemas.Faults) {
	t.Helper()
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("an error that is no faults: %v", err)
	}
	return faults
}

// readable is a line for each thing that was read.
func readable(t *testing.T, tracked schemas.Tracked, faults schemas.Faults) string {
	t.Helper()
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	for i := range tracked.Scans {
		s := &tracked.Scans[i]
		b.WriteString(s.At.String() + "  " + s.Status + "  ")
		if err := lines.Encode(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range tracked.Absent {
		b.WriteString("absent  ")
		if err := lines.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range faults {
		b.WriteString("fault  " + f.String() + "\n")
	}
	return b.String()
}

func TestEveryRecordedWordOnParcelsIsReadAsItsGoldenFileSays(t *testing.T) {
	everyWord(t, func(t *testing.T, carrier, file string, said []byte) {
		tracked, faults := read(t, carrier, said)
		got := readable(t, tracked, faults)
		if *updateScans {
			if err := os.WriteFile(file+goldenScans, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file + goldenScans)
		if err != nil {
			t.Fatalf("%v; write it with -update-scans and read what it says", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsSaidTwiceInOneAnswerIsOneScan(t *testing.T) {
	everyWord(t, func(t *testing.T, carrier, _ string, said []byte) {
		once, faults := read(t, carrier, said)
		twice, again := read(t, carrier, slices.Concat(said, []byte("\n"), said))
		if len(again) > len(faults) { // XML has one root
			t.Skip("it is not written one behind the other")
		}
		if diff := cmp.Diff(once.Scans, twice.Scans); diff != "" {
			t.Errorf("(-once +twice):\n%s", diff)
		}
	})
}

func TestScansAreInOrderAndSayWhatTheyMust(t *testing.T) {
	everyWord(t, func(t *testing.T, carrier, _ string, said []byte) {
		tracked, _ := read(t, carrier, said)
		for i, s := range tracked.Scans {
			if s.Carrier != carrier || s.At == 0 || !slices.Contains(schemas.ParcelStatuses, s.Status) || s.Known == (s.Status == schemas.ParcelUnknown) {
				t.Errorf("half a scan: %+v", s)
			}
			if i > 0 && s.At < tracked.Scans[i-1].At {
				t.Errorf("%v comes after %v", s.At, tracked.Scans[i-1].At)
			}
		}
	})
}

func TestAnAnswerThatIsCutShortIsRefusedWithItsPlace(t *testing.T) {
	everyWord(t, func(t *testing.T, carrier, _ string, said []byte) {
		if said = bytes.TrimSpace(said); said[0] != '{' && said[0] != '<' {
			t.Skip("a query is as long as it is")
		}
		for end := 1; end < len(said); end += 1 + len(said)/50 {
			tracked, faults := read(t, carrier, said[:end])
			if len(tracked.Scans) > 0 || len(faults) != 1 || faults[0].Path == "" || faults[0].Text == "" {
				t.Fatalf("cut at byte %d: %d scans, %v", end, len(tracked.Scans), faults)
			}
		}
	})
}

func TestACarrierIsFoundByTheNamesOfItsServices(t *testing.T) {
	for _, name := range []string{"dhl", "dhl-unified", "dhl-parcel-de", "DHL-Express", "dpd", "gls", "inpost", "ups", "fedex", "packeta"} {
		if _, err := TrackerOf(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := TrackerOf("hermes"); err == nil || !strings.Contains(err.Error(), "there are: dhl, dhl-express, dpd, fedex, gls, inpost, packeta, ups") {
		t.Errorf("got %v", err)
	}
	for called, carrier := range alsoCalled {
		if trackers[carrier] == nil {
			t.Errorf("%s is called %s, and nobody is", carrier, called)
		}
	}
}
