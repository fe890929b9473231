// Package printer plays a printer at a packing station, written from the specifications: raw over TCP with the host status of a label printer
// (ZPL II Programming Guide, ~HS), and IPP (RFC 8010, RFC 8011), at an address of its own or as a party of the sandbox. It keeps books of what it
// printed, by the hash of the bytes, and can be jammed, unplugged and cut off in the middle of a job. It knows no label.
package printer

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"sync"
	"time"

	"waybill/internal/sandbox/ledger"
)

// Print is its one operation in the books; the subject is the hash of what was printed.
const Print = "print"

// Options of a printer.
type Options struct {
	Now    func() time.Time
	Silent bool // it never says how it is
}

// Printer is one.
type Printer struct {
	silent bool
	books  *ledger.Ledger

	mu       sync.Mutex
	jammed   bool
	cutAfter int // bytes of the next job; 0: it is not cut
	open     []net.Listener
	served   []*http.Server
	talking  map[net.Conn]bool
	jobs     []*job // by IPP; the number of one is its place, from 1 on
	busy     sync.WaitGroup
}

// New is a printer that is plugged in nowhere.
func New(o Options) *Printer {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Printer{silent: o.Silent, books: ledger.New(o.Now), talking: map[net.Conn]bool{}}
}

// Books are what it printed.
func (p *Printer) Books() ledger.Books { return p.books.Books() }

// Printed are the hashes of what it printed, in order.
func (p *Printer) Printed() (hashes []string) {
	for _, e := range p.books.Effects(0) {
		hashes = append(hashes, e.Subject)
	}
	return hashes
}

// Jam lets nothing through until Mend. What IPP has taken meanwhile is printed then.
func (p *Printer) Jam() { p.set(func() { p.jammed = true }) }

// Mend takes the jam away.
func (p *Printer) Mend() {
	p.set(func() {
		p.jammed = false
		for _, j := range p.jobs {
			p.work(j)
		}
	})
}

// CutAfter breaks the connection after so many bytes of the next job.
func (p *Printer) CutAfter(bytes int) { p.set(func() { p.cutAfter = bytes }) }

func (p *Printer) set(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
}

// Raw plugs it in at an address of this machine, and says at which.
func (p *Printer) Raw(address string) (string, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	p.set(func() { p.open = append(p.open, l) })
	p.busy.Go(func() { p.accept(l) })
	return l.Addr().String(), nil
}

// IPP plugs it in for IPP, likewise.
func (p *Printer) IPP(address string) (string, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	served := &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: time.Minute}
	p.set(func() { p.served = append(p.served, served) })
	p.busy.Go(func() { _ = served.Serve(l) }) // it ends when it is unplugged
	return l.Addr().String(), nil
}

// Unplug ends all that is going on. It can be plugged in again.
func (p *Printer) Unplug() {
	p.set(func() {
		for _, l := range p.open {
			l.Close()
		}
		for _, s := range p.served {
			s.Close()
		}
		for conn := range p.talking {
			conn.Close()
		}
		p.open, p.served = nil, nil
	})
	p.busy.Wait()
}

// enter writes down that something was printed, by its hash.
type enter func(hash, short string)

// answered enters it in the printer's own books.
func (p *Printer) answered(hash, short string) { p.books.Enter(Print, hash, short, ledger.Answered) }

// print puts on paper what came.
func (p *Printer) print(content []byte, printed enter) {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	printed(hash, hash[:8])
}
