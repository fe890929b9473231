package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"waybill/connectors"
	"waybill/connectors/marketplaces/direct"
	"waybill/internal/config"
	"waybill/schemas"
)

// reject is something in a file that is not accepted, as it is told on stderr.
type reject struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Order  string `json:"order,omitempty"`
	Field  string `json:"field,omitempty"`
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason"`
}

func (r reject) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", r.File, r.Line)
	if r.Order != "" {
		fmt.Fprintf(&b, "order %s: ", r.Order)
	}
	if r.Field != "" {
		fmt.Fprintf(&b, "%s: ", r.Field)
	}
	b.WriteString(r.Reason)
	if r.Code != "" {
		fmt.Fprintf(&b, " (%s)", r.Code)
	}
	return b.String()
}

// printReject tells it on stderr: with -o json as JSON too, so that a script can read both streams.
func (a *app) printReject(r reject) {
	if a.output != "json" {
		a.say("%s", r)
		return
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // it has only texts and a number
	}
	a.say("%s", text)
}

// tally is what became of the orders of all files.
type tally struct{ accepted, rejected int }

func (t *tally) reject(a *app, r reject) {
	t.rejected++
	a.printReject(r)
}

// result is the exit code: 0 if all was accepted, 3 if some was, 1 if nothing was.
func (t *tally) result() error {
	switch {
	case t.rejected == 0:
		return nil
	case t.accepted == 0:
		return &exitError{code: exitFailed, err: fmt.Errorf("all %d were rejected", t.rejected)}
	}
	return &exitError{code: exitPartial, err: fmt.Errorf("%d were rejected, %d were not", t.rejected, t.accepted)}
}

// isFaulty says that a document is at fault, and not the reading of it.
func isFaulty(err error) bool {
	var syntax *schemas.SyntaxError
	var tooLong *connectors.TooLongError
	return errors.As(err, &syntax) || errors.As(err, &tooLong) || errors.As(err, new(*direct.TableError))
}

// codeOf is the code of what can not be read as a document.
func codeOf(err error) string {
	if errors.As(err, new(*direct.TableError)) {
		return "not_a_table"
	}
	return "not_json"
}

func unknownParty(c *config.Config, party string) error {
	return usage("party %s: no party of that name is configured; there are: %s", party, strings.Join(slices.Sorted(maps.Keys(c.Parties)), ", "))
}
