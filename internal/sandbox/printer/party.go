package printer

import (
	"net/http"
	"time"

	"github.com/OpenPrinting/goipp"

	"waybill/internal/sandbox/party"
)

// Name is "printer".
func (*Printer) Name() string { return "printer" }

// Path is where it is spoken to by IPP, below its name (RFC 8010 §5).
const Path = "/ipp/print"

// Operations are its one that prints, and all others. It says that a job is done once it is: that is never a lie.
func (p *Printer) Operations() []party.Operation {
	return []party.Operation{
		{Name: Print, Pattern: "POST " + Path, Acts: true, Commits: true, Do: p.obey, Means: func(body []byte) bool {
			m := new(goipp.Message)
			return m.DecodeBytes(body) == nil && goipp.Op(m.Code) == goipp.OpPrintJob
		}},
		{Name: "ask", Pattern: "POST " + Path, Do: p.obey},
	}
}

// obey does what is asked, and enters what is printed in the books of the call.
func (p *Printer) obey(c *party.Call) party.Reply {
	answer, err := p.hear(c.Body, c.Done)
	if err != nil {
		return p.Refuse(http.StatusBadRequest, err.Error(), 0)
	}
	return party.Reply{Status: http.StatusOK, Body: answer, Type: goipp.ContentType}
}

// Admit lets everybody in who reaches it, as a printer in a house does.
func (*Printer) Admit(*party.Call) *party.Reply { return nil }

// Refuse says in words what is wrong: HTTP has failed, before any IPP.
func (*Printer) Refuse(status int, message string, after time.Duration) party.Reply {
	return party.Reply{Status: status, After: after, Body: []byte(message), Type: "text/plain; charset=utf-8"}
}

// Close unplugs it.
func (p *Printer) Close() { p.Unplug() }
