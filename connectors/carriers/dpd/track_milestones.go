package dpd

import (
	"cmp"
	"fmt"
	"slices"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// trackMilestoneClock is of ParcelLifeCycleService: the wall clock of DPD DE, as the language of the account writes it.
var trackMilestoneClock = scans.Clock{
	Zone: scans.Zone("Europe/Berlin"),
	Layouts: append([]string{
		"1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "02.01.2006 15:04:05", "02.01.2006, 15:04", "02.01.2006 15:04", "02.01.2006",
	}, scans.ISO...),
}

// trackMilestones reads a trackingresult. Its entries are the milestones of a parcel's life in the order of a template, not those of a log:
// reached or not, and some without a time. One that is reached and has none says nothing that those with a time do not say,
// unless it is the one where the parcel stands.
func trackMilestones(sheet *scans.Sheet, result *scans.Node) {
	number := result.First("parcelLabelNumber").Words()
	milestones := slices.Concat(result.All("shipmentInfo"), result.All("statusInfo"))
	if len(milestones) == 0 {
		sheet.Absent(number, "", "the answer has no milestone of it")
	}
	for i, m := range milestones {
		path := fmt.Sprintf("/trackingresult/%s[%d]/date", m.Name, i)
		date := m.First("date").First("content").Words()
		if m.Of("statusHasBeenReached") != "true" || date == "" && m.Of("isCurrentStatus") != "true" {
			continue
		}
		at, assumed := trackMilestoneClock.Read(sheet, path, date)
		if at == 0 && date != "" {
			continue // said already
		}
		scan := schemas.Scan{
			Number: number, At: at, Zone: assumed, Code: m.Of("status"), Location: m.First("location").First("content").Words(),
			Description: cmp.Or(textOf(m, "description"), textOf(m, "label")),
		}
		trackVocabulary.Mean(&scan, "statusInfo.status")
		sheet.Add(path, scan)
	}
}

// textOf is the text of an element of contents, which have flags beside them.
func textOf(m *scans.Node, name string) string {
	for _, content := range m.First(name).All("content") {
		if text := cmp.Or(content.First("content").Words(), content.Text); text != "" {
			return text
		}
	}
	return ""
}

// trackEventClock is of DPD Polska: Warsaw's wall clock.
var trackEventClock = scans.Clock{Zone: scans.Zone("Europe/Warsaw"), Layouts: scans.ISO}

// trackEvents reads the eventsList of getEventsForWaybillV1 (DPDInfoServices). What its business codes mean is not published: they
// are kept, and unknown.
func trackEvents(sheet *scans.Sheet, events []*scans.Node) {
	for i, e := range events {
		path := fmt.Sprintf("/return/eventsList[%d]/eventTime", i)
		at, assumed := trackEventClock.Read(sheet, path, e.Of("eventTime"))
		if at == 0 && e.Of("eventTime") != "" {
			continue // said already
		}
		scan := schemas.Scan{
			Number: e.Of("waybill"), ShipmentRef: cmp.Or(e.Of("packageReference"), e.Of("parcelReference")), At: at, Zone: assumed, Code: e.Of("businessCode"),
			Description: e.Of("description"), Location: scans.Place(cmp.Or(e.Of("depotName"), e.Of("depot")), e.Of("country")), EventRef: e.Of("objectId"),
		}
		trackVocabulary.Mean(&scan, "businessCode")
		sheet.Add(path, scan)
	}
}
