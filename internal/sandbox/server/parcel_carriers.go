package server

import (
	"strings"

	"waybill/internal/sandbox/dpd"
	"waybill/internal/sandbox/gls"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/ups"
)

// parcelCredentials are those of GLS, UPS and DPD; they are made of the seed.
type parcelCredentials struct {
	glsClient, glsSecret, glsContact string
	upsClient, upsSecret, upsShipper string
	dpdLogin, dpdPassword            string
}

func parcelCredentialsOf(seed uint64) parcelCredentials {
	return parcelCredentials{
		glsClient: madeOf(seed, "gls client id")[:32], glsSecret: madeOf(seed, "gls client secret")[:16], glsContact: "276" + digits(madeOf(seed, "gls contact id"), 7),
		upsClient: madeOf(seed, "ups client id")[:48], upsSecret: madeOf(seed, "ups client secret"), upsShipper: strings.ToUpper(madeOf(seed, "ups shipper number")[:6]),
		dpdLogin: "waybill", dpdPassword: madeOf(seed, "dpd password")[:20],
	}
}

// digits are so many of a text's.
func digits(text string, most int) string {
	return strings.Map(func(r rune) rune { return '0' + r%10 }, text[:most])
}

// parcelCarriers are GLS, UPS and DPD, with a ledger each.
func (s *Server) parcelCarriers() []party.Party {
	made, now := parcelCredentialsOf(s.options.Seed), s.options.Now
	s.gls = gls.New(gls.Options{ClientID: made.glsClient, ClientSecret: made.glsSecret, ContactID: made.glsContact, Now: now})
	carriers := []party.Party{
		s.gls,
		ups.New(ups.Options{ClientID: made.upsClient, ClientSecret: made.upsSecret, ShipperNumber: made.upsShipper, Now: now}),
		dpd.New(dpd.Options{Login: made.dpdLogin, Password: made.dpdPassword, Now: now}),
	}
	for _, c := range carriers {
		s.ledgers[c.Name()] = ledger.New(now)
	}
	return carriers
}

// GLS is the party, to end its day.
func (s *Server) GLS() *gls.GLS { return s.gls }

// parcelAccess says how each of them is reached; the names are those of a carrier's settings.
func (s *Server) parcelAccess(base string) []Access {
	made := parcelCredentialsOf(s.options.Seed)
	g := s.access("gls", base+"/gls/shipit-farm/v1/backend", map[string][2]string{
		"client_id": {"", made.glsClient}, "client_secret": {"", made.glsSecret}, "contact_id": {"", made.glsContact},
	})
	g.Login = base + "/gls/oauth2/v2/token"
	u := s.access("ups", base+"/ups/api", map[string][2]string{
		"client_id": {"", made.upsClient}, "client_secret": {"", made.upsSecret}, "shipper_number": {"", made.upsShipper},
	})
	u.Login = base + "/ups/security/v1/oauth/token"
	return []Access{g, u, s.access("dpd", base+"/dpd/shipping/v1", map[string][2]string{
		"user": {"", made.dpdLogin}, "password": {"", made.dpdPassword}, "business_unit": {"", "001"},
	})}
}
