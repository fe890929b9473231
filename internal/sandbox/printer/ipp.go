package printer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/OpenPrinting/goipp"
)

// documentBytesMax bounds a job.
const documentBytesMax = 16 << 20

// What it prints by IPP.
var mediaTypes = []string{"application/pdf", "image/png"}

// job is one that came by IPP.
type job struct {
	content []byte
	enter   enter
	state   int // RFC 8011 §5.3.7
	why     string
}

// States of a job.
const (
	stopped   = 6
	canceled  = 7
	completed = 9
)

// work prints a job, if nothing keeps it from that. The lock is held.
func (p *Printer) work(j *job) {
	switch {
	case j.state == canceled || j.state == completed:
	case p.jammed:
		j.state, j.why = stopped, "media-jam"
	default:
		j.state, j.why = completed, "job-completed-successfully"
		p.print(j.content, j.enter)
		j.content = nil // a printer that runs for days keeps no labels
	}
}

func (p *Printer) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, documentBytesMax))
	if err != nil {
		return
	}
	answer, err := p.hear(body, p.answered)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", goipp.ContentType)
	_, _ = w.Write(answer) // who hung up needs no answer
}

// hear is what it answers to a request.
func (p *Printer) hear(body []byte, printed enter) ([]byte, error) {
	in, asked := bytes.NewReader(body), new(goipp.Message)
	if err := asked.Decode(in); err != nil {
		return nil, fmt.Errorf("this is no IPP: %w", err)
	}
	content := body[len(body)-in.Len():]
	if p.isCut(&content) {
		panic(http.ErrAbortHandler)
	}
	p.mu.Lock()
	answer := p.answer(asked, content, printed)
	p.mu.Unlock()
	answer.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	answer.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	return answer.EncodeBytes()
}

// answer does what is asked. The lock is held.
func (p *Printer) answer(asked *goipp.Message, content []byte, printed enter) *goipp.Message {
	say := func(status goipp.Status) *goipp.Message {
		return goipp.NewResponse(asked.Version, status, asked.RequestID)
	}
	if !begins(asked) {
		return say(goipp.StatusErrorBadRequest)
	}
	switch goipp.Op(asked.Code) {
	case goipp.OpGetPrinterAttributes:
		return p.describe(say(goipp.StatusOk))
	case goipp.OpPrintJob:
		if !slices.Contains(mediaTypes, value(asked, "document-format")) {
			return say(goipp.StatusErrorDocumentFormatNotSupported)
		}
		p.jobs = append(p.jobs, &job{content: content, enter: printed})
		p.work(p.jobs[len(p.jobs)-1])
		return p.tellOf(say(goipp.StatusOk), len(p.jobs))
	case goipp.OpGetJobAttributes, goipp.OpCancelJob:
		id := number(asked, "job-id")
		if id < 1 || id > len(p.jobs) {
			return say(goipp.StatusErrorNotFound)
		}
		if j := p.jobs[id-1]; goipp.Op(asked.Code) == goipp.OpCancelJob {
			if j.state == completed {
				return say(goipp.StatusErrorNotPossible)
			}
			j.state, j.why = canceled, "job-canceled-by-user"
		}
		return p.tellOf(say(goipp.StatusOk), id)
	}
	return say(goipp.StatusErrorOperationNotSupported)
}

// begins tells whether a request begins as it has to: character set, language, then what it is about (RFC 8011 §4.1.4, §4.1.5).
func begins(asked *goipp.Message) bool {
	names := []string{"attributes-charset", "attributes-natural-language", "printer-uri"}
	if len(asked.Operation) < len(names) {
		return false
	}
	for i, name := range names {
		if asked.Operation[i].Name != name {
			return false
		}
	}
	return true
}

func (p *Printer) describe(m *goipp.Message) *goipp.Message {
	state, why := 3, "none"
	if p.jammed {
		state, why = 5, "media-jam-error"
	}
	m.Printer.Add(goipp.MakeAttr("printer-state", goipp.TagEnum, goipp.Integer(state)))
	m.Printer.Add(goipp.MakeAttr("printer-state-reasons", goipp.TagKeyword, goipp.String(why)))
	m.Printer.Add(goipp.MakeAttr("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	m.Printer.Add(goipp.MakeAttr("document-format-supported", goipp.TagMimeType, goipp.String(mediaTypes[0]), goipp.String(mediaTypes[1])))
	return m
}

func (p *Printer) tellOf(m *goipp.Message, id int) *goipp.Message {
	j := p.jobs[id-1]
	m.Job.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(id)))
	m.Job.Add(goipp.MakeAttr("job-state", goipp.TagEnum, goipp.Integer(j.state)))
	m.Job.Add(goipp.MakeAttr("job-state-reasons", goipp.TagKeyword, goipp.String(j.why)))
	return m
}

func value(m *goipp.Message, name string) string {
	for _, a := range m.Operation {
		if a.Name == name && len(a.Values) > 0 {
			return a.Values[0].V.String()
		}
	}
	return ""
}

func number(m *goipp.Message, name string) int {
	for _, a := range m.Operation {
		if n, is := a.Values[0].V.(goipp.Integer); a.Name == name && is {
			return int(n)
		}
	}
	return 0
}
