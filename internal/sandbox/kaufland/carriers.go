package kaufland

import (
	"slices"

	"waybill/internal/sandbox/party"
)

// carriers are codes that the seller may name, each an exact text (a public copy of sellerapi.kaufland.com, Order Files, carrier codes).
var carriers = []string{
	"DHL", "DHL Express", "DPD", "GLS", "Hermes", "UPS", "Fedex", "Deutsche Post", "Packeta", "PostNL", "InPost", "Orlen Paczka",
	"Poland Post", "PPL", "Czech Post", "DPD Austria", "DPD Czech Republic", "DPD Poland", "DPD Slovakia", "GLS Czech Republic",
	"GLS Italy", "GLS Poland", "Mondial Relay", "Post Italiane", "BRT Bartolini", "Seur", "Slovakia Post", "TNT", "TopTrans",
	"WeDo Logistics", "trans-o-flex", otherCarrier, otherHauler,
}

// Only these may go without a tracking number.
const (
	otherCarrier = "Other"
	otherHauler  = "Other Hauler"
)

type carrier struct {
	Name     string `json:"name"`
	IsHauler bool   `json:"isHauler"`
}

func listCarriers(*party.Call) party.Reply {
	var all []carrier
	for _, name := range carriers {
		all = append(all, carrier{name, name == otherHauler})
	}
	return data(map[string]any{"carriers": all})
}

// trackable says what is wrong with a carrier and its numbers.
func trackable(carrierField, code, numbersField, numbers string) *party.Reply {
	switch {
	case !slices.Contains(carriers, code):
		return invalid(carrierField, "not valid")
	case numbers == "" && code != otherCarrier && code != otherHauler:
		return invalid(numbersField, "must not be empty")
	case len(numbers) > 1000:
		return invalid(numbersField, "too long")
	}
	return nil
}
