package scans

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
)

// Vocabulary is what a carrier's codes mean, by the field that they stand in.
type Vocabulary map[string]map[string]Meaning

// Meaning of a code.
type Meaning struct {
	Status   string
	Terminal bool
	Text     string // the carrier's own explanation of the code
}

// Read reads a vocabulary: a line a code, with its field, itself, the carrier's explanation, the status, and whether it is
// terminal; lines with # say where it comes from. It panics at what is wrong: the table is ours, and is read at the start.
func Read(table []byte) Vocabulary {
	r := csv.NewReader(bytes.NewReader(table))
	r.Comment, r.FieldsPerRecord, r.ReuseRecord = '#', 5, true
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Errorf("read a vocabulary: %w", err))
	}
	v := Vocabulary{}
	for _, row := range rows {
		field, code, status := row[0], row[1], row[3]
		if !slices.Contains(schemas.ParcelStatuses, status) || row[4] != "yes" && row[4] != "no" || v[field][code] != (Meaning{}) {
			panic(fmt.Errorf("read a vocabulary: the line of %s %s", field, code))
		}
		if v[field] == nil {
			v[field] = map[string]Meaning{}
		}
		v[field][code] = Meaning{Status: status, Terminal: row[4] == "yes", Text: row[2]}
	}
	return v
}

// Mean says what a scan's code means in that field. A code that is not in the vocabulary stays as it is, and is unknown.
func (v Vocabulary) Mean(scan *schemas.Scan, field string) {
	scan.Code = strings.TrimSpace(scan.Code)
	m, known := v[field][scan.Code]
	if !known {
		m = Meaning{Status: schemas.ParcelUnknown}
	}
	scan.Status, scan.Terminal, scan.Known = m.Status, m.Terminal, known
	scan.Trouble = trouble(m.Status, cmp.Or(m.Text, scan.Code), scan.Description)
	if scan.Description == "" {
		scan.Description = m.Text
	}
}
