package processors

import (
	"maps"
	"strings"
	"testing"
)

func TestAWrongSettingIsToldWithWhatWouldBeRight(t *testing.T) {
	for _, c := range []struct{ setting, value, want string }{
		{"zone", "", `setting zone is "": it has to be the IANA name of a time zone, such as Europe/Berlin; a calendar needs one`},
		{"zone", "Europe/Berln", `setting zone is "Europe/Berln"`},
		{"zone", "Local", `setting zone is "Local"`},
		{"zone", "../../etc/passwd", `setting zone is "../../etc/passwd"`},
		{"cutoff", "14", `setting cutoff is "14": it has to be a time of day from 00:00 to 24:00, such as 14:00`},
		{"cutoff", "2:00", `setting cutoff is "2:00"`},
		{"cutoff", "14:60", `setting cutoff is "14:60"`},
		{"cutoff", "24:01", `setting cutoff is "24:01"`},
		{"cutoff", "14:00:00", `setting cutoff is "14:00:00"`},
		{"cutoff", "+1:00", `setting cutoff is "+1:00"`},
		{"cutoff", "2 pm", `setting cutoff is "2 pm"`},
		{"handling_days", "-1", `setting handling_days is "-1": it has to be a whole number of working days from 0 to 365`},
		{"handling_days", "366", `setting handling_days is "366"`},
		{"handling_days", "1.5", `setting handling_days is "1.5"`},
		{"transit_days", "two", `setting transit_days is "two"`},
		{"transit_days", strings.Repeat("9", 1000), `setting transit_days is "999`},
		{"holidays", "de", `setting holidays is "de": it has to be a country, or country and region, whose holidays are known here: AT, BE, CZ, DE, DE-BB`},
		{"holidays", "DE-XX", `setting holidays is "DE-XX"`},
		{"weekend", "sat;sun", `setting weekend is "sat;sun": it has to be days such as sat,sun`},
		{"weekend", "mon,tue,wed,thu,fri,sat,sun", `setting weekend is "mon,tue,wed,thu,fri,sat,sun": it has to be fewer than seven days`},
	} {
		settings := maps.Clone(calendars["DE"])
		settings[c.setting] = c.value
		got, err := NewCalendar(settings)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || len(err.Error()) > 500 || got.Zone() != "" {
			t.Errorf("%s %.40q: got %v", c.setting, c.value, err)
		}
	}
}

func TestAllWrongSettingsAreToldAtOnce(t *testing.T) {
	_, err := NewCalendar(map[string]string{"zone": "x", "cutoff": "x", "handling_days": "x", "transit_days": "x", "holidays": "x", "weekend": "x"})
	if err == nil || strings.Count(err.Error(), "setting ") != 6 {
		t.Errorf("got %v", err)
	}
}

func TestACutOffOfMidnightIsTheStartOrTheEndOfTheDay(t *testing.T) {
	settings := map[string]string{"zone": "Europe/Berlin", "handling_days": "0"}
	placed := instantOf(t, "2026-02-03T23:59:59.999+01:00")
	for cutoff, want := range map[string]string{"": "2026-02-03", "24:00": "2026-02-03", "00:00": "2026-02-04"} {
		settings["cutoff"] = cutoff
		c := calendarOf(t, settings)
		if got := c.ShipBy(placed).In(c.zone).Format("2006-01-02"); got != want {
			t.Errorf("cut-off %q: leaves on %s, want %s", cutoff, got, want)
		}
	}
}
