package addresses

import (
	"regexp"
	"strings"
)

// form is how a country writes its postal codes.
type form struct {
	is   *regexp.Regexp
	like string // an example: its digits and capitals stand for any, what is between them for itself
}

func written(pattern, like string) form {
	return form{regexp.MustCompile(`^(?:` + pattern + `)$`), like}
}

// postalCodes are those of the countries that most parcels go to (Universal Postal Union, postal addressing systems). Of others any is taken.
var postalCodes = map[string]form{
	"AT": written(`\d{4}`, "1070"), "AU": written(`\d{4}`, "2000"), "BE": written(`\d{4}`, "1000"), "BG": written(`\d{4}`, "1000"),
	"CA": written(`[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d`, "K1A 0B1"), "CH": written(`\d{4}`, "8001"), "CY": written(`\d{4}`, "1010"),
	"CZ": written(`\d{3} ?\d{2}`, "110 00"), "DE": written(`\d{5}`, "53113"), "DK": written(`\d{4}`, "1050"), "EE": written(`\d{5}`, "10111"),
	"ES": written(`\d{5}`, "28001"), "FI": written(`\d{5}`, "00100"), "FR": written(`\d{2} ?\d{3}`, "75008"),
	"GB": written(`GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}`, "SW1A 1AA"), "GR": written(`\d{3} ?\d{2}`, "105 57"), "HR": written(`\d{5}`, "10000"),
	"HU": written(`\d{4}`, "1051"), "IT": written(`\d{5}`, "00187"), "JP": written(`\d{3}-\d{4}`, "150-0001"), "LI": written(`\d{4}`, "9490"),
	"LT": written(`(LT-)?\d{5}`, "01100"), "LU": written(`(L-)?\d{4}`, "1009"), "LV": written(`(LV-)?\d{4}`, "LV-1050"), "MC": written(`980\d{2}`, "98000"),
	"MT": written(`[A-Z]{3} ?\d{4}`, "VLT 1117"), "NL": written(`[1-9]\d{3} ?[A-Z]{2}`, "1071 AA"), "NO": written(`\d{4}`, "0150"), "PL": written(`\d{2}-\d{3}`, "90-001"),
	"PT": written(`\d{4}-\d{3}`, "1000-001"), "RO": written(`\d{6}`, "010011"), "SE": written(`\d{3} ?\d{2}`, "111 22"), "SI": written(`\d{4}`, "1000"),
	"SK": written(`\d{3} ?\d{2}`, "811 01"), "TR": written(`\d{5}`, "34110"), "UA": written(`\d{5}`, "01001"), "US": written(`\d{5}(-\d{4})?`, "98101"),
}

var noCodeCharacter = regexp.MustCompile(`[^0-9A-Z]`)

// meant is the code as the country writes it, if what stands there is that but for its case, its spaces and dashes, or the country in front
// of it; "" otherwise.
func (f form) meant(country, code string) string {
	plain := noCodeCharacter.ReplaceAllString(strings.ToUpper(code), "")
	for _, letters := range []string{plain, strings.TrimPrefix(plain, country), strings.TrimPrefix(plain, country[:1])} {
		for _, grouped := range []string{f.grouped(letters), letters} {
			if f.is.MatchString(grouped) {
				return grouped
			}
		}
	}
	return ""
}

// grouped has what is between the groups of the example, counted from behind: a British code begins with two to four characters.
func (f form) grouped(letters string) string {
	at := strings.IndexAny(f.like, " -")
	if at < 0 || len(letters) < len(f.like)-at {
		return letters
	}
	cut := len(letters) - (len(f.like) - at - 1)
	return letters[:cut] + f.like[at:at+1] + letters[cut:]
}
