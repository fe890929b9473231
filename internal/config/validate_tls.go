package config

import (
	"fmt"
	"net/url"
	"strings"
)

// checkEncryption finds what contradicts itself in how the three connections are encrypted.
func (c *Config) checkEncryption() []error {
	var faults []error
	wrong := func(bad bool, name, format string, args ...any) {
		if bad {
			faults = append(faults, c.blame(name, fmt.Errorf(format, args...)))
		}
	}
	for _, of := range []struct {
		name string
		tls  TLS
	}{{"kafka.tls", c.Kafka.TLS}, {"registry.tls", c.Registry.TLS}, {"clickhouse.tls", c.ClickHouse.TLS}} {
		wrong((of.tls.CertFile == "") != (of.tls.KeyFile == ""), of.name+".cert_file",
			"%s.cert_file and %s.key_file go together: one of them is missing", of.name, of.name)
		wrong(!of.tls.Enabled && of.tls != TLS{}, of.name+".enabled", "%s is filled in but %s.enabled is false", of.name, of.name)
	}
	for _, of := range []struct {
		name, address string
		tls           TLS
	}{{"registry", c.Registry.URL, c.Registry.TLS}, {"clickhouse", c.ClickHouse.DSN, c.ClickHouse.TLS}} {
		wrong(of.tls.Enabled && strings.HasPrefix(of.address, "http://"), of.name+".tls.enabled",
			"%s.tls.enabled is true, but the address begins with http://: say https://", of.name)
	}
	wrong(skipsVerification(c.ClickHouse.DSN), "clickhouse.dsn",
		"clickhouse.dsn says skip_verify, but a certificate is always verified: name its authority in clickhouse.tls.ca_file")
	return faults
}

func skipsVerification(dsn string) bool {
	parsed, err := url.Parse(dsn)
	return err == nil && parsed.Query().Has("skip_verify") && parsed.Query().Get("skip_verify") != "false"
}

// Encrypted says whether ClickHouse is reached over TLS: the settings, the scheme or the address's own secure=true say so.
func (c ClickHouse) Encrypted() bool {
	parsed, err := url.Parse(c.DSN)
	return c.TLS.Enabled || err == nil && (parsed.Scheme == "https" || parsed.Query().Get("secure") == "true")
}

// Encrypted says whether the registry is reached over TLS.
func (r Registry) Encrypted() bool { return r.TLS.Enabled || strings.HasPrefix(r.URL, "https://") }
