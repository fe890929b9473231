package dhlexpress

import (
	"cmp"
	"strings"

	"waybill/connectors/scans"
)

// trackedAnswer is what MyDHL API 3.1.1 answers to GET /shipments/{number}/tracking, or its error.
type trackedAnswer struct {
	Shipments scans.List[struct {
		Number scans.Word               `json:"shipmentTrackingNumber"`
		Events scans.List[trackedEvent] `json:"events"`
		Pieces scans.List[struct {
			Number scans.Word               `json:"trackingNumber"`
			Events scans.List[trackedEvent] `json:"events"`
		}] `json:"pieces"`
	}] `json:"shipments"`

	Status   scans.Word `json:"status"`
	Title    scans.Word `json:"title"`
	Detail   scans.Word `json:"detail"`
	Instance scans.Word `json:"instance"`
}

type trackedEvent struct {
	Date        scans.Word `json:"date"`
	Time        scans.Word `json:"time"`
	Offset      scans.Word `json:"GMTOffset"`
	Code        scans.Word `json:"typeCode"`
	Description scans.Word `json:"description"`
	SignedBy    scans.Word `json:"signedBy"`
	Areas       scans.List[struct {
		Description scans.Word `json:"description"`
	}] `json:"serviceArea"`
}

func trackAnswer(sheet *scans.Sheet, path string, a *trackedAnswer) {
	switch {
	case a.Shipments != nil:
	case a.Status == "404":
		sheet.Absent(numberIn(string(a.Instance)), string(a.Status), string(cmp.Or(a.Detail, a.Title)))
		return
	case a.Title != "":
		sheet.Refused(path, string(a.Status), string(cmp.Or(a.Detail, a.Title)))
		return
	default:
		sheet.Fault("not_tracking", path, "there are no shipments in it")
		return
	}
	for i := range a.Shipments {
		s := &a.Shipments[i]
		at := scans.At(path+".shipments", i)
		for k := range s.Events {
			s.Events[k].event(s.Number, s.Number).add(sheet, scans.At(at+".events", k))
		}
		for p := range s.Pieces {
			piece := &s.Pieces[p]
			for k := range piece.Events {
				piece.Events[k].event(piece.Number, s.Number).add(sheet, scans.At(scans.At(at+".pieces", p)+".events", k))
			}
		}
	}
}

func (e *trackedEvent) event(number, shipment scans.Word) *event {
	told := &event{
		number: string(cmp.Or(number, shipment)), shipment: string(shipment), date: string(e.Date), time: string(e.Time), offset: string(e.Offset),
		code: string(e.Code), text: string(e.Description), signed: string(e.SignedBy),
	}
	if len(e.Areas) > 0 {
		told.place = string(e.Areas[0].Description)
	}
	return told
}

// numberIn is the parcel that an error is about: "/expressapi/shipments/1251820953/tracking?…", "/tracking?shipmentTrackingNumber=…".
func numberIn(instance string) string {
	if _, rest, is := strings.Cut(instance, "/shipments/"); is {
		number, _, _ := strings.Cut(rest, "/")
		return number
	}
	_, rest, _ := strings.Cut(instance, "shipmentTrackingNumber=")
	number, _, _ := strings.Cut(rest, "&")
	return number
}
