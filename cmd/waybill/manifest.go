package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/printers"
	"waybill/internal/config"
	"waybill/internal/paper"
	"waybill/schemas"
	"waybill/topics"
)

// handing is what a person hands over to a carrier's driver.
type handing struct {
	carrier string
	since   time.Duration
	only    bool // look, and say nothing
	reprint
}

func (a *app) manifest() *cobra.Command {
	var h handing
	cmd := verb("keep", "manifest --carrier CARRIER --by NAME", "Hand over what has its label to a carrier's driver, once, and write the list that the driver signs", func(cmd *cobra.Command, _ []string) error {
		return a.handOver(cmd, h)
	})
	cmd.Long = `Lists each shipment of an account of a carrier that has all of its labels, none of them taken back, and has not left; writes the list as PDF; and puts on record
that they are handed over. What is handed over is on no second list, is not taken back, and its labels are printed again only with --although-it-left.`
	cmd.Example = `  waybill manifest --carrier dhl --dry-run
  waybill manifest --carrier dhl --out dhl-2026-11-23.pdf --by ben`
	flags := cmd.Flags()
	flags.StringVar(&h.carrier, "carrier", "", "the account of the carrier that fetches")
	flags.StringVar(&h.out, "out", "", "file that the list goes to")
	flags.StringVar(&h.reprint.printer, "printer", "", "printer that prints it")
	flags.DurationVar(&h.wait, "wait", 30*time.Second, "how long to try a printer that is off or jammed")
	flags.DurationVar(&h.since, "since", 72*time.Hour, "how long ago labels may have come; older ones are named, and stay")
	flags.BoolVar(&h.only, "dry-run", false, "list them only")
	byFlag(cmd, &h.by)
	_ = cmd.MarkFlagRequired("carrier") // the flag is ours
	stackFlags(cmd)
	return cmd
}

// handedOver is a shipment on the list, as it is printed.
type handedOver struct {
	ShipmentID string   `json:"shipment_id"`
	OrderID    string   `json:"order_id"`
	Carrier    string   `json:"carrier"`
	Numbers    []string `json:"numbers"`
	Grams      int64    `json:"grams"`
	By         string   `json:"by"`
	DryRun     bool     `json:"dry_run,omitempty"`
}

func (a *app) handOver(cmd *cobra.Command, h handing) (err error) {
	ctx := cmd.Context()
	if h.by, err = whoDoes(h.by); err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	if known := carriersNamed(stack.config); !slices.Contains(known, h.carrier) {
		return usage("--carrier %s: no such account of a carrier; there are: %s", h.carrier, strings.Join(known, ", "))
	}
	var printer printers.Printer
	if h.reprint.printer != "" {
		if printer, err = printerNamed(stack.config, h.reprint.printer); err != nil {
			return err
		}
	}
	now := time.Now()
	waiting, older, err := stack.labelledAt(ctx, h.carrier, schemas.At(now.Add(-h.since)))
	if err != nil {
		return err
	}
	if older > 0 {
		a.say("%d shipments have had their labels for longer than %s and have not left: 'waybill shipments --carrier %s' names them, a longer --since takes them along", older, h.since, h.carrier)
	}
	if len(waiting) == 0 {
		a.say("nothing is to be handed over to %s", h.carrier)
		return nil
	}
	if !h.only {
		if err := a.writeManifest(ctx, stack, printer, h, waiting, now); err != nil {
			return err
		}
		if err := stack.store(ctx, leaving(waiting, h.by, now)); err != nil {
			return fmt.Errorf("put on record what is handed over, which was not done: %w", err)
		}
	}
	return a.printHandedOver(h, waiting)
}

func (a *app) printHandedOver(h handing, waiting []schemas.Shipment) error {
	p := a.printer("shipment", "order", "numbers", "grams")
	parcels := 0
	for _, s := range waiting {
		one := handedOver{ShipmentID: s.ShipmentID, OrderID: s.OrderID, Carrier: s.Carrier, By: h.by, DryRun: h.only}
		for _, parcel := range s.Parcels {
			one.Numbers = append(one.Numbers, parcel.Number)
			one.Grams += parcel.Grams
		}
		parcels += len(s.Parcels)
		if err := p.row(one, one.ShipmentID, one.OrderID, strings.Join(one.Numbers, " "), one.Grams); err != nil {
			return err
		}
	}
	if !h.only {
		a.say("%d parcels in %d shipments are handed over to %s", parcels, len(waiting), h.carrier)
	}
	return p.end()
}

