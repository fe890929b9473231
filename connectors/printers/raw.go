package printers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// rawPort is where printers take bytes as they are, since the HP JetDirect.
const rawPort = "9100"

// raw is a printer that takes bytes over TCP.
type raw struct {
	address string
	takes   []string
}

func openRaw(address string, takes []string) (Printer, error) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "tcp" || at.Hostname() == "" || at.Path != "" || at.User != nil {
		return nil, errors.New("setting " + SettingURL + ": give tcp://HOST:" + rawPort + " of a raw printer")
	}
	port := at.Port()
	if port == "" {
		port = rawPort
	}
	return &raw{net.JoinHostPort(at.Hostname(), port), takes}, nil
}

// Takes are the formats that it prints.
func (r *raw) Takes() []string { return r.takes }

// Ping makes sure that somebody listens there, and asks a label printer how it is.
func (r *raw) Ping(ctx context.Context) error {
	conn, err := r.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	status, err := r.ask(conn, helloMax)
	if err != nil || status == nil {
		return nil // it listens, and says nothing
	}
	return status.ready()
}

// Print sends a job. A label printer is asked before whether it has paper, and after whether it has read to the end; of one that never answers,
// the end is that it closes the connection too.
func (r *raw) Print(ctx context.Context, j Job) ([]byte, error) {
	if err := Fits(r, j.Format); err != nil {
		return nil, err
	}
	conn, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	answers := false
	if j.Format == schemas.LabelZPL {
		status, err := r.ask(conn, helloMax)
		switch {
		case err != nil:
			return nil, &remote.Failure{Class: remote.Transient, Code: "no_answer", Reason: "the connection to the printer broke before the job was sent"}
		case status != nil:
			if err := status.ready(); err != nil {
				return nil, err
			}
			answers = true
		}
	}
	_ = conn.SetWriteDeadline(time.Now().Add(sendMax)) // if that fails, writing does
	if n, err := conn.Write(j.Content); err != nil || ctx.Err() != nil {
		return nil, cutOff(j, n)
	}
	return r.taken(conn, answers)
}

// cutOff is a job of which so many bytes have left. A label in ZPL is printed at its end alone (ZPL II Programming Guide, ^XZ).
func cutOff(j Job, sent int) *remote.Failure {
	perhaps := sent > 0
	if j.Format == schemas.LabelZPL {
		perhaps = bytes.Contains(j.Content[:sent], []byte("^XZ"))
	}
	return &remote.Failure{
		Class: remote.Transient, Code: "cut_off", Perhaps: perhaps,
		Reason: fmt.Sprintf("the connection to the printer broke after %d of %d bytes", sent, len(j.Content)),
	}
}

// taken waits until the printer has read all.
func (r *raw) taken(conn net.Conn, answers bool) ([]byte, error) {
	unsure := &remote.Failure{Class: remote.Transient, Code: "no_answer", Perhaps: true, Reason: "the printer was sent all of the job, and does not say that it has it: look whether it was printed"}
	if answers {
		status, err := r.ask(conn, doneMax)
		if err != nil || status == nil {
			return nil, unsure
		}
		return []byte(status.text()), nil
	}
	half, is := conn.(interface{ CloseWrite() error })
	if !is || half.CloseWrite() != nil {
		return nil, unsure
	}
	_ = conn.SetReadDeadline(time.Now().Add(doneMax)) // if that fails, reading does
	if _, err := io.Copy(io.Discard, io.LimitReader(conn, statusBytesMax)); err != nil {
		return nil, unsure
	}
	return []byte("the printer has read all, and closed"), nil
}

func (r *raw) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: askMax}
	conn, err := dialer.DialContext(ctx, "tcp", r.address)
	if err != nil {
		return nil, unreachable(r.address)
	}
	return conn, nil
}

// ask asks a label printer how it is. One that does not answer in time has no status: it is no label printer, or its network sends nothing back.
func (r *raw) ask(conn net.Conn, within time.Duration) (*hostStatus, error) {
	if err := conn.SetDeadline(time.Now().Add(within)); err != nil {
		return nil, err
	}
	defer conn.SetDeadline(time.Time{})
	if _, err := io.WriteString(conn, hostStatusQuery); err != nil {
		return nil, err
	}
	status, err := readHostStatus(io.LimitReader(conn, statusBytesMax))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, nil
	}
	return status, err
}
