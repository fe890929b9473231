package dhl

import "strings"

// cities are the first digits of the postal codes of some of Germany's: what of those does not match is not codeable. Of others any is.
var cities = map[string][]string{
	"berlin": {"10", "11", "12", "13", "14"}, "bonn": {"53"}, "düsseldorf": {"40"}, "dusseldorf": {"40"}, "görlitz": {"028"}, "gorlitz": {"028"}, "hamburg": {"20", "21", "22"},
	"köln": {"50", "51"}, "koln": {"50", "51"}, "münchen": {"80", "81"}, "munchen": {"80", "81"}, "frankfurt am main": {"60", "65"}, "leipzig": {"04"},
}

// union are the members of the European Union, for which no customs are asked.
const union = " AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE "

// heaviest is what a product may weigh, in grams (specification 2.1.13, Weight; dhl.de, DHL Kleinpaket).
var heaviest = map[string]float64{"V62KP": 1000, "V62WP": 1000, "V66WPI": 1000}

const gramsMax = 31_500

// messages are what DHL itself has to say of a shipment whose fields are as they must be.
func (s shipment) messages() (all []message) {
	add := func(property, text, state string) { all = append(all, message{property, text, state}) }
	grams := float64(s.Details.Weight.Value)
	if s.Details.Weight.Unit == "kg" {
		grams *= 1000
	}
	limit, own := heaviest[s.Product]
	if !own {
		limit = gramsMax
	}
	if grams > limit {
		add("details.weight", "The weight is too high.", "Error")
	}
	if s.BillingNumber[10:12] != s.Product[1:3] {
		add("billingNumber", "The billing number does not belong to the product.", "Error")
	}
	abroad := s.Consignee.Country != "DEU"
	if domestic := s.Product == "V01PAK" || s.Product == "V62KP" || s.Product == "V62WP"; domestic && abroad {
		add("product", "The product is not available to this country.", "Error")
	}
	if !strings.Contains(union, " "+s.Consignee.Country+" ") && len(s.Customs) == 0 {
		add("customs", "Customs information is required.", "Error")
	}
	if !abroad && !codeable(s.Consignee.City, s.Consignee.Code) {
		add("consignee", "The city entered does not match the postcode. The shipment is not codeable.", "Warning")
	}
	return all
}

func codeable(city, code string) bool {
	begins, known := cities[strings.ToLower(strings.TrimSpace(city))]
	if !known {
		return len(code) == 5
	}
	for _, begin := range begins {
		if strings.HasPrefix(code, begin) {
			return true
		}
	}
	return false
}
