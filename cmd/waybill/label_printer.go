package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"waybill/connectors/printers"
	"waybill/connectors/remote"
	"waybill/internal/config"
	"waybill/topics"
)

// sendLabels has labels printed, one after the other. Each is on record as soon as the printer has it; of what it did not take, nothing is.
func (a *app) sendLabels(ctx context.Context, stack *stack, sheets []sheet, by string, r reprint) error {
	printer, err := printerNamed(stack.config, r.printer)
	if err != nil {
		return err
	}
	for _, one := range sheets {
		if err := printers.Fits(printer, one.parcel.LabelFormat); err != nil {
			return fmt.Errorf("the label of parcel %s is not printed at %s: %s", one.parcel.Number, r.printer, reasonOf(err))
		}
	}
	p := a.printer("shipment", "number", "copy", "printer", "bytes")
	for done, one := range sheets {
		err := a.send(ctx, printer, printers.Job{Name: one.parcel.Number, Format: one.parcel.LabelFormat, Content: one.content}, r)
		if err == nil {
			err = stack.store(ctx, []topics.Message{one.printed(by, r)})
		}
		if err != nil {
			err = fmt.Errorf("print the label of parcel %s at %s: %w", one.parcel.Number, r.printer, err)
			if done == 0 {
				return err
			}
			return errors.Join(p.end(), &exitError{code: exitPartial, err: fmt.Errorf("%d of %d labels are printed; %w", done, len(sheets), err)})
		}
		printed := one.line()
		printed.Printer = r.printer
		if err := p.row(printed, printed.ShipmentID, printed.Number, printed.Copy, printed.Printer, printed.Bytes); err != nil {
			return err
		}
	}
	return p.end()
}

// send sends a job, and again after growing pauses as long as nothing can have been printed and there is time.
func (a *app) send(ctx context.Context, printer printers.Printer, job printers.Job, r reprint) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.MaxInterval = 5 * time.Second
	told := ""
	_, err := backoff.Retry(ctx, func() ([]byte, error) {
		said, err := printer.Print(ctx, job)
		var f *remote.Failure
		if errors.As(err, &f) && f.Class == remote.Transient && !f.Perhaps {
			return said, err
		}
		if err != nil {
			return said, backoff.Permanent(err)
		}
		return said, nil
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(max(r.wait, time.Nanosecond)), backoff.WithNotify(func(err error, _ time.Duration) {
		if why := reasonOf(err); why != told { // once, however often it is tried
			a.say("%s: %s; trying again for up to %s", r.printer, why, r.wait)
			told = why
		}
	}))
	var f *remote.Failure
	switch {
	case err == nil, !errors.As(err, &f):
		return err
	case f.Perhaps:
		return fmt.Errorf("%s. Nobody can know whether it was printed, so it is not sent again and not on record: look there, and print it again if it was not", f.Reason)
	case f.Class == remote.Transient:
		return fmt.Errorf("%s. It was not printed: see to the printer, or print it at another", f.Reason)
	}
	return errors.New(f.Reason)
}

// reasonOf is why a printer did not print, for people.
func reasonOf(err error) string {
	if f := new(remote.Failure); errors.As(err, &f) {
		return f.Reason
	}
	return err.Error()
}

// printerNamed is a printer of the configuration.
func printerNamed(c *config.Config, name string) (printers.Printer, error) {
	if c.Parties[name].Printer != "" {
		return openPrinter(c, name)
	}
	there := "there are none: give parties." + name + ".printer, and settings.url"
	if known := printerParties(c); known != nil {
		there = "there are: " + strings.Join(known, ", ")
	}
	return nil, usage("--printer %s: no such printer is configured; %s", name, there)
}

// printerReady asks a printer whether it prints.
func printerReady(ctx context.Context, c *config.Config, name string) finding {
	printer, err := openPrinter(c, name)
	if err == nil {
		err = printer.Ping(ctx)
	}
	if err != nil {
		err = errors.New(reasonOf(err))
	}
	return judge(name, err, c.Parties[name].Printer+" printer at "+c.Parties[name].Settings[printers.SettingURL]+" is ready", "see to it there; what is to be printed waits until it is ready")
}
