package main

import (
	"cmp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/clickhouse"
)

// shipmentsMost bounds how many are listed where nobody says.
const shipmentsMost = 1000

func (a *app) shipments() *cobra.Command {
	var wanted clickhouse.ShipmentsWanted
	var late bool
	var within time.Duration
	cmd := verb("ask", "shipments", "List the shipments that have not left, those that have to leave first at the top", func(cmd *cobra.Command, _ []string) error {
		now := time.Now()
		switch {
		case wanted.Most < 1:
			return usage("--limit %d: give 1 or more", wanted.Most)
		case within < 0 || within > 0 && late:
			return usage("--within: give a time from now on, such as 4h, or --late")
		case late:
			wanted.DueBy = now
		case within > 0:
			wanted.DueBy = now.Add(within)
		}
		return a.listShipments(cmd, wanted, now)
	})
	cmd.Long = `Lists each shipment that has not left, as it stands, and what is ordered, has to leave, and nobody has packed (state not_packed). The one that has to leave first
is at the top. Of what is late it says what was missing: not_packed, no_label, or no_pickup of what has its label.`
	cmd.Example = `  waybill shipments --late
  waybill shipments --within 4h --carrier dhl -o json
  waybill shipments --state held`
	flags := cmd.Flags()
	flags.BoolVar(&late, "late", false, "only those that should have left by now")
	flags.DurationVar(&within, "within", 0, "only those that have to leave within that time, or should have")
	flags.StringVar(&wanted.Carrier, "carrier", "", "only those of this account of a carrier")
	flags.StringVar(&wanted.State, "state", "", "only those in this state: not_packed, held, requested, booked, partly_labelled, labelled, refused, recalled …")
	flags.BoolVar(&wanted.Left, "all", false, "those too that have left, or never will")
	flags.IntVar(&wanted.Most, "limit", shipmentsMost, "most that are listed")
	stackFlags(cmd)
	return cmd
}

func (a *app) listShipments(cmd *cobra.Command, wanted clickhouse.ShipmentsWanted, now time.Time) error {
	_, store, done, err := a.openTables(cmd)
	if err != nil {
		return err
	}
	defer done()
	all, err := store.Shipments(cmd.Context(), wanted, now)
	if err != nil {
		return err
	}
	p := a.printer("ship by", "left", "state", "order", "shipment", "carrier", "numbers", "why")
	for _, s := range all {
		by, left := "", ""
		if s.ShipBy != nil {
			by = s.ShipBy.Time().UTC().Format("2006-01-02 15:04")
			left = (time.Duration(*s.MinutesLeft) * time.Minute).String()
			left = strings.TrimSuffix(left, "0s")
		}
		_, ref, _ := strings.Cut(s.ShipmentID, "#")
		if err := p.row(s, by, left, s.State, s.OrderID, ref, s.Carrier, strings.Join(s.Numbers, " "), cmp.Or(s.Because, s.Text, s.Reason)); err != nil {
			return err
		}
	}
	if len(all) == wanted.Most {
		a.say("there may be more: --limit %d was reached", wanted.Most)
	}
	return p.end()
}
