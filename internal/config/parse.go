package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// parse reads the text of one value, as an environment variable or a flag has it. A list is separated by commas.
func (k *key) parse(text string) (any, error) {
	switch k.kind.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%s is %q, which is not a whole number", k.name, text)
		}
		return n, nil
	case reflect.Bool:
		switch strings.ToLower(text) {
		case "true", "yes", "on", "1":
			return true, nil
		case "false", "no", "off", "0":
			return false, nil
		}
		return nil, fmt.Errorf("%s is %q, which is neither true nor false", k.name, text)
	case reflect.Slice:
		return splitList(text), nil
	}
	return text, nil
}

func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// nearest is the name most like the wrong one, "" if none is like it.
func nearest(wrong string, names []string) string {
	best, least := "", len(wrong)/3+2
	for _, name := range names {
		if d := distance(wrong, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// suggest ends a complaint about an unknown name.
func suggest(wrong string, names []string) string {
	if best := nearest(wrong, names); best != "" {
		return "; did you mean " + best + "?"
	}
	return "; waybill config explain lists them all"
}
