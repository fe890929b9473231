package carriers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// saidCases are written after what the carriers' documents say; none is recorded.
var saidCases = []struct {
	name, carrier, asked, said string
	want                       []string // status, time, code, number, shipment; absent and fault with what they are about
}{
	{
		"DHL answers for several parcels, and does not know one", "dhl", "",
		`<?xml version="1.0" encoding="ISO-8859-1"?><data name="piece-shipment-list" code="0">
			<data name="piece-shipment" piece-code="A" shipment-code="S1"><data name="piece-event-list">
			<data name="piece-event" event-timestamp="26.10.2025 23:59" standard-event-code="VA" event-location="K` + "\xf6" + `ln"/></data></data>
			<data name="piece-shipment" searched-piece-code="B" error-status="100" piece-status-desc="No data found"/></data>`,
		[]string{"created 2025-10-26T22:59:00.000Z VA A S1", "absent B 100"},
	},
	{"DHL refuses the account", "dhl", "", `<data name="piece-shipment-list" code="5" error="login failed"/>`, []string{"fault refused /data/@code"}},
	{
		"a push of Unified is a bare shipment", "dhl", "",
		`{"id":"JJD1","service":"parcel-de","status":{"timestamp":"2026-01-05T09:00:00","statusCode":"transit","status":"PO"}}`,
		[]string{"out_for_delivery 2026-01-05T08:00:00.000Z PO JJD1 "},
	},
	{
		"or one in a wrap", "dhl", "",
		`{"data":{"shipment":{"id":"JJD1","service":"parcel-nl","events":[{"timestamp":"2026-07-05T09:00:00+02:00","statusCode":"transit","status":"DELIVERED_AT_SHIPPER"}]}}}`,
		[]string{"returned 2026-07-05T07:00:00.000Z DELIVERED_AT_SHIPPER JJD1 "},
	},
	{
		"several of them, and another name of the number", "dhl", "",
		`[{"trackingNumber":"A","events":[{"timestamp":"2026-07-05T09:00:00Z","statusCode":"unknown"}]},{"body":[{"id":"B","status":{"timestamp":"2026-07-05T09:01:00Z","statusCode":"failure"}}]}]`,
		[]string{"ignore 2026-07-05T09:00:00.000Z unknown A ", "failed_attempt 2026-07-05T09:01:00.000Z failure B "},
	},
	{
		"handed to a shop is not delivered, whatever statusCode says", "dhl-unified", "",
		`{"shipments":[{"id":"1","service":"ecommerce-europe","status":{"timestamp":"2026-07-05T09:00:00Z","statusCode":"delivered","status":"44"}}]}`,
		[]string{"at_pickup_point 2026-07-05T09:00:00.000Z 44 1 "},
	},
	{
		"and where the service says nothing, statusCode does", "dhl", "",
		`{"shipments":[{"id":"1","service":"dgf","status":{"timestamp":"2026-07-05T09:00:00Z","statusCode":"delivered"}}]}`,
		[]string{"delivered 2026-07-05T09:00:00.000Z delivered 1 "},
	},
	{"a quota is no answer on parcels", "dhl", "", `{"status":429,"title":"Too Many Requests","detail":"Too many requests."}`, []string{"fault refused $"}},
	{"what is no tracking is said to be none", "dhl", "", `{"hook":{"uri":"https://example.com"},"type":"Account"}`, []string{"fault not_tracking $"}},
	{
		"DPD names no parcel in its answer", "dpd", "05308801410058",
		`<Envelope><Body><getTrackingDataResponse><trackingresult>
			<shipmentInfo><status>SHIPMENT</status><statusHasBeenReached>true</statusHasBeenReached><isCurrentStatus>false</isCurrentStatus></shipmentInfo>
			<statusInfo><status>Delivered</status><statusHasBeenReached>true</statusHasBeenReached><isCurrentStatus>true</isCurrentStatus><date><content>05.01.2026, 10:00</content></date></statusInfo>
			<statusInfo><status>Customs</status><statusHasBeenReached>false</statusHasBeenReached><date><content>06.01.2026, 10:00</content></date></statusInfo>
			</trackingresult></getTrackingDataResponse></Body></Envelope>`,
		[]string{"delivered 2026-01-05T09:00:00.000Z Delivered 05308801410058 "},
	},
	{
		"the milestone where it stands has a time", "dpd", "",
		`<Body><trackingresult><statusInfo><status>Depot</status><statusHasBeenReached>true</statusHasBeenReached><isCurrentStatus>true</isCurrentStatus></statusInfo></trackingresult></Body>`,
		[]string{"fault missing_time /trackingresult/statusInfo[0]/date"},
	},
	{
		"DPD Polska tells Warsaw's time, and codes that nobody explains", "dpd", "",
		`<S:Envelope xmlns:S="x"><S:Body><ns2:getEventsForWaybillV1Response xmlns:ns2="y"><return><eventsList><businessCode>190101</businessCode>
			<country>PL</country><depotName>KATOWICE 2</depotName><eventTime>2026-05-17T12:15:30.123</eventTime><packageReference>ORDER-1</packageReference>
			<waybill>0000012345678</waybill></eventsList></return></ns2:getEventsForWaybillV1Response></S:Body></S:Envelope>`,
		[]string{"unknown 2026-05-17T10:15:30.123Z 190101 0000012345678 ORDER-1"},
	},
	{"a push lacks its status", "dpd", "", `pnr=1&statusdate=05012026100000`, []string{"fault missing_field $.status"}},
	{"a push at an impossible time", "dpd", "", `pnr=1&status=start_order&statusdate=32012026100000`, []string{"fault bad_time $.statusdate"}},
	{
		"GLS closes the history of a parcel, which says nothing of where it is", "gls", "",
		`{"parcels":[{"unitno":"1","status":"FINAL","statusDateTime":"2026-01-05T10:00:00+0100"}]}`,
		[]string{"ignore 2026-01-05T09:00:00.000Z FINAL 1 "},
	},
	{
		"an event that nobody explains leaves the status to say where it is", "gls", "",
		`{"parcels":[{"requested":"747N6K","unitno":"1","status":"DELIVERED","statusDateTime":"2026-01-05T10:00:00+0100","events":[
			{"code":"DELIVD.NEW","eventDateTime":"2026-01-05T10:00:00+0100"}]}]}`,
		[]string{"unknown 2026-01-05T09:00:00.000Z DELIVD.NEW 1 747N6K", "delivered 2026-01-05T09:00:00.000Z DELIVERED 1 747N6K"},
	},
	{
		"each parcel of a shipment of InPost has a number", "inpost", "",
		`{"id":49,"status":"out_for_delivery","tracking_number":"A","updated_at":"2026-07-05T09:00:00.000+02:00","parcels":[{"tracking_number":"A"},{"tracking_number":"B"}]}`,
		[]string{"out_for_delivery 2026-07-05T07:00:00.000Z out_for_delivery A 49", "out_for_delivery 2026-07-05T07:00:00.000Z out_for_delivery B 49"},
	},
	{
		"the tracking of ShipX tells how it came there", "inpost", "",
		`{"tracking_number":"A","tracking_details":[{"status":"delivered","datetime":"2026-07-05T09:00:00.000+02:00"},{"status":"taken_by_courier","datetime":"2026-07-04T09:00:00"}]}`,
		[]string{"picked_up 2026-07-04T07:00:00.000Z taken_by_courier A ", "delivered 2026-07-05T07:00:00.000Z delivered A "},
	},
	{
		"the Group API pushes events of its own", "inpost", "",
		`{"customerReference":"Order-123","trackingNumber":"120000018332540090213375","eventId":"e#EOL.1001","eventCode":"EOL.1001","timestamp":"2025-01-08T14:02:55.374675Z",
			"location":null,"delivery":{"recipientName":"Jan Kowalski","deliveryNotes":null},"returnToSender":null}`,
		[]string{"delivered 2025-01-08T14:02:55.374Z EOL.1001 120000018332540090213375 Order-123"},
	},
	{
		"and answers with them", "inpost", "",
		`{"parcels":[{"trackingNumber":"62","status":"LMD.1005","events":[{"eventCode":"LMD.1005","timestamp":"2024-04-26T14:00:03.165Z"}]},{"trackingNumber":"63","events":[]}]}`,
		[]string{"at_pickup_point 2024-04-26T14:00:03.165Z LMD.1005 62 ", "absent 63 "},
	},
	{
		"one package of UPS is an object; its table drops zeros; UTC comes first", "ups", "",
		`{"trackResponse":{"shipment":{"inquiryNumber":"1Z","package":{"trackingNumber":"1Z","activity":[
			{"date":"20260105","time":"090000","gmtDate":"20260105","gmtTime":"14:00:00","gmtOffset":"-05:00","status":{"type":"D","statusCode":"21"}},
			{"date":"20260105","time":"070000","gmtOffset":"-05:00","status":{"type":"I","statusCode":"071"}}]}}}}`,
		[]string{"in_transit 2026-01-05T12:00:00.000Z 071 1Z 1Z", "out_for_delivery 2026-01-05T14:00:00.000Z 021 1Z 1Z"},
	},
	{
		"D alone is delivered only if somebody received it; a new code is unknown, whatever its type", "ups", "",
		`[{"trackingNumber":"1","gmtActivityDate":"20260105","gmtActivityTime":"140000","activityStatus":{"type":"D"}},
			{"trackingNumber":"2","gmtActivityDate":"20260105","gmtActivityTime":"140000","activityStatus":{"type":"D"},"receivedBy":"John"},
			{"trackingNumber":"3","gmtActivityDate":"20260105","gmtActivityTime":"140000","activityStatus":{"type":"D","descriptionCode":"999"}}]`,
		[]string{"unknown 2026-01-05T14:00:00.000Z D 1 ", "delivered 2026-01-05T14:00:00.000Z D 2 ", "unknown 2026-01-05T14:00:00.000Z 999 3 "},
	},
	{"a push of UPS without a time", "ups", "", `{"trackingNumber":"1","activityStatus":{"type":"I"}}`, []string{"fault missing_time $.gmtActivityDate"}},
	{
		"FedEx gives a number out again: two parcels, each with its scans", "fedex", "",
		`{"output":{"completeTrackResults":[{"trackingNumber":"77","trackResults":[
			{"trackingNumberInfo":{"trackingNumber":"77","trackingNumberUniqueId":"24~77~FX"},"scanEvents":[{"date":"2024-04-26T09:26:00-07:00","eventType":"DL"}]},
			{"trackingNumberInfo":{"trackingNumber":"77","trackingNumberUniqueId":"12~77~FX"},"scanEvents":[{"date":"2024-04-26T09:26:00-07:00","eventType":"DL"},{"date":"2024-04-20T09:00:00-07:00","eventType":"RS"}]}]}]}}`,
		[]string{"exception 2024-04-20T16:00:00.000Z RS 77 12~77~FX", "delivered 2024-04-26T16:26:00.000Z DL 77 24~77~FX", "returned 2024-04-26T16:26:00.000Z DL 77 12~77~FX"},
	},
	{
		// One of the published answers is so: karrioapi/karrio, modules/connectors/fedex/tests/fedex/test_tracking.py, InconsistentDateTimeResponse
		"a time of FedEx without an offset gets that of its neighbour", "fedex", "",
		`{"output":{"completeTrackResults":[{"trackingNumber":"73","trackResults":[{"scanEvents":[
			{"date":"2024-08-15T18:40:27-05:00","eventType":"AE"},{"date":"2024-08-15T10:36:00-05:00","eventType":"OC"},{"date":"2024-08-15T00:00:00","eventType":"PU"}]}]}]}}`,
		[]string{"picked_up 2024-08-15T05:00:00.000Z PU 73 ", "created 2024-08-15T15:36:00.000Z OC 73 ", "unknown 2024-08-15T23:40:27.000Z AE 73 "},
	},
	{
		"a packet that comes back waits for the sender", "packeta", "Z123",
		`<response><status>ok</status><result><dateTime>2026-01-15T10:30:00</dateTime><statusCode>5</statusCode><codeText>ready for pickup</codeText><isReturning>true</isReturning></result></response>`,
		[]string{"returned 2026-01-15T09:30:00.000Z 5 Z123 "},
	},
	{
		"the records of a packet, of which one has a text of its own", "packeta", "Z123",
		`<response><status>ok</status><result><record><dateTime>2026-01-15T10:30:00</dateTime><statusCode>1</statusCode><codeText>received data</codeText></record>
			<record><dateTime>2026-01-16T10:30:00</dateTime><statusCode>7</statusCode><codeText>handed over by robot</codeText></record></result></response>`,
		[]string{"created 2026-01-15T09:30:00.000Z 1 Z123 ", "delivered 2026-01-16T09:30:00.000Z 7 Z123 "},
	},
	{"Packeta does not know a packet", "packeta", "Z1", `<response><status>fault</status><fault>PacketIdFault</fault><string>No such packet</string></response>`, []string{"absent Z1 PacketIdFault"}},
	{
		"DHL Express tells an offset, at times", "dhl-express", "",
		`{"shipments":[{"shipmentTrackingNumber":"1","events":[{"date":"2026-01-05","time":"10:00:00","GMTOffset":"+08:00","typeCode":"WC"}]}]}`,
		[]string{"out_for_delivery 2026-01-05T02:00:00.000Z WC 1 1"},
	},
	{"two pushes, of which one can not be read", "ups", "", `{"trackingNumber":"1","gmtActivityDate":"20260105","gmtActivityTime":"140000","activityStatus":{"type":"M"}}
			{"trackingNumber":["1"]}`, []string{"created 2026-01-05T14:00:00.000Z M 1 ", "fault bad_field $[1]"}},
}

