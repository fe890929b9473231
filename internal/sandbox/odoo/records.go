package odoo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// record is one of a model, by field: texts, numbers (float64), whole ones and relations to one (int), to many ([]int), bool; nil is empty.
type record map[string]any

// table are the records of a model, by id and in their order.
type table struct {
	rows map[int]record
	ids  []int
	last int
}

func newTable() *table { return &table{rows: map[int]record{}} }

const timeForm = "2006-01-02 15:04:05"

func (s *Odoo) now() string { return s.options.Now().UTC().Format(timeForm) }

// insert makes a record of values that are right.
func (s *Odoo) insert(name string, values record) int {
	t := s.tables[name]
	t.last++
	id := t.last
	row := record{"id": id, "create_date": s.now(), "create_uid": s.actor}
	for of, f := range models[name] {
		row[of] = f.initial
	}
	t.rows[id], t.ids = row, append(t.ids, id)
	s.undo = append(s.undo, func() {
		delete(t.rows, id)
		t.ids = slices.DeleteFunc(t.ids, func(other int) bool { return other == id })
	})
	s.set(name, id, values)
	return id
}

// set writes values that are right, and the other side of a relation.
func (s *Odoo) set(name string, id int, values record) {
	row := s.tables[name].rows[id]
	for of, value := range values {
		f, _ := models[name].field(of)
		was := row[of]
		row[of] = value
		s.undo = append(s.undo, func() { row[of] = was })
		if parent, is := value.(int); is && f.kind == toOne {
			s.link(name, of, id, f.model, parent)
		}
	}
	at, by := row["write_date"], row["write_uid"]
	row["write_date"], row["write_uid"] = s.now(), s.actor
	s.undo = append(s.undo, func() { row["write_date"], row["write_uid"] = at, by })
}

// link enters a record in the list of the one it belongs to.
func (s *Odoo) link(name, of string, id int, parentModel string, parent int) {
	for list, f := range models[parentModel] {
		if f.kind != toMany || f.model != name || f.inverse != of {
			continue
		}
		row := s.tables[parentModel].rows[parent]
		was, _ := row[list].([]int)
		if !slices.Contains(was, id) {
			row[list] = append(slices.Clone(was), id)
			s.undo = append(s.undo, func() { row[list] = was })
		}
	}
}

// unlink takes a record away, and out of the list it is in.
func (s *Odoo) unlink(name string, id int, parentModel, list string, parent int) {
	t := s.tables[name]
	row, ids, owner := t.rows[id], slices.Clone(t.ids), s.tables[parentModel].rows[parent]
	was, _ := owner[list].([]int)
	without := func(all []int) []int {
		return slices.DeleteFunc(slices.Clone(all), func(other int) bool { return other == id })
	}
	delete(t.rows, id)
	t.ids, owner[list] = without(ids), without(was)
	s.undo = append(s.undo, func() { t.rows[id], t.ids, owner[list] = row, ids, was })
}

// existing is a record by its id.
func (s *Odoo) existing(name string, id int) (record, error) {
	if row := s.tables[name].rows[id]; row != nil {
		return row, nil
	}
	return nil, refuse("odoo.exceptions.MissingError", "Record does not exist or has been deleted.\n(Record: %s(%d,), User: %d)", name, id, userID)
}

// values reads what is to be written. Lines of an order are read where it is written.
func (s *Odoo) values(name string, given map[string]any) (record, error) {
	values := record{}
	for of, raw := range given {
		f, is := models[name].field(of)
		if !is {
			return nil, refuse("builtins.ValueError", "Invalid field '%s' on model '%s'", of, name)
		}
		if _, its := ofAll[of]; its || f.kind == toMany || f.kind == computed {
			continue
		}
		value, err := s.value(name, of, f, raw)
		if err != nil {
			return nil, err
		}
		values[of] = value
	}
	return values, nil
}

// value is one, of the kind of its field.
func (s *Odoo) value(name, of string, f field, raw any) (any, error) {
	wrong := refuse("builtins.ValueError", "Wrong value for %s.%s: %v", name, of, raw)
	if raw == nil || raw == false && f.kind != flag {
		return nil, nil
	}
	switch f.kind {
	case flag:
		b, is := raw.(bool)
		return b, wrongUnless(is, wrong)
	case number:
		n, is := raw.(float64)
		return n, wrongUnless(is, wrong)
	case whole:
		n, is := raw.(float64)
		return int(n), wrongUnless(is && n == math.Trunc(n), wrong)
	case toOne:
		n, is := raw.(float64)
		if !is {
			return nil, wrong
		}
		if s.tables[f.model].rows[int(n)] == nil {
			return nil, validationError("The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\nModel: %s (%s)\nConstraint: %s_%s_fkey\n",
				name, name, strings.ReplaceAll(name, ".", "_"), of)
		}
		return int(n), nil
	case anyTo:
		return manyOf(raw, wrong)
	}
	text, is := raw.(string)
	switch {
	case !is, f.kind == choice && !slices.Contains(f.choices, text):
		return nil, wrong
	case f.kind == moment:
		if _, err := time.Parse(timeForm, text); err != nil {
			return nil, refuse("builtins.ValueError", "time data '%s' does not match format '%%Y-%%m-%%d %%H:%%M:%%S'", text)
		}
	}
	return text, nil
}

func wrongUnless(is bool, wrong error) error {
	if is {
		return nil
	}
	return wrong
}

// manyOf reads the one command that is known here of a relation between many: [[6,0,[ids]]], which replaces all (odoo/fields.py, Command).
func manyOf(raw any, wrong error) ([]int, error) {
	commands, _ := raw.([]any)
	if len(commands) != 1 {
		return nil, wrong
	}
	command, _ := commands[0].([]any)
	if len(command) != 3 || command[0] != float64(6) {
		return nil, wrong
	}
	return intsOf(command[2], wrong)
}

func intsOf(raw any, wrong error) ([]int, error) {
	list, is := raw.([]any)
	if !is {
		return nil, wrong
	}
	ids := []int{}
	for _, one := range list {
		n, is := one.(float64)
		if !is {
			return nil, wrong
		}
		ids = append(ids, int(n))
	}
	return ids, nil
}

// complete asks for what must not be empty.
func complete(name string, row record) error {
	for _, of := range required[name] {
		if row[of] == nil || row[of] == "" {
			return validationError("The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n\nModel: %s (%s)\nField: %s (%s)\n", name, name, of, of)
		}
	}
	return nil
}

// displayName is what people see of a record.
func displayName(row record) string {
	if text, is := row["name"].(string); is {
		return text
	}
	return fmt.Sprint(row["id"])
}

// said is a value as it is read: what is empty is false, of a relation to one its name too.
func (s *Odoo) said(f field, value any) any {
	switch v := value.(type) {
	case nil:
		if f.kind == toMany || f.kind == anyTo {
			return []int{}
		}
		if f.kind == number || f.kind == whole {
			return 0
		}
		return false
	case int:
		if f.kind == toOne {
			return []any{v, displayName(s.tables[f.model].rows[v])}
		}
	}
	return value
}
