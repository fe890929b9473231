package labels

import (
	"bytes"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"waybill/schemas"
)

// pagesMax is how many pages the label of one parcel has at most: its own, a return label, and forms for customs.
const pagesMax = 10

// Look is what a label is, and what is odd about it if another was asked for. It is kept as it is, whatever is odd.
func Look(label []byte, asked string) (format string, warnings []string) {
	format = schemas.FormatOf(label)
	switch {
	case format == "":
		return asked, append(warnings, "the label is none of a form that is known, and "+asked+" was asked for")
	case asked != "" && format != asked:
		warnings = append(warnings, fmt.Sprintf("the label is a %s, and a %s was asked for", format, asked))
	}
	if pages, err := pagesOf(label, format); err != nil {
		warnings = append(warnings, fmt.Sprintf("the label is a %s that can not be read: it may be cut off", format))
	} else if pages < 1 || pages > pagesMax {
		warnings = append(warnings, fmt.Sprintf("the label has %d pages", pages))
	}
	return format, warnings
}

// pagesOf are how many labels or pages there are. A picture is one.
func pagesOf(label []byte, format string) (int, error) {
	switch format {
	case schemas.LabelPDF:
		return api.PageCount(bytes.NewReader(label), settingsOfPDF())
	case schemas.LabelZPL:
		if ends := bytes.Count(label, []byte("^XZ")); ends < bytes.Count(label, []byte("^XA")) {
			return 0, fmt.Errorf("%d of its labels end", ends)
		}
		return bytes.Count(label, []byte("^XA")), nil
	}
	return 1, nil
}
