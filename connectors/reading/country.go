package reading

import (
	"strings"

	"github.com/biter777/countries"
)

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

// Country is the code of ISO 3166-1 alpha-2 for a code of two or three letters, large or small; false if there is no such country.
func Country(code string) (alpha2 string, ok bool) {
	code = strings.ToUpper(code)
	if two, known := shortCodes[code]; known {
		return two, true
	}
	return code, IsCountry(code)
}

// shortCodes are those of alpha-3 in two letters.
var shortCodes = func() map[string]string {
	codes := map[string]string{}
	for _, country := range countries.All() {
		codes[country.Alpha3()] = country.Alpha2()
	}
	return codes
}()
