package marketplaces

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var constant = regexp.MustCompile(`(?m)^\t(\w+) += "(\w+)"$`)

// A code is explained by the README of each channel that uses it, or for which the reader of all channels may.
func TestEveryCodeIsExplained(t *testing.T) {
	shared := source(t, "../reading")
	codes := map[string]string{}
	for _, m := range constant.FindAllStringSubmatch(shared, -1) {
		codes[m[1]] = m[2]
	}
	if len(codes) < 40 {
		t.Fatalf("only %d codes found", len(codes))
	}
	for _, channel := range Channels() {
		readme, err := os.ReadFile(filepath.Join(channel, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		own := source(t, channel)
		for name, code := range codes {
			used := regexp.MustCompile(`reading\.`+name+`\b`).MatchString(own) ||
				len(regexp.MustCompile(`\b`+name+`\b`).FindAllString(shared, 2)) > 1
			if used && !strings.Contains(string(readme), fmt.Sprintf("| `%s` |", code)) {
				t.Errorf("%s/README.md does not explain %s", channel, code)
			}
		}
	}
}

// source is all the Go of a folder but its tests.
func source(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source in %s: %v", folder, err)
	}
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
