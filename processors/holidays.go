package processors

import (
	"maps"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/us"
)

// lists are the public holidays of whole countries and of regions. Countries whose holidays move by decree each year, or are those of
// their regions alone, are left out rather than half right. GB is England and Wales; US are the federal ones, as the post keeps
// them; in SE the eves are free that nobody works on. All are compared with another source in testdata/holidays.txt.
var lists = map[string][]*cal.Holiday{
	"AT": at.Holidays, "BE": be.Holidays, "CZ": cz.Holidays, "DK": without(dk.Holidays, dk.Grundlovsdag), "ES": es.Holidays, "FR": fr.Holidays,
	"GB": plus(gb.Holidays, only(2022, time.September, 19)), // funeral of the queen
	"HR": hr.Holidays, "IE": ie.Holidays,
	"IT": plus(it.Holidays, since(2026, time.October, 4)), // San Francesco, legge 151/2025
	"JP": jp.Holidays, "LT": lt.Holidays,
	"NL": plus(without(nl.Holidays, nl.BevrijdingsDag), nl.BevrijdingsDag.Clone(&cal.Holiday{Except: notEveryFifth()})),
	"NO": no.Holidays,
	"PL": plus(pl.Holidays, since(2025, time.December, 24)), // Wigilia, Dz.U. 2024 poz. 1965
	"SE": se.Holidays, "SI": si.Holidays,
	"SK": plus(without(sk.Holidays, sk.Constitution, sk.Freedom, sk.Liberation, sk.LadyOfSorrows), // the savings of 2024 and 2025
		sk.Constitution.Clone(&cal.Holiday{EndYear: 2023}), sk.Freedom.Clone(&cal.Holiday{EndYear: 2024}),
		sk.Liberation.Clone(&cal.Holiday{Except: []int{2026}}), sk.LadyOfSorrows.Clone(&cal.Holiday{Except: []int{2026}})),
	"US": us.Holidays,

	"DE": de.Holidays, "DE-BB": de.HolidaysBB, "DE-BW": de.HolidaysBW, "DE-BY": de.HolidaysBY,
	"DE-BE": plus(de.HolidaysBE, only(2020, time.May, 8), only(2025, time.May, 8), only(2028, time.June, 17)), // anniversaries
	"DE-HB": de.HolidaysHB, "DE-HE": de.HolidaysHE, "DE-HH": de.HolidaysHH,
	"DE-MV": plus(de.HolidaysMV, since(2023, time.March, 8)), // Frauentag
	"DE-NI": de.HolidaysNI, "DE-NW": de.HolidaysNW, "DE-RP": de.HolidaysRP, "DE-SH": de.HolidaysSH, "DE-SL": de.HolidaysSL, "DE-SN": de.HolidaysSN,
	"DE-ST": de.HolidaysST, "DE-TH": de.HolidaysTH,
}

func knownHolidays() []string { return slices.Sorted(maps.Keys(lists)) }

// holidaysOf is every day of no work of that list, on its own date and on the one it is observed on, as midnight in UTC.
func holidaysOf(code string) (days map[time.Time]bool, known bool) {
	list, known := lists[code]
	if !known {
		return nil, false
	}
	days = map[time.Time]bool{}
	for _, shared := range list {
		holiday := shared.Clone(nil) // some write to themselves when asked
		for year := yearFirst; year <= yearLast+1; year++ {
			actual, observed := holiday.Calc(year)
			for _, t := range []time.Time{actual, observed} {
				if !t.IsZero() {
					days[dateOf(t)] = true
				}
			}
		}
	}
	return days, true
}

// dateOf takes the date of a midnight in the machine's own zone. At noon the date is right even where clocks skip midnight.
func dateOf(midnight time.Time) time.Time {
	year, month, day := midnight.Add(12 * time.Hour).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func plus(list []*cal.Holiday, more ...*cal.Holiday) []*cal.Holiday {
	return append(slices.Clone(list), more...)
}

func without(list []*cal.Holiday, fewer ...*cal.Holiday) []*cal.Holiday {
	return slices.DeleteFunc(slices.Clone(list), func(h *cal.Holiday) bool { return slices.Contains(fewer, h) })
}

func since(year int, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: day, StartYear: year, Func: cal.CalcDayOfMonth}
}

func only(year int, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: day, StartYear: year, EndYear: year, Func: cal.CalcDayOfMonth}
}

// notEveryFifth are the years in which the Dutch work on Liberation Day.
func notEveryFifth() (years []int) {
	for year := yearFirst; year <= yearLast; year++ {
		if year%5 != 0 {
			years = append(years, year)
		}
	}
	return years
}
