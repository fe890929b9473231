package versions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
)

// Activation is one subject on its way from the version that is written to another.
type Activation struct {
	Subject string
	From    int      // that is written
	To      int      // that will be
	Lost    []string // fields that From has and To has not
	to      schemas.Version
}

// Done says that the version is written already.
func (a *Activation) Done() bool { return a.From == a.To }

// Choice is the record that makes it so.
func (a *Activation) Choice() *schemas.VersionChoice {
	return &schemas.VersionChoice{Subject: a.Subject, Version: int32(a.To), Fingerprint: schemas.FingerprintText(a.to.Fingerprint)}
}

// Reads says whether that process can read it.
func (a *Activation) Reads(i *schemas.Instance) bool {
	return slices.Contains(i.Reads, schemas.FingerprintText(a.to.Fingerprint))
}

// ErrActivation is why a version can not be activated at all.
var ErrActivation = errors.New("it can not be activated")

// Activation plans a subject's way to a version, or with 0 to the newest that is registered and that this program has.
func (c *Choices) Activation(ctx context.Context, subject string, version int) (*Activation, error) {
	s := c.subjects[subject]
	registered, err := c.registry.Registered(ctx, subject, s)
	if err != nil {
		return nil, err
	}
	chosen, err := c.Chosen(ctx, subject)
	if err != nil {
		return nil, err
	}
	from := at(registered, chosen)
	if from < 0 {
		return nil, fmt.Errorf("subject %s: %w: no version of it is written yet; run 'waybill provision' first", subject, ErrActivation)
	}
	to, err := target(registered, subject, version)
	if err != nil {
		return nil, err
	}
	if version == 0 && to < from { // by itself it goes forward only
		to = from
	}
	a := &Activation{Subject: subject, From: registered[from].Number, To: registered[to].Number}
	if own := registered[to].Own; own > 0 {
		a.to = c.registry.Versions(s)[own-1]
	}
	if a.Lost, err = schemas.Lost(registered[from].Text, registered[to].Text); err != nil {
		return nil, fmt.Errorf("subject %s: compare its versions %d and %d: %w", subject, a.From, a.To, err)
	}
	return a, nil
}

func at(registered []schemas.Registered, choice *schemas.VersionChoice) int {
	return slices.IndexFunc(registered, func(v schemas.Registered) bool { return choice != nil && v.Number == int(choice.Version) })
}

func target(registered []schemas.Registered, subject string, version int) (int, error) {
	for i, v := range slices.Backward(registered) {
		switch {
		case version == 0 && v.Own > 0, version == v.Number && v.Own > 0:
			return i, nil
		case version == v.Number:
			return 0, fmt.Errorf("subject %s: %w: this program does not have version %d; do it with the one that has", subject, ErrActivation, version)
		}
	}
	var numbers []string
	for _, v := range registered {
		numbers = append(numbers, fmt.Sprint(v.Number))
	}
	return 0, fmt.Errorf("subject %s: %w: version %d is not registered; there are: %s", subject, ErrActivation, version, strings.Join(numbers, ", "))
}

// Subjects are those that may be activated, sorted.
func (c *Choices) Subjects() (names []string) {
	for name := range c.subjects {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
