package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"waybill/processors"
	"waybill/schemas"
)

// fingerprint is equal for failures of one cause: the step, the class and the codes; where there are no codes, what the reason says
// apart from what varies.
func fingerprint(step string, dead *processors.DeadError, faults schemas.Faults) string {
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	if len(codes) == 0 && dead.Err != nil {
		codes = []string{"", gist(dead.Err.Error())}
	}
	slices.Sort(codes)
	sum := sha256.Sum256([]byte(strings.Join(append([]string{step, dead.Class}, slices.Compact(codes)...), "\x00")))
	return hex.EncodeToString(sum[:8])
}

// quoted is a text that somebody else wrote: its words are not ours, and may be names.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// gist is a reason without ids, ports, times, offsets and names: without what is quoted, and without each word that has a digit or a
// slash in it.
func gist(reason string) string {
	words := strings.Fields(quoted.ReplaceAllString(clip(reason, reasonMax), "#"))
	for i, word := range words {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsDigit(r) || r == '/' }) {
			words[i] = "#"
		}
	}
	return strings.Join(words, " ")
}
