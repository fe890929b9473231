package marketplaces

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const golden = ".golden.json"

// payload is a recorded delivery of a channel.
type payload struct {
	channel string
	file    string
	body    []byte
}

// everyPayload runs the check on each recorded delivery of each channel.
func everyPayload(t *testing.T, check func(t *testing.T, m Marketplace, p payload)) {
	for _, channel := range Channels() {
		m, err := Open(channel, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range payloads(t, channel) {
			t.Run(channel+"/"+strings.TrimSuffix(filepath.Base(p.file), ".json"), func(t *testing.T) { check(t, m, p) })
		}
	}
}

func payloads(t *testing.T, channel string) []payload {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(channel, "testdata", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []payload
	for _, file := range files {
		if strings.HasSuffix(file, golden) {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, payload{channel, file, body})
	}
	return all
}

// outcome is what a golden file says of one element of a delivery.
type outcome struct {
	Ref    string      `json:"ref"`
	Order  *OrderView  `json:"order,omitempty"`
	Faults []FaultView `json:"faults,omitempty"`
}

func receive(t *testing.T, m Marketplace, p payload) []schemas.RawOrder {
	t.Helper()
	raws, err := m.Receive(http.Header{}, p.body)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raws {
		raws[i].Party, raws[i].Seller, raws[i].Channel = p.channel, "default", p.channel
		raws[i].OrderID = schemas.OrderID(p.channel, raws[i].Ref)
	}
	return raws
}

func outcomes(t *testing.T, m Marketplace, p payload) []outcome {
	t.Helper()
	all := []outcome{}
	for _, raw := range receive(t, m, p) {
		order, err := m.Normalize(&raw)
		var faults schemas.Faults
		switch {
		case errors.As(err, &faults):
			all = append(all, outcome{Ref: raw.Ref, Faults: ViewFaults(faults)})
		case err != nil:
			t.Fatalf("an error that is no faults: %v", err)
		default:
			view := View(order)
			all = append(all, outcome{Ref: raw.Ref, Order: &view})
		}
	}
	return all
}

func readable(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryChannelIsAFolderWithRecordedPayloads(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	if diff := cmp.Diff(folders, Channels()); diff != "" {
		t.Errorf("the folders are not those of the catalogue (-folders +catalogue):\n%s", diff)
	}
	for _, channel := range Channels() {
		if len(payloads(t, channel)) == 0 {
			t.Errorf("%s/testdata has no recorded payload", channel)
		}
	}
}

func TestEveryRecordedPayloadIsReadAsItsGoldenFileSays(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		got := readable(t, outcomes(t, m, p))
		file := strings.TrimSuffix(p.file, ".json") + golden
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v; write it with -update and read what it says", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestLinesAndChargesAddUpToTheTotal(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		for _, raw := range receive(t, m, p) {
			order, err := m.Normalize(&raw)
			if err != nil {
				continue
			}
			var sum int64
			for _, l := range order.Lines {
				sum += l.LineTotal.Minor
			}
			for _, c := range order.Charges {
				sum += c.Amount.Minor
			}
			if sum != order.Total.Minor {
				t.Errorf("%s: the parts are %d, the total is %d", raw.Ref, sum, order.Total.Minor)
			}
		}
	})
}

func TestTheSameBytesMakeTheSameOrder(t *testing.T) {
	everyPayload(t, func(t *testing.T, m Marketplace, p payload) {
		if !slices.Equal(encoded(t, m, p), encoded(t, m, p)) {
			t.Error("twice the same payload, two results")
		}
	})
}

// encoded is each order as it would be written to its topic, or its faults.
func encoded(t *testing.T, m Marketplace, p payload) []string {
	t.Helper()
	var all []string
	for _, raw := range receive(t, m, p) {
		order, err := m.Normalize(&raw)
		if err != nil {
			all = append(all, err.Error())
			continue
		}
		b, err := schemas.OrderSchema.Append(nil, order)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	return all
}
