package schemas

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a message.
type Fault struct {
	Code string `avro:"code" json:"code,omitzero"` // stable, for grouping and for machines: "missing_postal_code"
	Path string `avro:"path" json:"path,omitzero"` // JSON path in what was sent: "$.lineItems[2].price.amount"
	Text string `avro:"text" json:"text,omitzero"` // for people; never personal data
}

// Faults is everything that is wrong with one message, in the order it was found.
type Faults []Fault

// FaultsMax bounds how many faults of one message are kept: a hostile payload has no end of them.
const FaultsMax = 64

// Add notes one fault more.
func (f *Faults) Add(code, path, format string, args ...any) {
	if len(*f) < FaultsMax {
		*f = append(*f, Fault{Code: code, Path: path, Text: fmt.Sprintf(format, args...)})
	}
}

// Err is the faults as an error, nil if there is none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Error names each fault with its place.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, fault := range f {
		texts[i] = fault.String()
	}
	return strings.Join(texts, "; ")
}

func (f Fault) String() string { return fmt.Sprintf("%s at %s: %s", f.Code, f.Path, f.Text) }

// FaultUntimed is the code of a scan that does not say when it was so.
const FaultUntimed = "missing_time"

// Timed is what is wrong beside scans without a time, nil if nothing is: such a one has no place in a parcel's life, and its carrier says it again
// once it knows.
func Timed(err error) error {
	var faults Faults
	if errors.As(err, &faults) && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Code != FaultUntimed }) {
		return nil
	}
	return err
}

// FaultIncomplete is the code of what lacks nothing but a part that may still come.
const FaultIncomplete = "incomplete"
