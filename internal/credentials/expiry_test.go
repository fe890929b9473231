package credentials_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"waybill/internal/config"
	"waybill/internal/credentials"
	"waybill/internal/credentials/credentialstest"
)

func TestACertificateIsWarnedOfWhenAThirdOfItsLifeIsLeft(t *testing.T) {
	authority := credentialstest.NewAuthority(t, "one")
	for left, soon := range map[time.Duration]bool{
		200 * 24 * time.Hour: false, 20 * time.Hour: false, 11 * time.Hour: true, -time.Hour: true, // of lives that began a day ago
	} {
		folder := credentialstest.NewFolder(t, files(authority, authority.Issue("client", left)))
		c, err := credentials.Load("kafka.tls", config.TLS{Enabled: true, CertFile: folder.Path("tls.crt"), KeyFile: folder.Path("tls.key")}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Expiries()[0].Soon(time.Now()); got != soon {
			t.Errorf("%s left: soon is %v", left, got)
		}
	}
}

func TestDaysAreCountedForPeople(t *testing.T) {
	end := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	e := credentials.Expiry{Setting: "kafka.tls.cert_file", Subject: "CN=doors", NotAfter: end}
	for at, want := range map[time.Time]string{
		end.Add(-10*24*time.Hour - time.Minute): "kafka.tls.cert_file (CN=doors) ends on 2026-12-24, 10 days left",
		end.Add(-5*time.Hour - time.Minute):     "kafka.tls.cert_file (CN=doors) ends at 2026-12-24T12:00:00Z, 5 hours left",
		end.Add(time.Hour):                      "kafka.tls.cert_file (CN=doors) expired on 2026-12-24",
	} {
		if got := e.At(at); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// heard is a log that a test reads while it is written.
type heard struct {
	mu   sync.Mutex
	text strings.Builder
}

func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

func TestWhileNobodyConnectsAWrongFileAndACertificateThatEndsAreToldOf(t *testing.T) {
	authority := credentialstest.NewAuthority(t, "one")
	dir := t.TempDir()
	secret := filepath.Join(dir, "password")
	for name, text := range map[string][]byte{secret: []byte("hunter2\n"), filepath.Join(dir, "ca.crt"): authority.PEM} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := config.Defaults()
	c.Kafka.TLS = config.TLS{Enabled: true, CAFile: filepath.Join(dir, "ca.crt")}
	c.Kafka.SASL = config.SASL{Mechanism: "plain", User: "doors", Password: "hunter2", PasswordFile: secret}
	synctest.Test(t, func(t *testing.T) { // which begins in the year 2000: nothing has expired, and days pass at once
		logged := &heard{}
		all, err := credentials.Open(c, slog.New(slog.NewTextHandler(logged, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		watching.Go(func() { _ = all.Watch(ctx) })
		if err := os.WriteFile(secret, nil, 0o600); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := strings.Count(logged.String(), "kafka.sasl.password_file"); n != 1 {
			t.Errorf("told %d times: %s", n, logged)
		}
		if n := testutil.CollectAndCount(all); n != 2 {
			t.Errorf("%d metrics", n)
		}
		stop()
		watching.Wait()
		if strings.Contains(logged.String(), "hunter2") || all.Kafka.Password.Now() != "hunter2" {
			t.Errorf("the password is lost or shown: %s", logged)
		}
	})
}

func TestAPasswordThatWasExchangedIsTheNextOneShown(t *testing.T) {
	folder := credentialstest.NewFolder(t, map[string][]byte{"password": []byte("first\n")})
	c := config.Defaults()
	c.Registry = config.Registry{User: "me", Password: "first", PasswordFile: folder.Path("password")}
	all, err := credentials.Open(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, next := range []string{"second", "", "third"} {
		want := next
		if next == "" {
			want = "second"
		}
		folder.Swap(map[string][]byte{"password": []byte(next)})
		if got := all.Registry.Password.Now(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if faults := all.Faults(); (len(faults) > 0) != (next == "") {
			t.Errorf("faults of %q: %v", next, faults)
		}
	}
}
