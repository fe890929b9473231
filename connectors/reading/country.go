package reading

import "github.com/biter777/countries"

// IsCountry tells whether it is a code of ISO 3166-1 alpha-2, in capitals.
func IsCountry(code string) bool { return countryCodes[code] }

var countryCodes = alpha2()

func alpha2() map[string]bool {
	codes := map[string]bool{}
	for _, country := range countries.All() {
		codes[country.Alpha2()] = true
	}
	return codes
}
