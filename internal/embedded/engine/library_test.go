package engine_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waybill/internal/embedded/engine"
)

const pins = "../../../build/libchdb/"

func readPin(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.FromSlash(pins + name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is fetched, what is checked and what is looked for must be one version.
func TestThePinnedLibraryIsTheOneThatIsLookedFor(t *testing.T) {
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal([]byte(readPin(t, "package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version, Integrity, Resolved string }
	}
	if err := json.Unmarshal([]byte(readPin(t, "package-lock.json")), &lock); err != nil {
		t.Fatal(err)
	}
	checksums := readPin(t, "checksums")
	for name, version := range manifest.Dependencies {
		locked := lock.Packages["node_modules/"+name]
		if version != engine.LibraryVersion || locked.Version != version {
			t.Errorf("%s: package.json has %s, the lock %s, the engine wants %s", name, version, locked.Version, engine.LibraryVersion)
		}
		if !strings.HasPrefix(locked.Integrity, "sha512-") || !strings.Contains(checksums, "  "+name+"\n") {
			t.Errorf("%s has no integrity in the lock or no line in checksums", name)
		}
		if locked.Resolved != "" {
			t.Errorf("%s: the lock names a download address", name)
		}
	}
	if len(manifest.Dependencies) == 0 {
		t.Error("package.json pins nothing")
	}
}

// fetch runs the script with an empty cache, and with no other programs than the usual ones and npm, if there is a script for it.
func fetch(t *testing.T, npm string) (cache, said string, err error) {
	programs, cache := t.TempDir(), t.TempDir()
	for _, name := range []string{"sh", "uname", "sed", "awk", "mktemp", "rm", "cp", "mv", "mkdir", "cut", "dirname", "sha256sum"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("the script needs %s", name)
		}
		if err := os.Symlink(path, filepath.Join(programs, name)); err != nil {
			t.Fatal(err)
		}
	}
	if npm != "" {
		if err := os.WriteFile(filepath.Join(programs, "npm"), []byte(npm), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("sh", filepath.FromSlash(pins+"fetch"))
	command.Env = []string{"PATH=" + programs, "WAYBILL_CACHE=" + cache}
	output, err := command.CombinedOutput()
	return cache, string(output), err
}

func TestFetchingWithoutNpmSaysWhatToInstall(t *testing.T) {
	if _, said, err := fetch(t, ""); err == nil || !strings.Contains(said, "Node.js") {
		t.Errorf("error %v: %s", err, said)
	}
}

func TestAFetchedLibraryThatIsNotThePinnedOneIsThrownAway(t *testing.T) {
	const npm = `#!/bin/sh
mkdir -p "$3/node_modules/@chdb/lib-linux-x64-gnu"
echo wrong > "$3/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"
`
	cache, said, err := fetch(t, npm)
	if err == nil || !strings.Contains(said, "not the library that was pinned") {
		t.Errorf("error %v: %s", err, said)
	}
	if left, _ := os.ReadDir(filepath.Join(cache, "libchdb")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
