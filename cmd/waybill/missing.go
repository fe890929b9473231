package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// missingMost bounds how much is listed where nobody says.
const missingMost = 1000

// missingWords are what can be missing, along the life of an order.
var missingWords = []string{
	schemas.MissingReady, schemas.MissingPlaced, schemas.MissingAccepted, schemas.MissingSettled, schemas.MissingWeight, schemas.MissingHandedOver, schemas.MissingScan, schemas.MissingNews,
	schemas.MissingConfirmed, schemas.MissingShipped, schemas.MissingCredit, schemas.MissingNotice, schemas.MissingOrders,
}

func (a *app) missing() *cobra.Command {
	var wanted clickhouse.MissingWanted
	cmd := verb("ask", "missing", "List what should have come and has not, what was due first at the top", func(cmd *cobra.Command, _ []string) error {
		switch {
		case wanted.Most < 1:
			return usage("--limit %d: give 1 or more", wanted.Most)
		case wanted.What != "" && !slices.Contains(missingWords, wanted.What):
			return usage("--what %q: give one of %s", wanted.What, strings.Join(missingWords, ", "))
		}
		return a.listMissing(cmd, wanted, time.Now())
	})
	cmd.Long = `Lists what is missing now, of orders and of whole sources:
  ready        the channel's word that an order can be processed
  placed       an order, in the ERP
  accepted     our word to the channel
  settled      an order that stands as provisional: it is neither accepted nor rejected after expect.settled_minutes
  weight       of a parcel that is packed
  handed_over  what has to leave, to a driver: not_packed, no_label or no_pickup
  scan, news   of a parcel that has its label, or is on its way
  confirmed    by a party, what it was told or asked for: a label, a print, a status
  shipped      of the channel, the number of a parcel that has its label, after expect.shipped_seconds
  credit       of a carrier, for a label that was taken back: 'waybill credits' lists them
  notice       of the channel, that an order is new or another: the sweep found it, and it is being fetched
  orders       any, of a party that always sends some`
	cmd.Example = `  waybill missing --late
  waybill missing --what confirmed --party inpost -o json`
	flags := cmd.Flags()
	flags.StringVar(&wanted.What, "what", "", "only this: "+strings.Join(missingWords, ", "))
	flags.StringVar(&wanted.Party, "party", "", "only of this party: who should have sent or confirmed it, or sold the order")
	flags.BoolVar(&wanted.Late, "late", false, "only what is late, not what will be soon")
	flags.IntVar(&wanted.Most, "limit", missingMost, "most that is listed")
	stackFlags(cmd)
	return cmd
}

func (a *app) listMissing(cmd *cobra.Command, wanted clickhouse.MissingWanted, now time.Time) error {
	_, store, done, err := a.openTables(cmd)
	if err != nil {
		return err
	}
	defer done()
	all, err := store.Missing(cmd.Context(), wanted, now)
	if err != nil {
		return err
	}
	p := a.printer("due", "late", "what", "party", "order", "why")
	for _, m := range all {
		late := ""
		if over := now.Sub(m.Due.Time()); over > 0 {
			late = strings.TrimSuffix(over.Truncate(time.Minute).String(), "0s")
		}
		if err := p.row(m, m.Due.Time().UTC().Format("2006-01-02 15:04"), late, m.What, m.Party, m.OrderID, m.Reason); err != nil {
			return err
		}
	}
	if len(all) == wanted.Most {
		a.say("there may be more: --limit %d was reached", wanted.Most)
	}
	return p.end()
}