// writeManifest writes the list, before anything is on record: without it nobody signs.
func (a *app) writeManifest(ctx context.Context, stack *stack, printer printers.Printer, h handing, waiting []schemas.Shipment, now time.Time) error {
	if h.out == "" && printer == nil {
		return nil
	}
	from, _ := senderOf(stack.config.Parties[h.carrier].Settings) // a list without a sender is one too
	list, err := paper.Manifest(paper.Handover{Carrier: h.carrier, At: now, By: h.by, From: from, Shipments: waiting})
	if err != nil {
		return fmt.Errorf("write the list for %s: %w", h.carrier, err)
	}
	if h.out != "" {
		if err := os.WriteFile(h.out, list, 0o600); err != nil {
			return fmt.Errorf("write the list for %s: %w", h.carrier, err)
		}
	}
	if printer == nil {
		return nil
	}
	if err := a.send(ctx, printer, printers.Job{Name: "manifest " + h.carrier, Format: schemas.LabelPDF, Content: list}, h.reprint); err != nil {
		return fmt.Errorf("print the list for %s at %s: %w", h.carrier, h.reprint.printer, err)
	}
	return nil
}

// leaving are the words that shipments are handed over.
func leaving(waiting []schemas.Shipment, by string, now time.Time) (words []topics.Message) {
	for _, s := range waiting {
		s.State, s.Reason, s.Text, s.At, s.By, s.Warnings = schemas.ShipmentHandedOver, "", "", schemas.At(now), by, nil
		words = append(words, topics.Message{Topic: topics.Shipments, Key: s.OrderID, Value: &s, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(s.OrderID)}}})
	}
	return words
}

// labelledAt are the shipments of a carrier that have all of their labels and have not left, by their names; and how many there are whose labels
// are older.
func (s *stack) labelledAt(ctx context.Context, carrier string, since schemas.Millis) (waiting []schemas.Shipment, older int, err error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, 0, err
	}
	lives := map[string]*shipmentLife{}
	err = s.readTopic(ctx, topics.Shipments, func(r *kgo.Record) error {
		one := new(schemas.Shipment)
		if err := registry.Decode(ctx, schemas.ShipmentSchema, r.Value, one); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		one.To = nil
		life := lives[one.ShipmentID]
		if life == nil {
			life = newLife()
			lives[one.ShipmentID] = life
		}
		if life.take(one); life.left { // there is nothing more to know of it
			*life = shipmentLife{last: life.last, left: true, over: life.over, printed: map[string]int{}}
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for _, life := range lives {
		whole, is := life.whole()
		switch {
		case !is || whole.Carrier != carrier:
		case whole.At < since:
			older++
		default:
			waiting = append(waiting, *whole)
		}
	}
	slices.SortFunc(waiting, func(a, b schemas.Shipment) int { return cmp.Compare(a.ShipmentID, b.ShipmentID) })
	return waiting, older, nil
}

// whole is a shipment with the parcels of all its parts, if each of them has its labels, none was taken back, and it has not left.
func (l *shipmentLife) whole() (*schemas.Shipment, bool) {
	if l.left || l.over[l.last.Generation] != nil {
		return nil, false
	}
	var whole schemas.Shipment
	seen := map[int64]bool{}
	for _, s := range l.labelled {
		if s.Generation != l.last.Generation || seen[s.Part] {
			continue
		}
		seen[s.Part] = true
		parcels := append(whole.Parcels, s.Parcels...)
		since := max(whole.At, s.At)
		whole = *s
		whole.Parcels, whole.At = parcels, since
	}
	isWhole := len(seen) > 0 && int64(len(seen)) == whole.Parts
	whole.Part = 0
	return &whole, isWhole
}

// carriersNamed are the accounts of carriers, whether they can be called from here or not.
func carriersNamed(c *config.Config) (names []string) {
	for name, p := range c.Parties {
		if p.Carrier != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
