package labels

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// stores are one of each kind that needs nothing outside.
func stores(t *testing.T) map[string]*Store {
	t.Helper()
	opened := map[string]*Store{}
	for name, address := range map[string]string{"folder": "", "memory": "mem://"} {
		s, err := Open(t.Context(), address, filepath.Join(t.TempDir(), "labels"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		opened[name] = s
	}
	return opened
}

func TestALabelIsKeptOnceAndComesBackAsItWas(t *testing.T) {
	for name, s := range stores(t) {
		label := []byte("^XA^FD\x00\xff^XZ")
		first, err := s.Put(t.Context(), Label, label)
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := s.Put(t.Context(), Label, label)
		if err != nil || again != first {
			t.Errorf("%s: kept again as %s: %v", name, again, err)
		}
		got, err := s.Get(t.Context(), Label, first)
		if err != nil || !bytes.Equal(got, label) {
			t.Errorf("%s: got %q: %v", name, got, err)
		}
		for _, absent := range []string{strings.Repeat("0", 64), "../../" + first, ""} {
			if _, err := s.Get(t.Context(), Label, absent); !errors.Is(err, ErrAbsent) {
				t.Errorf("%s: %q: %v", name, absent, err)
			}
		}
		if _, err := s.Get(t.Context(), Slip, first); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: it is in two classes: %v", name, err)
		}
		if _, err := s.Put(t.Context(), Label, nil); err == nil {
			t.Errorf("%s: nothing was kept", name)
		}
	}
}

func TestWhatIsOldIsRemovedAndSaidAndNothingElse(t *testing.T) {
	for name, s := range stores(t) {
		sha, err := s.Put(t.Context(), Label, []byte("a label"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(t.Context(), Slip, []byte("a slip")); err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		log := slog.New(slog.NewTextHandler(&said, nil))
		if n, err := s.Purge(t.Context(), Label, time.Now().Add(-time.Hour), log); n != 0 || err != nil {
			t.Errorf("%s: %d new ones are removed: %v", name, n, err)
		}
		if n, err := s.Purge(t.Context(), Label, time.Now().Add(time.Hour), log); n != 1 || err != nil || !strings.Contains(said.String(), sha) {
			t.Errorf("%s: %d are removed: %v, %s", name, n, err, said.String())
		}
		if _, err := s.Get(t.Context(), Label, sha); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: it is still there: %v", name, err)
		}
	}
}

func TestALabelThatIsDamagedIsNotHandedOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "labels")
	s, err := Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sha, err := s.Put(t.Context(), Label, []byte("a label"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, Label, sha[:2], sha), []byte("a lab"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), Label, sha); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

func TestALabelIsLookedAtBeforeAnybodyPrintsIt(t *testing.T) {
	pdf := func(pages int) []byte {
		doc := fpdf.New("P", "mm", "A6", "")
		for range pages {
			doc.AddPage()
		}
		var b bytes.Buffer
		if err := doc.Output(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		name          string
		label         []byte
		asked, format string
		warning       string // a word of it; "" for none
	}{
		{"pdf", pdf(1), "pdf", "pdf", ""},
		{"zpl", []byte("^XA^FO50,50^FDx^FS^XZ"), "zpl", "zpl", ""},
		{"zpl with settings", []byte("\x10CT~~CD,~CC^~CT~\n^XA^XZ"), "zpl", "zpl", ""},
		{"epl", []byte("\nN\nA50,50,0,1,1,1,N,\"x\"\nP1\n"), "epl", "epl", ""},
		{"gif for zpl", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "zpl", "gif", "zpl was asked for"},
		{"cut off", pdf(1)[:200], "pdf", "pdf", "cut off"},
		{"zpl cut off", []byte("^XA^FO50"), "zpl", "zpl", "cut off"},
		{"too many pages", pdf(11), "pdf", "pdf", "11 pages"},
		{"a page of HTML", []byte("<html>Maintenance</html>"), "pdf", "pdf", "none of a form"},
	} {
		format, warnings := Look(c.label, c.asked)
		said := strings.Join(warnings, "; ")
		if format != c.format || (said == "") != (c.warning == "") || !strings.Contains(said, c.warning) {
			t.Errorf("%s: got %s, %q", c.name, format, said)
		}
	}
}
