package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

// scanning is what was scanned.
type scanning struct {
	from, by string
	wait     time.Duration
}

func (a *app) scan() *cobra.Command {
	var s scanning
	cmd := verb("keep", "scan ORDER|SHIPMENT [CODE[=PIECES]…]", "Put on record what was scanned while a shipment was packed: what is not what is to be in it gets no label", func(cmd *cobra.Command, args []string) error {
		return a.putScan(cmd, s, args[0], args[1:])
	})
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.Long = `A code is the seller's for the article, the channel's for the offer, or a number on the goods (GTIN) that the order or id.catalogue has; of a bundle its own, or the
SKUs of what is in it. All codes of a shipment are given at once: they stand for what was scanned before. 'waybill shipments' says what is held, and why; who scans again
lets it go. With the party's setting "scans: required" nothing gets a label before. After that, what does not fit is only said.

It waits until that is known, and ends with 1 if it does not fit, or if the shipment gets no label for another reason; with 3 if nobody has looked yet.`
	cmd.Example = `  waybill scan allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6#SO17 4006381333931=2 CUP-BLUE
  waybill scan allegro/29738e61-7f6a-11e8-ac45-09db60ede9d6 --from -    # a hand scanner, which types a line a piece`
	cmd.Flags().StringVar(&s.from, "from", "", "file of codes, one piece a line; - is stdin")
	byFlag(cmd, &s.by)
	cmd.Flags().DurationVar(&s.wait, "wait", 10*time.Second, "how long to wait until it is known whether it fits")
	stackFlags(cmd)
	return cmd
}

// Bounds of a scan: more pieces are no parcel, and a longer code is none.
const (
	scannedMax   = 100_000
	codeBytesMax = 200
)

func (a *app) putScan(cmd *cobra.Command, s scanning, id string, codes []string) error {
	by, err := whoDoes(s.by)
	if err != nil {
		return err
	}
	lines, err := a.scannedLines(s, id, codes)
	if err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	ctx := cmd.Context()
	word, err := stack.shipmentToScan(ctx, id)
	if err != nil {
		return err
	}
	word.State, word.Lines, word.At, word.By = schemas.ShipmentScanned, lines, schemas.At(time.Now()), by
	follow, err := stack.followScan(ctx, word)
	if err != nil {
		return err
	}
	defer follow.client.Close()
	if err := stack.store(ctx, []topics.Message{{Topic: topics.Shipments, Key: word.OrderID, Value: word, Headers: []topics.Header{
		{Key: topics.HeaderOrderID, Value: []byte(word.OrderID)}, {Key: topics.HeaderOrigin, Value: []byte(schemas.OriginManual)},
	}}}); err != nil {
		return err
	}
	if stack.own != nil { // nobody runs: it is looked at when somebody does
		s.wait = 0
	}
	answer, silent, err := follow.await(ctx, s.wait)
	if err != nil {
		return fmt.Errorf("what was scanned of shipment %s is on record, and what comes of it is not known: %w", word.ShipmentID, err)
	}
	return cmp.Or(a.printCodes(word, answer), a.tellScan(word, answer, silent))
}

// scannedLines are the codes that were given, and those of the file.
func (a *app) scannedLines(s scanning, id string, codes []string) (lines []schemas.ShipmentLine, err error) {
	for _, text := range codes {
		code, pieces, err := scannedCode(text)
		if err != nil {
			return nil, err
		}
		lines = addScan(lines, code, pieces)
	}
	if s.from != "" {
		err = a.reading(s.from, func(in io.Reader, _ int64) (err error) {
			lines, err = readScans(in, lines)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read what was scanned from %s: %w; nothing is on record", s.from, err)
		}
	}
	if len(lines) == 0 {
		return nil, usage("scan %s: give the codes that were scanned, or --from", id)
	}
	return lines, nil
}

// printCodes prints each code, and what came of all of them.
func (a *app) printCodes(word, answer *schemas.Shipment) error {
	answer = cmp.Or(answer, new(schemas.Shipment))
	p := a.printer("shipment", "code", "pieces")
	for _, l := range word.Lines {
		if err := p.row(scannedRow{word.ShipmentID, l.SKU, l.Quantity, answer.State, answer.Reason, answer.Text}, word.ShipmentID, l.SKU, l.Quantity); err != nil {
			return err
		}
	}
	return p.end()
}

// scannedRow is a code as it is printed.
type scannedRow struct {
	ShipmentID string `json:"shipment_id"`
	Code       string `json:"code"`
	Pieces     int64  `json:"pieces"`
	State      string `json:"state,omitempty"` // what came of the scan, as the next two; none: nothing is known yet
	Reason     string `json:"reason,omitempty"`
	Text       string `json:"text,omitempty"`
}

// scannedCode reads CODE or CODE=PIECES.
func scannedCode(text string) (code string, pieces int64, err error) {
	code, pieces = text, 1
	if at := strings.LastIndexByte(text, '='); at >= 0 {
		code = text[:at]
		if pieces, err = strconv.ParseInt(text[at+1:], 10, 64); err != nil || pieces < 1 || pieces > scannedMax {
			return "", 0, usage("scan: %q is no CODE=PIECES, with pieces from 1 to %d", text, scannedMax)
		}
	}
	if code = strings.TrimSpace(code); code == "" || len(code) > codeBytesMax {
		return "", 0, usage("scan: %q is no code of 1 to %d bytes", text, codeBytesMax)
	}
	return code, pieces, nil
}

func addScan(lines []schemas.ShipmentLine, code string, pieces int64) []schemas.ShipmentLine {
	if at := slices.IndexFunc(lines, func(l schemas.ShipmentLine) bool { return l.SKU == code }); at >= 0 {
		lines[at].Quantity += pieces
		return lines
	}
	return append(lines, schemas.ShipmentLine{SKU: code, Quantity: pieces})
}

// readScans reads a piece a line, as hand scanners type them.
func readScans(in io.Reader, lines []schemas.ShipmentLine) ([]schemas.ShipmentLine, error) {
	each := bufio.NewScanner(in)
	for n := 1; each.Scan(); n++ {
		code := strings.TrimSpace(each.Text())
		switch {
		case code == "":
			continue
		case len(code) > codeBytesMax || n > scannedMax:
			return nil, fmt.Errorf("line %d: a code has %d bytes at most, and a shipment %d pieces", n, codeBytesMax, scannedMax)
		}
		lines = addScan(lines, code, 1)
	}
	return lines, each.Err()
}

// shipmentToScan is the one shipment that an id names. One that is named itself may be packed before the ERP says that it is ready.
func (s *stack) shipmentToScan(ctx context.Context, id string) (*schemas.Shipment, error) {
	if orderID, ref, is := schemas.SplitShipmentID(id); is {
		party, _, _ := schemas.SplitOrderID(orderID)
		return &schemas.Shipment{ShipmentID: id, OrderID: orderID, Party: party, Ref: ref}, nil
	}
	known, err := s.shipmentsOf(ctx, id)
	if errors.Is(err, errNoShipment) {
		return nil, fmt.Errorf("%s: %w; name it as ORDER#SHIPMENT, the latter as the ERP calls it, to scan it before the ERP says that it is packed", id, err)
	}
	if err != nil {
		return nil, err
	}
	one, err := known.only(id)
	if err != nil {
		return nil, err
	}
	last := one.last
	return &schemas.Shipment{ShipmentID: last.ShipmentID, OrderID: last.OrderID, Party: last.Party, Ref: last.Ref, OrderRef: last.OrderRef}, nil
}
