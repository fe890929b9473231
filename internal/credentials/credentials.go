// Package credentials keeps what this instance shows to those it talks to, and whom it trusts: certificates, keys, authorities and
// passwords. Their files are read again for every new connection. What was exchanged on disk is used by the next one; what is half
// written or wrong is reported, and the last good one stays.
//
// It knows no protocol: who dials asks it for a certificate or a password.
package credentials

import (
	"errors"
	"log/slog"

	"waybill/internal/config"
)

// All are the credentials for everything that this instance talks to.
type All struct {
	Kafka, Registry, ClickHouse Login
	log                         *slog.Logger
}

// Login is how one connection is made. The zero Login is plain text and shows nothing.
type Login struct {
	User         string
	Password     *Password
	Certificates *Certificates // nil: not encrypted
}

// None are those of what runs on this machine, behind loopback.
func None() *All { return &All{log: slog.New(slog.DiscardHandler)} }

// Open reads every file that the settings name. At the start nothing stands in for one that is wrong.
func Open(c *config.Config, log *slog.Logger) (*All, error) {
	all := &All{
		Kafka:      Login{User: c.Kafka.SASL.User, Password: newPassword("kafka.sasl.password_file", c.Kafka.SASL.Password, c.Kafka.SASL.PasswordFile, log)},
		Registry:   Login{User: c.Registry.User, Password: newPassword("registry.password_file", c.Registry.Password, c.Registry.PasswordFile, log)},
		ClickHouse: Login{User: c.ClickHouse.User, Password: newPassword("clickhouse.password_file", c.ClickHouse.Password, c.ClickHouse.PasswordFile, log)},
		log:        log,
	}
	var faults []error
	encrypt := func(wanted bool, name string, files config.TLS, of *Login) {
		if !wanted {
			return
		}
		var err error
		of.Certificates, err = Load(name, files, log)
		faults = append(faults, err)
	}
	encrypt(c.Kafka.TLS.Enabled, "kafka.tls", c.Kafka.TLS, &all.Kafka)
	encrypt(c.Registry.Encrypted(), "registry.tls", c.Registry.TLS, &all.Registry)
	encrypt(c.ClickHouse.Encrypted(), "clickhouse.tls", c.ClickHouse.TLS, &all.ClickHouse)
	return all, errors.Join(faults...)
}

// logins are those that there are.
func (a *All) logins() []Login { return []Login{a.Kafka, a.Registry, a.ClickHouse} }

// Expiries is when each certificate that was read ends.
func (a *All) Expiries() []Expiry {
	var all []Expiry
	for _, l := range a.logins() {
		if l.Certificates != nil {
			all = append(all, l.Certificates.Expiries()...)
		}
	}
	return all
}

// Faults are the files that are wrong now, so that the last good ones stand in for them.
func (a *All) Faults() []error {
	var all []error
	for _, l := range a.logins() {
		if l.Certificates != nil {
			l.Certificates.reload()
			all = append(all, l.Certificates.report.fault())
		}
		if l.Password != nil {
			l.Password.Now()
			all = append(all, l.Password.report.fault())
		}
	}
	var faults []error
	for _, err := range all {
		if err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}
