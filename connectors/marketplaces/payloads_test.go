package marketplaces

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
