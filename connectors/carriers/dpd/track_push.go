package dpd

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// trackPushClock is of the Tracking Push Service: ddMMyyyyHHmmss, the wall clock of DPD DE.
var trackPushClock = scans.Clock{
	Zone:    scans.Zone("Europe/Berlin"),
	Layouts: append([]string{"02012006150405", "020120061504"}, scans.ISO...),
}

// pushHeader is a line behind the first of a recorded request.
var pushHeader = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*: `)

// trackPush reads calls of the Tracking Push Service (DPD DE, Schnelleinstieg 04/2023): a GET a scan, whose query says it. A line is
// one call: the query, with or without its question mark, the whole URL, or the line of the request.
func trackPush(sheet *scans.Sheet, said string) {
	line := 0
	for text := range strings.Lines(said) {
		text = strings.TrimSpace(text)
		if text == "" || pushHeader.MatchString(text) {
			continue
		}
		path := "$"
		if line > 0 {
			path = scans.At(path, line)
		}
		line++
		query, err := queryOf(text)
		if err != nil {
			sheet.Fault("bad_query", path, "it is no query: %v", err)
			continue
		}
		addPush(sheet, path, query)
	}
}

func queryOf(line string) (url.Values, error) {
	if method, rest, is := strings.Cut(line, " "); is && (method == "GET" || method == "POST") {
		line, _, _ = strings.Cut(rest, " ")
	}
	if _, query, is := strings.Cut(line, "?"); is {
		line = query
	}
	query, _, _ := strings.Cut(line, "#")
	return url.ParseQuery(query)
}

func addPush(sheet *scans.Sheet, path string, query url.Values) {
	for _, name := range []string{"pnr", "status", "statusdate"} {
		if strings.TrimSpace(query.Get(name)) == "" {
			sheet.Fault("missing_field", path+"."+name, "a push has one")
			return
		}
	}
	at, assumed := trackPushClock.Read(sheet, path+".statusdate", query.Get("statusdate"))
	if at == 0 {
		return // said already
	}
	scan := schemas.Scan{
		Number: query.Get("pnr"), ShipmentRef: query.Get("ref"), At: at, Zone: assumed, Code: query.Get("status"), EventRef: query.Get("pushid"),
	}
	if depot := strings.TrimSpace(query.Get("depot")); depot != "" {
		scan.Location = "depot " + depot
	}
	trackVocabulary.Mean(&scan, "push.status")
	if scan.Status == schemas.ParcelDelivered {
		scan.Receiver = scans.Named(cmp.Or(query.Get("receiver"), query.Get("pod")))
	}
	sheet.Add(path, scan)
}
