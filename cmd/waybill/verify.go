package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/landing"
	"waybill/internal/rights"
	"waybill/topics"
)

func (a *app) verify() *cobra.Command {
	var wait time.Duration
	cmd := verb("ask", "verify", "Prove that every record of every topic has landed, once", func(cmd *cobra.Command, _ []string) error {
		s, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(s)
		if err := s.mustLet(cmd.Context(), rights.Reader, rights.ToRead(topics.Landing()...)...); err != nil {
			return err
		}
		store, err := s.clickhouse(cmd.Context())
		if err != nil {
			return err
		}
		defer store.Close()
		p := a.printer("topic", "records", "rows", "distinct", "missing", "doubled", "superseded")
		unsound := 0
		check := landing.VerifyConfig{Kafka: s.kafka, Topics: topics.Landing(), WaitSeconds: int(wait.Seconds())}
		if wait <= 0 {
			check.WaitSeconds = -1 // not at all
		}
		err = landing.Verify(cmd.Context(), check, store, func(r landing.Report) error {
			for _, f := range r.Faults {
				a.say("%s: %s", r.Topic, f)
			}
			if !r.Sound() {
				unsound++
			}
			return p.row(r, r.Topic, r.Records, r.Rows, r.Distinct, r.Missing, r.Doubled, r.Superseded)
		})
		if err != nil {
			return err
		}
		if err := p.end(); err != nil {
			return err
		}
		if unsound > 0 {
			return fmt.Errorf("%d topics have not landed as they should", unsound)
		}
		return nil
	})
	cmd.Flags().DurationVar(&wait, "wait", 30*time.Second, "how long to wait for what is still on its way")
	stackFlags(cmd)
	return cmd
}
