package main

import (
	"context"
	"fmt"
	"time"

	"waybill/internal/labels"
	"waybill/schemas"
	"waybill/topics"
)

// sheet is the label of a parcel with its bytes.
type sheet struct {
	labelOf
	content []byte
}

// sheets are the bytes of labels, out of the label store.
func (s *stack) sheets(ctx context.Context, chosen []labelOf) (sheets []sheet, err error) {
	store, err := openLabels(s.config)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	for _, one := range chosen {
		content, err := store.Get(ctx, labels.Label, one.parcel.LabelSHA256)
		if err != nil {
			return nil, fmt.Errorf("the label of parcel %s: %w", one.parcel.Number, err)
		}
		sheets = append(sheets, sheet{one, content})
	}
	return sheets, nil
}

// printed is the record of a label that was printed.
func (one sheet) printed(by string, r reprint) topics.Message {
	s := *one.of
	s.State, s.Text, s.Reason, s.At, s.By, s.Why, s.Warnings = schemas.ShipmentPrinted, one.copy(), "", schemas.At(time.Now()), by, r.why, nil
	s.Parcels = []schemas.ShipmentParcel{one.parcel}
	for _, at := range []string{r.printer, r.station} {
		if at != "" {
			s.Text += " at " + at
		}
	}
	return topics.Message{Topic: topics.Shipments, Key: s.OrderID, Value: &s, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(s.OrderID)}}}
}

// line is what is told of it.
func (one sheet) line() printedLabel {
	return printedLabel{
		ShipmentID: one.of.ShipmentID, Number: one.parcel.Number, Copy: one.copy(), Format: one.parcel.LabelFormat, Bytes: len(one.content), SHA256: one.parcel.LabelSHA256,
	}
}
