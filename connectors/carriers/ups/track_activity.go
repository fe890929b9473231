package ups

import (
	"cmp"
	"strings"
	"time"

	"waybill/connectors/scans"
	"waybill/schemas"
)

type trackedPackage struct {
	Number     scans.Word           `json:"trackingNumber"`
	Activities scans.List[activity] `json:"activity"`
	Others     scans.List[struct {
		Number scans.Word `json:"number"`
	}] `json:"alternateTrackingNumber"` // of a post that takes it over
	Delivery struct {
		ReceivedBy scans.Word `json:"receivedBy"`
	} `json:"deliveryInformation"`
	Dates scans.List[struct {
		Type scans.Word `json:"type"`
		Date scans.Word `json:"date"`
	}] `json:"deliveryDate"`
	Time struct {
		End scans.Word `json:"endTime"`
	} `json:"deliveryTime"`
}

// arrives is when UPS expects to deliver a package: as it was rescheduled (RDD), or scheduled (SDD); DEL is when it did (Tracking API,
// deliveryDate). It is the wall clock of a place that is not told, and read as UTC; the end of the day, if only the day is told.
func (p *trackedPackage) arrives(sheet *scans.Sheet, path string) (at schemas.Millis) {
	for _, kind := range []scans.Word{"SDD", "RDD"} {
		for i := range p.Dates {
			if p.Dates[i].Type == kind {
				at = endOf(sheet, path+".deliveryDate", p.Dates[i].Date, p.Time.End)
			}
		}
	}
	return at
}

// endOf is the end of a time on a day, or of the day.
func endOf(sheet *scans.Sheet, path string, day, hour scans.Word) schemas.Millis {
	if day == "" {
		return 0
	}
	at, _ := trackClock.Read(sheet, path, digits(day)+cmp.Or(digits(hour), "235959"))
	return at
}

type activity struct {
	moment
	Location struct {
		Address whereabouts `json:"address"`
	} `json:"location"`
	Status struct {
		Type        scans.Word `json:"type"`
		Code        scans.Word `json:"code"`
		Code3       scans.Word `json:"statusCode"`
		Description scans.Word `json:"description"`
	} `json:"status"`
}

type whereabouts struct {
	City     scans.Word `json:"city"`
	Province scans.Word `json:"stateProvince"`
	Country  scans.Word `json:"countryCode"`
	Name     scans.Word `json:"country"`
}

func (a *whereabouts) place() string {
	return scans.Place(string(a.City), string(a.Province), string(cmp.Or(a.Country, a.Name)))
}

// moment is the time of an activity: the wall clock where it was, and UTC where that is told.
type moment struct {
	Date    scans.Word `json:"date"`
	Time    scans.Word `json:"time"`
	GMTDate scans.Word `json:"gmtDate"`
	GMTTime scans.Word `json:"gmtTime"`
	Offset  scans.Word `json:"gmtOffset"`
}

// trackClock is of UPS: yyyyMMdd and HHmmss. A wall clock whose place has no known offset is read as UTC: which one it is, UPS
// does not say.
var trackClock = scans.Clock{Zone: time.UTC, Layouts: []string{"20060102150405-07:00", "20060102150405", "200601021504", "20060102"}}

// timed reads when a scan was. It is false after a fault.
func timed(sheet *scans.Sheet, path string, scan *schemas.Scan, m moment) bool {
	field, text := ".date", digits(m.Date)+digits(m.Time)
	switch {
	case m.GMTDate != "" && m.GMTTime != "":
		field, text = ".gmtDate", digits(m.GMTDate)+digits(m.GMTTime)+"+00:00"
	case m.Time != "" && m.Offset != "":
		text += string(m.Offset)
	}
	scan.At, scan.Zone = trackClock.Read(sheet, path+field, text)
	return scan.At != 0 || text == ""
}

func digits(w scans.Word) string { return strings.NewReplacer(":", "", "-", "").Replace(string(w)) }

// mean says what an activity means. The code of three digits tells, of which UPS's own table drops the leading zeros: the type D is of
// what is out for delivery, too. Where there is no code, the type remains; D only if somebody has received it.
func mean(scan *schemas.Scan, code, kind, finer scans.Word, received bool) {
	scan.Reason = string(finer)
	if code != "" {
		scan.Code = string(code)
		if len(scan.Code) < 3 && strings.Trim(scan.Code, "0123456789") == "" {
			scan.Code = strings.Repeat("0", 3-len(scan.Code)) + scan.Code
		}
		trackVocabulary.Mean(scan, "statusCode")
		return
	}
	scan.Code = string(kind)
	if kind == "D" && !received {
		trackVocabulary.Mean(scan, "") // unknown
		return
	}
	trackVocabulary.Mean(scan, "status.type")
}
