package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/internal/labels"
	"waybill/schemas"
)

func (a *app) proof() *cobra.Command {
	var out, by, why string
	cmd := verb("keep", "proof ORDER|SHIPMENT|NUMBER --out FOLDER", "Take out what proves that parcels were delivered", func(cmd *cobra.Command, args []string) error {
		if out == "" {
			return usage("give --out with the folder that the proofs go to")
		}
		if why == "" {
			return usage("say why with --why: proofs are about people, and who takes them out stands in the timeline")
		}
		by, err := whoDoes(by)
		if err != nil {
			return err
		}
		return a.takeProofs(cmd, args[0], out, schemas.Decision{Decision: schemas.DecisionViewed, By: by, Why: why})
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Writes what carriers gave to prove the delivery of an order's, or a shipment's, parcels into a folder: signatures, photos, documents. They were asked for once, when the
parcel was delivered (UPS), and are kept for labels.keep_days. Who takes them out, and why, stands in the timeline of the order.`
	cmd.Example = `  waybill proof allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --out claim-17/ --why "the buyer says that nothing came"`
	flags := cmd.Flags()
	flags.StringVar(&out, "out", "", "folder of the proofs")
	byFlag(cmd, &by)
	flags.StringVar(&why, "why", "", "why; no personal data")
	stackFlags(cmd)
	return cmd
}

// takenProof is a proof that was written to a file.
type takenProof struct {
	ShipmentID string `json:"shipment_id"`
	Number     string `json:"tracking_number"`
	Kind       string `json:"kind"`
	File       string `json:"file"`
	Bytes      int64  `json:"bytes"`
	SHA256     string `json:"sha256"`
	content    []byte
}

// takeProofs writes who takes them out down before anybody has them.
func (a *app) takeProofs(cmd *cobra.Command, id, out string, view schemas.Decision) error {
	ctx := cmd.Context()
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	parcels, err := stack.parcelsOf(ctx, id)
	if err != nil {
		return err
	}
	tables, err := stack.clickhouse(ctx)
	if err != nil {
		return err
	}
	defer tables.Close()
	proven, taken, err := stack.proofs(ctx, tables, parcels, out)
	if err != nil {
		return err
	}
	if len(taken) == 0 {
		return fmt.Errorf("there is nothing that proves a delivery of %s: it is not delivered, its carrier gives nothing, or does so later; 'waybill track %s' shows what is known", id, id)
	}
	if err := stack.decide(ctx, proven, view); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return fmt.Errorf("make the folder for the proofs: %w", err)
	}
	p := a.printer("shipment", "number", "kind", "file", "bytes")
	for i := range taken {
		one := &taken[i]
		if err := os.WriteFile(one.File, one.content, 0o600); err != nil {
			return fmt.Errorf("write the %s of parcel %s: %w", one.Kind, one.Number, err)
		}
		if err := p.row(one, one.ShipmentID, one.Number, one.Kind, one.File, one.Bytes); err != nil {
			return err
		}
	}
	return p.end()
}

// proofs are those of parcels, out of the label store, and the parcels that have one.
func (s *stack) proofs(ctx context.Context, tables *clickhouse.ClickHouse, parcels []onItsWay, out string) (proven []onItsWay, taken []takenProof, err error) {
	store, err := openLabels(s.config)
	if err != nil {
		return nil, nil, err
	}
	defer store.Close()
	for _, parcel := range parcels {
		kept, err := tables.Proofs(ctx, parcel.orderID, parcel.carrier, parcel.number)
		if err != nil {
			return nil, nil, err
		}
		for i, one := range kept {
			content, err := store.Get(ctx, labels.Proof, one.SHA256)
			if err != nil {
				return nil, nil, fmt.Errorf("the %s of parcel %s: %w", one.Kind, parcel.number, err)
			}
			name := fmt.Sprintf("%s-%d-%s%s", filepath.Base(parcel.number), i+1, one.Kind, suffixOf(one.Type))
			taken = append(taken, takenProof{parcel.shipmentID, parcel.number, one.Kind, filepath.Join(out, name), one.Bytes, one.SHA256, content})
		}
		if len(kept) > 0 {
			proven = append(proven, parcel)
		}
	}
	return proven, taken, nil
}

// suffixOf is how the name of a file ends whose content is of that type.
func suffixOf(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	if suffix, is := map[string]string{
		"image/gif": ".gif", "image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf", "text/html": ".html", "text/plain": ".txt",
	}[kind]; is {
		return suffix
	}
	return ".bin"
}
