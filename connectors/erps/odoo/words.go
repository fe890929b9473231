package odoo

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// How Odoo writes what it has (its reference of the ORM), and what it is asked with.

// domain are conditions in prefix notation: those without an operator before them all hold.
type domain []any

// where is one condition.
func where(field, operator string, value any) []any { return []any{field, operator, value} }

// literally is text in a pattern of =ilike, where an underscore stands for any character.
func literally(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// Commands of a relation to many (odoo/fields.py, Command).
func creating(record map[string]any) []any { return []any{0, 0, record} }
func removing(id json.Number) []any        { return []any{2, id, 0} }
func clearing() []any                      { return []any{5, 0, 0} }
func exactly(ids ...json.Number) []any {
	return []any{[]any{6, 0, append([]json.Number{}, ids...)}}
}

// text is false where it is empty.
type text string

// UnmarshalJSON reads either.
func (t *text) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("false")) {
		*t = ""
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// one is a relation to one record: [id, name], or false.
type one struct {
	ID   json.Number
	Name string
}

// UnmarshalJSON reads either.
func (o *one) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("false")) {
		*o = one{}
		return nil
	}
	return json.Unmarshal(b, &[]any{&o.ID, &o.Name})
}

// moment is a time as Odoo has it: UTC, to the second.
func moment(t time.Time) string { return t.UTC().Format(momentForm) }

const momentForm = "2006-01-02 15:04:05"
