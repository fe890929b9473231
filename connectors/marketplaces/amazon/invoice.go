package amazon

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// invoice says whom the invoice names: the company or person that the buyer's tax number belongs to.
func (t *translation) invoice() {
	o, p := t.order, &t.customer.payer
	o.InvoiceRequired = t.invoiced
	if p.name != "" || p.taxID != "" || p.street != "" {
		o.BillTo = p.person()
	}
	if o.InvoiceRequired && o.BillTo == nil && o.Status == schemas.StatusReady {
		t.warn(reading.NoInvoiceAddress, t.at(t.says.buyer), "an invoice is asked for, but nothing says to whom")
	}
}

func (p *payer) person() *schemas.Person {
	to := &schemas.Person{Street: p.street}
	if p.address.given {
		to = person(&p.address)
	}
	if country := strings.ToUpper(p.region); to.Country == "" && reading.IsCountry(country) {
		to.Country = country
	}
	if p.natural {
		to.Name = longer(p.name, to.Name)
	} else {
		to.Company = longer(p.name, to.Company)
	}
	to.TaxID = p.taxID
	return to
}

// company is whom the buyer's tax number belongs to, if that is no person.
func (p *payer) company() string {
	if p.natural {
		return ""
	}
	return p.name
}
