package printers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"waybill/connectors/remote"
	"waybill/internal/sandbox/printer"
	"waybill/schemas"
)

var (
	labelZPL = []byte("^XA\n^FO40,40^BCN,160,Y,N,N^FD00340434161094042557^FS\n^XZ\n")
	labelPDF = []byte("%PDF-1.4\n1 0 obj\n%%EOF\n")
)

// station is a printer that is plugged in, and how it is spoken to.
type station struct {
	*testing.T
	played *printer.Printer
	at     Printer
	job    Job
}

func plugIn(t *testing.T, kind string, silent bool, settings map[string]string) *station {
	t.Helper()
	s := &station{T: t, played: printer.New(printer.Options{Silent: silent}), job: Job{"N1", schemas.LabelZPL, labelZPL}}
	plug, scheme := s.played.Raw, "tcp://"
	if kind == "ipp" {
		plug, scheme, s.job = s.played.IPP, "ipp://", Job{"N1", schemas.LabelPDF, labelPDF}
	}
	address, err := plug("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.played.Unplug)
	given := map[string]string{SettingURL: scheme + address}
	for key, value := range settings {
		given[key] = value
	}
	if s.at, err = Open(kind, given); err != nil {
		t.Fatal(err)
	}
	return s
}

// printed are the hashes of what it should have printed, against those of what it did.
func (s *station) printed(want ...[]byte) {
	s.Helper()
	var hashes []string
	for _, content := range want {
		sum := sha256.Sum256(content)
		hashes = append(hashes, hex.EncodeToString(sum[:]))
	}
	if got := s.played.Printed(); strings.Join(got, " ") != strings.Join(hashes, " ") {
		s.Errorf("printed %v, want %v", got, hashes)
	}
}

// fails prints the job, and is why that failed.
func (s *station) fails() *remote.Failure {
	s.Helper()
	_, err := s.at.Print(s.Context(), s.job)
	f := new(remote.Failure)
	if !errors.As(err, &f) {
		s.Fatalf("got %v", err)
	}
	return f
}

func TestAPrinterPrintsTheVeryBytes(t *testing.T) {
	for name, s := range map[string]*station{
		"raw":                 plugIn(t, "raw", false, nil),
		"raw, one way":        plugIn(t, "raw", true, nil),
		"raw, of other bytes": plugIn(t, "raw", false, map[string]string{SettingTakes: "pdf, zpl"}),
		"ipp":                 plugIn(t, "ipp", false, nil),
	} {
		if strings.Contains(name, "other") {
			s.job = Job{"N1", schemas.LabelPDF, bytes.TrimSpace(labelPDF)}
		}
		if err := s.at.Ping(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.at.Print(t.Context(), s.job); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.printed(s.job.Content)
	}
}

func TestNothingIsSentToAPrinterThatIsJammed(t *testing.T) {
	for _, kind := range []string{"raw", "ipp"} {
		s := plugIn(t, kind, false, nil)
		s.played.Jam()
		if err := s.at.Ping(t.Context()); err == nil {
			t.Errorf("%s is well", kind)
		}
		if f := s.fails(); f.Class != remote.Transient || f.Perhaps || !strings.Contains(f.Reason, "jam") {
			t.Errorf("%s: %+v", kind, f)
		}
		s.printed()
		s.played.Mend()
		if _, err := s.at.Print(t.Context(), s.job); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		s.printed(s.job.Content)
	}
}

func TestAPrinterThatIsOffWasSentNothing(t *testing.T) {
	for _, kind := range []string{"raw", "ipp"} {
		s := plugIn(t, kind, false, nil)
		s.played.Unplug()
		if f := s.fails(); f.Class != remote.Transient || f.Perhaps || f.Code != "unreachable" {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}

// Who can not know whether a label was printed says so, and never prints it again by himself.
func TestAJobThatIsCutOffMayHaveBeenPrinted(t *testing.T) {
	for kind, after := range map[string]int{"raw": 20, "ipp": 5} {
		s := plugIn(t, kind, false, nil)
		s.played.CutAfter(after)
		if f := s.fails(); f.Class != remote.Transient || !f.Perhaps {
			t.Errorf("%s: %+v", kind, f)
		}
		s.printed()
	}
}

func TestOfALabelWithoutItsEndNothingIsPrinted(t *testing.T) {
	for _, c := range []struct {
		format  string
		sent    int
		perhaps bool
	}{
		{schemas.LabelZPL, 0, false},
		{schemas.LabelZPL, len(labelZPL) - 5, false},
		{schemas.LabelZPL, len(labelZPL) - 1, true},
		{schemas.LabelPDF, 0, false},
		{schemas.LabelPDF, 1, true},
	} {
		if f := cutOff(Job{Format: c.format, Content: labelZPL}, c.sent); f.Perhaps != c.perhaps {
			t.Errorf("%s after %d bytes: %+v", c.format, c.sent, f)
		}
	}
}

// A printer that jams with a job in it gives the job back, so that it can be printed elsewhere.
func TestAJobThatHangsInAPrinterIsTakenBack(t *testing.T) {
	s := plugIn(t, "ipp", false, nil)
	p := s.at.(*ipp)
	request := p.request(goipp.OpPrintJob)
	request.Operation.Add(attribute("document-format", "application/pdf"))
	s.played.Jam()
	answer, err := p.ask(t.Context(), request, labelPDF, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	f := new(remote.Failure)
	if err := p.takeBack(t.Context(), integer(answer.Job, "job-id"), answer.Job); !errors.As(err, &f) || f.Perhaps || !strings.Contains(f.Reason, "media-jam") {
		t.Errorf("got %+v", f)
	}
	s.played.Mend()
	s.printed()
}

func TestAFormatThatAPrinterDoesNotTakeIsRefusedBeforeItIsAsked(t *testing.T) {
	s := plugIn(t, "raw", false, nil)
	s.played.Unplug()
	s.job.Format = schemas.LabelPDF
	if f := s.fails(); f.Class != remote.Business || !strings.Contains(f.Reason, "takes zpl") {
		t.Errorf("got %+v", f)
	}
	s = plugIn(t, "ipp", false, map[string]string{SettingTakes: "gif,pdf"})
	s.job.Format = schemas.LabelGIF
	if f := s.fails(); f.Class != remote.Business || !strings.Contains(f.Reason, "image/gif") { // its settings say so, and the printer does not
		t.Errorf("got %+v", f)
	}
}

func TestSettingsOfAPrinterThatCanNotBe(t *testing.T) {
	for _, c := range []struct {
		kind     string
		settings map[string]string
		want     string
	}{
		{"lpd", nil, "ipp, raw"},
		{"raw", nil, "url is missing"},
		{"raw", map[string]string{SettingURL: "ipp://printer"}, "tcp://HOST:9100"},
		{"raw", map[string]string{SettingURL: "tcp://u:secret@printer"}, "tcp://HOST:9100"},
		{"ipp", map[string]string{SettingURL: "tcp://printer"}, "ipp://HOST/ipp/print"},
		{"ipp", map[string]string{SettingURL: "ipp://u:secret@printer"}, "ipp://HOST/ipp/print"},
		{"ipp", map[string]string{SettingURL: "ipp://printer", SettingTakes: "docx"}, `has "docx"`},
		{"ipp", map[string]string{SettingURL: "ipp://printer", "paper": "a4"}, `unknown setting "paper"`},
	} {
		_, err := Open(c.kind, c.settings)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s %v: %v", c.kind, c.settings, err)
		}
	}
}

func TestWhatAPrinterSaysOfItself(t *testing.T) {
	const second, third = "\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n", "\x021234,0\x03\r\n"
	for said, want := range map[string]string{
		"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n" + second + third:                                          "ready",
		"\x02030,1,1,1245,000,0,0,0,000,0,0,0\x03\r\n" + second + third:                                          "it has no labels left, or they are jammed, it is paused",
		"\x02030,0,0,1245,000,1,0,0,000,0,0,0\x03\r\n\x02000,0,1,1,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03": "its head is open, its ribbon is at its end, its memory is full",
	} {
		status, err := readHostStatus(strings.NewReader(said))
		if err != nil || status.text() != want || (status.ready() == nil) != (want == "ready") {
			t.Errorf("%q: %v, %v", said, status, err)
		}
	}
	for _, said := range []string{"", "\x02", "\x02030,0\x03\x02000\x03\x020\x03", "HTTP/1.1 400 Bad Request\r\n\r\n"} {
		if status, err := readHostStatus(strings.NewReader(said)); err == nil {
			t.Errorf("%q: %+v", said, status)
		}
	}
}

// Something else may listen there, and say anything.
func TestWhatIsNoPrinterIsNotTakenForOne(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.9\r\n")
			conn.Close()
		}
	}()
	for kind, scheme := range map[string]string{"raw": "tcp://", "ipp": "ipp://"} {
		p, err := Open(kind, map[string]string{SettingURL: scheme + l.Addr().String(), SettingTakes: "zpl"})
		if err != nil {
			t.Fatal(err)
		}
		f := new(remote.Failure)
		if _, err := p.Print(t.Context(), Job{"N1", schemas.LabelZPL, labelZPL}); !errors.As(err, &f) || f.Perhaps {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func attribute(name, media string) goipp.Attribute {
	return goipp.MakeAttr(name, goipp.TagMimeType, goipp.String(media))
}
