package marketplaces

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading"
)

// A place is true if what is written there is what the order then says. Each is proven by a recorded payload.
func TestWhatIsWrittenAtAPlaceIsWhatTheOrderSays(t *testing.T) {
	proven := map[string]bool{}
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		places := Places(p.channel)
		for _, raw := range receive(t, m, p) {
			for ours := range places {
				name := strings.ReplaceAll(ours, "[]", "[0]")
				path, ok, err := places.Find(raw.Body.Bytes, name)
				if err != nil || !ok {
					continue
				}
				value := `"Xanadu"`
				if strings.HasSuffix(name, ".country") {
					value = `"FR"`
				}
				edited := raw
				if edited.Body.Bytes, err = path.Set(raw.Body.Bytes, []byte(value)); err != nil {
					t.Fatal(err)
				}
				order, err := m.Normalize(&edited)
				if err != nil {
					continue // faulty for other reasons, or a part
				}
				text, err := json.Marshal(View(order))
				if err != nil {
					t.Fatal(err)
				}
				at, err := reading.ParsePath(name)
				if err != nil {
					t.Fatal(err)
				}
				if got, _ := at.Get(text); strings.Contains(string(got), strings.Trim(value, `"`)) {
					proven[p.channel+" "+ours] = true
				} else {
					t.Logf("%s: %s at %s says %s", raw.Ref, ours, path, got)
				}
			}
		}
	})
	for _, channel := range Channels() {
		for _, ours := range slices.Sorted(maps.Keys(Places(channel))) {
			if !proven[channel+" "+ours] {
				t.Errorf("%s: no payload proves where %s stands", channel, ours)
			}
		}
	}
}
