package engine_test

import (
	"encoding/json"
	"os"
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
