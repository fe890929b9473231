package tryton

import (
	"time"

	"github.com/shopspring/decimal"
)

// How Tryton writes what JSON has no word for (trytond/protocols/jsonrpc.py), and what it is asked with (its reference of domains).

// clause is a condition on a field, or several that all hold.
type clause []any

func where(field, operator string, value any) clause { return clause{field, operator, value} }

// all are conditions of which every one holds, any such of which one does.
func all(clauses ...clause) clause { return join(nil, clauses) }

func anyOf(clauses ...clause) clause { return join(clause{"OR"}, clauses) }

func join(to clause, clauses []clause) clause {
	for _, c := range clauses {
		to = append(to, c)
	}
	return to
}

var oldestFirst = [][]string{{"id", "ASC"}}

// creating are records that are made together with what they belong to.
func creating(records ...map[string]any) []any { return []any{[]any{"create", records}} }

type number struct {
	Class   string `json:"__class__"`
	Decimal string `json:"decimal"`
}

func exactly(d decimal.Decimal) number { return number{"Decimal", d.String()} }

type day struct {
	Class string `json:"__class__"`
	Year  int    `json:"year"`
	Month int    `json:"month"`
	Day   int    `json:"day"`
}

func dayOf(t time.Time) day { return day{"date", t.Year(), int(t.Month()), t.Day()} }

// moment is a time in UTC, to the microsecond.
type moment struct {
	Class       string `json:"__class__"`
	Year        int    `json:"year"`
	Month       int    `json:"month"`
	Day         int    `json:"day"`
	Hour        int    `json:"hour"`
	Minute      int    `json:"minute"`
	Second      int    `json:"second"`
	Microsecond int    `json:"microsecond"`
}

func momentOf(t time.Time) moment {
	t = t.UTC()
	return moment{"datetime", t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000}
}

func (m moment) time() time.Time {
	return time.Date(m.Year, time.Month(m.Month), m.Day, m.Hour, m.Minute, m.Second, m.Microsecond*1000, time.UTC)
}