func TestWhatACarrierSaysMeansThis(t *testing.T) {
	for _, c := range saidCases {
		t.Run(c.name, func(t *testing.T) {
			tracker, err := TrackerOf(c.carrier)
			if err != nil {
				t.Fatal(err)
			}
			tracked, err := tracker([]byte(c.said), c.asked)
			var got []string
			for _, s := range tracked.Scans {
				got = append(got, fmt.Sprintf("%s %s %s %s %s", s.Status, s.At, s.Code, s.Number, s.ShipmentRef))
			}
			for _, a := range tracked.Absent {
				got = append(got, "absent "+a.Number+" "+a.Code)
			}
			for _, f := range faultsOf(t, err) {
				got = append(got, "fault "+f.Code+" "+f.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhoReceivedAParcelStandsNowhereButInItsPlace(t *testing.T) {
	for carrier, said := range map[string]string{
		"dhl":         `{"shipments":[{"id":"1","service":"express","status":{"timestamp":"2026-01-05T10:00:00Z","statusCode":"delivered","status":"OK","description":"MUSTERMANN"}}]}`,
		"dhl-express": `{"shipments":[{"shipmentTrackingNumber":"1","events":[{"date":"2026-01-05","time":"10:00:00","typeCode":"OK","description":"Delivered - Signed for by: MUSTERMANN"}]}]}`,
		"dpd":         `pnr=1&status=delivery_customer&statusdate=05012026100000&receiver=MUSTERMANN`,
		"fedex":       `{"output":{"completeTrackResults":[{"trackResults":[{"scanEvents":[{"date":"2026-01-05T10:00:00Z","eventType":"DL"}],"deliveryDetails":{"signedByName":"MUSTERMANN"}}]}]}}`,
		"inpost":      `{"trackingNumber":"1","eventCode":"EOL.1001","timestamp":"2026-01-05T10:00:00Z","delivery":{"recipientName":"MUSTERMANN"}}`,
		"ups":         `{"trackingNumber":"1","gmtActivityDate":"20260105","gmtActivityTime":"140000","activityStatus":{"descriptionCode":"011"},"receivedBy":"MUSTERMANN"}`,
	} {
		tracked, faults := read(t, carrier, []byte(said))
		if len(tracked.Scans) != 1 || tracked.Scans[0].Receiver == nil || tracked.Scans[0].Receiver.Name != "MUSTERMANN" {
			t.Errorf("%s: %+v, %v", carrier, tracked.Scans, faults)
			continue
		}
		tracked.Scans[0].Receiver = nil
		if strings.Contains(readable(t, tracked, faults), "MUSTERMANN") {
			t.Errorf("%s: %+v", carrier, tracked.Scans[0])
		}
	}
}
