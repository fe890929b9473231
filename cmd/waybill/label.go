package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

// reprint is what a person wants of the labels of an order, a shipment or a parcel.
type reprint struct {
	out, by, station, why string
	printer               string
	left, again, slip     bool
	withoutPrices         bool          // on the slip
	wait                  time.Duration // for the printer
}

func (a *app) label() *cobra.Command {
	var r reprint
	cmd := verb("keep", "label ORDER|SHIPMENT|NUMBER --out FILE|FOLDER | --printer PARTY", "Print labels again from the label store, without any call to a carrier", func(cmd *cobra.Command, args []string) error {
		if r.again {
			return a.buyAgain(cmd, args[0], r)
		}
		if r.slip {
			return a.printSlip(cmd, args[0], r)
		}
		return a.printLabels(cmd, args[0], r)
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Writes the labels of an order, of a shipment or of the parcel with a tracking number to a file, or each to its own file in a folder, as the carrier sent
them; or prints them at a printer (parties.NAME.printer). Nothing is bought. Each time is on record: ORIGINAL the first, then REPRINT 1, 2 and so on; what a
printer did not take is not. A label that was taken back, or whose address has changed since, is refused. --buy-again is another thing: it has the label
taken back and another bought. --slip writes the packing slip, with a bar code of the order; the slip of a gift shows no prices.

A printer that is off or jammed is tried again until --wait is over. If nobody can know whether a label was printed, it is not sent again: look at the printer.`
	cmd.Example = `  waybill label allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --out labels/
  waybill label 00340434161094042557 --out label.pdf --station pack-3 --why "the printer jammed"
  waybill label allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --printer pack-3
  waybill label allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6#SO17 --buy-again --why "the parcel was crushed"`
	flags := cmd.Flags()
	flags.StringVar(&r.out, "out", "", "file of the one label, or folder of all")
	flags.StringVar(&r.printer, "printer", "", "printer that prints them, instead of a file")
	flags.DurationVar(&r.wait, "wait", 30*time.Second, "how long to try a printer that is off or jammed")
	byFlag(cmd, &r.by)
	flags.StringVar(&r.station, "station", "", "where it is printed")
	flags.StringVar(&r.why, "why", "", "why; no personal data")
	flags.BoolVar(&r.slip, "slip", false, "the packing slip instead: of a shipment, or of all that is ordered")
	flags.BoolVar(&r.withoutPrices, "without-prices", false, "no prices on the slip, though it is no gift")
	flags.BoolVar(&r.left, "although-it-left", false, "print the label of a shipment that has left")
	flags.BoolVar(&r.again, "buy-again", false, "take the label of a shipment back, and buy another")
	stackFlags(cmd)
	return cmd
}

// printedLabel is a label that was written to a file, or printed.
type printedLabel struct {
	ShipmentID string `json:"shipment_id"`
	Number     string `json:"number"`
	Copy       string `json:"copy"` // ORIGINAL or REPRINT n
	File       string `json:"file,omitempty"`
	Printer    string `json:"printer,omitempty"`
	Format     string `json:"format"`
	Bytes      int    `json:"bytes"`
	SHA256     string `json:"sha256"`
}

func (a *app) printLabels(cmd *cobra.Command, id string, r reprint) error {
	if (r.out == "") == (r.printer == "") {
		return usage("give --out with the file or the folder that the labels go to, or --printer with the printer")
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
	sheets, err := stack.sheets(cmd.Context(), chosen)
	if err != nil {
		return err
	}
	if r.printer != "" {
		return a.sendLabels(cmd.Context(), stack, sheets, by, r)
	}
	var events []topics.Message
	for _, one := range sheets {
		events = append(events, one.printed(by, r))
	}
	if err := stack.store(cmd.Context(), events); err != nil {
		return err
	}
	return a.writeLabels(r.out, sheets)
}

// writeLabels writes each label to a file, and prints which.
func (a *app) writeLabels(out string, sheets []sheet) error {
	at, err := os.Stat(out)
	isFolder := err == nil && at.IsDir() || len(sheets) > 1 || os.IsPathSeparator(out[len(out)-1])
	if isFolder {
		if err := os.MkdirAll(out, 0o700); err != nil {
			return fmt.Errorf("make the folder for the labels: %w", err)
		}
	}
	p := a.printer("shipment", "number", "copy", "file", "bytes")
	for _, one := range sheets {
		file := out
		if isFolder {
			file = filepath.Join(out, filepath.Base(one.parcel.Number)+"."+one.parcel.LabelFormat)
		}
		if err := os.WriteFile(file, one.content, 0o600); err != nil {
			return fmt.Errorf("write the label of parcel %s: %w", one.parcel.Number, err)
		}
		printed := one.line()
		printed.File = file
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
	s, err := known.toBuyAgain(id)
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
