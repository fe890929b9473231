package direct

import "waybill/connectors/reading"

var buyerFields = append([]reading.Field[person]{
	reading.Named("ref", func(r *reading.Reader, p *person) { p.ref = r.Word() }),
}, personFields...)

var personFields = []reading.Field[person]{
	reading.Named("name", func(r *reading.Reader, p *person) { p.Name = r.Text() }),
	reading.Named("company", func(r *reading.Reader, p *person) { p.Company = r.Text() }),
	reading.Named("street", func(r *reading.Reader, p *person) { p.Street = r.Text() }),
	reading.Named("postal_code", func(r *reading.Reader, p *person) { p.PostalCode = r.Text() }),
	reading.Named("city", func(r *reading.Reader, p *person) { p.City = r.Text() }),
	reading.Named("region", func(r *reading.Reader, p *person) { p.Region = r.Text() }),
	reading.Named("country", func(r *reading.Reader, p *person) { p.Country = r.Text() }),
	reading.Named("phone", func(r *reading.Reader, p *person) { p.Phone = r.Text() }),
	reading.Named("email", func(r *reading.Reader, p *person) { p.Email = r.Text() }),
	reading.Named("tax_id", func(r *reading.Reader, p *person) { p.TaxID = r.Text() }),
	reading.Named("login", func(r *reading.Reader, p *person) { p.Login = r.Text() }),
}

var pointFields = []reading.Field[point]{
	reading.Named("ref", func(r *reading.Reader, p *point) { p.Ref = r.Word() }),
	reading.Named("name", func(r *reading.Reader, p *point) { p.Name = r.Text() }),
	reading.Named("street", func(r *reading.Reader, p *point) { p.Street = r.Text() }),
	reading.Named("postal_code", func(r *reading.Reader, p *point) { p.PostalCode = r.Text() }),
	reading.Named("city", func(r *reading.Reader, p *point) { p.City = r.Text() }),
	reading.Named("country", func(r *reading.Reader, p *point) { p.Country = r.Text() }),
	reading.Named("description", func(r *reading.Reader, p *point) { p.Description = r.Text() }),
}
