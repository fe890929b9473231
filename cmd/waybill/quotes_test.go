package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/schemas"
)

// Of two carriers the cheaper books: one says what it asks, of the other it is settled.
func TestTheCheaperCarrierIsBookedAndWhatWasAskedForIsKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "waybill.yaml")
	err := os.WriteFile(file, []byte(`parties:
  direct: {settings: {ship_with: "DE=dhl:V01PAK|ups"}}
  dhl: {carrier: dhl, settings: {price_per_parcel: "999.00 EUR"}}
  ups: {carrier: ups, settings: {}}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	u := startUp(t, data, "--config", file)
	p := &placed{T: t, up: u, data: data, admin: regexp.MustCompile(`at (http://\S+/admin/)`).FindStringSubmatch(u.stderr.text())[1]}
	erp := p.warehouse()
	p.parcelOrder("1", schemas.StatusReady)
	erp.pack(erp.awaitOrder("direct/1").ID)
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'labelled' AND carrier = 'ups' AND quotes_carrier = ['ups', 'dhl']", 1)
	if bills := p.books("dhl").Operations["orders.create"]; bills.Effects != 0 {
		t.Errorf("DHL bills %+v", bills)
	}
	given := rows[handedOver](t, p.ask("manifest", "--carrier", "ups", "--by", "ben", "--config", file, "-o", "json"))
	if len(given) != 1 || given[0].Carrier != "ups" {
		t.Errorf("handed over are %+v", given)
	}
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'handed_over'", 1)
	if all := rows[clickhouse.Shipment](t, p.ask("shipments", "--all", "-o", "json")); len(all) != 1 || all[0].Carrier != "ups" || all[0].State != schemas.ShipmentHandedOver {
		t.Errorf("shipments are %+v", all)
	}
	landed(p.T, "--data", p.data)
	p.ask("prove", "labels")
}

func TestAPriceOfAParcelHasItsCurrency(t *testing.T) {
	for text, want := range map[string]int64{"4.49 EUR": 449, "0 PLN": 0, "1200 JPY": 1200} {
		if price, err := parcelPrice(config.Settings{settingPrice: text}); err != nil || price.Minor != want {
			t.Errorf("%q: %v, %v", text, price, err)
		}
	}
	for _, text := range []string{"4.49", "EUR", "4,49 EUR", "-1 EUR", "4.499 EUR"} {
		if _, err := parcelPrice(config.Settings{settingPrice: text}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
