package credentials

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"waybill/internal/config"
)

// Certificates are the files of one encrypted connection.
type Certificates struct {
	name   string // kafka.tls
	files  config.TLS
	log    *slog.Logger
	report report

	mu   sync.Mutex
	good *material
}

// material is what the files held when they were last good.
type material struct {
	ca, cert, key []byte
	roots         *x509.CertPool      // nil: the authorities of the system
	authorities   []*x509.Certificate // those of roots
	pair          *tls.Certificate    // nil: none is shown
}

// Load reads the files that the settings called name.ca_file, name.cert_file and name.key_file name.
func Load(name string, files config.TLS, log *slog.Logger) (*Certificates, error) {
	c := &Certificates{name: name, files: files, log: log, report: report{log: log}}
	read, err := c.read()
	if err != nil {
		return nil, err
	}
	c.good = read
	return c, nil
}

// Dial connects and shakes hands, with what the files hold at this moment.
func (c *Certificates) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: dialSeconds * time.Second}, Config: c.Config(address)}
	return dialer.DialContext(ctx, network, address)
}

// dialSeconds bounds one try to connect, where the caller sets no shorter limit.
const dialSeconds = 10

// Config is how a connection to host:port is encrypted now.
func (c *Certificates) Config(address string) *tls.Config {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	encrypted := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if c.files.ServerName != "" {
		encrypted.ServerName = c.files.ServerName
	}
	c.reload()
	c.mu.Lock()
	defer c.mu.Unlock()
	encrypted.RootCAs = c.good.roots
	if c.good.pair != nil {
		encrypted.Certificates = []tls.Certificate{*c.good.pair}
	}
	return encrypted
}

// reload takes over what the files hold, if that is good. A certificate that has expired, or is not valid yet, is not put in the
// place of one that is valid.
func (c *Certificates) reload() {
	read, err := c.read()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil && !c.good.equal(read) && read.usable() != nil && c.good.usable() == nil {
		err = fmt.Errorf("%s.cert_file: %w", c.name, read.usable())
	}
	c.report.say(err, "the last good one stays in use; put a whole and valid one in its place, no restart is needed")
	if err != nil || c.good.equal(read) {
		return
	}
	c.good = read
	for _, e := range c.expiries() {
		c.log.Info("certificate exchanged", "setting", e.Setting, "subject", e.Subject, "not_after", e.NotAfter.UTC())
	}
}

// read reads all files as they are.
func (c *Certificates) read() (*material, error) {
	m := &material{}
	var err error
	if c.files.CAFile != "" {
		if m.ca, err = os.ReadFile(c.files.CAFile); err != nil {
			return nil, fmt.Errorf("%s.ca_file: %w", c.name, err)
		}
		if m.authorities, err = authorities(m.ca); err != nil {
			return nil, fmt.Errorf("%s.ca_file: %s: %w", c.name, c.files.CAFile, err)
		}
		m.roots = x509.NewCertPool()
		for _, authority := range m.authorities {
			m.roots.AddCert(authority)
		}
	}
	if c.files.CertFile == "" {
		return m, nil
	}
	if m.cert, err = os.ReadFile(c.files.CertFile); err != nil {
		return nil, fmt.Errorf("%s.cert_file: %w", c.name, err)
	}
	if m.key, err = os.ReadFile(c.files.KeyFile); err != nil {
		return nil, fmt.Errorf("%s.key_file: %w", c.name, err)
	}
	pair, err := tls.X509KeyPair(m.cert, m.key)
	if err != nil {
		return nil, fmt.Errorf("%s.cert_file %s with %s.key_file %s: %w", c.name, c.files.CertFile, c.name, c.files.KeyFile, err)
	}
	m.pair = &pair
	return m, nil
}

// authorities wants every block to be whole: x509.CertPool takes what it can read and is silent about the rest.
func authorities(text []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			if bytes.Contains(rest, []byte("-----BEGIN")) {
				return nil, errors.New("it ends in the middle of a certificate")
			}
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		authority, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(all)+1, err)
		}
		all = append(all, authority)
	}
	if len(all) == 0 {
		return nil, errors.New("it holds no PEM certificate")
	}
	return all, nil
}

func (m *material) equal(other *material) bool {
	return bytes.Equal(m.ca, other.ca) && bytes.Equal(m.cert, other.cert) && bytes.Equal(m.key, other.key)
}

// usable is why the certificate that is shown would be refused today; nil if it would not, or none is shown.
func (m *material) usable() error {
	now := time.Now()
	switch {
	case m.pair == nil:
		return nil
	case now.After(m.pair.Leaf.NotAfter):
		return fmt.Errorf("it expired on %s", day(m.pair.Leaf.NotAfter))
	case now.Before(m.pair.Leaf.NotBefore):
		return fmt.Errorf("it is not valid before %s", m.pair.Leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}
