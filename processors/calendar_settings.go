package processors

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The settings of a party that make its calendar.
const (
	settingZone     = "zone"          // IANA: Europe/Berlin. Without it there is no calendar
	settingCutoff   = "cutoff"        // hh:mm until when an order counts from the day it is placed on; 24:00 unless set
	settingHandling = "handling_days" // working days until an order has left
	settingTransit  = "transit_days"  // working days on the way
	settingHolidays = "holidays"      // country, or country and region, by ISO 3166: DE, DE-BY. None unless set
	settingWeekend  = "weekend"       // days of no work: "sat,sun" unless set; "sun" where Saturday is a working day
)

// NewCalendar makes a calendar of a party's settings; others among them are none of its business. Without any of them it is a zero
// Calendar. The error names each setting that is wrong, and what would be right.
func NewCalendar(settings map[string]string) (Calendar, error) {
	given := func(name string) bool { return settings[name] != "" }
	if !slices.ContainsFunc([]string{settingZone, settingCutoff, settingHandling, settingTransit, settingHolidays, settingWeekend}, given) {
		return Calendar{}, nil
	}
	var c Calendar
	err := errors.Join(
		c.setZone(settings[settingZone]),
		c.setCutoff(cmp.Or(settings[settingCutoff], "24:00")),
		setDays(&c.handling, settingHandling, settings[settingHandling]),
		setDays(&c.transit, settingTransit, settings[settingTransit]),
		c.setHolidays(settings[settingHolidays]),
		c.setWeekend(cmp.Or(settings[settingWeekend], "sat,sun")),
	)
	if err != nil {
		return Calendar{}, err
	}
	return c, nil
}

func (c *Calendar) setZone(name string) error {
	zone, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		return wrong(settingZone, name, "the IANA name of a time zone, such as Europe/Berlin; a calendar needs one")
	}
	c.zone = zone
	return nil
}

func (c *Calendar) setCutoff(text string) error {
	hours, minutes, _ := strings.Cut(text, ":")
	h, m := digits(hours, 24), digits(minutes, 59)
	if len(hours) != 2 || len(minutes) != 2 || h < 0 || m < 0 || h*60+m > 24*60 {
		return wrong(settingCutoff, text, "a time of day from 00:00 to 24:00, such as 14:00")
	}
	c.cutoff = h*60 + m
	return nil
}

func setDays(days **int, name, text string) error {
	if text == "" {
		return nil
	}
	n := digits(text, workingDaysMax)
	if n < 0 {
		return wrong(name, text, fmt.Sprintf("a whole number of working days from 0 to %d", workingDaysMax))
	}
	*days = &n
	return nil
}

// digits is the number, or -1 if it is none from 0 to most.
func digits(text string, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most || strings.ContainsAny(text, "+-") {
		return -1
	}
	return n
}

func (c *Calendar) setHolidays(of string) error {
	if of == "" {
		return nil
	}
	days, known := holidaysOf(of)
	if !known {
		return wrong(settingHolidays, of, "a country, or country and region, whose holidays are known here: "+strings.Join(knownHolidays(), ", "))
	}
	c.holidays = days
	return nil
}

var weekdays = map[string]time.Weekday{
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

func (c *Calendar) setWeekend(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		day, known := weekdays[strings.TrimSpace(name)]
		if !known {
			return wrong(settingWeekend, text, "days such as sat,sun")
		}
		c.weekend[day] = true
	}
	if !slices.Contains(c.weekend[:], false) {
		return wrong(settingWeekend, text, "fewer than seven days")
	}
	return nil
}

func wrong(setting, text, right string) error {
	if len(text) > 64 {
		text = text[:64] + "…"
	}
	return fmt.Errorf("setting %s is %q: it has to be %s", setting, text, right)
}
