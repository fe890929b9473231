package addresses

import (
	"strings"
	"unicode/utf8"
)

// Room is how many lines there are, and how many characters in each.
type Room struct{ Lines, Characters int }

// Split parts a text between its words so that it finds room; false: it finds none.
func Split(text string, room Room) (lines []string, fits bool) {
	line := ""
	for _, w := range strings.Fields(text) {
		longer := strings.TrimPrefix(line+" "+w, " ")
		if line != "" && utf8.RuneCountInString(longer) > room.Characters {
			lines, longer = append(lines, line), w
		}
		if line = longer; utf8.RuneCountInString(w) > room.Characters {
			return nil, false
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, len(lines) <= room.Lines
}
