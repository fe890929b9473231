package labels

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// ruleMin is how long a line is at least that belongs to the form, in points: a bar of a code is shorter.
const ruleMin = 100

// rulesOf are the lines and frames of a PDF, those of its pages and of the forms on them, where they stand in these (ISO 32000-1 §8.5.2, §8.10).
func rulesOf(doc *model.Context) (drawn []string) {
	for page := range doc.PageCount {
		if content, err := pdfcpu.ExtractPageContent(doc, page+1); err == nil && content != nil {
			if b, err := io.ReadAll(content); err == nil {
				drawn = append(drawn, rulesIn(b)...)
			}
		}
	}
	for _, entry := range doc.Table {
		stream, is := entry.Object.(types.StreamDict)
		if is && stream.Subtype() != nil && *stream.Subtype() == "Form" && stream.Decode() == nil {
			drawn = append(drawn, rulesIn(stream.Content)...)
		}
	}
	return drawn
}

// rulesIn are those that a content stream draws.
func rulesIn(content []byte) (drawn []string) {
	var operands, from []float64
	for token := range bytes.FieldsSeq(content) {
		if n, err := strconv.ParseFloat(string(token), 64); err == nil {
			operands = append(operands, n)
			continue
		}
		switch op := string(token); {
		case op == "re" && len(operands) >= 4:
			at := operands[len(operands)-4:]
			drawn = appendRule(drawn, at[0], at[1], at[2], at[3])
		case op == "m" && len(operands) >= 2:
			from = operands[len(operands)-2:]
		case op == "l" && len(operands) >= 2 && from != nil:
			to := operands[len(operands)-2:]
			drawn = appendRule(drawn, from[0], from[1], to[0]-from[0], to[1]-from[1])
			from = to
		}
		operands = nil
	}
	return drawn
}

func appendRule(drawn []string, x, y, width, height float64) []string {
	if math.Abs(width) < ruleMin && math.Abs(height) < ruleMin {
		return drawn
	}
	return append(drawn, fmt.Sprintf("rule %.0f %.0f %.0f %.0f", x, y, width, height))
}
