// Package failure says which failures are of one cause, for all who write to the trash. It knows reasons and codes, not what failed.
package failure

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Fingerprint is equal for failures of one cause: the step, the class and the codes; where there are no codes, what the reason says
// apart from what varies.
func Fingerprint(step, class string, codes []string, reason string) string {
	codes = slices.Clone(codes)
	if len(codes) == 0 && reason != "" {
		codes = []string{"", Gist(reason)}
	}
	slices.Sort(codes)
	sum := sha256.Sum256([]byte(strings.Join(append([]string{step, class}, slices.Compact(codes)...), "\x00")))
	return hex.EncodeToString(sum[:8])
}

// ReasonMax is the longest reason that is kept, in bytes.
const ReasonMax = 2000

// quoted is a text that somebody else wrote: its words are not ours, and may be names.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Gist is a reason without ids, ports, times, offsets and names: without what is quoted, and without each word that has a digit or a
// slash in it.
func Gist(reason string) string {
	words := strings.Fields(quoted.ReplaceAllString(Clip(reason, ReasonMax), "#"))
	for i, word := range words {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsDigit(r) || r == '/' }) {
			words[i] = "#"
		}
	}
	return strings.Join(words, " ")
}

// Clip is a text of so many bytes at most, whole to its last character.
func Clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}
