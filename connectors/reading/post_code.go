package reading

import "strings"

// without are the countries in which an address may lack a postal code: those that the Universal Postal Union lists without one,
// and those where few people know theirs (class-wc-countries.php of WooCommerce does not ask for it there).
const without = " AE AG AN AO AW BD BF BH BI BJ BO BS BW BZ CD CF CG CI CK CL CM CO CW DJ DM ER FJ FK GA GD GH GM GN GQ GT GY HK IE JM KI KM " +
	"KN KP LC LY ML MO MR MS MW MZ NG NP NR NU PA QA RW SB SC SL SO SR SS ST SX SY TD TG TK TL TO TT TV UG VN VU WS YE ZW "

// HasPostCodes tells whether an address in that country is incomplete without a postal code.
func HasPostCodes(country string) bool { return !strings.Contains(without, " "+country+" ") }
