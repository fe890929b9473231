package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/labels"
	"waybill/schemas"
	"waybill/topics"
)

// reprint is what a person wants of the labels of an order, a shipment or a parcel.
type reprint struct {
	out, by, station, why string
	left, again           bool
}

func (a *app) label() *cobra.Command {
	var r reprint
	cmd := verb("keep", "label ORDER|SHIPMENT|NUMBER --out FILE|FOLDER", "Print labels again from the label store, without any call to a carrier", func(cmd *cobra.Command, args []string) error {
		if r.again {
			return a.buyAgain(cmd, args[0], r)
		}
		return a.printLabels(cmd, args[0], r)
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Writes the labels of an order, of a shipment or of the parcel with a tracking number to a file, or each to its own file in a folder, as the carrier sent
them. Nothing is bought. Each time is on record: ORIGINAL the first, then REPRINT 1, 2 and so on. A label that was taken back, or whose address
has changed since, is refused. --buy-again is another thing: it has the label taken back and another bought.`
	cmd.Example = `  waybill label allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --out labels/
  waybill label 00340434161094042557 --out label.pdf --station pack-3 --why "the printer jammed"
  waybill label allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6#SO17 --buy-again --why "the parcel was crushed"`
	flags := cmd.Flags()
	flags.StringVar(&r.out, "out", "", "file of the one label, or folder of all")
	flags.StringVar(&r.by, "by", "", "who is on record for it (default: the user of this machine)")
	flags.StringVar(&r.station, "station", "", "where it is printed")
	flags.StringVar(&r.why, "why", "", "why; no personal data")
	flags.BoolVar(&r.left, "although-it-left", false, "print the label of a shipment that has left")
	flags.BoolVar(&r.again, "buy-again", false, "take the label of a shipment back, and buy another")
	stackFlags(cmd)
	return cmd
}

// printedLabel is a label that was written to a file.
type printedLabel struct {
	ShipmentID string `json:"shipment_id"`
	Number     string `json:"number"`
	Copy       string `json:"copy"` // ORIGINAL or REPRINT n
	File       string `json:"file"`
	Format     string `json:"format"`
	Bytes      int    `json:"bytes"`
	SHA256     string `json:"sha256"`
}

func (a *app) printLabels(cmd *cobra.Command, id string, r reprint) error {
	if r.out == "" {
		return usage("--out: give the file or the folder that the labels go to")
	}
	by, err := whoDoes(r.by)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	known, err := stack.shipmentsOf(cmd.Context(), id)
	if err != nil {
		return err
	}
	chosen, err := known.labels(id, r.left)
	if err != nil {
		return err
	}
	store, err := openLabels(stack.config)
	if err != nil {
		return err
	}
	defer store.Close()
	var events []topics.Message
	var contents [][]byte
	for i := range chosen {
		content, err := store.Get(cmd.Context(), labels.Label, chosen[i].parcel.LabelSHA256)
		if err != nil {
			return fmt.Errorf("the label of parcel %s: %w", chosen[i].parcel.Number, err)
		}
		contents = append(contents, content)
		s := *chosen[i].of
		s.State, s.Text, s.Reason, s.At, s.By, s.Why, s.Warnings = schemas.ShipmentPrinted, chosen[i].copy(), "", schemas.At(time.Now()), by, r.why, nil
		s.Parcels = []schemas.ShipmentParcel{chosen[i].parcel}
		if r.station != "" {
			s.Text += " at " + r.station
		}
		events = append(events, topics.Message{Topic: topics.Shipments, Key: s.OrderID, Value: &s, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(s.OrderID)}}})
	}
	if err := stack.store(cmd.Context(), events); err != nil {
		return err
	}
	return a.writeLabels(r.out, chosen, contents)
}

// writeLabels writes each label to a file, and prints which.
func (a *app) writeLabels(out string, chosen []labelOf, contents [][]byte) error {
	at, err := os.Stat(out)
	isFolder := err == nil && at.IsDir() || len(chosen) > 1 || os.IsPathSeparator(out[len(out)-1])
	if isFolder {
		if err := os.MkdirAll(out, 0o700); err != nil {
			return fmt.Errorf("make the folder for the labels: %w", err)
		}
	}
	p := a.printer("shipment", "number", "copy", "file", "bytes")
	for i, one := range chosen {
		file := out
		if isFolder {
			file = filepath.Join(out, filepath.Base(one.parcel.Number)+"."+one.parcel.LabelFormat)
		}
		if err := os.WriteFile(file, contents[i], 0o600); err != nil {
			return fmt.Errorf("write the label of parcel %s: %w", one.parcel.Number, err)
		}
		printed := printedLabel{one.of.ShipmentID, one.parcel.Number, one.copy(), file, one.parcel.LabelFormat, len(contents[i]), one.parcel.LabelSHA256}
		if err := p.row(printed, printed.ShipmentID, printed.Number, printed.Copy, printed.File, printed.Bytes); err != nil {
			return err
		}
	}
	return p.end()
}

// buyAgain asks for another label of a shipment. The one that was bought is taken back first.
func (a *app) buyAgain(cmd *cobra.Command, id string, r reprint) error {
	if r.why == "" {
		return usage("--why: say why another label is to be bought: it is on record with you")
	}
	by, err := whoDoes(r.by)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	known, err := stack.shipmentsOf(cmd.Context(), id)
	if err != nil {
		return err
	}
	s, err := known.only(id)
	if err != nil {
		return err
	}
	wish := *s
	wish.State, wish.Reason, wish.Text, wish.Part, wish.Parts, wish.At, wish.By, wish.Why = schemas.ShipmentAgain, schemas.HeldAgain, "", 0, 0, schemas.At(time.Now()), by, r.why
	wish.Parcels, wish.To = nil, nil
	if err := stack.store(cmd.Context(), []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: &wish}}); err != nil {
		return err
	}
	a.say("shipment %s gets another label: 'waybill order %s' shows when", s.ShipmentID, s.OrderID)
	return nil
}

// shipmentsOf is all that is known of what an order id, the name of a shipment or a tracking number names.
func (s *stack) shipmentsOf(ctx context.Context, id string) (*shipmentHistory, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	h := &shipmentHistory{}
	numbered := map[string]bool{} // shipments with that number
	var all []*schemas.Shipment
	err = s.readTopic(ctx, topics.Shipments, func(r *kgo.Record) error {
		one := new(schemas.Shipment)
		if err := registry.Decode(ctx, schemas.ShipmentSchema, r.Value, one); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		for _, p := range one.Parcels {
			if p.Number == id {
				numbered[one.ShipmentID] = true
			}
		}
		one.To = nil
		all = append(all, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.OrderID == id || one.ShipmentID == id || numbered[one.ShipmentID] {
			h.take(one)
		}
	}
	if len(h.shipments) == 0 {
		return nil, errors.New("no shipment of that name is known, nor a parcel of that number: give an order id, a shipment as ORDER#REF, or a tracking number")
	}
	return h, nil
}
