package dpd

import (
	"encoding/xml"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"waybill/internal/sandbox/parcel"
)

// Teller asks one GET for each scan (Tracking Push Service, Schnelleinstieg 04/2023), at the URL of the account: its token is all that there is to
// know DPD by. What is not acknowledged in DPD's own words is sent again for 48 hours; how often is not published.
func (d *DPD) Teller() parcel.Teller {
	pauses := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}
	for range 5 {
		pauses = append(pauses, 8*time.Hour)
	}
	return parcel.Teller{
		Book: d.parcels, Pauses: pauses,
		Tell: func(p parcel.Parcel, id uint64) parcel.Message {
			s := p.Last()
			return parcel.Message{Query: url.Values{
				"token": {d.options.PushToken}, "pushid": {strconv.FormatUint(id, 10)}, "pnr": {p.Number}, "status": {saysOf(s).push},
				"statusdate": {s.At.In(parcel.Berlin).Format("02012006150405")}, "depot": {depotOf(s.Place.City)}, "ref": {p.Reference}, "services": {"101"},
			}}
		},
		Taken: acknowledged,
	}
}

// acknowledged is <push><pushid>335165</pushid><status>OK</status></push>, and nothing else.
func acknowledged(status int, answer []byte, id uint64) bool {
	var said struct {
		XMLName xml.Name `xml:"push"`
		ID      string   `xml:"pushid"`
		Status  string   `xml:"status"`
	}
	return status == http.StatusOK && xml.Unmarshal(answer, &said) == nil && said.Status == "OK" && said.ID == strconv.FormatUint(id, 10)
}

// depotOf is the number of a depot: four digits, the first a zero.
func depotOf(city string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(city)) // a hash never fails
	return "0" + strconv.Itoa(100+int(h.Sum32()%900))
}
