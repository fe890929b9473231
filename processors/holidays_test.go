package processors

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
)

func TestHolidaysAreThoseOfAnotherSource(t *testing.T) {
	file, err := os.Open("testdata/holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	compared := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		of, dates, is := strings.Cut(lines.Text(), ":")
		if !is || strings.HasPrefix(of, "#") {
			continue
		}
		code, year, _ := strings.Cut(of, " ")
		compared[code] = true
		if got := weekdaysOff(t, code, year); got != strings.TrimSpace(dates) {
			t.Errorf("%s %s\n got %s\nwant%s", code, year, got, dates)
		}
	}
	for _, code := range knownHolidays() {
		if !compared[code] {
			t.Errorf("the holidays of %s are compared with nothing", code)
		}
	}
}

// weekdaysOff are the holidays from Monday to Friday, as "01-01 01-06".
func weekdaysOff(t *testing.T, code, year string) string {
	t.Helper()
	off, known := holidaysOf(code)
	if !known {
		t.Fatalf("no holidays of %s are known", code)
	}
	day, err := time.Parse("2006", year)
	if err != nil {
		t.Fatal(err)
	}
	var dates []string
	for next := day.AddDate(1, 0, 0); day.Before(next); day = day.AddDate(0, 0, 1) {
		if off[day] && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			dates = append(dates, day.Format("01-02"))
		}
	}
	return strings.Join(dates, " ")
}
