package schemas

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Destination is where an ERP has an order go, in the fields that all of them have.
type Destination struct {
	Name       string `json:"name"` // of the person, or of the company
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2; ZZ or "" if nobody told one
}

// Body is the destination as JSON.
func (d Destination) Body() (*Body, error) {
	b, err := json.Marshal(d)
	return &Body{Bytes: b}, err
}

// ParseDestination reads one.
func ParseDestination(b *Body) (d Destination, err error) {
	if err := json.Unmarshal(b.Bytes, &d); err != nil {
		return d, fmt.Errorf("read where an order goes by the ERP: %w", err)
	}
	return d, nil
}

// Mark is a hash of it: another as soon as a word of it is.
func (d Destination) Mark() string {
	country := d.Country
	if country == "ZZ" { // which ISO leaves to its users: nobody told one
		country = ""
	}
	return mark([]string{d.Name, d.Street, d.PostalCode, d.City, country})
}

// DestinationMarks are those of where an order goes as an ERP may have it: by the person, by the company, or by both in one line.
func (o *Order) DestinationMarks() (marks []string) {
	for _, p := range []*Person{o.ShipTo, o.BillTo, o.Buyer} {
		if p == nil {
			continue
		}
		for _, name := range []string{cmp.Or(p.Name, p.Company), cmp.Or(p.Company, p.Name), p.InOneLine()} {
			one := Destination{name, p.Street, p.PostalCode, p.City, p.Country}.Mark()
			if !slices.Contains(marks, one) {
				marks = append(marks, one)
			}
		}
		if p == o.ShipTo { // what else there is stands for it only where it is missing
			break
		}
	}
	return marks
}

// InOneLine is who somebody is for an ERP that has one line for a company and a person in it.
func (p *Person) InOneLine() string {
	company, name := strings.TrimSpace(p.Company), strings.TrimSpace(p.Name)
	if company != "" && name != "" {
		return company + ", " + name
	}
	return company + name
}

// Redirected is a person who gets something elsewhere: whoever it is, they are reached as before.
func (d Destination) Redirected(p *Person) *Person {
	to := Person{}
	if p != nil {
		to = *p
	}
	to.Name, to.Company, to.Street, to.PostalCode, to.City, to.Region = d.Name, "", d.Street, d.PostalCode, d.City, ""
	to.Country = cmp.Or(d.Country, to.Country)
	return &to
}

// Sold is a line of a sale as an ERP without a mind of its own keeps it.
type Sold struct {
	Article   string `json:"article"`
	Quantity  string `json:"quantity"`
	UnitPrice string `json:"unit_price"`
}

// Sold are the lines of an order as an ERP is told them: the goods that are left of it, and each charge.
func (o *Order) Sold() []Sold {
	sold := []Sold{}
	for i := range o.Lines {
		l := &o.Lines[i]
		if pieces := l.Quantity - l.Cancelled; pieces > 0 {
			sold = append(sold, Sold{l.Article(), strconv.FormatInt(pieces, 10), l.UnitPrice.String()})
		}
	}
	for i := range o.Charges {
		sold = append(sold, Sold{o.Charges[i].Kind, "1", o.Charges[i].Amount.String()})
	}
	return sold
}

// Pieces are what of an order leaves the seller's warehouse, each article once, and what all of it comes to: what is left to compare of it in an
// ERP that has articles of its own and makes its prices itself.
func (o *Order) Pieces() []Sold {
	pieces := map[string]decimal.Decimal{}
	for i := range o.Lines {
		if l := &o.Lines[i]; l.Quantity > l.Cancelled && !o.LeavesNothing(l) {
			pieces[l.SKU] = pieces[l.SKU].Add(decimal.NewFromInt(l.Quantity - l.Cancelled))
		}
	}
	return InPieces(pieces, o.Total.Decimal())
}

// InPieces are so many of each article, and what all of it comes to.
func InPieces(of map[string]decimal.Decimal, total decimal.Decimal) []Sold {
	pieces := []Sold{{Quantity: "1", UnitPrice: total.String()}}
	for _, article := range slices.Sorted(maps.Keys(of)) {
		pieces = append(pieces, Sold{Article: article, Quantity: of[article].String()})
	}
	return pieces
}

// PackedOf are the pieces of articles in a shipment, each article once; none if one of them is no whole number of pieces, because then nobody
// can say which lines they are of. A charge is no article.
func PackedOf(moved []Sold) (articles []PackedArticle) {
	pieces := map[string]decimal.Decimal{}
	for _, m := range moved {
		quantity, err := decimal.NewFromString(m.Quantity)
		if err != nil {
			return nil
		}
		if !slices.Contains(chargeKinds, m.Article) {
			pieces[m.Article] = pieces[m.Article].Add(quantity)
		}
	}
	for _, article := range slices.Sorted(maps.Keys(pieces)) {
		switch many := pieces[article]; {
		case !many.IsInteger() || many.IsNegative():
			return nil
		case !many.IsZero():
			articles = append(articles, PackedArticle{article, many.IntPart()})
		}
	}
	return articles
}

var chargeKinds = []string{ChargeShipping, ChargeService, ChargeDeposit, ChargeDiscount, ChargeTax, ChargeRounding}

// LeavesNothing tells of a line that must not leave the seller's warehouse: it has left another's, or is nothing that could.
func (o *Order) LeavesNothing(l *Line) bool {
	by := cmp.Or(l.FulfilledBy, o.FulfilledBy)
	return by == FulfilledByChannel || by == FulfilledByDownload || o.Status == StatusShipped
}

// GoodsMarks are those of what an order consists of as an ERP may have it.
func (o *Order) GoodsMarks() []string { return []string{MarkOfSold(o.Sold()), MarkOfSold(o.Pieces())} }

// MarkOfSold is a hash of lines, in whatever order they stand.
func MarkOfSold(sold []Sold) string {
	var lines []string
	for _, s := range sold {
		lines = append(lines, strings.Join([]string{s.Article, s.Quantity, s.UnitPrice}, "\x00"))
	}
	slices.Sort(lines)
	return mark(lines)
}

func mark(texts []string) string {
	for i := range texts {
		texts[i] = strings.TrimSpace(texts[i])
	}
	b, _ := json.Marshal(texts) // of texts, which always can
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
