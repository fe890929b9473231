package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
)

func TestAManifestHasALineForEachParcelAndNoReceiver(t *testing.T) {
	h := Handover{
		Carrier: "dhl", By: "ben", At: time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC),
		From: schemas.Person{Name: "Lager 1", Street: "Speicherstraße 7", PostalCode: "20457", City: "Hamburg", Country: "DE"},
	}
	for i := range 150 {
		h.Shipments = append(h.Shipments, schemas.Shipment{
			ShipmentID: fmt.Sprintf("allegro/%d#17", i), To: &schemas.Person{Name: "Ana"},
			Parcels: []schemas.ShipmentParcel{{Number: fmt.Sprintf("N%03d", i), Grams: 1250}, {Number: fmt.Sprintf("M%03d", i)}},
		})
	}
	file, err := Manifest(h)
	if err != nil {
		t.Fatal(err)
	}
	said := told(t, file)
	for _, want := range []string{"Übergabeliste", "Lager 1, Speicherstraße 7, 20457 Hamburg, DE", "23.11.2026 17:30 UTC", "N000", "M149", "allegro/149#17", "1.250 kg", "300 Pakete, 187.500 kg", "Übergeben von: ben"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not on it", want)
		}
	}
	if strings.Contains(said, "Ana") {
		t.Error("it names a receiver")
	}
	if again, err := Manifest(h); err != nil || !bytes.Equal(file, again) {
		t.Errorf("it differs: %v", err)
	}
	for country, w := range manifestLanguages {
		for _, word := range []string{w.list, w.carrier, w.from, w.number, w.weight, w.parcels, w.by, w.driver} {
			if word == "" || written(word) != word {
				t.Errorf("%q: the font has no %q", country, word)
			}
		}
	}
}
