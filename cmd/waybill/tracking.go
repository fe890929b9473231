package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// parcelWord is what a person says of a parcel that was booked by hand.
type parcelWord struct {
	schemas.Tracking

	wait time.Duration
}

func (a *app) tracking() *cobra.Command {
	var w parcelWord
	cmd := verb("keep", "tracking ORDER --carrier CARRIER --number NUMBER", "Tell the ERP of a parcel that was booked by hand", func(cmd *cobra.Command, args []string) error {
		return a.tellTracking(cmd, args[0], w)
	})
	cmd.Args = cobra.ExactArgs(1)
	cmd.Long = `Writes to the order in the ERP what is known of a parcel: its carrier and number, where people can follow it, and how it stands. What stands there
already is not written again; of a parcel that was spoken of before, what is said last holds. It waits until the ERP has it.`
	cmd.Example = `  waybill tracking allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --carrier dpd --number 01015012345678 --by anna
  waybill tracking kaufland/M845EA5 --carrier dhl --number 00340434161094042557 --status delivered --by anna`
	flags := cmd.Flags()
	flags.StringVar(&w.Carrier, "carrier", "", "who carries it, as the ERP is to call them")
	flags.StringVar(&w.Number, "number", "", "the number that they track it by")
	flags.StringVar(&w.URL, "url", "", "where people can follow it")
	flags.StringVar(&w.LabelURL, "label", "", "where its label lies")
	flags.StringVar(&w.Status, "status", "", "how it stands, such as in_transit or delivered")
	byFlag(cmd, &w.By)
	flags.DurationVar(&w.wait, "wait", 30*time.Second, "how long to wait until the ERP has it")
	_ = cmd.MarkFlagRequired("carrier") // the flags are ours
	_ = cmd.MarkFlagRequired("number")
	stackFlags(cmd)
	return cmd
}

func (a *app) tellTracking(cmd *cobra.Command, orderID string, w parcelWord) error {
	party, ref, is := schemas.SplitOrderID(orderID)
	if !is || party == "" || ref == "" {
		return usage("order %q: an order id is PARTY/REFERENCE, such as allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6; 'waybill order --ref' finds it", orderID)
	}
	if err := w.check(); err != nil {
		return err
	}
	by, err := whoDoes(w.By)
	if err != nil {
		return err
	}
	w.By, w.At = by, schemas.At(time.Now())
	call, err := processors.TrackingCall(orderID, w.Tracking)
	if err != nil {
		return usage("%v", err)
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	ledger, err := stack.followLedger(cmd.Context(), topics.LedgerERP)
	if err != nil {
		return err
	}
	defer ledger.client.Close()
	if err := stack.store(cmd.Context(), []topics.Message{call}); err != nil {
		return err
	}
	if stack.own != nil { // nobody runs: the call is made when somebody does
		w.wait = 0
	}
	row, err := ledger.awaitEnd(cmd.Context(), call.Key, w.wait)
	if err != nil {
		return err
	}
	return a.printTold(orderID, call.Key, row)
}

// lengths of what the ERP is told, in bytes.
const (
	wordBytesMax = 200
	linkBytesMax = 2000
)

func (w *parcelWord) check() error {
	for flag, text := range map[string]string{"--carrier": w.Carrier, "--number": w.Number, "--status": w.Status} {
		if len(text) > wordBytesMax || text == "" && flag != "--status" {
			return usage("%s: give a text of at most %d bytes", flag, wordBytesMax)
		}
	}
	for flag, link := range map[string]string{"--url": w.URL, "--label": w.LabelURL} {
		at, err := url.Parse(link)
		if link != "" && (err != nil || len(link) > linkBytesMax || at.Host == "" || at.Scheme != "https" && at.Scheme != "http") {
			return usage("%s: give a link as https://…, of at most %d bytes", flag, linkBytesMax)
		}
	}
	return nil
}

// trackingTold is what became of it, as it is printed.
type trackingTold struct {
	OrderID string `json:"order_id"`
	TaskID  string `json:"task_id"`
	State   string `json:"state"` // done, dropped: something newer was said of the parcel; open, waiting, trashed
	Reason  string `json:"reason,omitempty"`
}

func (a *app) printTold(orderID, taskID string, row schemas.LedgerRow) error {
	told := trackingTold{OrderID: orderID, TaskID: taskID, State: row.State}
	if row.State != schemas.TaskDone {
		told.Reason = row.Reason
	}
	var err error
	if a.output == "json" {
		err = a.json(told)
	} else {
		_, err = fmt.Fprintf(a.stdout, "%-8s %s  %s  %s\n", told.State, told.OrderID, told.TaskID, clip(told.Reason))
	}
	switch {
	case err != nil:
		return err
	case row.State == schemas.TaskDone, row.State == schemas.TaskDropped:
		return nil
	case row.State == schemas.TaskTrashed:
		return fmt.Errorf("the ERP refused it: %s; see 'waybill trash list'", cmp.Or(row.Reason, row.Code))
	}
	return fmt.Errorf("the ERP does not have it yet: the call is kept, and made as soon as it can be; see 'waybill limits' and 'waybill order %s'", orderID)
}

// ledgerTail follows what becomes of calls at a party, from when it was opened on.
type ledgerTail struct {
	client   *kgo.Client
	registry *schemas.Registry
}

func (s *stack) followLedger(ctx context.Context, ledger *topics.Topic) (*ledgerTail, error) {
	if err := s.mustLet(ctx, rights.Reader, rights.ToRead(ledger)...); err != nil {
		return nil, err
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	probe, err := kgo.NewClient(s.kafka...)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", ledger.Name, err)
	}
	defer probe.Close()
	ends, err := unread(ctx, probe, ledger.Name)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w ('waybill provision' makes what topics there lack)", ledger.Name, err)
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{ledger.Name: {0: kgo.NewOffset().At(ends[0])}}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", ledger.Name, err)
	}
	return &ledgerTail{client, registry}, nil
}

// awaitEnd waits until a call has come to an end or to a person, and is how it stands then, or when the time is over.
func (l *ledgerTail) awaitEnd(ctx context.Context, taskID string, wait time.Duration) (schemas.LedgerRow, error) {
	row := schemas.LedgerRow{State: schemas.TaskOpen}
	until, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for until.Err() == nil {
		for r := range l.client.PollFetches(until).RecordsAll() {
			if string(r.Key) != taskID {
				continue
			}
			row = schemas.LedgerRow{}
			if err := l.registry.Decode(ctx, schemas.LedgerRowSchema, r.Value, &row); err != nil {
				return row, fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
			}
			switch row.State {
			case schemas.TaskDone, schemas.TaskDropped, schemas.TaskTrashed, schemas.TaskDoubt:
				return row, nil
			}
		}
	}
	return row, ctx.Err()
}
