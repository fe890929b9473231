package odoo

import (
	"maps"
	"slices"
)

// search answers ids.
func (s *Odoo) search(x call) (any, []done, error) {
	ids, _, err := s.found(x)
	return ids, nil, err
}

func (s *Odoo) searchCount(x call) (any, []done, error) {
	ids, _, err := s.found(x)
	return len(ids), nil, err
}

func (s *Odoo) searchRead(x call) (any, []done, error) {
	ids, a, err := s.found(x)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.rows(x.model, ids, a.fields)
	return rows, nil, err
}

// read answers records by their ids: those that are gone are left out.
func (s *Odoo) read(x call) (any, []done, error) {
	ids, err := x.ids()
	if err != nil {
		return nil, nil, err
	}
	var fields []string
	if raw, named := x.named["fields"]; named {
		fields, _ = texts(raw)
	} else if len(x.args) > 1 {
		fields, _ = texts(x.args[1])
	}
	rows, err := s.rows(x.model, slices.DeleteFunc(ids, func(id int) bool { return s.tables[x.model].rows[id] == nil }), fields)
	return rows, nil, err
}

// rows are records as they are read; without fields, all of them.
func (s *Odoo) rows(name string, ids []int, fields []string) ([]map[string]any, error) {
	if len(fields) == 0 {
		fields = slices.AppendSeq(slices.Collect(maps.Keys(models[name])), maps.Keys(ofAll))
	}
	rows := []map[string]any{}
	for _, of := range fields {
		if _, is := models[name].field(of); !is {
			return nil, refuse("builtins.ValueError", "Invalid field '%s' on model '%s'", of, name)
		}
	}
	for _, id := range ids {
		row := s.tables[name].rows[id]
		said := map[string]any{"id": id}
		for _, of := range fields {
			f, _ := models[name].field(of)
			said[of] = s.said(f, row[of])
			if of == "display_name" {
				said[of] = displayName(row)
			}
		}
		rows = append(rows, said)
	}
	return rows, nil
}

// ids are the first argument of a method of records.
func (x call) ids() ([]int, error) {
	wrong := refuse("builtins.TypeError", "%s() takes ids", x.method)
	if len(x.args) == 0 {
		return nil, wrong
	}
	if n, one := x.args[0].(float64); one {
		return []int{int(n)}, nil
	}
	return intsOf(x.args[0], wrong)
}

// made are the values of the records that are to be created, one or several.
func (x call) made() (list []map[string]any, several bool, err error) {
	wrong := refuse("builtins.TypeError", "create() takes values")
	if len(x.args) == 0 {
		return nil, false, wrong
	}
	if one, is := x.args[0].(map[string]any); is {
		return []map[string]any{one}, false, nil
	}
	all, is := x.args[0].([]any)
	for _, raw := range all {
		one, isMap := raw.(map[string]any)
		is = is && isMap
		list = append(list, one)
	}
	return list, true, wrongUnless(is, wrong)
}

// changed are the records and the values of a write.
func (x call) changed() ([]int, map[string]any, error) {
	ids, err := x.ids()
	if err != nil || len(x.args) < 2 {
		return nil, nil, refuse("builtins.TypeError", "write() missing 1 required positional argument: 'vals'")
	}
	values, is := x.args[1].(map[string]any)
	return ids, values, wrongUnless(is, refuse("builtins.TypeError", "write() takes values"))
}

func (s *Odoo) create(x call) (any, []done, error) {
	return s.createEach(x, func(values map[string]any) (int, error) {
		read, err := s.values(x.model, values)
		if err != nil {
			return 0, err
		}
		id := s.insert(x.model, read)
		return id, complete(x.model, s.tables[x.model].rows[id])
	}, nil)
}

// createEach answers one id, or as many as records were given. subject is what stands in the books for one; nil: nothing does.
func (s *Odoo) createEach(x call, one func(map[string]any) (int, error), subject func(record) string) (any, []done, error) {
	list, several, err := x.made()
	if err != nil {
		return nil, nil, err
	}
	ids := []int{}
	var deeds []done
	for _, values := range list {
		if len(s.tables[x.model].rows) >= s.options.RecordsMax {
			return nil, nil, refuse("psycopg2.errors.DiskFull", "could not extend file: No space left on device\n")
		}
		id, err := one(values)
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, id)
		if subject != nil {
			deeds = append(deeds, done{subject(s.tables[x.model].rows[id]), refOf(id)})
		}
	}
	if several {
		return ids, deeds, nil
	}
	return ids[0], deeds, nil
}

func (s *Odoo) write(x call) (any, []done, error) {
	ids, given, err := x.changed()
	if err != nil {
		return nil, nil, err
	}
	values, err := s.values(x.model, given)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		row, err := s.existing(x.model, id)
		if err != nil {
			return nil, nil, err
		}
		s.set(x.model, id, values)
		if err := complete(x.model, row); err != nil {
			return nil, nil, err
		}
	}
	return true, nil, nil
}
