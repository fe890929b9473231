package dhlexpress

import (
	"cmp"
	"fmt"
	"strings"

	"waybill/connectors/scans"
)

// trackWaybills reads a TrackingResponse of XML-PI, the older interface.
func trackWaybills(sheet *scans.Sheet, root *scans.Node) {
	waybills := root.All("AWBInfo")
	if len(waybills) == 0 {
		condition := root.First("Condition")
		if condition.Name == "" {
			sheet.Fault("not_tracking", "/"+root.Name, "there is no waybill in it")
			return
		}
		sheet.Refused("/"+root.Name, condition.Of("ConditionCode"), "") // its text repeats what was sent, a password too
		return
	}
	for i, w := range waybills {
		path := fmt.Sprintf("/AWBInfo[%d]", i)
		number, state := w.Of("AWBNumber"), w.First("ActionStatus").Words()
		events := w.All("ShipmentEvent")
		if len(events) == 0 && !strings.EqualFold(state, "success") {
			condition := w.First("Condition")
			sheet.Absent(number, condition.Of("ConditionCode"), cmp.Or(condition.Of("ConditionData"), state))
		}
		for k, e := range events {
			told := event{
				number: number, shipment: number, date: e.Of("Date"), time: e.Of("Time"), code: e.First("EventCode").Words(),
				text: e.First("ServiceEvent").Of("Description"), place: e.First("ServiceArea").Of("Description"),
			}
			if name := e.Of("Signatory"); strings.ContainsFunc(name, isLetter) {
				told.signed = name
			}
			told.add(sheet, fmt.Sprintf("%s/ShipmentEvent[%d]/Date", path, k))
		}
	}
}

// isLetter tells a name from the account and the time that stand in its place, too.
func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 127 }
