package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/pairs"
	"waybill/schemas"
)

func (a *app) idmapExport() *cobra.Command {
	var p pairing
	var party string
	cmd := &cobra.Command{Use: "export", Short: "Print all pairs of a party, as idmap import takes them: CSV, or NDJSON with -o json", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := p.check(); err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		format := pairs.CSV
		if a.output == "json" {
			format = pairs.NDJSON
		}
		out := bufio.NewWriterSize(a.stdout, 1<<20)
		w, err := pairs.NewWriter(out, format, p.ofLinks())
		if err != nil {
			return err
		}
		of := party + "/"
		if p.ofLinks() != "" {
			of += p.kind + "/"
		}
		err = stack.pairs(cmd.Context(), p.topic(), func(key string) bool { return strings.HasPrefix(key, of) }, func(_ string, value any) error {
			if entry, is := value.(*schemas.CatalogueEntry); is {
				return w.Offer(entry)
			}
			return w.Link(value.(*schemas.Link))
		})
		if err := errors.Join(err, w.Flush(), out.Flush()); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return nil
	}
	p.flag(cmd)
	cmd.Flags().StringVar(&party, "party", "", "the configured account whose references to print")
	_ = cmd.MarkFlagRequired("party") // the flag is ours
	stackFlags(cmd)
	return cmd
}
