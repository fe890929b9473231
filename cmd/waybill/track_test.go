package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTrackTellsByItsExitCodeHowMuchCouldBeRead(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := write("good", `{"parcels":[{"unitno":"1","status":"DELIVERED","statusDateTime":"2026-01-05T10:00:00+0100"}]}`)
	absent := write("absent", `{"parcels":[{"requested":"1","errorCode":"E_404_01"}]}`)
	half := write("half", `{"parcels":[{"unitno":"1","status":"DELIVERED","statusDateTime":"2026-01-05T10:00:00+0100"},{"unitno":"2","status":"DELIVERED"}]}`)
	bad := write("bad", `{"parcels":`)
	for _, c := range []struct {
		args string
		want int
	}{
		{"--carrier gls --dry-run " + good, exitDone},
		{"--carrier gls --dry-run " + good + " " + absent, exitDone},
		{"--carrier gls --dry-run " + absent, exitDone},
		{"--carrier gls --dry-run " + good + " " + bad, exitPartial},
		{"--carrier gls --dry-run " + half, exitPartial},
		{"--carrier gls --dry-run " + bad, exitFailed},
		{"--carrier gls --dry-run " + bad + " " + filepath.Join(folder, "none"), exitFailed},
		{"--carrier gls --dry-run", exitFailed}, // stdin is empty
		{"--carrier gls " + good, exitUsage},
		{"--dry-run " + good, exitUsage},
		{"--carrier nobody --dry-run " + good, exitUsage},
		{"--carrier gls --dry-run -o yaml " + good, exitUsage},
	} {
		args := append([]string{"track"}, strings.Fields(c.args)...)
		if got := run(args, strings.NewReader(""), io.Discard, io.Discard); got != c.want {
			t.Errorf("%s: code %d, want %d", strings.ReplaceAll(c.args, folder, ""), got, c.want)
		}
	}
}
