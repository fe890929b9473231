package provision

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waybill/topics"
)

// Lines is the plan for people: + is created, ~ is changed, = stays, ? is not as configured and stays, ! is refused.
func (p *Plan) Lines() []string {
	var lines []string
	for _, t := range p.topics {
		lines = append(lines, t.lines()...)
	}
	for _, s := range p.subjects {
		lines = append(lines, s.lines()...)
	}
	for _, r := range p.refusals {
		lines = append(lines, "! "+r.Error())
	}
	return lines
}

func (t topicPlan) lines() []string {
	name := "topic " + t.topic.Name
	lines := []string{"= " + name}
	switch {
	case t.missing:
		lines[0] = fmt.Sprintf("+ %s  %s, %s, records to %s", name, count(t.partitions, "partition"), keeping(t.topic), size(t.topic.MessageBytes))
	case len(t.changes) > 0:
		changes := make([]string, len(t.changes))
		for i, c := range t.changes {
			changes[i] = c.String()
		}
		lines[0] = "~ " + name + "  " + strings.Join(changes, ", ")
	}
	for _, note := range t.notes {
		lines = append(lines, "? "+name+"  "+note)
	}
	return lines
}

func (s subjectPlan) lines() []string {
	name := "subject " + s.subject
	lines := []string{"= " + name}
	switch {
	case s.newest == 0:
		lines[0] = "+ " + name + "  first version"
	case !s.held:
		lines[0] = fmt.Sprintf("~ %s  version %d beside version %d", name, s.newest+1, s.newest)
	}
	switch {
	case s.chosen == nil && s.first != nil:
		lines = append(lines, fmt.Sprintf("+ %s  version %d is written, until another is activated", name, s.first.Version))
	case s.chosen != nil && s.newest > int(s.chosen.Version):
		lines = append(lines, fmt.Sprintf("? %s  version %d is registered, version %d is written: 'waybill provision --activate' when all can read it", name, s.newest, s.chosen.Version))
	}
	return lines
}

// String says a setting in words where there are any.
func (c change) String() string {
	say := func(value string) string {
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err == nil && c.setting == "retention.ms" && n >= 0:
			return days(time.Duration(n) * time.Millisecond)
		case err == nil && c.setting == "retention.ms":
			return "for ever"
		case err == nil && c.setting == "max.message.bytes":
			return size(int(n))
		case value == "":
			return "none"
		}
		return value
	}
	return fmt.Sprintf("%s %s → %s", c.setting, say(c.from), say(c.to))
}

func keeping(t *topics.Topic) string {
	if t.Compacted {
		return "compacted"
	}
	return "kept " + days(t.Retention)
}

func days(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return count(int(d/(24*time.Hour)), "day")
	}
	return d.String()
}

func size(bytes int) string {
	if bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return count(bytes, "byte")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
