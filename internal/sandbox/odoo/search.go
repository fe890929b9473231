package odoo

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ask is what a search is asked for.
type ask struct {
	domain        []any
	fields        []string
	offset, limit int
	order         string
}

// asked reads the arguments of search and search_read, by place or by name; fields has a place in search_read alone.
func asked(x call) (a ask, err error) {
	places := []string{"domain", "offset", "limit", "order"}
	if x.method == "search_read" {
		places = []string{"domain", "fields", "offset", "limit", "order"}
	}
	given := map[string]any{}
	for at, value := range x.args {
		if at < len(places) {
			given[places[at]] = value
		}
	}
	for name, value := range x.named {
		if name != "context" {
			given[name] = value
		}
	}
	for name, value := range given {
		ok := true
		if value == nil { // None: as if it were not given
			continue
		}
		switch name {
		case "domain":
			a.domain, ok = value.([]any)
		case "fields":
			a.fields, ok = texts(value)
		case "offset", "limit":
			n, is := value.(float64)
			if ok = is || value == false; name == "limit" {
				a.limit = int(n)
			} else {
				a.offset = int(n)
			}
		case "order":
			a.order, ok = value.(string)
		default:
			ok = false
		}
		if !ok {
			return a, refuse("builtins.TypeError", "%s() got an unexpected argument '%s'", x.method, name)
		}
	}
	return a, nil
}

func texts(raw any) (list []string, ok bool) {
	all, ok := raw.([]any)
	for _, one := range all {
		text, is := one.(string)
		if ok = ok && is; ok {
			list = append(list, text)
		}
	}
	return list, ok
}

// found are the ids that a search finds; of what is archived it says nothing, unless the domain asks for it or the context says active_test false.
func (s *Odoo) found(x call) ([]int, ask, error) {
	a, err := asked(x)
	if err != nil {
		return nil, a, err
	}
	inUse := false
	if f, has := models[x.model]["active"]; has && f.kind == flag {
		context, _ := x.named["context"].(map[string]any)
		inUse = context["active_test"] != false && !strings.Contains(fmt.Sprint(a.domain), "[active ")
	}
	ids := []int{}
	for _, id := range s.tables[x.model].ids {
		row := s.tables[x.model].rows[id]
		holds, err := s.holds(x.model, row, a.domain)
		if err != nil {
			return nil, a, err
		}
		if holds && (!inUse || row["active"] == true) {
			ids = append(ids, id)
		}
	}
	if err := s.sort(x.model, ids, a.order); err != nil {
		return nil, a, err
	}
	ids = ids[min(a.offset, len(ids)):]
	if a.limit > 0 {
		ids = ids[:min(a.limit, len(ids))]
	}
	return ids, a, nil
}

// newestFirst are the models of which the newest come first unless something else is asked for (their _order).
var newestFirst = map[string]bool{"sale.order": true, "stock.picking": true}

func (s *Odoo) sort(model string, ids []int, order string) error {
	if order == "" {
		if newestFirst[model] {
			slices.Reverse(ids)
		}
		return nil
	}
	rows := s.tables[model].rows
	terms := strings.Split(order, ",")
	for _, term := range terms {
		if name, _, _ := strings.Cut(strings.TrimSpace(term), " "); name == "" {
			return refuse("odoo.exceptions.UserError", "Invalid \"order\" specified (%s)", order)
		} else if _, is := models[model].field(name); !is {
			return refuse("builtins.ValueError", "Invalid field '%s' on model '%s'", name, model)
		}
	}
	slices.SortStableFunc(ids, func(x, y int) int {
		for _, term := range terms {
			name, direction, _ := strings.Cut(strings.TrimSpace(term), " ")
			by := compare(rows[x][name], rows[y][name])
			if strings.EqualFold(strings.TrimSpace(direction), "desc") {
				by = -by
			}
			if by != 0 {
				return by
			}
		}
		return 0
	})
	return nil
}

func compare(x, y any) int {
	switch a := x.(type) {
	case string:
		b, _ := y.(string)
		return cmp.Compare(a, b)
	case int:
		switch b := y.(type) {
		case int:
			return cmp.Compare(a, b)
		case float64:
			return cmp.Compare(float64(a), b)
		}
	case float64:
		b, _ := y.(float64)
		return cmp.Compare(a, b)
	}
	return 0
}

