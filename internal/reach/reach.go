// Package reach says how the brokers and the registry are reached with the credentials of this instance, asks whether they answer,
// within seconds, and makes one line of why something does not: what, where, why, and what to do next.
//
// Everything in it only asks: nothing is ever written.
package reach

import (
	"fmt"
	"time"
)

// Fault is why something that this instance needs can not be used.
type Fault struct {
	What  string // kafka, registry, clickhouse
	Where string // its address
	Why   string
	Next  string // what to do about it
	err   error
}

// Error is one line.
func (f *Fault) Error() string { return f.Reason() + "; " + f.Next }

// Reason is the line without what to do.
func (f *Fault) Reason() string {
	where := ""
	if f.Where != "" {
		where = " at " + f.Where
	}
	return fmt.Sprintf("%s%s: %s", f.What, where, f.Why)
}

// Unwrap is the error as it came.
func (f *Fault) Unwrap() error { return f.err }

// The limits of asking: whoever starts is told within seconds, and does not try for ever.
const (
	dialTimeout = 3 * time.Second
	AskTimeout  = 5 * time.Second // one question
)

// Target is one of what this instance talks to, in the words of its settings.
type Target struct {
	What    string // kafka, registry, clickhouse: also the section of its settings
	Address string // the key of where it is
	Login   string // the section of who we are there
	TLS     bool   // it is talked to over TLS
	User    string
}

// The targets, as the settings call them.
func Kafka(encrypted bool, user string) Target {
	return Target{What: "kafka", Address: "kafka.brokers", Login: "kafka.sasl", TLS: encrypted, User: user}
}

// Registry is the schema registry.
func Registry(encrypted bool, user string) Target {
	return Target{What: "registry", Address: "registry.url", Login: "registry", TLS: encrypted, User: user}
}

// ClickHouse is the table of everything.
func ClickHouse(encrypted bool, user string) Target {
	return Target{What: "clickhouse", Address: "clickhouse.dsn", Login: "clickhouse", TLS: encrypted, User: user}
}
