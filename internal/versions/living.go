package versions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Living is who runs, by what each has said of itself.
type Living struct {
	topic    *reading
	registry *schemas.Registry
	said     map[string]*schemas.Instance // by key
	heard    map[string]bool              // since it was opened
}

// Ask reads who has announced itself.
func Ask(ctx context.Context, kafka []kgo.Opt, registry *schemas.Registry) (*Living, error) {
	topic, err := open(ctx, kafka, topics.Instances)
	if err != nil {
		return nil, err
	}
	l := &Living{topic: topic, registry: registry, said: map[string]*schemas.Instance{}}
	if err := topic.toEnd(ctx, func(r *kgo.Record) error { return l.note(ctx, r) }); err != nil {
		topic.close()
		return nil, err
	}
	l.heard = map[string]bool{}
	return l, nil
}

// Close ends the reading.
func (l *Living) Close() { l.topic.close() }

func (l *Living) note(ctx context.Context, r *kgo.Record) error {
	key := string(r.Key)
	if r.Value == nil {
		delete(l.said, key)
		return nil
	}
	i := new(schemas.Instance)
	if err := l.registry.Decode(ctx, schemas.InstanceSchema, r.Value, i); err != nil {
		return fmt.Errorf("who is %s: %w", key, err)
	}
	l.said[key] = i
	if l.heard != nil {
		l.heard[key] = true
	}
	return nil
}

// Unable are those who run and can not do something, by name. One that has said nothing for long is gone: whether it is, shows in
// the time in which each that runs says so again, by no clock but this one. wait is called if that time must be waited for.
func (l *Living) Unable(ctx context.Context, can func(*schemas.Instance) bool, wait func(silent int, seconds int)) ([]*schemas.Instance, error) {
	until := time.Now().Add(silenceSeconds * time.Second)
	for said := false; ; said = true {
		unable, silent := l.unable(can)
		if silent == 0 || !time.Now().Before(until) {
			return unable, nil
		}
		if !said {
			wait(silent, silenceSeconds)
		}
		if err := l.topic.readOn(ctx, func(r *kgo.Record) error { return l.note(ctx, r) }); err != nil {
			return nil, err
		}
	}
}

// unable are those who can not and were heard; silent counts those who can not and may be gone.
func (l *Living) unable(can func(*schemas.Instance) bool) (unable []*schemas.Instance, silent int) {
	for key, i := range l.said {
		switch {
		case can(i):
		case l.heard[key]:
			unable = append(unable, i)
		default:
			silent++
		}
	}
	slices.SortFunc(unable, func(a, b *schemas.Instance) int { return cmp.Compare(a.Instance, b.Instance) })
	return unable, silent
}

// Strangers are members of those groups that have not announced themselves, such as processes of a version that does not do that
// yet: what they can read is not known. One that has ended may still count as a member until its session is over; wait is called if
// that must be waited for.
func (l *Living) Strangers(ctx context.Context, wait func(silent int, seconds int), groups ...string) ([]string, error) {
	until := time.Now().Add(silenceSeconds * time.Second)
	for said := false; ; said = true {
		strangers, err := l.strangers(ctx, groups)
		if err != nil || len(strangers) == 0 || !time.Now().Before(until) {
			return strangers, err
		}
		if !said {
			wait(len(strangers), silenceSeconds)
		}
		if err := l.topic.readOn(ctx, func(r *kgo.Record) error { return l.note(ctx, r) }); err != nil {
			return nil, err
		}
		pause(ctx, time.Second)
	}
}

func (l *Living) strangers(ctx context.Context, groups []string) ([]string, error) {
	described, err := kadm.NewClient(l.topic.client).DescribeGroups(ctx, groups...)
	if err != nil {
		return nil, fmt.Errorf("ask who is in the groups %v: %w", groups, err)
	}
	known := map[string]bool{}
	for _, i := range l.said {
		known[i.Instance] = true
	}
	var strangers []string
	for _, group := range described.Sorted() {
		for _, m := range group.Members {
			if m.InstanceID == nil || !known[*m.InstanceID] {
				strangers = append(strangers, fmt.Sprintf("%s in %s", cmp.Or(deref(m.InstanceID), m.MemberID), group.Group))
			}
		}
	}
	return strangers, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
