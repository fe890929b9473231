package config

import (
	"strconv"
	"strings"
	"time"
)

// ClassHours reads an item of trash.due_hours_by_class: in_doubt=4.
func ClassHours(text string) (class string, hours int, ok bool) {
	class, number, _ := strings.Cut(text, "=")
	hours, err := strconv.Atoi(strings.TrimSpace(number))
	class = strings.TrimSpace(class)
	return class, hours, err == nil && class != "" && 0 < hours && hours <= dueHoursMax
}

// AfterWho reads an item of trash.escalation: 4h=lead.
func AfterWho(text string) (after time.Duration, who string, ok bool) {
	span, who, _ := strings.Cut(text, "=")
	after, err := time.ParseDuration(strings.TrimSpace(span))
	who = strings.TrimSpace(who)
	return after, who, err == nil && after >= 0 && who != ""
}

const dueHoursMax = 8760
