package dhl

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"path"
	"strings"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_unified.csv
var unifiedTable []byte

var unifiedVocabulary = scans.Read(unifiedTable)

// unifiedShipment is supermodelIoLogisticsTrackingShipment of the API Shipment Tracking - Unified.
type unifiedShipment struct {
	ID      scans.Word               `json:"id"`
	Number  scans.Word               `json:"trackingNumber"` // what a push may have instead
	Service scans.Word               `json:"service"`
	Status  unifiedEvent             `json:"status"`
	Events  scans.List[unifiedEvent] `json:"events"`
	Return  scans.Word               `json:"returnFlag"`
	Arrives scans.Word               `json:"estimatedTimeOfDelivery"`
	Between struct {
		Through scans.Word `json:"estimatedThrough"`
	} `json:"estimatedDeliveryTimeFrame"`
	Details struct {
		References scans.List[struct {
			Number scans.Word `json:"number"`
		}] `json:"references"`
		Proof struct {
			Signed struct {
				Name       scans.Word `json:"name"`
				GivenName  scans.Word `json:"givenName"`
				FamilyName scans.Word `json:"familyName"`
			} `json:"signed"`
		} `json:"proofOfDelivery"`
	} `json:"details"`
}

type unifiedEvent struct {
	Timestamp scans.Word `json:"timestamp"`
	Code      scans.Word `json:"statusCode"`
	Status    scans.Word `json:"status"`
	Text      scans.Word `json:"description"`
	Remark    scans.Word `json:"remark"`
	Location  struct {
		Address struct {
			Locality scans.Word `json:"addressLocality"`
			Country  scans.Word `json:"countryCode"`
		} `json:"address"`
	} `json:"location"`
}

// unifiedError is a problem (RFC 7807), as every answer that is no 200 has it.
type unifiedError struct {
	Status   scans.Word `json:"status"`
	Title    scans.Word `json:"title"`
	Detail   scans.Word `json:"detail"`
	Instance scans.Word `json:"instance"`
}

// trackUnified reads an answer, {"shipments": […]}, or a push. What a push looks like, DHL says for no division: so it is a shipment
// as an answer has it, in whatever it is wrapped.
func trackUnified(sheet *scans.Sheet, at string, document json.RawMessage) {
	if found := unifiedWithin(sheet, at, document, 0); found {
		return
	}
	var problem unifiedError
	if json.Unmarshal(document, &problem) != nil || problem.Status == "" {
		sheet.Fault("not_tracking", at, "there is no shipment in it")
		return
	}
	if problem.Status == "404" {
		sheet.Absent(unifiedNumber(string(problem.Instance)), string(problem.Status), cmp.Or(string(problem.Detail), string(problem.Title)))
		return
	}
	sheet.Refused(at, string(problem.Status), cmp.Or(string(problem.Detail), string(problem.Title)))
}

// unifiedNumber is the parcel of "/shipment/8264715546".
func unifiedNumber(instance string) string {
	if !strings.Contains(instance, "/shipment") {
		return ""
	}
	if _, query, found := strings.Cut(instance, "trackingNumber="); found {
		number, _, _ := strings.Cut(query, "&")
		return number
	}
	return path.Base(instance)
}

const wrapsMax = 4

// unifiedWithin takes down the shipments in a value, and says whether there is one, or a list for them.
func unifiedWithin(sheet *scans.Sheet, at string, value json.RawMessage, depth int) (found bool) {
	if value[0] == '[' {
		var all []json.RawMessage
		_ = json.Unmarshal(value, &all) // it was read once
		for i, element := range all {
			found = unifiedWithin(sheet, scans.At(at, i), element, depth+1) || found
		}
		return found
	}
	var fields map[string]json.RawMessage
	if value[0] != '{' || depth > wrapsMax || json.Unmarshal(value, &fields) != nil {
		return false
	}
	if isUnified(fields) {
		var shipment unifiedShipment
		if sheet.Take(at, value, &shipment) {
			trackShipment(sheet, at, &shipment)
		}
		return true
	}
	if list, is := fields["shipments"]; is && list[0] == '[' {
		unifiedWithin(sheet, at+".shipments", list, depth+1)
		return true
	}
	for _, name := range []string{"shipment", "data", "payload", "body", "message", "event", "notification", "content"} {
		if inner, is := fields[name]; is && unifiedWithin(sheet, at+"."+name, inner, depth+1) {
			return true
		}
	}
	return false
}

