package printer_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"waybill/internal/sandbox/fault"
	"waybill/internal/sandbox/printer"
	sandboxserver "waybill/internal/sandbox/server"
)

// station is the printer as a packing station speaks to it by IPP.
type station struct {
	*testing.T
	*sandboxserver.Server
	at string
}

func (s *station) ask(op goipp.Op, document string) *goipp.Message {
	s.Helper()
	m := goipp.NewRequest(goipp.MakeVersion(1, 1), op, 1)
	m.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	m.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	m.Operation.Add(goipp.MakeAttr("printer-uri", goipp.TagURI, goipp.String(s.at)))
	m.Operation.Add(goipp.MakeAttr("document-format", goipp.TagMimeType, goipp.String("application/pdf")))
	text, err := m.EncodeBytes()
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, "http"+strings.TrimPrefix(s.at, "ipp"), io.MultiReader(bytes.NewReader(text), strings.NewReader(document)))
	if err != nil {
		s.Fatal(err)
	}
	said, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil
	}
	defer said.Body.Close()
	answer := new(goipp.Message)
	if err := answer.Decode(said.Body); err != nil {
		s.Fatal(said.Status, err)
	}
	return answer
}

// state is the number that an answer has for a printer or a job.
func state(in goipp.Attributes, name string) string {
	for _, a := range in {
		if a.Name == name {
			return a.Values[0].V.String()
		}
	}
	return ""
}

// A printer prints what it is sent, also if nobody hears that it has; while it is jammed it prints nothing, and afterwards what it took.
func TestThePrinterIsAPartyWithBooksAndFaults(t *testing.T) {
	played, err := sandboxserver.New(sandboxserver.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(played.Handler())
	t.Cleanup(func() {
		played.Close()
		served.Close()
	})
	s := &station{T: t, Server: played}
	for _, p := range played.Parties(served.URL) {
		if p.Party == "printer" {
			s.at = p.URL
		}
	}
	printed := func() int { return s.Books()["printer"].Operations[printer.Print].Effects }
	jam := func(body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, served.URL+"/admin/printer", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		said, err := http.DefaultClient.Do(r)
		if err != nil || said.StatusCode != http.StatusOK {
			t.Fatal(said, err)
		}
		said.Body.Close()
	}
	if done := s.ask(goipp.OpPrintJob, "%PDF one"); state(done.Job, "job-state") != "9" || printed() != 1 {
		t.Errorf("its job is in the state %s, and %d are printed", state(done.Job, "job-state"), printed())
	}
	if is := s.ask(goipp.OpGetPrinterAttributes, ""); state(is.Printer, "printer-state") != "3" {
		t.Errorf("it is in the state %s", state(is.Printer, "printer-state"))
	}
	if err := s.UseFaults([]fault.Rule{{Party: "printer", Operation: printer.Print, Fault: fault.Drop, Probability: 1}}); err != nil {
		t.Fatal(err)
	}
	if unheard := s.ask(goipp.OpPrintJob, "%PDF two"); unheard != nil || printed() != 2 {
		t.Errorf("nobody was to hear of it, and %d are printed", printed())
	}
	if err := s.UseFaults(nil); err != nil {
		t.Fatal(err)
	}
	jam(`{"jammed":true}`)
	if is := s.ask(goipp.OpGetPrinterAttributes, ""); state(is.Printer, "printer-state") != "5" {
		t.Errorf("jammed, it is in the state %s", state(is.Printer, "printer-state"))
	}
	if taken := s.ask(goipp.OpPrintJob, "%PDF three"); state(taken.Job, "job-state") != "6" || printed() != 2 {
		t.Errorf("jammed, its job is in the state %s, and %d are printed", state(taken.Job, "job-state"), printed())
	}
	if jam(`{"jammed":false}`); printed() != 3 {
		t.Errorf("mended, %d are printed", printed())
	}
}
