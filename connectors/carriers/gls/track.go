// Package gls reads what GLS says of parcels.
package gls

import (
	"cmp"
	_ "embed"
	"encoding/json"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackClock is of Track & Trace V1, which writes the offset without a colon. A time without one would be the German wall clock.
var trackClock = scans.Clock{Zone: scans.Zone("Europe/Berlin"), Layouts: scans.ISO}

// trackedAnswer is what Track & Trace V1 (1.0.7) answers, in one of its shapes.
type trackedAnswer struct {
	Parcels scans.List[trackedParcel] `json:"parcels"`

	ErrorCode    scans.Word `json:"errorCode"` // of one parcel that was asked for
	ErrorMessage scans.Word `json:"errorMessage"`

	Fault struct { // of the door in front of the service
		Text   scans.Word `json:"faultstring"`
		Detail struct {
			Code scans.Word `json:"errorcode"`
		} `json:"detail"`
	} `json:"fault"`

	Status scans.Word `json:"status"` // a problem, RFC 7807
	Title  scans.Word `json:"title"`
	Detail scans.Word `json:"detail"`

	Errors scans.List[struct {
		Code    scans.Word `json:"code"`
		Exit    scans.Word `json:"exitCode"`
		Message scans.Word `json:"message"`
		Text    scans.Word `json:"exitMessage"`
	}] `json:"errors"`
}

type trackedParcel struct {
	Requested    scans.Word               `json:"requested"` // a number or a reference
	Number       scans.Word               `json:"unitno"`
	Status       scans.Word               `json:"status"`
	At           scans.Word               `json:"statusDateTime"`
	Events       scans.List[trackedEvent] `json:"events"`
	ErrorCode    scans.Word               `json:"errorCode"`
	ErrorMessage scans.Word               `json:"errorMessage"`
}

type trackedEvent struct {
	Code        scans.Word `json:"code"`
	City        scans.Word `json:"city"`
	PostalCode  scans.Word `json:"postalCode"`
	Country     scans.Word `json:"country"`
	Description scans.Word `json:"description"`
	At          scans.Word `json:"eventDateTime"`
}

// Track reads what GLS says of parcels: answers of Track & Trace V1. A parcel that it does not know is one within a good answer.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("gls", asked)
	if scans.KindOf(said) != scans.JSON {
		sheet.Fault("not_tracking", "$", "it is no JSON")
		return sheet.Tracked()
	}
	sheet.EachJSON(said, func(path string, document json.RawMessage) {
		var answer trackedAnswer
		if sheet.Take(path, document, &answer) {
			trackAnswer(sheet, path, &answer)
		}
	})
	return sheet.Tracked()
}

func trackAnswer(sheet *scans.Sheet, path string, a *trackedAnswer) {
	switch {
	case a.Parcels != nil:
		for i := range a.Parcels {
			trackParcel(sheet, scans.At(path+".parcels", i), &a.Parcels[i])
		}
	case a.ErrorCode != "":
		sheet.Absent("", string(a.ErrorCode), string(a.ErrorMessage))
	case a.Fault.Text != "":
		sheet.Refused(path+".fault", string(a.Fault.Detail.Code), string(a.Fault.Text))
	case len(a.Errors) > 0:
		e := a.Errors[0]
		sheet.Refused(path+".errors[0]", string(cmp.Or(e.Code, e.Exit)), string(cmp.Or(e.Message, e.Text)))
	case a.Title != "":
		sheet.Refused(path, string(a.Status), string(cmp.Or(a.Detail, a.Title)))
	default:
		sheet.Fault("not_tracking", path, "there are no parcels in it")
	}
}

func trackParcel(sheet *scans.Sheet, path string, p *trackedParcel) {
	if p.ErrorCode != "" {
		sheet.Absent(string(cmp.Or(p.Requested, p.Number)), string(p.ErrorCode), string(p.ErrorMessage))
		return
	}
	status := p.scan(sheet, path+".statusDateTime", string(p.At))
	status.Code = string(p.Status)
	trackVocabulary.Mean(&status, "status")
	told := p.Status == "" && p.At == ""
	for i := range p.Events {
		e := &p.Events[i]
		at := scans.At(path+".events", i) + ".eventDateTime"
		scan := p.scan(sheet, at, string(e.At))
		scan.Code, scan.Description = string(e.Code), string(e.Description)
		scan.Location = scans.Place(string(e.City), string(e.PostalCode), string(e.Country))
		trackVocabulary.Mean(&scan, "event")
		if scan.At != 0 || e.At == "" {
			sheet.Add(at, scan)
		}
		told = told || scan.At == status.At && scan.Status == status.Status
	}
	if !told && (status.At != 0 || p.At == "") { // it says more than the last event
		sheet.Add(path+".statusDateTime", status)
	}
}

func (p *trackedParcel) scan(sheet *scans.Sheet, path, at string) (s schemas.Scan) {
	s.Number, s.ShipmentRef = string(cmp.Or(p.Number, p.Requested)), string(p.Requested)
	if p.Number != "" && p.Number != p.Requested {
		s.Requested = string(p.Requested)
	}
	s.At, s.Zone = trackClock.Read(sheet, path, at)
	return s
}
