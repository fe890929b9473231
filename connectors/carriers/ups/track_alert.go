package ups

import (
	"waybill/connectors/scans"
	"waybill/schemas"
)

// alert is a push of Track Alert v2, standard or enhanced. Not each field is always filled.
type alert struct {
	Number    scans.Word  `json:"trackingNumber"`
	LocalDate scans.Word  `json:"localActivityDate"`
	LocalTime scans.Word  `json:"localActivityTime"`
	GMTDate   scans.Word  `json:"gmtActivityDate"`
	GMTTime   scans.Word  `json:"gmtActivityTime"`
	Location  whereabouts `json:"activityLocation"`
	Status    struct {
		Type        scans.Word `json:"type"`
		Code        scans.Word `json:"code"`
		Description scans.Word `json:"description"`
		Code3       scans.Word `json:"descriptionCode"`
	} `json:"activityStatus"`
	ScheduledFor scans.Word `json:"scheduledDeliveryDate"`
	DeliveredOn  scans.Word `json:"actualDeliveryDate"`
	ReceivedBy   scans.Word `json:"receivedBy"`
}

func trackAlert(sheet *scans.Sheet, path string, a *alert) {
	if a.Number == "" {
		sheet.Fault("missing_field", path+".trackingNumber", "a push has one")
		return
	}
	if a.DeliveredOn == "" {
		sheet.Arrives(string(a.Number), endOf(sheet, path+".scheduledDeliveryDate", a.ScheduledFor, ""))
	}
	scan := schemas.Scan{Number: string(a.Number), Description: string(a.Status.Description), Location: a.Location.place()}
	at := moment{Date: a.LocalDate, Time: a.LocalTime, GMTDate: a.GMTDate, GMTTime: a.GMTTime}
	if !timed(sheet, path, &scan, at) {
		return // said already
	}
	mean(&scan, a.Status.Code3, a.Status.Type, a.Status.Code, a.DeliveredOn != "" || a.ReceivedBy != "")
	if scan.Status == schemas.ParcelDelivered {
		scan.Receiver = scans.Named(string(a.ReceivedBy))
	}
	sheet.Add(path+".gmtActivityDate", scan)
}
