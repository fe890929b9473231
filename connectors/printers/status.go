package printers

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// hostStatusQuery asks for three lines, each between STX and ETX (ZPL II Programming Guide, ~HS). A command that begins with a tilde is obeyed
// where it stands, so its answer also says that all before it was read.
const hostStatusQuery = "~HS"

// statusBytesMax bounds what a printer says of itself: the three lines have 82 bytes.
const statusBytesMax = 4096

const stx, etx = 0x02, 0x03

// hostStatus is what a label printer says of itself.
type hostStatus struct{ paperOut, paused, bufferFull, headUp, ribbonOut bool }

// Places of its flags, in the first and the second line (ibidem).
const (
	fieldPaperOut   = 1
	fieldPaused     = 2
	fieldBufferFull = 5
	fieldHeadUp     = 2
	fieldRibbonOut  = 3
	fieldsOfFirst   = 12
	fieldsOfSecond  = 11
)

// readHostStatus reads the three lines.
func readHostStatus(from io.Reader) (*hostStatus, error) {
	in := bufio.NewReader(from)
	var lines [3][]string
	for i := range lines {
		if _, err := in.ReadString(stx); err != nil {
			return nil, err
		}
		line, err := in.ReadString(etx)
		if err != nil {
			return nil, err
		}
		lines[i] = strings.Split(strings.TrimSuffix(line, string(rune(etx))), ",")
	}
	if len(lines[0]) < fieldsOfFirst || len(lines[1]) < fieldsOfSecond {
		return nil, errors.New("the printer's status has too few fields")
	}
	is := func(line, field int) bool { return strings.TrimSpace(lines[line][field]) == "1" }
	return &hostStatus{
		paperOut: is(0, fieldPaperOut), paused: is(0, fieldPaused), bufferFull: is(0, fieldBufferFull), headUp: is(1, fieldHeadUp), ribbonOut: is(1, fieldRibbonOut),
	}, nil
}

// text says for people what is wrong with it.
func (s *hostStatus) text() string {
	var wrong []string
	for _, one := range []struct {
		is   bool
		what string
	}{
		{s.paperOut, "it has no labels left, or they are jammed"},
		{s.headUp, "its head is open"},
		{s.ribbonOut, "its ribbon is at its end"},
		{s.paused, "it is paused"},
		{s.bufferFull, "its memory is full"},
	} {
		if one.is {
			wrong = append(wrong, one.what)
		}
	}
	if wrong == nil {
		return "ready"
	}
	return strings.Join(wrong, ", ")
}

// ready is nil if it prints.
func (s *hostStatus) ready() error {
	if *s == (hostStatus{}) {
		return nil
	}
	return notReady(s.text())
}
