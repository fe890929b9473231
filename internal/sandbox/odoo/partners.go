package odoo

import (
	"fmt"
	"net/mail"
	"strconv"
	"strings"
)

func refOf(id int) string { return strconv.Itoa(id) }

// normalized is an address as Odoo compares it (odoo/tools/mail.py, email_normalize): the one that stands in a text, in lower case; of none, or
// of several, nothing.
func normalized(email any) any {
	text, _ := email.(string)
	found, err := mail.ParseAddress(text)
	if err != nil {
		return nil
	}
	return strings.ToLower(found.Address)
}

// createPartner makes a contact. One that is no address of another must have a name (the constraint check_name of res.partner).
func (s *Odoo) createPartner(x call) (any, []done, error) {
	return s.createEach(x, func(values map[string]any) (int, error) {
		read, err := s.values(x.model, values)
		if err != nil {
			return 0, err
		}
		id := s.insert(x.model, read)
		return id, s.settlePartner(id)
	}, func(row record) string {
		if row["email_normalized"] != nil {
			return "email:" + digest(fmt.Sprint(row["email_normalized"]))
		}
		return "contact:" + digest(fmt.Sprint(row["parent_id"], row["type"], row["name"], row["street"], row["street2"], row["zip"], row["city"], row["country_id"], row["phone"]))
	})
}

func (s *Odoo) writePartner(x call) (any, []done, error) {
	result, _, err := s.write(x)
	if err != nil {
		return nil, nil, err
	}
	ids, _ := x.ids()
	for _, id := range ids {
		if err := s.settlePartner(id); err != nil {
			return nil, nil, err
		}
	}
	return result, nil, nil
}

func (s *Odoo) settlePartner(id int) error {
	row := s.tables["res.partner"].rows[id]
	if name, _ := row["name"].(string); row["type"] == "contact" && name == "" {
		return validationError("The operation cannot be completed: Contacts require a name")
	}
	s.set("res.partner", id, record{"email_normalized": normalized(row["email"])})
	return nil
}
