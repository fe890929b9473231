package printer

import (
	"bytes"
	"fmt"
	"net"
)

// hostStatus asks how it is.
var hostStatus = []byte("~HS")

// labelEnd is where a label in ZPL is printed.
var labelEnd = []byte("^XZ")

func (p *Printer) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		p.set(func() { p.talking[conn] = true })
		p.busy.Go(func() {
			defer p.set(func() { delete(p.talking, conn) })
			defer conn.Close()
			p.read(conn)
		})
	}
}

// read takes what comes until the other side ends, or the cable is cut. Labels in ZPL are printed one by one as they end, anything else as
// one at the end.
func (p *Printer) read(conn net.Conn) {
	var job []byte
	part := make([]byte, 4096)
	for {
		n, err := conn.Read(part)
		job = append(job, part[:n]...)
		if p.isCut(&job) {
			p.labels(job)
			if tcp, is := conn.(*net.TCPConn); is {
				_ = tcp.SetLinger(0) // as a cable that is pulled: nothing is said
			}
			return
		}
		job = p.labels(job)
		for bytes.HasPrefix(job, hostStatus) {
			job = job[len(hostStatus):]
			if !p.silent {
				p.tell(conn)
			}
		}
		if err != nil {
			break
		}
	}
	if job = bytes.TrimSpace(job); len(job) > 0 && !bytes.HasPrefix(job, []byte("^XA")) {
		p.print(job, p.answered)
	}
}

// isCut tells whether the connection breaks here, and keeps of the job what came before.
func (p *Printer) isCut(job *[]byte) (cut bool) {
	p.set(func() {
		if cut = p.cutAfter > 0 && len(*job) >= p.cutAfter; cut {
			*job, p.cutAfter = (*job)[:p.cutAfter], 0
		}
	})
	return cut
}

// labels prints the labels in ZPL that are whole, and is what is left. The line end behind a label belongs to it.
func (p *Printer) labels(job []byte) []byte {
	for bytes.HasPrefix(job, []byte("^XA")) {
		end := bytes.Index(job, labelEnd)
		if end < 0 {
			return job
		}
		end += len(labelEnd)
		if bytes.HasPrefix(job[end:], []byte("\n")) {
			end++
		}
		p.print(job[:end], p.answered)
		job = job[end:]
	}
	return job
}

// tell is the three lines of the host status, of which the flags for paper and head count here.
func (p *Printer) tell(conn net.Conn) {
	out := 0
	p.set(func() {
		if p.jammed {
			out = 1
		}
	})
	fmt.Fprintf(conn, "\x02030,%d,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n", out)
}
