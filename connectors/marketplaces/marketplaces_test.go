package marketplaces

import (
	"strings"
	"testing"
)

func TestAnUnknownChannelIsAnsweredWithTheKnownOnes(t *testing.T) {
	_, err := Open("alegro", nil)
	if err == nil || !strings.Contains(err.Error(), `"alegro"`) || !strings.Contains(err.Error(), strings.Join(Channels(), ", ")) {
		t.Error(err)
	}
}

func TestEveryChannelNamesItsMappingAfterItself(t *testing.T) {
	for _, channel := range Channels() {
		m, err := Open(channel, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name, version, _ := strings.Cut(m.Mapping(), "/"); name != channel || version == "" {
			t.Errorf("%s: mapping %q", channel, m.Mapping())
		}
	}
}
