package printers

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/OpenPrinting/goipp"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// ippPort is the port of ipp and ipps (RFC 8010 §9, RFC 7472).
const ippPort = "631"

// mediaTypes are what IPP calls the formats. The languages of label printers have no name there: what they are, the printer has to see.
var mediaTypes = map[string]string{
	schemas.LabelPDF: "application/pdf", schemas.LabelPNG: "image/png", schemas.LabelGIF: "image/gif",
	schemas.LabelZPL: "application/octet-stream", schemas.LabelEPL: "application/octet-stream",
}

// States of a printer and of a job (RFC 8011 §5.4.11, §5.3.7).
const (
	printerStopped = 5
	jobProcessing  = 5
	jobCanceled    = 7
	jobAborted     = 8
	jobCompleted   = 9
)

// again is how soon a job is looked at again.
const again = 200 * time.Millisecond

// ipp is a printer that is spoken to by IPP over HTTP.
type ipp struct {
	uri, target string // its name in IPP, and its address in HTTP
	takes       []string
	http        *http.Client
}

func openIPP(address string, takes []string) (Printer, error) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "ipp" && at.Scheme != "ipps" || at.Hostname() == "" || at.User != nil {
		return nil, errors.New("setting " + SettingURL + ": give ipp://HOST/ipp/print, or ipps://, of a printer that speaks IPP")
	}
	target := *at
	target.Scheme = strings.Replace(at.Scheme, "ipp", "http", 1)
	if at.Port() == "" {
		target.Host = net.JoinHostPort(at.Hostname(), ippPort)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // a printer is in the house
	return &ipp{uri: address, target: target.String(), takes: takes, http: &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Takes are the formats that it prints.
func (p *ipp) Takes() []string { return p.takes }

// Ping makes sure that the printer answers, and takes jobs.
func (p *ipp) Ping(ctx context.Context) error {
	_, err := p.ready(ctx)
	return err
}

// Print sends a job, and waits until it is printed. What hangs is taken back, so that it can be printed elsewhere.
func (p *ipp) Print(ctx context.Context, j Job) ([]byte, error) {
	if err := Fits(p, j.Format); err != nil {
		return nil, err
	}
	known, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	if media := mediaTypes[j.Format]; len(known) > 0 && !slices.Contains(known, media) {
		return nil, &remote.Failure{Class: remote.Business, Code: "format", Reason: "the printer does not print " + media + ", only " + strings.Join(known, ", ")}
	}
	request := p.request(goipp.OpPrintJob)
	request.Operation.Add(goipp.MakeAttr("job-name", goipp.TagName, goipp.String(j.Name)))
	request.Operation.Add(goipp.MakeAttr("document-format", goipp.TagMimeType, goipp.String(mediaTypes[j.Format])))
	answer, err := p.ask(ctx, request, j.Content, sendMax)
	if err != nil {
		return nil, err
	}
	id := integer(answer.Job, "job-id")
	if id == 0 {
		return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Perhaps: true, Reason: "the printer took the job, and did not say under which number"}
	}
	return p.follow(ctx, id, answer.Job)
}

// follow waits until a job is printed.
func (p *ipp) follow(ctx context.Context, id int, job goipp.Attributes) ([]byte, error) {
	until, cancel := context.WithTimeout(ctx, doneMax)
	defer cancel()
	for {
		switch integer(job, "job-state") {
		case jobCompleted:
			return json.Marshal(map[string]any{"job": id, "state": "completed"})
		case jobCanceled, jobAborted:
			return nil, &remote.Failure{Class: remote.Business, Code: "job_ended", Reason: "the job was cancelled, or aborted, at the printer" + reasons(job, "job-state-reasons")}
		}
		select {
		case <-until.Done():
			return nil, p.takeBack(context.WithoutCancel(ctx), id, job)
		case <-time.After(again):
		}
		if answer, err := p.ask(until, p.about(goipp.OpGetJobAttributes, id), nil, askMax); err == nil {
			job = answer.Job
		}
	}
}

// takeBack cancels a job that is not done, and says whether it may have been printed.
func (p *ipp) takeBack(ctx context.Context, id int, job goipp.Attributes) error {
	f := notReady("it does not get done with the job" + reasons(job, "job-state-reasons", "job-printer-state-reasons"))
	f.Code, f.Perhaps = "not_done", integer(job, "job-state") == jobProcessing
	if _, err := p.ask(ctx, p.about(goipp.OpCancelJob, id), nil, askMax); err != nil {
		f.Perhaps = true
	}
	return f
}

// ready says which formats the printer knows, if it takes jobs now.
func (p *ipp) ready(ctx context.Context) ([]string, error) {
	request := p.request(goipp.OpGetPrinterAttributes)
	request.Operation.Add(goipp.MakeAttr("requested-attributes", goipp.TagKeyword, goipp.String("printer-state"), goipp.String("printer-state-reasons"),
		goipp.String("printer-is-accepting-jobs"), goipp.String("document-format-supported")))
	answer, err := p.ask(ctx, request, nil, askMax)
	if err != nil {
		return nil, harmless(err)
	}
	accepts := texts(answer.Printer, "printer-is-accepting-jobs")
	if integer(answer.Printer, "printer-state") == printerStopped || slices.Contains(accepts, "false") {
		return nil, notReady("it has stopped" + reasons(answer.Printer, "printer-state-reasons"))
	}
	return texts(answer.Printer, "document-format-supported"), nil
}

// harmless is the failure of a question, which prints nothing.
func harmless(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		asked := *f
		asked.Perhaps = false
		return &asked
	}
	return err
}
