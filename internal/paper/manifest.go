package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/schemas"
)

// Handover is what a carrier's driver takes along.
type Handover struct {
	Carrier   string // its account
	At        time.Time
	By        string         // who hands it over
	From      schemas.Person // who sends
	Shipments []schemas.Shipment
}

// manifestWords are those of the list that a driver signs, in a language.
type manifestWords struct{ list, carrier, from, number, weight, parcels, by, driver, instant string }

// manifestLanguages are by country what is spoken there.
var manifestLanguages = map[string]manifestWords{
	"":   {"Hand-over list", "Carrier", "From", "Parcel number", "Weight", "parcels", "Handed over by", "Taken over by the driver (name, signature, time)", "2 Jan 2006 15:04 MST"},
	"DE": {"Übergabeliste", "Frachtführer", "Absender", "Sendungsnummer", "Gewicht", "Pakete", "Übergeben von", "Übernommen vom Fahrer (Name, Unterschrift, Uhrzeit)", "02.01.2006 15:04 MST"},
	"PL": {"Protokół przekazania", "Przewoźnik", "Nadawca", "Numer paczki", "Waga", "szt. paczek", "Przekazał", "Odebrał kierowca (nazwisko, podpis, godzina)", "02.01.2006 15:04 MST"},
	"CZ": {"Předávací protokol", "Dopravce", "Odesílatel", "Číslo zásilky", "Hmotnost", "ks zásilek", "Předal", "Převzal řidič (jméno, podpis, čas)", "2. 1. 2006 15:04 MST"},
	"FR": {"Bordereau de remise", "Transporteur", "Expéditeur", "Numéro de colis", "Poids", "colis", "Remis par", "Pris en charge par le chauffeur (nom, signature, heure)", "02/01/2006 15:04 MST"},
}

// Manifest is the list that the driver signs: a line for each parcel. It names no receiver.
func Manifest(h Handover) ([]byte, error) {
	country := h.From.Country
	if as, is := spokenAlso[country]; is {
		country = as
	}
	w, is := manifestLanguages[country]
	if !is {
		w = manifestLanguages[""]
	}
	s := newSheet(w.list+" "+h.Carrier+" "+h.At.Format(time.DateOnly), h.At)
	s.AddPage()
	s.bold(16)
	s.say(w.list)
	s.Ln(2)
	s.plain(10)
	s.say(w.carrier + ": " + h.Carrier)
	s.say(w.from + ": " + strings.Join(slices.DeleteFunc([]string{h.From.Name, h.From.Company, h.From.Street, h.From.PostalCode + " " + h.From.City, h.From.Country}, isBlank), ", "))
	s.say(h.At.Format(w.instant))
	s.Ln(4)
	columns := []column{{"#", 12, true}, {w.number, 48, false}, {wordsOf(country).shipment, 95, false}, {w.weight, 25, true}}
	s.heads(columns)
	parcels, grams := 0, int64(0)
	for _, one := range h.Shipments {
		for _, p := range one.Parcels {
			parcels++
			grams += p.Grams
			s.row(columns, []string{strconv.Itoa(parcels), p.Number, one.ShipmentID, kilograms(p.Grams)})
		}
	}
	s.Ln(3)
	s.bold(11)
	s.say(fmt.Sprintf("%d %s, %s", parcels, w.parcels, kilograms(grams)))
	s.plain(10)
	s.Ln(4)
	s.say(w.by + ": " + h.By)
	_, height := s.GetPageSize()
	if s.GetY()+30 > height-footer {
		s.AddPage()
	}
	s.SetY(s.GetY() + 20)
	s.Line(margin, s.GetY(), margin+inner*2/3, s.GetY())
	s.say(w.driver)
	return s.bytes()
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

func kilograms(grams int64) string { return fmt.Sprintf("%d.%03d kg", grams/1000, grams%1000) }
