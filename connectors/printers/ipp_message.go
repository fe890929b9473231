package printers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/OpenPrinting/goipp"

	"waybill/connectors/remote"
)

// answerBytesMax bounds what a printer answers: some list every medium that they know.
const answerBytesMax = 1 << 20

// user is who prints, as printers show it.
const user = "waybill"

// request begins with what every request has to (RFC 8011 §4.1.4, §4.1.5). 1.1 is what all printers understand.
func (p *ipp) request(op goipp.Op) *goipp.Message {
	m := goipp.NewRequest(goipp.MakeVersion(1, 1), op, 1)
	m.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	m.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	m.Operation.Add(goipp.MakeAttr("printer-uri", goipp.TagURI, goipp.String(p.uri)))
	if op == goipp.OpPrintJob || op == goipp.OpGetPrinterAttributes {
		m.Operation.Add(goipp.MakeAttr("requesting-user-name", goipp.TagName, goipp.String(user)))
	}
	return m
}

// about is a request about a job. Its number stands right behind the printer (RFC 8011 §4.1.5).
func (p *ipp) about(op goipp.Op, id int) *goipp.Message {
	m := p.request(op)
	m.Operation.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(id)))
	m.Operation.Add(goipp.MakeAttr("requesting-user-name", goipp.TagName, goipp.String(user)))
	return m
}

// ask sends a request, with a document behind it if there is one, and reads the answer.
func (p *ipp) ask(ctx context.Context, m *goipp.Message, document []byte, within time.Duration) (*goipp.Message, error) {
	head, err := m.EncodeBytes()
	if err != nil {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "unwritable", Reason: "what is to be sent is no IPP: " + err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.target, io.MultiReader(bytes.NewReader(head), bytes.NewReader(document)))
	if err != nil {
		return nil, &remote.Failure{Class: remote.Permanent, Code: "bad_address", Reason: "the address of the printer is none: look at its " + SettingURL}
	}
	r.ContentLength = int64(len(head) + len(document))
	r.Header.Set("Content-Type", goipp.ContentType)
	answer, err := p.http.Do(r)
	if err != nil {
		if op := new(net.OpError); errors.As(err, &op) && op.Op == "dial" {
			return nil, unreachable(r.URL.Host)
		}
		return nil, &remote.Failure{Class: remote.Transient, Code: "no_answer", Perhaps: true, Reason: "the connection to the printer broke before it answered"}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, refusedByHTTP(answer)
	}
	said := new(goipp.Message)
	if err := said.Decode(io.LimitReader(answer.Body, answerBytesMax)); err != nil {
		return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Perhaps: true, Reason: "the printer's answer is no IPP"}
	}
	return said, refusedByIPP(said)
}

func refusedByHTTP(answer *http.Response) *remote.Failure {
	f := &remote.Failure{Class: remote.Permanent, Code: strconv.Itoa(answer.StatusCode), Reason: "the printer answered " + answer.Status}
	switch {
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		f.Class = remote.Authentication
	case answer.StatusCode >= http.StatusInternalServerError:
		f.Class, f.Perhaps = remote.Transient, true
	}
	return f
}

// refusedByIPP sorts a refusal (RFC 8011 §B.1). A printer that refuses has printed nothing.
func refusedByIPP(said *goipp.Message) error {
	status := goipp.Status(said.Code)
	if status < goipp.StatusRedirectionOtherSite {
		return nil
	}
	f := &remote.Failure{Class: remote.Permanent, Code: status.String(), Reason: "the printer refuses it: " + status.String()}
	switch status {
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		f.Class = remote.Authentication
	case goipp.StatusErrorDocumentFormatNotSupported, goipp.StatusErrorDocumentFormatError, goipp.StatusErrorRequestEntity:
		f.Class = remote.Business
	case goipp.StatusErrorInternal, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorDevice, goipp.StatusErrorTemporary, goipp.StatusErrorNotAcceptingJobs,
		goipp.StatusErrorBusy, goipp.StatusErrorTooManyJobs, goipp.StatusErrorTimeout:
		f.Class = remote.Transient
	}
	return f
}

// texts are the values of an attribute.
func texts(attributes goipp.Attributes, name string) (values []string) {
	for _, a := range attributes {
		if a.Name != name {
			continue
		}
		for _, v := range a.Values {
			values = append(values, v.V.String())
		}
	}
	return values
}

// integer is the value of an attribute that is a number; 0 if there is none.
func integer(attributes goipp.Attributes, name string) int {
	values := texts(attributes, name)
	if len(values) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(values[0]) // what is no number is none
	return n
}

// reasons are the keywords by which a printer says why, in brackets: media-jam, media-empty, door-open (RFC 8011 §5.4.12).
func reasons(attributes goipp.Attributes, names ...string) string {
	var why []string
	for _, name := range names {
		for _, one := range texts(attributes, name) {
			if one != "none" && len(why) < 5 {
				why = append(why, one[:min(len(one), 80)])
			}
		}
	}
	if why == nil {
		return ""
	}
	return " (" + strings.Join(why, ", ") + ")"
}
