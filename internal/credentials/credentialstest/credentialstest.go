// Package credentialstest makes authorities and certificates for tests, and puts them where Kubernetes would.
package credentialstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Authority signs certificates.
type Authority struct {
	t    testing.TB
	leaf *x509.Certificate
	key  *ecdsa.PrivateKey
	PEM  []byte
}

// NewAuthority is one of that name, for ten days.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(240 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{t: t, leaf: leaf, key: key, PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// OpenAuthority is one whose certificate and key lie in files.
func OpenAuthority(t testing.TB, certFile, keyFile string) *Authority {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		t.Fatalf("%s is a %T", keyFile, pair.PrivateKey)
	}
	return &Authority{t: t, leaf: pair.Leaf, key: key, PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Leaf.Raw})}
}

// Pool trusts this authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.leaf)
	return pool
}

// Pair is a certificate with its key.
type Pair struct {
	t         testing.TB
	Cert, Key []byte // PEM
}

// Issue signs a certificate of that name, for localhost and 127.0.0.1, which ends so much later.
func (a *Authority) Issue(name string, life time.Duration) Pair {
	return a.IssueFor(name, life, []string{"localhost"}, net.IPv4(127, 0, 0, 1))
}

// IssueFor signs one for other names.
func (a *Authority) IssueFor(name string, life time.Duration, hosts []string, addresses ...net.IP) Pair {
	a.t.Helper()
	key := newKey(a.t)
	template := &x509.Certificate{
		SerialNumber: serial(a.t), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames: hosts, IPAddresses: addresses,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.leaf, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return Pair{a.t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})}
}

// TLS is the pair as crypto/tls takes it.
func (p Pair) TLS() tls.Certificate {
	p.t.Helper()
	pair, err := tls.X509KeyPair(p.Cert, p.Key)
	if err != nil {
		p.t.Fatal(err)
	}
	return pair
}

// Folder is a mounted secret as Kubernetes makes it: the files are links into a link, ..data, that is exchanged in one step
// (https://kubernetes.io/docs/concepts/configuration/secret/, "Mounted Secrets are updated automatically").
type Folder struct {
	t       testing.TB
	dir     string
	version int
}

// NewFolder is one with these files in it, by name.
func NewFolder(t testing.TB, files map[string][]byte) *Folder {
	t.Helper()
	f := &Folder{t: t, dir: t.TempDir()}
	f.Swap(files)
	for name := range files {
		f.must(os.Symlink(filepath.Join("..data", name), f.Path(name)))
	}
	return f
}

// Path is where a file is.
func (f *Folder) Path(name string) string { return filepath.Join(f.dir, name) }

// Swap exchanges all files at once.
func (f *Folder) Swap(files map[string][]byte) {
	f.t.Helper()
	f.version++
	now := "..version-" + strconv.Itoa(f.version)
	f.must(os.Mkdir(f.Path(now), 0o700))
	for name, text := range files {
		f.must(os.WriteFile(filepath.Join(f.Path(now), name), text, 0o600))
	}
	f.must(os.Symlink(now, f.Path("..data_tmp")))
	f.must(os.Rename(f.Path("..data_tmp"), f.Path("..data")))
}

func (f *Folder) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func serial(t testing.TB) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
