package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/connectors/carriers"
	"waybill/connectors/printers"
	"waybill/internal/config"
	"waybill/internal/gateway"
	"waybill/internal/gateway/limit"
	"waybill/internal/labels"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// settingPrintAt is the setting of a carrier's account of the printer that its labels are printed at as soon as they come.
const settingPrintAt = "print_at"

// jobsPerSecond bounds what a printer is sent that takes a job at once. It gets one at a time, so that its own pace is the one that counts.
const jobsPerSecond = 100

// readyAgain is how soon a printer that is off, or jammed, is tried again.
const readyAgain = 2 * time.Second

// printerParties are the printers, by name. The one that is there from the start is none before somebody has said where it is.
func printerParties(c *config.Config) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.Parties)), func(name string) bool {
		return c.Parties[name].Printer == "" || name == lentPrinter && len(c.Parties[name].Settings) == 0
	})
}

func openPrinter(c *config.Config, name string) (printers.Printer, error) {
	p, err := printers.Open(c.Parties[name].Printer, c.Parties[name].Settings)
	if err != nil {
		return nil, fmt.Errorf("party %s: %w", name, err)
	}
	return p, nil
}

// printersFit says what is wrong with the printers, and with the carriers whose labels are printed there.
func printersFit(c *config.Config) error {
	var faults []error
	opened := map[string]printers.Printer{}
	for _, name := range printerParties(c) {
		p, err := openPrinter(c, name)
		if opened[name] = p; err != nil {
			faults = append(faults, err)
		}
	}
	for _, name := range carrierParties(c) {
		at := c.Parties[name].Settings[settingPrintAt]
		if at == "" {
			continue
		}
		p, there := opened[at]
		format := c.Parties[name].Settings["format"]
		if account, err := carriers.Open(c.Parties[name].Carrier, c.Parties[name].Settings); err == nil && format == "" {
			format = account.Traits().Formats[0]
		}
		switch {
		case !there:
			faults = append(faults, fmt.Errorf("party %s: setting %s is %s, and there is no such printer; there are: %s", name, settingPrintAt, at, strings.Join(printerParties(c), ", ")))
		case p != nil && format != "" && printers.Fits(p, format) != nil:
			faults = append(faults, fmt.Errorf("party %s: its labels are %s, and printer %s takes %s: set its format, or %s of the printer", name, format, at, strings.Join(p.Takes(), ", "), printers.SettingTakes))
		}
	}
	return errors.Join(faults...)
}

// wirePrinters prepares the calls at the printers: one job at a time.
func (p *pipeline) wirePrinters(wanted []string) error {
	for _, name := range printerParties(p.config) {
		if !slices.Contains(wanted, name) {
			continue
		}
		printer, err := openPrinter(p.config, name)
		if err != nil {
			return err
		}
		if err := p.openLabels(); err != nil {
			return err
		}
		p.serve(name, printerParty{printer, p.labels}, printerKinds(), rates{party: limit.Rate{PerSecond: jobsPerSecond}, atOnce: 1})
	}
	return nil
}

func printerKinds() []gateway.Kind {
	return []gateway.Kind{
		{Name: processors.KindPrint, CallMax: printers.CallMax, Priority: limit.Interactive, Then: func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
			return processors.PrintThen(task, schemas.At(answer.At))
		}},
		{Name: processors.KindWithdraw, Needless: true},
	}
}

// printerParty is a printer as a gateway speaks with it.
type printerParty struct {
	printer printers.Printer
	labels  *labels.Store
}

// Call prints a label, out of the label store.
func (p printerParty) Call(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	printing, err := schemas.ParsePrinting(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	parcel := printing.Shipment.Parcels[0]
	content, err := p.labels.Get(ctx, labels.Label, parcel.LabelSHA256)
	switch {
	case errors.Is(err, labels.ErrAbsent):
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "no_label", Reason: err.Error()}
	case err != nil:
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "label_store", Reason: err.Error()}
	}
	said, err := p.printer.Print(ctx, printers.Job{Name: parcel.Number, Format: parcel.LabelFormat, Content: content})
	answer, err := answered(parcel.Number, said, err)
	var f *gateway.Failure
	if errors.As(err, &f) && !f.Perhaps && (f.Code == printers.Unreachable || f.Code == printers.NotReady) {
		f.Class, f.RetryAfter = gateway.Systemic, readyAgain // nothing is wrong with the label: it waits as long as it takes
	}
	return answer, err
}

// Find is never asked: nobody knows which of two sheets came from which job.
func (p printerParty) Find(context.Context, *schemas.Task) (gateway.Answer, error) {
	return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "not_asked", Reason: "a printer does not know what it has printed"}
}
