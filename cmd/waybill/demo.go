package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"waybill/internal/sandbox"
	"waybill/internal/sandbox/fault"
)

// account is what a demo did, counted from the topics and, of the ERP, from its own books; lost and doubled from what was fed and from
// those books.
type account struct {
	Orders           int     `json:"orders"`
	Raw              int     `json:"raw"`
	Normalized       int     `json:"normalized"`
	Duplicates       int     `json:"duplicates"`
	Trash            int     `json:"trash"`
	Waiting          int     `json:"waiting"`
	Placed           int     `json:"placed"`
	Customers        int     `json:"customers"`         // in the ERP's books
	ERPOrders        int     `json:"erp_orders"`        // in the ERP's books
	ERPDuplicates    int     `json:"erp_duplicates"`    // in the ERP's books, beyond the first of each order
	Acknowledged     int     `json:"acknowledged"`      // orders that their channel has as accepted, by its own books
	AckLate          int     `json:"ack_late"`          // of those, accepted after they had to be
	Swept            int     `json:"swept"`             // orders that nobody told of, and that were found by asking
	Shipments        int     `json:"shipments"`         // that a label was asked for, and not taken back
	LabelsBilled     int     `json:"labels_billed"`     // in the carriers' books
	DoubleBilled     int     `json:"double_billed"`     // in the carriers' books, beyond the first of each booking
	LabelsCached     int     `json:"labels_cached"`     // in the label store
	LabelsInDoubt    int     `json:"labels_in_doubt"`   // of which only a person can tell whether they were bought
	Refused          int     `json:"refused"`           // by the carrier, or by its rules before it was asked
	Printed          int     `json:"printed"`           // labels, in the printer's books; it prints those of GLS
	PrintsInDoubt    int     `json:"prints_in_doubt"`   // of which only a person can tell whether they were printed
	ERPTracking      int     `json:"erp_tracking"`      // parcels that the ERP knows, in its books
	ChannelConfirmed int     `json:"channel_confirmed"` // parcels, or pieces in them, that their channel knows, in its books
	TrackingEvents   int     `json:"tracking_events"`   // scans of parcels, each once
	Delivered        int     `json:"delivered"`         // parcels, in the carriers' books
	Returned         int     `json:"returned"`          // parcels, in the carriers' books
	LostParcels      int     `json:"lost_parcels"`      // parcels that their carriers have lost, in their books
	ByPush           int     `json:"by_push"`           // scans that were first heard of by a push
	ByCron           int     `json:"by_cron"`           // scans that were first heard of by asking
	PushesOmitted    int     `json:"pushes_omitted"`    // scans that were never pushed, in the carriers' books
	BackwardMoves    int     `json:"backward_moves"`    // parcels that came to stand as they can not after how they stood
	Unknown          int     `json:"unknown"`           // parcels that ended otherwise, in the carriers' books, than is known
	Untold           int     `json:"untold"`            // parcels of whose end the ERP does not know, in its books
	InDoubt          int     `json:"in_doubt"`
	ReceiptsOpen     int     `json:"receipts_open"` // facts of which a party has not confirmed that it knows them
	Kills            int     `json:"kills"`         // of the pipeline
	Stops            int     `json:"stops"`         // of the pipeline's process, for longer than its session
	Rebalances       int     `json:"rebalances"`    // by a process that came, and one that went
	Replays          int     `json:"replays"`       // of everything
	Reread           int     `json:"reread"`        // payloads, by the replays
	Replayed         int     `json:"replayed"`      // orders, labels, parcels and the like that are more or less since the replays, by everybody's books
	Events           int     `json:"events"`
	AuditRows        int     `json:"audit_rows"`
	Lost             int     `json:"lost"`
	Doubled          int     `json:"doubled"`
	Elapsed          float64 `json:"elapsed_seconds"`
}