// isUnified says that an object is a shipment: it has a number, and events, or a status that is more than a number.
func isUnified(fields map[string]json.RawMessage) bool {
	status, events := fields["status"], fields["events"]
	named := len(fields["id"]) > 0 || len(fields["trackingNumber"]) > 0
	return named && (len(events) > 0 && events[0] == '[' || len(status) > 0 && status[0] == '{')
}

func trackShipment(sheet *scans.Sheet, at string, s *unifiedShipment) {
	arrives, _ := unifiedClock(string(s.Service)).Read(sheet, at+".estimatedTimeOfDelivery", string(cmp.Or(s.Between.Through, s.Arrives)))
	sheet.Arrives(string(cmp.Or(s.ID, s.Number)), arrives)
	for i := range s.Events {
		addUnified(sheet, scans.At(at+".events", i), s, &s.Events[i])
	}
	if s.Status.Timestamp != "" || len(s.Events) == 0 { // the last event once more, or the only one that is told
		addUnified(sheet, at+".status", s, &s.Status)
	}
}

func addUnified(sheet *scans.Sheet, at string, s *unifiedShipment, e *unifiedEvent) {
	moment, assumed := unifiedClock(string(s.Service)).Read(sheet, at+".timestamp", string(e.Timestamp))
	if moment == 0 && e.Timestamp != "" {
		return // said already
	}
	scan := schemas.Scan{
		Number: string(cmp.Or(s.ID, s.Number)), At: moment, Zone: assumed, Description: cmp.Or(string(e.Text), string(e.Status)),
		Location: scans.Place(string(e.Location.Address.Locality), string(e.Location.Address.Country)), Returning: s.Return == "true",
	}
	if len(s.Details.References) > 0 {
		scan.ShipmentRef = string(s.Details.References[0].Number)
	}
	meanUnified(&scan, string(s.Service), string(e.Status), string(e.Code))
	if scan.Status == schemas.ParcelDelivered {
		signedUnified(&scan, s)
	}
	if s.Service == "parcel-nl" && scan.Status == schemas.ParcelReturned && strings.HasPrefix(string(e.Remark), "JVGL") {
		scan.Linked = string(e.Remark) // the label of the way back
	}
	sheet.Add(at+".timestamp", scan)
}

// meanUnified reads what the service itself says first: statusCode is transit for what is out for delivery, waits in a shop or is back
// with the sender. It is what remains where the service says something else. Some services have no code of their own, and a
// sentence in its place: the code is statusCode then.
func meanUnified(scan *schemas.Scan, service, status, statusCode string) {
	scan.Reason = statusCode
	for _, of := range []string{service, "*"} {
		scan.Code = scans.Text(status)
		unifiedVocabulary.Mean(scan, of)
		if scan.Known {
			break
		}
	}
	if !scan.Known {
		scan.Code = statusCode
		trackVocabulary.Mean(scan, "statusCode")
		scan.Code = scans.Text(status)
	}
	if scan.Code == "" || strings.Contains(scan.Code, " ") && scan.Code != strings.ToUpper(scan.Code) {
		scan.Code, scan.Reason = statusCode, ""
	}
}

// signedUnified takes who signed from the proof of delivery. DHL Express writes the name where others describe the event.
func signedUnified(scan *schemas.Scan, s *unifiedShipment) {
	signed := s.Details.Proof.Signed
	name := cmp.Or(string(signed.Name), strings.TrimSpace(string(signed.GivenName)+" "+string(signed.FamilyName)))
	var told string
	scan.Description, told = scans.SignedFor(scan.Description)
	if s.Service == "express" && told == "" && !strings.HasPrefix(strings.ToLower(scan.Description), "deliver") && !strings.HasPrefix(strings.ToLower(scan.Description), "shipment") {
		scan.Description, told = "", scan.Description
	}
	scan.Description = cmp.Or(scan.Description, scan.Code)
	scan.Receiver = scans.Named(cmp.Or(name, told))
}
