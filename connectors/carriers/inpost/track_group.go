package inpost

import (
	"cmp"
	"strings"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// groupEvent is an event of the Group API, pushed or asked for (developers.inpost-group.com/tracking, /webhooks).
type groupEvent struct {
	Reference   scans.Word `json:"customerReference"`
	GroupNumber scans.Word `json:"trackingNumber"`
	EventID     scans.Word `json:"eventId"`
	EventCode   scans.Word `json:"eventCode"`
	At          scans.Word `json:"timestamp"`
	Location    struct {
		Name    scans.Word `json:"name"`
		City    scans.Word `json:"city"`
		Country scans.Word `json:"country"`
	} `json:"location"`
	Delivery struct {
		Recipient scans.Word `json:"recipientName"`
	} `json:"delivery"`
	Return struct {
		Number scans.Word `json:"trackingNumber"`
	} `json:"returnToSender"`
}

func trackGroupParcel(sheet *scans.Sheet, path string, p *trackedParcel) {
	number := cmp.Or(p.GroupNumber, p.Number)
	if len(p.Events) == 0 {
		code, text := scans.Word(""), scans.Word("there are no events of it")
		if len(p.Errors) > 0 {
			code, text = p.Errors[0].Code, cmp.Or(p.Errors[0].Title, text)
		}
		sheet.Absent(string(number), string(code), string(text))
		return
	}
	for i := range p.Events {
		e := &p.Events[i]
		e.GroupNumber = cmp.Or(e.GroupNumber, number)
		addGroup(sheet, scans.At(path+".events", i), e)
	}
}

func addGroup(sheet *scans.Sheet, path string, e *groupEvent) {
	at, assumed := trackClock.Read(sheet, path+".timestamp", string(e.At))
	if at == 0 && e.At != "" {
		return // said already
	}
	scan := schemas.Scan{
		Number: string(e.GroupNumber), ShipmentRef: string(e.Reference), At: at, Zone: assumed, Code: string(e.EventCode), EventRef: string(e.EventID),
		Location: scans.Place(string(e.Location.Name), string(e.Location.City), string(e.Location.Country)), Linked: string(e.Return.Number),
		Returning: strings.HasPrefix(string(e.EventCode), "RTS."),
	}
	trackVocabulary.Mean(&scan, "eventCode")
	if scan.Status == schemas.ParcelDelivered {
		scan.Receiver = scans.Named(string(e.Delivery.Recipient))
	}
	sheet.Add(path+".timestamp", scan)
}
