package dhl

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

const (
	trackingPath = "/parcel/de/tracking/v0/shipments"
	piecesMax    = 20 // a call
	momentDE     = "02.01.2006 15:04"
)

// data is the one element of the API, in questions and in answers.
type data struct {
	XMLName xml.Name   `xml:"data"`
	Attrs   []xml.Attr `xml:",any,attr"`
	Data    []data     `xml:"data"`
}

func element(name string, pairs ...string) data {
	d := data{Attrs: []xml.Attr{{Name: xml.Name{Local: "name"}, Value: name}}}
	for i := 0; i < len(pairs); i += 2 {
		d.Attrs = append(d.Attrs, xml.Attr{Name: xml.Name{Local: pairs[i]}, Value: pairs[i+1]})
	}
	return d
}

func (d data) attr(name string) string {
	for _, a := range d.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (d data) reply() party.Reply {
	body, err := xml.Marshal(d)
	if err != nil {
		panic("write an answer of the sandbox: " + err.Error()) // only texts: cannot fail
	}
	return party.Reply{Status: http.StatusOK, Body: append([]byte(xml.Header), body...), Type: "application/xml;charset=UTF-8"}
}

// admitTracking asks for the application: the user of the shipper stands in the question itself.
func (d *DHL) admitTracking(c *party.Call) *party.Reply {
	if key, secret, basic := c.BasicAuth(); basic && same(key, d.options.Key) && same(secret, d.options.Secret) {
		return nil
	}
	r := problem(http.StatusUnauthorized, "Unauthorized for given resource.", 0)
	return &r
}

// Codes of an answer. That nothing is found is documented by a sample; the other two are made up, for no sample is known.
const (
	codeFound   = "0"
	codeDenied  = "5"
	codeInvalid = "6"
	codeNothing = "100"
)

// pieces answers d-get-piece-detail: what is not known is left out, unless nothing is known.
func (d *DHL) pieces(c *party.Call) party.Reply {
	var asked data
	broken := xml.Unmarshal([]byte(c.URL.Query().Get("xml")), &asked)
	numbers := strings.Split(asked.attr("piece-code"), ";")
	switch {
	case broken != nil || asked.attr("request") != "d-get-piece-detail" || asked.attr("piece-code") == "" || len(numbers) > piecesMax:
		return element("piece-shipment-list", "code", codeInvalid, "error", "The request is not valid", "request-id", requestID).reply()
	case !same(asked.attr("appname"), d.options.User) || !same(asked.attr("password"), d.options.Password):
		return element("piece-shipment-list", "code", codeDenied, "error", "Login failed", "request-id", requestID).reply()
	}
	var found []data
	for _, number := range numbers {
		if p, is := d.parcels.Find(strings.TrimSpace(number)); is && !p.Cancelled {
			found = append(found, piece(p))
		}
	}
	if len(found) == 0 {
		return element("piece-shipment-list", "code", codeNothing, "error", "No data found", "request-id", requestID).reply()
	}
	list := element("piece-shipment-list", "code", codeFound, "request-id", requestID)
	list.Data = found
	return list.reply()
}

const requestID = "sandbox"

// piece is a parcel with its events, the oldest first. Nobody's name and street is told.
func piece(p parcel.Parcel) data {
	last := p.Last()
	says := saysOf(last)
	arrived := "0"
	if p.Has(parcel.Delivered, parcel.Neighbour, parcel.Collected, parcel.Returned) {
		arrived = "1"
	}
	identifier := strings.TrimLeft(p.Number, "0")
	shipment := element(
		"piece-shipment", "error-status", "0", "piece-id", "piece-"+p.Number, "shipment-code", "", "piece-identifier", identifier, "identifier-type", "2", "piece-code", p.Number,
		"event-location", "", "event-country", "DE", "status-liste", "0", "status-timestamp", momentOf(last), "status", says.text, "short-status", says.short,
		"product-code", "00", "product-name", "DHL PAKET (parcel)", "delivery-event-flag", arrived, "international-flag", "0", "division", "DPEED",
		"ice", says.ice, "ric", says.ric, "standard-event-code", says.code, "dest-country", "DE", "origin-country", "DE", "searched-piece-code", p.Number,
		"piece-customer-reference", p.Reference, "shipment-customer-reference", "", "ruecksendung", strconv.FormatBool(last.Back),
	)
	events := element("piece-event-list", "piece-identifier", identifier, "piece-id", "piece-"+p.Number, "ruecksendung", strconv.FormatBool(last.Back))
	for _, s := range p.Scans {
		events.Data = append(events.Data, event(s))
	}
	shipment.Data = []data{events}
	return shipment
}

func event(s parcel.Scan) data {
	says := saysOf(s)
	city, country := s.Place.City, "Germany"
	if s.Kind == parcel.Announced || s.Kind == parcel.Out {
		city, country = "", ""
	}
	return element(
		"piece-event", "event-timestamp", momentOf(s), "event-status", says.text, "event-text", says.text, "event-short-status", says.short, "ice", says.ice, "ric", says.ric,
		"event-location", city, "event-country", country, "standard-event-code", says.code, "ruecksendung", strconv.FormatBool(s.Back),
	)
}

// momentOf is when it was in Germany: DHL writes neither seconds nor a zone.
func momentOf(s parcel.Scan) string { return s.At.In(parcel.Berlin).Format(momentDE) }
