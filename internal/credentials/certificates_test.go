package credentials_test

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/internal/config"
	"waybill/internal/credentials"
	"waybill/internal/credentials/credentialstest"
)

// far is a life that nobody is warned of.
const far = 200 * 24 * time.Hour

// door is a server that wants a certificate, and notes who showed which. What it shows and whom it trusts can be exchanged.
type door struct {
	net.Listener
	mu    sync.Mutex
	as    *tls.Config
	shown chan string
}

func listen(t *testing.T, as *tls.Config) *door {
	t.Helper()
	d := &door{as: as, shown: make(chan string, 100)}
	inner, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.as, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	d.Listener = inner
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := inner.Accept()
			if err != nil {
				return
			}
			encrypted := conn.(*tls.Conn)
			if encrypted.Handshake() == nil {
				d.shown <- encrypted.ConnectionState().PeerCertificates[0].Subject.CommonName
			}
			encrypted.Close()
		}
	})
	t.Cleanup(func() { inner.Close(); serving.Wait() })
	return d
}

func wants(authority *credentialstest.Authority, server credentialstest.Pair) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{server.TLS()}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool()}
}

// shows dials and says whose certificate the door saw.
func shows(t *testing.T, c *credentials.Certificates, d *door) string {
	t.Helper()
	conn, err := c.Dial(t.Context(), "tcp", d.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	select {
	case name := <-d.shown:
		return name
	case <-time.After(10 * time.Second):
		t.Fatal("the door saw nobody")
	}
	return ""
}

// mounted are certificates in a folder, loaded.
func mounted(t *testing.T, authority *credentialstest.Authority, pair credentialstest.Pair) (*credentials.Certificates, *credentialstest.Folder, *bytes.Buffer) {
	t.Helper()
	folder := credentialstest.NewFolder(t, files(authority, pair))
	var logged bytes.Buffer
	c, err := credentials.Load("kafka.tls", config.TLS{
		Enabled: true, CAFile: folder.Path("ca.crt"), CertFile: folder.Path("tls.crt"), KeyFile: folder.Path("tls.key"),
	}, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return c, folder, &logged
}

func files(authority *credentialstest.Authority, pair credentialstest.Pair) map[string][]byte {
	return map[string][]byte{"ca.crt": authority.PEM, "tls.crt": pair.Cert, "tls.key": pair.Key}
}

func TestACertificateThatWasExchangedIsShownByTheNextConnection(t *testing.T) {
	authority := credentialstest.NewAuthority(t, "one")
	d := listen(t, wants(authority, authority.Issue("server", far)))
	c, folder, logged := mounted(t, authority, authority.Issue("first", far))
	if got := shows(t, c, d); got != "first" {
		t.Fatalf("it showed %s", got)
	}
	folder.Swap(files(authority, authority.Issue("second", far)))
	if got := shows(t, c, d); got != "second" {
		t.Errorf("it still shows %s", got)
	}
	if !strings.Contains(logged.String(), "certificate exchanged") || !strings.Contains(logged.String(), "CN=second") {
		t.Errorf("nothing is said of it: %s", logged)
	}
}

func TestAnAuthorityThatWasExchangedIsTrustedByTheNextConnectionAndTheOldOneNoMore(t *testing.T) {
	old, successor := credentialstest.NewAuthority(t, "old"), credentialstest.NewAuthority(t, "successor")
	pair := old.Issue("client", far)
	c, folder, _ := mounted(t, old, pair)
	d := listen(t, wants(old, successor.Issue("server", far)))
	if _, err := c.Dial(t.Context(), "tcp", d.Addr().String()); err == nil || !strings.Contains(err.Error(), "unknown authority") {
		t.Fatalf("a stranger was trusted: %v", err)
	}
	folder.Swap(files(successor, pair))
	shows(t, c, d)
	d.mu.Lock()
	d.as = wants(old, old.Issue("server", far))
	d.mu.Unlock()
	if _, err := c.Dial(t.Context(), "tcp", d.Addr().String()); err == nil {
		t.Error("the authority that was taken away is still trusted")
	}
}

func TestAFileThatIsHalfWrittenOrWrongIsReportedOnceAndTheLastGoodOneStays(t *testing.T) {
	authority := credentialstest.NewAuthority(t, "one")
	good, other := authority.Issue("good", far), authority.Issue("other", far)
	half := func(text []byte) []byte { return text[:len(text)/2] }
	for name, c := range map[string]struct {
		files map[string][]byte
		says  string
	}{
		"half a certificate":               {map[string][]byte{"ca.crt": authority.PEM, "tls.crt": half(other.Cert), "tls.key": other.Key}, "kafka.tls.cert_file"},
		"half a key":                       {map[string][]byte{"ca.crt": authority.PEM, "tls.crt": other.Cert, "tls.key": half(other.Key)}, "kafka.tls.key_file"},
		"the key of another certificate":   {map[string][]byte{"ca.crt": authority.PEM, "tls.crt": other.Cert, "tls.key": good.Key}, "does not match"},
		"an empty authority":               {map[string][]byte{"ca.crt": nil, "tls.crt": other.Cert, "tls.key": other.Key}, "holds no PEM certificate"},
		"half of a second authority":       {map[string][]byte{"ca.crt": append(bytes.Clone(authority.PEM), half(authority.PEM)...), "tls.crt": other.Cert, "tls.key": other.Key}, "in the middle of a certificate"},
		"one that has expired":             {files(authority, authority.Issue("late", -time.Hour)), "it expired on"},
		"nothing where the key should lie": {map[string][]byte{"ca.crt": authority.PEM, "tls.crt": other.Cert}, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			d := listen(t, wants(authority, authority.Issue("server", far)))
			certificates, folder, logged := mounted(t, authority, good)
			folder.Swap(c.files)
			for range 3 {
				if got := shows(t, certificates, d); got != "good" {
					t.Errorf("it shows %s", got)
				}
			}
			if n := strings.Count(logged.String(), "level=WARN"); n != 1 || !strings.Contains(logged.String(), c.says) {
				t.Errorf("%d warnings, want one with %q: %s", n, c.says, logged)
			}
			folder.Swap(files(authority, other))
			if got := shows(t, certificates, d); got != "other" {
				t.Errorf("what was put right is not used, but %s", got)
			}
		})
	}
}

func TestAtTheStartAWrongFileIsNamedWithItsSetting(t *testing.T) {
	empty := t.TempDir() + "/ca.crt"
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, says := range map[string]string{empty: "registry.tls.ca_file: " + empty + ": it holds no PEM certificate", "/nowhere/ca.crt": "registry.tls.ca_file: open /nowhere/ca.crt"} {
		if _, err := credentials.Load("registry.tls", config.TLS{Enabled: true, CAFile: file}, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}

func TestTheNameOfTheOtherSideIsVerified(t *testing.T) {
	authority := credentialstest.NewAuthority(t, "one")
	d := listen(t, wants(authority, authority.IssueFor("server", far, []string{"kafka.internal"})))
	folder := credentialstest.NewFolder(t, files(authority, authority.Issue("client", far)))
	settings := config.TLS{Enabled: true, CAFile: folder.Path("ca.crt"), CertFile: folder.Path("tls.crt"), KeyFile: folder.Path("tls.key")}
	strict, err := credentials.Load("kafka.tls", settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := strict.Dial(t.Context(), "tcp", d.Addr().String()); err == nil || !strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("a certificate for another name was taken: %v", err)
	}
	settings.ServerName = "kafka.internal"
	told, err := credentials.Load("kafka.tls", settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	shows(t, told, d)
}