func (c account) fault() error {
	var faults []error
	wrong := func(is bool, format string, args ...any) {
		if is {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	sum := c.Normalized + c.Duplicates + c.Trash + c.Waiting
	wrong(c.Raw != sum, "%d raw records, but %d normalized + %d duplicates + %d in the trash + %d waiting = %d",
		c.Raw, c.Normalized, c.Duplicates, c.Trash, c.Waiting, sum)
	wrong(c.Events != c.AuditRows, "%d events on the topics, but %d rows in the audit", c.Events, c.AuditRows)
	wrong(c.ERPDuplicates > 0, "%d orders stand in the ERP twice", c.ERPDuplicates)
	wrong(c.ERPOrders < c.Placed || c.ERPOrders > c.Placed+c.InDoubt, "%d orders were placed, %d are in doubt, and %d stand in the ERP", c.Placed, c.InDoubt, c.ERPOrders)
	wrong(c.Shipments != c.LabelsCached+c.LabelsInDoubt+c.Refused, "%d shipments, but %d labels are kept, %d are in doubt and %d refused",
		c.Shipments, c.LabelsCached, c.LabelsInDoubt, c.Refused)
	wrong(c.DoubleBilled > 0, "%d bookings are billed twice", c.DoubleBilled)
	wrong(c.BackwardMoves > 0, "%d times a parcel came to stand as it can not after how it stood", c.BackwardMoves)
	wrong(c.Unknown > 0, "%d parcels ended otherwise than is known", c.Unknown)
	wrong(c.Untold > 0, "of the end of %d parcels the ERP does not know", c.Untold)
	wrong(c.Replayed > 0, "%d things are otherwise, by everybody's books, since everything was read once more", c.Replayed)
	wrong(c.Lost+c.Doubled > 0, "%d lost and %d doubled of what was fed", c.Lost, c.Doubled)
	return errors.Join(faults...)
}

// The share of payloads a demo adds to its orders, in per cent.
const (
	demoDuplicates = 3
	demoBroken     = 1
	demoAmendments = 5 // of a simulation; a demo counts on one version an order
)

func (a *app) demo() *cobra.Command {
	d := demonstration{app: a, options: sandbox.Options{Duplicates: demoDuplicates, Broken: demoBroken}}
	var disturbances string
	cmd := verb("run", "demo", "Feed generated orders through a stack of its own and count what came out", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		if len(c.Kafka.Brokers) > 0 {
			return usage("demo runs a stack of its own, but kafka.brokers is set")
		}
		if d.chaos, err = chaosIn(disturbances); err != nil {
			return err
		}
		if _, err := fault.Mix(d.faults); err != nil {
			return usage("--faults: %v", err)
		}
		if !cmd.Flags().Changed("data") {
			if c.Data, err = os.MkdirTemp("", "waybill-demo-"); err != nil {
				return fmt.Errorf("make a temporary folder: %w", err)
			}
			defer os.RemoveAll(c.Data)
		}
		var result account
		if err := d.run(cmd.Context(), c, func(ctx context.Context) (err error) {
			result, err = d.demonstrate(ctx)
			return err
		}); err != nil {
			return err
		}
		if err := a.report(result); err != nil {
			return err
		}
		return result.fault()
	})
	simulationFlags(cmd, &d.options)
	cmd.Flags().StringSliceVar(&d.channels, "channels", sandbox.Channels(), "channels to mix, about equally")
	cmd.Flags().StringVar(&d.faults, "faults", "", "what goes wrong at the sandbox's parties: light or heavy (default: nothing)")
	cmd.Flags().StringVar(&disturbances, "chaos", "", chaosUsage)
	cmd.Flags().String("data", "", "folder to keep the data in (default: a temporary one)")
	return cmd
}

func (a *app) report(c account) error {
	if a.output == "json" {
		return a.json(c)
	}
	_, err := fmt.Fprintf(a.stdout, `%d orders, %d payloads fed, in %.1f s, the pipeline killed %d times, stopped %d times, joined by another %d times; all read once more %d times (%d payloads): otherwise since then %d
  normalized  %8d
  duplicates  %8d
  trash       %8d
  waiting     %8d
  placed      %8d   in the ERP's books: %d orders of %d customers, %d of them twice
  acknowledged%8d   by the channels' own books; %d of them too late
  swept       %8d   nobody had told of them
  shipments   %8d   labels kept %d, in doubt %d, refused %d; the carriers bill %d, %d of them twice; the ERP knows %d parcels, the channels %d; printed %d, in doubt %d
  scans       %8d   first heard of by a push %d, by asking %d; %d were never pushed; moved backwards %d
  delivered   %8d   returned %d, lost by their carriers %d, by the carriers' books; known otherwise %d, the ERP does not know of %d
  in doubt    %8d   receipts open: %d
  events      %8d   rows in the audit %d
  lost %d, doubled %d
`, c.Orders, c.Raw, c.Elapsed, c.Kills, c.Stops, c.Rebalances, c.Replays, c.Reread, c.Replayed, c.Normalized, c.Duplicates, c.Trash, c.Waiting, c.Placed, c.ERPOrders, c.Customers, c.ERPDuplicates,
		c.Acknowledged, c.AckLate, c.Swept, c.Shipments, c.LabelsCached, c.LabelsInDoubt, c.Refused, c.LabelsBilled, c.DoubleBilled, c.ERPTracking, c.ChannelConfirmed, c.Printed, c.PrintsInDoubt,
		c.TrackingEvents, c.ByPush, c.ByCron, c.PushesOmitted, c.BackwardMoves, c.Delivered, c.Returned, c.LostParcels, c.Unknown, c.Untold, c.InDoubt, c.ReceiptsOpen, c.Events, c.AuditRows, c.Lost, c.Doubled)
	return err
}
