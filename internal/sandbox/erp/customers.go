package erp

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"waybill/internal/sandbox/party"
)

// Customer is whom orders are booked for.
type Customer struct {
	ID      string `json:"id"`
	Email   string `json:"email"` // as it was written
	Name    string `json:"name"`
	Country string `json:"country"` // ISO 3166-1, two letters
}

type newCustomer struct {
	Email   string `json:"email"`
	Name    string `json:"name"`
	Country string `json:"country"`
}

// textMax bounds names, addresses, references and articles, in bytes.
const textMax = 320

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

// normal is how addresses are compared.
func normal(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func (n newCustomer) check() *party.Reply {
	var r party.Reply
	switch email := normal(n.Email); {
	case len(email) > textMax || strings.Count(email, "@") != 1 || strings.HasPrefix(email, "@") || strings.HasSuffix(email, "@") || strings.ContainsAny(email, " \t\r\n"):
		r = invalid("email", "give one e-mail address")
	case strings.TrimSpace(n.Name) == "" || len(n.Name) > textMax:
		r = invalid("name", fmt.Sprintf("give a name of at most %d bytes", textMax))
	case !countryCode.MatchString(n.Country):
		r = invalid("country", "give a country in two capitals, as DE")
	default:
		return nil
	}
	return &r
}

func (e *ERP) findCustomers(c *party.Call) party.Reply {
	email := normal(c.URL.Query().Get("email"))
	if email == "" {
		return invalid("email", "say whom to find")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return party.JSON(http.StatusOK, map[string]any{"customers": append([]*Customer{}, e.byEmail[email]...)})
}

func (e *ERP) createCustomer(c *party.Call) party.Reply {
	var n newCustomer
	if err := c.Read(&n); err != nil {
		return invalid("", "the body is not as it must be: "+err.Error())
	}
	if wrong := n.check(); wrong != nil {
		return *wrong
	}
	email := normal(n.Email)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.settings.FindsRepeats && len(e.byEmail[email]) > 0:
		return problem(http.StatusConflict, "duplicate_email", "email", "customer "+e.byEmail[email][0].ID+" has this address")
	case len(e.customers) >= e.options.OrdersMax:
		return e.Refuse(http.StatusInsufficientStorage, "no more customers are kept", 0)
	}
	made := &Customer{ID: e.nextID("C"), Email: n.Email, Name: n.Name, Country: n.Country}
	if c.Pretend(digest(email)) {
		return party.JSON(http.StatusCreated, made)
	}
	e.customers[made.ID] = made
	e.byEmail[email] = append(e.byEmail[email], made)
	c.Done(digest(email), made.ID)
	return party.JSON(http.StatusCreated, made)
}
