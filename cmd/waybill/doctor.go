package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/internal/embedded/engine"
)

// finding is the answer to one of doctor's questions.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do about it
}

func (a *app) doctor() *cobra.Command {
	cmd := verb("keep", "doctor", "Check everything that a run needs, and say what to do about what is missing", func(cmd *cobra.Command, _ []string) error {
		ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
		defer cancel()
		failed := 0
		for f := range a.examine(ctx, cmd) {
			if !f.OK {
				failed++
			}
			if err := a.printFinding(f); err != nil {
				return err
			}
		}
		if failed > 0 {
			return fmt.Errorf("%d of the checks failed", failed)
		}
		return nil
	})
	stackFlags(cmd)
	return cmd
}

func (a *app) printFinding(f finding) error {
	if a.output == "json" {
		return a.json(f)
	}
	mark := "ok  "
	if !f.OK {
		mark = "FAIL"
	}
	if _, err := fmt.Fprintf(a.stdout, "%s  %-14s %s\n", mark, f.Check, f.Detail); err != nil || f.OK {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "%20s → %s\n", "", f.Next)
	return err
}

// examine asks one question after the other. What an answer needs is asked before it.
func (a *app) examine(ctx context.Context, cmd *cobra.Command) func(func(finding) bool) {
	return func(yield func(finding) bool) {
		c, err := a.settings(cmd)
		if !yield(judge("configuration", err, "every key is known and in bounds", "mend it; 'waybill config explain' lists all settings")) || err != nil {
			return
		}
		if !yield(parties(c)) || !yield(doorsOf(c)) {
			return
		}
		if len(c.Kafka.Brokers) == 0 {
			library, err := engine.LibraryPath()
			if c.Embedded.Libchdb != "" {
				library, err = c.Embedded.Libchdb, nil
			}
			if !yield(judge("libchdb", err, library, "run 'make fetch'")) || err != nil {
				return
			}
			if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
				yield(judge("data", nil, fmt.Sprintf("%s is not there yet; 'waybill up' makes it", c.Data), ""))
				return
			}
		}
		s, err := a.open(cmd)
		if !yield(judge("stack", err, describe(c, s), "look at the reason above; is another instance running on the folder?")) || err != nil {
			return
		}
		defer a.close(s)
		for _, check := range []func(context.Context, *stack) finding{brokersAnswer, registryAnswers, engineAnswers, isProvisioned, clockAgrees} {
			if !yield(check(ctx, s)) {
				return
			}
		}
	}
}

func judge(check string, err error, detail, next string) finding {
	if err != nil {
		return finding{Check: check, Detail: err.Error(), Next: next}
	}
	return finding{Check: check, OK: true, Detail: detail}
}

func parties(c *config.Config) finding {
	_, _, err := openParties(c)
	return judge("parties", err, fmt.Sprintf("%d configured", len(c.Parties)), fmt.Sprintf("name a channel that there is: %v", marketplaces.Channels()))
}

// doorsOf says who may knock where. A shut door is no fault, but one that strangers reach and that nobody can open is a slip.
func doorsOf(c *config.Config) finding {
	var signed, shut []string
	for _, name := range slices.Sorted(maps.Keys(c.Parties)) {
		settings := c.Parties[name].Settings
		if settings[connectors.SettingWebhookSecret] != "" {
			signed = append(signed, name)
		}
		if settings[connectors.SettingToken] == "" && !isLoopback(c.Listen) {
			shut = append(shut, name)
		}
	}
	detail := fmt.Sprintf("%s; webhooks of: %s", c.Listen, orNobody(signed))
	if len(shut) == 0 {
		return judge("doors", nil, detail, "")
	}
	return judge("doors", fmt.Errorf("%s is no loopback, and no token is set for %s: their feeds and orders are refused", c.Listen, strings.Join(shut, ", ")), "",
		"set parties.NAME.settings.token_file, or the token itself in the environment")
}

func orNobody(names []string) string {
	if len(names) == 0 {
		return "nobody, for want of a webhook_secret"
	}
	return strings.Join(names, ", ")
}

func describe(c *config.Config, s *stack) string {
	switch {
	case s == nil:
		return ""
	case s.running != nil:
		return fmt.Sprintf("an instance runs on %s (pid %d)", c.Data, s.running.PID)
	case s.own != nil:
		return fmt.Sprintf("no instance runs on %s; opened it for this check", c.Data)
	}
	return "a cluster"
}

func brokersAnswer(ctx context.Context, s *stack) finding {
	detail := ""
	err := s.admin(func(admin *kadm.Client) error {
		metadata, err := admin.BrokerMetadata(ctx)
		detail = fmt.Sprintf("%d at %v", len(metadata.Brokers), s.brokers)
		return err
	})
	return judge("kafka", err, detail, "check kafka.brokers, TLS and SASL; is the cluster up?")
}

func registryAnswers(ctx context.Context, s *stack) finding {
	registry, err := s.schemas()
	if err == nil {
		_, _, _, err = registry.Registered(ctx, "orders.raw-value")
	}
	return judge("registry", err, s.registry, "check registry.url; is it up?")
}

func engineAnswers(ctx context.Context, s *stack) finding {
	store, err := s.clickhouse(ctx)
	version := ""
	if err == nil {
		defer store.Close()
		err = store.Query(ctx, "SELECT version() AS v", func(_ []string, values []any) error {
			version = fmt.Sprintf("version %v", values[0])
			return nil
		})
	}
	return judge("clickhouse", err, version, "check clickhouse.dsn; is it up?")
}

func isProvisioned(ctx context.Context, s *stack) finding {
	lines, err := s.pending(ctx)
	if err == nil && len(lines) > 0 {
		err = fmt.Errorf("%d things are missing or differ, the first: %s", len(lines), lines[0])
	}
	return judge("provisioned", err, "topics, subjects and tables are as declared", "run 'waybill provision'; with --dry-run it shows what it would do")
}

// clockDriftMax is how far a clock may be off before times in the audit mislead.
const clockDriftMax = 5 * time.Second

func clockAgrees(ctx context.Context, s *stack) finding {
	store, err := s.clickhouse(ctx)
	var drift time.Duration
	if err == nil {
		defer store.Close()
		err = store.Query(ctx, "SELECT toUnixTimestamp64Milli(now64(3)) AS now", func(_ []string, values []any) error {
			var millis int64
			_, err := fmt.Sscan(fmt.Sprint(values[0]), &millis)
			drift = time.Since(time.UnixMilli(millis)).Abs()
			return err
		})
	}
	if err == nil && drift > clockDriftMax {
		err = fmt.Errorf("this clock and ClickHouse's are %s apart", drift.Round(time.Second))
	}
	return judge("clock", err, "agrees with ClickHouse's", "set the clocks by NTP")
}