// holds reads a domain in prefix notation; conditions without an operator before them all hold (odoo/osv/expression.py).
func (s *Odoo) holds(model string, row record, domain []any) (bool, error) {
	all := true
	for len(domain) > 0 {
		holds, rest, err := s.term(model, row, domain)
		if err != nil {
			return false, err
		}
		all, domain = all && holds, rest
	}
	return all, nil
}

func (s *Odoo) term(model string, row record, domain []any) (holds bool, rest []any, err error) {
	if len(domain) == 0 {
		return false, nil, refuse("builtins.ValueError", "Domain() invalid: an operand is missing")
	}
	operator, is := domain[0].(string)
	if !is {
		holds, err = s.leaf(model, row, domain[0])
		return holds, domain[1:], err
	}
	first, rest, err := s.term(model, row, domain[1:])
	if err != nil || operator == "!" {
		return !first, rest, err
	}
	second, rest, err := s.term(model, row, rest)
	switch operator {
	case "|":
		return first || second, rest, err
	case "&":
		return first && second, rest, err
	}
	return false, nil, refuse("builtins.ValueError", "Invalid operator %q in domain", operator)
}

// leaf is one condition: field, operator, value. A path goes through relations.
func (s *Odoo) leaf(model string, row record, raw any) (bool, error) {
	leaf, _ := raw.([]any)
	invalid := refuse("builtins.ValueError", "Invalid leaf %v", raw)
	if len(leaf) != 3 {
		return false, invalid
	}
	path, _ := leaf[0].(string)
	operator, _ := leaf[1].(string)
	name, behind, deeper := strings.Cut(path, ".")
	f, is := models[model].field(name)
	if !is {
		return false, refuse("builtins.ValueError", "Invalid field %s.%s in leaf %v", model, name, raw)
	}
	if !deeper {
		return matches(row[name], operator, leaf[2], invalid)
	}
	if f.model == "" {
		return false, invalid
	}
	var ids []int
	switch v := row[name].(type) {
	case int:
		ids = []int{v}
	case []int:
		ids = v
	}
	for _, id := range ids {
		if holds, err := s.leaf(f.model, s.tables[f.model].rows[id], []any{behind, operator, leaf[2]}); holds || err != nil {
			return holds, err
		}
	}
	return false, nil
}

func matches(is any, operator string, wanted any, invalid error) (bool, error) {
	switch operator {
	case "=", "!=":
		return equal(is, wanted) == (operator == "="), nil
	case "in", "not in":
		list, ok := wanted.([]any)
		if !ok {
			return false, invalid
		}
		return slices.ContainsFunc(list, func(one any) bool { return equal(is, one) }) == (operator == "in"), nil
	case "<", "<=", ">", ">=":
		if is == nil {
			return false, nil
		}
		by := compare(is, wanted)
		return by < 0 && operator[0] == '<' || by > 0 && operator[0] == '>' || by == 0 && len(operator) == 2, nil
	case "=like", "=ilike", "like", "ilike":
		return like(is, operator, wanted), nil
	}
	return false, refuse("builtins.ValueError", "Invalid operator %q", operator)
}

// equal compares as SQL does after Odoo has put false for what is empty.
func equal(is, wanted any) bool {
	switch v := is.(type) {
	case nil:
		return wanted == false || wanted == nil
	case int:
		n, number := wanted.(float64)
		return number && float64(v) == n
	case []int:
		n, number := wanted.(float64)
		return number && slices.Contains(v, int(n)) || wanted == false && len(v) == 0
	}
	return is == wanted
}

// like is that of SQL: % is any text, _ any character, and a backslash before them takes that away.
func like(is any, operator string, wanted any) bool {
	text, isText := is.(string)
	pattern, _ := wanted.(string)
	if !isText {
		return false
	}
	var expression strings.Builder
	for rest := []rune(pattern); len(rest) > 0; rest = rest[1:] {
		switch c := rest[0]; {
		case c == '\\' && len(rest) > 1:
			rest = rest[1:]
			expression.WriteString(regexp.QuoteMeta(string(rest[0])))
		case c == '%':
			expression.WriteString(".*")
		case c == '_':
			expression.WriteString(".")
		default:
			expression.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	whole := expression.String()
	if !strings.HasPrefix(operator, "=") {
		whole = ".*" + whole + ".*"
	}
	flags := "(?s)"
	if strings.HasSuffix(operator, "ilike") {
		flags = "(?si)"
	}
	return regexp.MustCompile(flags + "^" + whole + "$").MatchString(text)
}
