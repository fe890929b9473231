// Package printers knows how a printer takes a job: raw, byte by byte over TCP as label printers do, or by IPP as those of an office do. It
// knows nothing of orders, and keeps nothing: what a job is and when it is sent again, others say.
package printers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// Settings of a printer.
const (
	SettingURL   = "url"   // where it is: tcp://HOST:9100, or ipp://HOST/ipp/print
	SettingTakes = "takes" // formats that it prints, such as zpl,epl
)

// Codes of failures that are the printer's, whatever it is sent.
const (
	Unreachable = "unreachable"
	NotReady    = "not_ready"
)

// CallMax is the longest that a job may take, with the questions around it.
const CallMax = askMax + helloMax + sendMax + doneMax + askMax

// How long a printer may take: to answer a question, or one that many never answer; to take a job, to be done with it.
const (
	askMax   = 5 * time.Second
	helloMax = 2 * time.Second
	sendMax  = 20 * time.Second
	doneMax  = 15 * time.Second
)

// Job is one thing to be printed.
type Job struct {
	Name    string // what the printer shows of it; no personal data
	Format  string // of its bytes
	Content []byte
}

// Printer prints jobs, one after the other.
type Printer interface {
	// Print sends a job, and comes back when the printer has it whole. It repeats nothing: an error is a *remote.Failure, which says whether it may
	// have been printed all the same.
	Print(ctx context.Context, j Job) (said []byte, err error)
	// Ping makes sure that the printer is there and ready.
	Ping(ctx context.Context) error
	// Takes are the formats that it prints.
	Takes() []string
}

// kind is a way of speaking with printers.
type kind struct {
	open  func(address string, takes []string) (Printer, error)
	takes []string // where nobody says which
}

// kinds are those that there are.
var kinds = map[string]kind{
	"raw": {openRaw, []string{schemas.LabelZPL}},
	"ipp": {openIPP, []string{schemas.LabelPDF}},
}

// formats are those of labels and slips.
var formats = []string{schemas.LabelPDF, schemas.LabelZPL, schemas.LabelEPL, schemas.LabelPNG, schemas.LabelGIF}

// Open is a printer, which is not spoken to yet.
func Open(name string, settings map[string]string) (Printer, error) {
	k, there := kinds[name]
	if !there {
		return nil, fmt.Errorf("printer %q: give one of: %s", name, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	}
	for setting := range settings {
		if setting != SettingURL && setting != SettingTakes {
			return nil, fmt.Errorf("unknown setting %q; of a printer there are: %s, %s", setting, SettingTakes, SettingURL)
		}
	}
	takes := k.takes
	if text := settings[SettingTakes]; text != "" {
		takes = strings.Split(strings.ReplaceAll(text, " ", ""), ",")
	}
	for _, format := range takes {
		if !slices.Contains(formats, format) {
			return nil, fmt.Errorf("setting %s has %q, must be of: %s", SettingTakes, format, strings.Join(formats, ", "))
		}
	}
	if settings[SettingURL] == "" {
		return nil, errors.New("the setting " + SettingURL + " is missing: it says where the printer is")
	}
	return k.open(settings[SettingURL], takes)
}

// Fits says what is wrong with the format of a job at a printer; nil if it prints it.
func Fits(p Printer, format string) error {
	if slices.Contains(p.Takes(), format) {
		return nil
	}
	return &remote.Failure{Class: remote.Business, Code: "format", Reason: fmt.Sprintf(
		"the label is a %s, and the printer takes %s: print it at another, set the format that the carrier's account asks for, or what the printer takes", format, strings.Join(p.Takes(), ", "))}
}

func unreachable(where string) *remote.Failure {
	return &remote.Failure{Class: remote.Transient, Code: Unreachable, Reason: "the printer can not be reached at " + where + ": is it on, and in this network?"}
}

// notReady is a printer that says it prints nothing before somebody has gone there.
func notReady(why string) *remote.Failure {
	return &remote.Failure{Class: remote.Transient, Code: NotReady, Reason: "the printer is not ready: " + why}
}
