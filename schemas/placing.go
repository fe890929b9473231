package schemas

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// Placing is the payload of the calls that place an order in the ERP, as JSON.
type Placing struct {
	Customer    Customer `json:"customer"`
	CustomerRef string   `json:"customer_ref,omitempty"` // what the ERP calls them, once that is known
	Order       Order    `json:"order"`
	// Told is all that the ERP may have been told of the order before, and now; nil if nobody knows any more.
	Told *ToldSale `json:"told,omitempty"`
}

// ToldSale are marks of what an ERP was told of an order. Whatever else stands there, somebody has written there, and it stays.
type ToldSale struct {
	Destinations []string `json:"destinations"`
	Goods        []string `json:"goods"`
}

// Keeps tells of which groups of fields the ERP keeps its own: those that are there as nobody told it. to is nil, or sold, if it is not known how
// they stand.
func (t *ToldSale) Keeps(to *Destination, sold []Sold) (kept []string) {
	if t == nil {
		return nil
	}
	if to != nil && !slices.Contains(t.Destinations, to.Mark()) {
		kept = append(kept, OwnedDestination)
	}
	if sold != nil && !slices.Contains(t.Goods, MarkOfSold(sold)) {
		kept = append(kept, OwnedGoods)
	}
	return kept
}

// Customer is who an order is booked for.
type Customer struct {
	Email   string `json:"email"` // by which the ERP knows them; of the reserved domain "invalid" (RFC 2606) if nobody told one
	Name    string `json:"name"`
	Country string `json:"country"` // ISO 3166-1 alpha-2; ZZ, which ISO leaves to its users, if nobody told one
}

// Body is the placing as a payload.
func (p *Placing) Body() (Body, error) {
	b, err := json.Marshal(p)
	return Body{Bytes: b}, err
}

// ParsePlacing reads a payload.
func ParsePlacing(b Body) (*Placing, error) {
	p := new(Placing)
	strict := json.NewDecoder(bytes.NewReader(b.Bytes))
	strict.DisallowUnknownFields() // what an operator mistyped is not passed over
	if err := strict.Decode(p); err != nil {
		return nil, fmt.Errorf("read what is to be placed: %w", err)
	}
	return p, nil
}

// PersonKey stands for a person without naming them: the same for an address however it is written.
func PersonKey(email string) string {
	sum := sha256.Sum256([]byte(NormalEmail(email)))
	return "person/" + hex.EncodeToString(sum[:16])
}

// NormalEmail is an address as addresses are compared: without the case and the spaces around it, and with its domain as the DNS has it
// (RFC 5891), however that is written.
func NormalEmail(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	at := strings.LastIndexByte(email, '@')
	if domain, err := idna.Lookup.ToASCII(email[at+1:]); at >= 0 && err == nil {
		return email[:at+1] + domain
	}
	return email
}

// WithoutTag is an address without what stands behind a plus in front of its domain: many providers deliver both to one person (RFC 5233).
func WithoutTag(email string) string {
	at := strings.LastIndexByte(email, '@')
	if plus := strings.IndexByte(email, '+'); plus > 0 && plus < at {
		return email[:plus] + email[at:]
	}
	return email
}
