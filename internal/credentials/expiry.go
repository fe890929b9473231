package credentials

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"time"
)

// Expiry is when one certificate ends.
type Expiry struct {
	Setting  string // the key that names its file
	Subject  string
	NotAfter time.Time
	life     time.Duration
}

// Soon says whether it is time to exchange it: a third of its life is left, and no more than a month. Certificates that live a day
// are not complained of all day.
func (e Expiry) Soon(now time.Time) bool {
	return e.NotAfter.Sub(now) < min(soonDaysMax*24*time.Hour, e.life/3)
}

const soonDaysMax = 30

// String is for people: kafka.tls.cert_file (CN=doors) ends on 2026-12-01, 9 days left.
func (e Expiry) String() string { return e.At(time.Now()) }

// At says it as of a time.
func (e Expiry) At(now time.Time) string {
	left := e.NotAfter.Sub(now)
	switch {
	case left < 0:
		return fmt.Sprintf("%s (%s) expired on %s", e.Setting, e.Subject, day(e.NotAfter))
	case left < 48*time.Hour:
		return fmt.Sprintf("%s (%s) ends at %s, %d hours left", e.Setting, e.Subject, e.NotAfter.UTC().Format(time.RFC3339), int(left.Hours()))
	}
	return fmt.Sprintf("%s (%s) ends on %s, %d days left", e.Setting, e.Subject, day(e.NotAfter), int(left.Hours()/24))
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Expiries is when the certificate that is shown ends, and the first of those that are trusted.
func (c *Certificates) Expiries() []Expiry {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.expiries()
}

func (c *Certificates) expiries() []Expiry {
	var all []Expiry
	if c.good.pair != nil {
		all = append(all, expiryOf(c.name+".cert_file", c.good.pair.Leaf))
	}
	if len(c.good.authorities) > 0 {
		first := c.good.authorities[0]
		for _, other := range c.good.authorities {
			if other.NotAfter.Before(first.NotAfter) {
				first = other
			}
		}
		all = append(all, expiryOf(c.name+".ca_file", first))
	}
	return all
}

func expiryOf(setting string, c *x509.Certificate) Expiry {
	return Expiry{Setting: setting, Subject: cmp.Or(c.Subject.String(), "without a subject"), NotAfter: c.NotAfter, life: c.NotAfter.Sub(c.NotBefore)}
}
