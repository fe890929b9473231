package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waybill/connectors/carriers"
	"waybill/connectors/scans"
	"waybill/schemas"
)

func (a *app) track() *cobra.Command {
	var carrier, number string
	var dry bool
	cmd := verb("feed", "track [FILE…] --carrier CARRIER --dry-run", "Print what recorded answers and pushes of a carrier say of parcels; - is stdin, as no file is", func(cmd *cobra.Command, files []string) error {
		if !dry {
			return usage("track: give --dry-run: what a carrier says is printed only")
		}
		return a.trackDry(carrier, number, files)
	})
	cmd.Args = cobra.ArbitraryArgs
	cmd.Long = `Prints an event a line, oldest first: what a carrier said, in our words. A file holds one answer or push, or several one behind the other: JSON, XML, or
the query strings of pushes that are a GET. A parcel that the carrier does not know, and what can not be read, is told on stderr. A code that
is not in the carrier's vocabulary has the status unknown.`
	cmd.Example = `  waybill track --carrier dhl --dry-run -o json answer.xml
  waybill track --carrier dpd --number 01476810375209 --dry-run lifecycle.xml`
	cmd.Flags().StringVar(&carrier, "carrier", "", "who said it: "+strings.Join(carriers.Trackers(), ", "))
	cmd.Flags().StringVar(&number, "number", "", "the parcel that was asked for, where an answer does not name it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only print the events that would come of it")
	_ = cmd.MarkFlagRequired("carrier") // the flag is ours
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
