package gls

import (
	"net/http/httptest"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// stand is the account of the sandbox's GLS.
type stand struct {
	*testing.T
	play *sandboxserver.Server
	*GLS
}

func open(t *testing.T, rules ...fault.Rule) *stand {
	t.Helper()
	play, err := sandboxserver.New(sandboxserver.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(play.Handler())
	t.Cleanup(func() { play.Close(); server.Close() })
	if err := play.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	for _, p := range play.Parties(server.URL) {
		if p.Party != "gls" {
			continue
		}
		p.Made["url"], p.Made["token_url"] = p.URL, p.Login
		account, err := New(p.Made)
		if err != nil {
			t.Fatal(err)
		}
		return &stand{t, play, account}
	}
	t.Fatal("the sandbox plays no GLS")
	return nil
}

func booking(parcels int) *schemas.Booking {
	b := &schemas.Booking{
		ShipmentID: "s1", OrderID: "allegro/1", Reference: "WB-00000001",
		From:    schemas.Person{Company: "Kubki GmbH", Name: "Lager Nord", Street: "Industriestraße 4", PostalCode: "01097", City: "Dresden", Country: "DE"},
		To:      schemas.Person{Name: "Łucja Żak", Street: "ul. Piotrkowska 10", PostalCode: "90-001", City: "Łódź", Country: "PL", Phone: "+48 600 100 200", Email: "lucja@example.com"},
		ReadyAt: schemas.At(time.Now()),
	}
	for i := range parcels {
		b.Parcels = append(b.Parcels, schemas.Parcel{Grams: int64(900 + i), Length: 300, Width: 205, Height: 100})
	}
	return b
}

// billed is how often GLS billed, and how often once too often.
func (s *stand) billed() (effects, repeated int) {
	sums := s.play.Books()["gls"].Operations["shipments.create"]
	return sums.Effects, sums.Repeated
}
