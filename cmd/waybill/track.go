package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/carriers"
	"waybill/connectors/scans"
	"waybill/schemas"
)

func (a *app) track() *cobra.Command {
	var carrier, number string
	var dry bool
	var now askNow
	cmd := verb("ask", "track ORDER|SHIPMENT|NUMBER, or track [FILE…] --carrier CARRIER --dry-run", "Ask the carriers now for parcels that are on their way, and print what is known of them", func(cmd *cobra.Command, args []string) error {
		switch {
		case dry && carrier == "":
			return usage("track --dry-run: say with --carrier who said it: %s", strings.Join(carriers.Trackers(), ", "))
		case dry:
			return a.trackDry(carrier, number, args)
		case len(args) != 1 || carrier != "" || number != "":
			return usage("track: give an order, a shipment or a tracking number; or, with --carrier, give --dry-run, which prints what files say")
		}
		return a.trackNow(cmd, args[0], now)
	})
	cmd.Args = cobra.ArbitraryArgs
	cmd.Long = `Asks the carriers of an order's, a shipment's or a single parcel at once, waits for their answers, and prints an event a line. --abandon says that a
parcel is not asked for any more: a person's word, which stands in the timeline; a late scan takes the parcel up again.

With --dry-run it asks nobody: it prints an event a line, oldest first: what a carrier said, in our words. A file holds one answer or push, or several one behind the other: JSON, XML, or
the query strings of pushes that are a GET. A parcel that the carrier does not know, and what can not be read, is told on stderr. A code that
is not in the carrier's vocabulary has the status unknown.`
	cmd.Example = `  waybill track allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6
  waybill track 00340434161094042557 --abandon --why "the carrier has paid for it"
  waybill track --carrier dhl --dry-run -o json answer.xml
  waybill track --carrier dpd --number 01476810375209 --dry-run lifecycle.xml`
	cmd.Flags().StringVar(&carrier, "carrier", "", "who said it: "+strings.Join(carriers.Trackers(), ", "))
	cmd.Flags().StringVar(&number, "number", "", "the parcel that was asked for, where an answer does not name it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only print what files say, one answer or push behind the other; - is stdin, as no file is")
	cmd.Flags().BoolVar(&now.abandon, "abandon", false, "ask for the parcels no more")
	byFlag(cmd, &now.by)
	cmd.Flags().StringVar(&now.why, "why", "", "why; no personal data")
	cmd.Flags().DurationVar(&now.wait, "wait", time.Minute, "how long to wait for the carriers")
	stackFlags(cmd)
	return cmd
}

// trackRun is what became of the files.
type trackRun struct {
	app         *app
	carrier     string
	number      string
	tracker     carriers.Tracker
	read, wrong int // files of which something was read, and of which something was not
}

func (a *app) trackDry(carrier, number string, files []string) error {
	tracker, err := carriers.TrackerOf(carrier)
	if err != nil {
		return usage("--carrier: %v", err)
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	run := &trackRun{app: a, carrier: carrier, number: number, tracker: tracker}
	for _, name := range files {
		if err := run.file(name); err != nil {
			return err
		}
	}
	switch {
	case run.wrong == 0:
		return nil
	case run.read == 0:
		return &exitError{code: exitFailed, err: errors.New("none could be read")}
	}
	return &exitError{code: exitPartial, err: fmt.Errorf("%d of %d could not be read, or not whole", run.wrong, len(files))}
}

// file prints what one file says. An error is about the printing.
func (r *trackRun) file(name string) error {
	var said []byte
	err := r.app.reading(name, func(in io.Reader, _ int64) (err error) {
		said, err = io.ReadAll(io.LimitReader(in, scans.BytesMax+1))
		return err
	})
	if err == nil && len(said) > scans.BytesMax {
		err = fmt.Errorf("it has more than %d bytes", scans.BytesMax)
	}
	if err != nil {
		r.wrong++
		r.tell(trackNote{File: name, Code: "unreadable", Reason: err.Error()})
		return nil
	}
	tracked, err := r.tracker(said, r.number)
	for i := range tracked.Scans {
		if err := r.app.printScan(&tracked.Scans[i]); err != nil {
			return err
		}
	}
	for _, absent := range tracked.Absent {
		r.tell(trackNote{File: name, Number: absent.Number, Code: absent.Code, Reason: "not found: " + absent.Reason})
	}
	var faults schemas.Faults
	if errors.As(err, &faults) {
		r.wrong++
		for _, f := range faults {
			r.tell(trackNote{File: name, Field: f.Path, Code: f.Code, Reason: f.Text})
		}
	}
	if err == nil || len(tracked.Scans)+len(tracked.Absent) > 0 {
		r.read++
	}
	return nil
}

// trackNote is what is told on stderr: a parcel that is not known, or something that can not be read.
type trackNote struct {
	File    string `json:"file"`
	Carrier string `json:"carrier"`
	Number  string `json:"tracking_number,omitempty"`
	Field   string `json:"field,omitempty"`
	Code    string `json:"code,omitempty"`
	Reason  string `json:"reason"`
}

func (n trackNote) String() string {
	text := n.File + ": "
	if n.Number != "" {
		text += "parcel " + n.Number + ": "
	}
	if n.Field != "" {
		text += n.Field + ": "
	}
	text += n.Reason
	if n.Code != "" {
		text += " (" + n.Code + ")"
	}
	return text
}

func (r *trackRun) tell(n trackNote) {
	n.Carrier = r.carrier
	if r.app.output != "json" {
		r.app.say("%s", n)
		return
	}
	text, err := json.Marshal(n)
	if err != nil {
		panic(err) // it has only texts
	}
	r.app.say("%s", text)
}

// scanLine is an event as it is printed. Who has received a parcel is not: only that it was told.
type scanLine struct {
	Carrier     string         `json:"carrier"`
	Number      string         `json:"tracking_number"`
	ShipmentRef string         `json:"shipment_ref"`
	Status      string         `json:"status"`
	At          schemas.Millis `json:"at"`
	Code        string         `json:"code"`
	Description string         `json:"description"`
	Location    string         `json:"location"`
	Terminal    bool           `json:"terminal"`
	Known       bool           `json:"known"`
	Reason      string         `json:"reason,omitempty"`
	Zone        string         `json:"assumed_zone,omitempty"`
	Returning   bool           `json:"returning,omitempty"`
	Linked      string         `json:"linked_number,omitempty"`
	EventRef    string         `json:"event_ref,omitempty"`
	ReceivedBy  string         `json:"received_by,omitempty"`
}

const nameHidden = "••••"

func (a *app) printScan(s *schemas.Scan) error {
	line := scanLine{
		Carrier: s.Carrier, Number: s.Number, ShipmentRef: s.ShipmentRef, Status: s.Status, At: s.At, Code: s.Code, Description: s.Description,
		Location: s.Location, Terminal: s.Terminal, Known: s.Known, Reason: s.Reason, Zone: s.Zone, Returning: s.Returning, Linked: s.Linked,
		EventRef: s.EventRef,
	}
	if s.Receiver != nil {
		line.ReceivedBy = nameHidden
	}
	return a.result(line, "%s  %-16s  %s %s  %s  %s  %s\n", s.At, s.Status, s.Carrier, s.Number, s.Code, s.Location, clip(s.Description))
}
