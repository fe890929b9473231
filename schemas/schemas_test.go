package schemas

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hamba/avro/v2"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func millis(n int64) *Millis { m := Millis(n); return &m }

// examples are one full value of every schema.
func examples() map[string]any {
	all := fourthExamples()
	all["catalogue_entry"].(*CatalogueEntry).Grams = 350
	all["order"].(*Order).Refund = &Refund{Amount: Money{Minor: 100, Currency: "EUR"}, Paid: Money{Minor: 900, Currency: "EUR"}}
	return all
}

// fourthExamples are of the fourth version of each schema that has grown since.
func fourthExamples() map[string]any {
	all := thirdExamples()
	all["trash_entry"].(*TrashEntry).ShipBy = millis(3)
	all["order"].(*Order).Placement.By = "place/1"
	shipment := all["shipment"].(*Shipment)
	shipment.Quotes[0].By, shipment.DeliverBy = millis(4), millis(5)
	all["order_booking"].(*OrderBooking).Shipments[0].Credits = []Credit{{Carrier: "dhl", Generation: 1, Part: 2, Expected: Expectation{What: MissingCredit, Since: 1, Due: 2, Told: 100}}}
	row := all["ledger_row"].(*LedgerRow)
	row.Boost, row.Plan = &Boost{Until: 6, By: "b", Why: "w"}, "ab12"
	job := all["trash_job"].(*TrashJob)
	job.ToldBy, job.ToldWhy = "c", "v"
	all["receipt"].(*Receipt).Parts = []string{"storefront allegro-cz"}
	acceptance := all["order_acceptance"].(*OrderAcceptance)
	acceptance.Unsettled, acceptance.Provisional = &Expectation{What: MissingSettled, Since: 1, Due: 3}, true
	shipping, placing := all["order_shipping"].(*OrderShipping), all["order_placing"].(*OrderPlacing)
	placing.Destinations, placing.Goods = []string{"d"}, []string{"g"}
	shipping.Shipments[0].Scanned = []PackedArticle{{"4006381333931", 2}}
	return all
}

// thirdExamples are of the third version of each schema that has grown since.
func thirdExamples() map[string]any {
	all := secondExamples()
	all["order_acceptance"].(*OrderAcceptance).Marketplace = "allegro-cz"
	shipping := all["order_shipping"].(*OrderShipping)
	shipping.Destinations, shipping.ERPTo, shipping.ERPEnded = []string{"d"}, Text("{}"), "told"
	all["order_booking"].(*OrderBooking).Shipments[0].Choice.Offers[0].By = millis(4)
	all["order"].(*Order).Placement = &Placement{Party: "erp", CustomerRef: "C-1", OrderRef: "O-1"}
	all["order_versions"].(*OrderVersions).Waited = []string{"p"}
	entry := all["trash_entry"].(*TrashEntry)
	entry.Did, entry.By, entry.Why, entry.Job = DidRetry, "b", "w", "j"
	return all
}

// secondExamples are of the second version of each schema that has grown since.
func secondExamples() map[string]any {
	all := firstExamples()
	person := &Person{Name: "Zażółć Gęślą", City: "Łódź", Country: "PL"}
	eur := &Money{Minor: 1999, Currency: "EUR"}

	job := all["trash_job"].(*TrashJob)
	job.Edits, job.Force = []TrashEdit{{Path: "$.a", Changes: true, Text: Body{Bytes: []byte("trim")}}}, true
	raw := all["raw_order"].(*RawOrder)
	raw.Form, raw.Part, raw.DeliveryID, raw.IdempotencyKey = FormPart, "items", "d-1", "k-1"

	order := all["order"].(*Order)
	order.SourceKind, order.SellerRef, order.PurchaseOrder, order.Business, order.Replaces = "api", "S-1", "PO-1", true, "0"
	order.PricesIncludeTax, order.Zone, order.DeliveryNote = new(true), "Europe/Berlin", Text("n")
	line := &order.Lines[0]
	line.ProductRef, line.EANs, line.UnitRefs, line.Cancelled, line.Shipped = "B0", []string{"4006381333931"}, []string{"314568015275035"}, 1, 1
	line.CancelRequested, line.Condition, line.Measure, line.TaxCollectedBy, line.IOSS = true, "new", "0.5 kg", FulfilledByChannel, "IM1"
	line.GiftWrap, line.GiftNote, line.LineNote = "red", Text("g"), Text("l")
	line.Components = []Component{{SKU: "A", Quantity: "1.5", Unit: "kg", Total: *eur}}

	versions := all["order_versions"].(*OrderVersions)
	versions.ShipTo, versions.BillTo, versions.Buyer, versions.Document = person, person, person, Text("{}")
	versions.Parts = []Part{{Part: "items", Body: Body{Bytes: []byte("[]")}}}
	versions.ToFetch, versions.Units = 1, 2
	versions.Requests, versions.Notices = []Request{{Key: "k", SHA256: []byte("s")}}, []string{"n"}

	placing := all["order_placing"].(*OrderPlacing)
	placing.Content, placing.Changes, placing.Placed, placing.Cancelled, placing.Amended = "c", 2, true, true, Text("{}")
	placing.Party, placing.CustomerRef, placing.Expected = "allegro", "C-1", &Expectation{What: MissingPlaced, Since: 1, Due: 2, Told: 100}

	all["row"].(*Row).Parked = &OpenTrash{TrashID: "p", Attempts: 1}

	newExamples(all)
	all["link"] = &Link{Party: "erp", Kind: LinkOrder, Ref: "4711", OurID: "allegro/1", At: 1, By: "b", Reason: "r"}
	all["fetch_task"] = &FetchTask{
		TaskID: "kaufland/unit:1", Party: "kaufland", Seller: "s", Channel: "kaufland", Kind: FetchUnit, Ref: "1", State: FetchOpen, Notices: 2, NoticedAt: 1,
	}
	task := Task{
		TaskID: "erp/place:allegro/1", Party: "erp", Kind: "place", OrderID: "allegro/1", Holds: []string{"allegro/1"}, Lane: "l", Sequence: 2,
		Deadline: new(Millis(3)), Payload: Body{Bytes: []byte("{}")},
	}
	all["task"] = &task
	all["ledger_row"] = &LedgerRow{
		Task: task, Offset: 7, State: TaskWaiting, Attempts: 1, NotBefore: new(Millis(4)), Class: "transient", Code: "503", Reason: "r",
		TheirRef: "SO1", Receipt: &Body{Bytes: []byte("{}")}, At: 5,
		Trash:   &OpenTrash{TrashID: "gateway.erp/outbox.erp/0/7", Class: "business", Reason: "r", Fingerprint: "f", Topic: "outbox.erp", Offset: 7, FirstAt: 1, Attempts: 1},
		Granted: 1, Did: DidRetry, By: "b", Why: "w", Job: "j",
	}
	status := all["gateway_status"].(*GatewayStatus)
	status.Lifted, status.LiftedUntil, status.LiftedBy, status.LiftedWhy, status.Operations[0].Lifted = 2, new(Millis(7)), "b", "w", 2
	status.Slices = []GatewaySlice{{Kind: "place", Slice: "article a", State: "open", Reason: "r", Until: new(Millis(8)), Held: 3}}
	all["trash_note"] = &TrashNote{
		NoteID: OwnerNoteID("t"), TrashID: "t", Kind: NoteAssigned, Owner: "o", By: "b", Text: "w", At: 1, OrderID: "allegro/1", Party: "allegro", Seller: "s",
	}
	all["request_key"] = &RequestKey{Party: "direct", Key: "k", OrderID: "direct/1", SHA256: "00", At: 1}
	all["version_choice"] = &VersionChoice{Subject: "orders.raw-value", Version: 2, Fingerprint: "0011223344556677", At: 1, By: "b", Reason: "r"}
	all["instance"] = &Instance{
		Instance: "1", Parts: []string{"doors"}, Host: "h", PID: 1, Program: "v1", StartedAt: 1, At: 2, Reads: []string{"0011223344556677"}, Mappings: []string{"allegro/1"},
	}
	all["repair_run"] = &RepairRun{
		RunID: "r", State: RunHeld, Step: "place", By: "b", Why: "w", ToldBy: "t", ToldWhy: "y", Chosen: "c", Rate: 50, At: 1, Orders: []string{"allegro/1"}, Since: 2, Until: 3,
		Bounds: []RepairBound{{Topic: "orders.normalized", Partition: 1, From: 2, To: 3}}, Calls: []RepairCall{{Party: "erp", TaskID: "t", SHA256: "00"}},
	}
	all["mapping_choice"] = &MappingChoice{Channel: "allegro", Mapping: "allegro/1", At: 1, By: "b", Reason: "r"}
	return all
}

// exampleOf is what a version of a schema wrote, of so many.
func exampleOf(name string, version, versions int) any {
	switch {
	case version == versions:
		return examples()[name]
	case version == 1:
		return firstExamples()[name]
	case version == 2:
		return secondExamples()[name]
	case version == 3:
		return thirdExamples()[name]
	}
	return fourthExamples()[name]
}

// newExamples are of schemas that have one version yet.
func newExamples(all map[string]any) {
	addTracking(all)
	acknowledgement := firstAcknowledgement()
	acknowledgement.ETA = millis(3)
	all["acknowledgement"] = acknowledgement
	acceptance := firstAcceptance()
	acceptance.Refused = true
	all["order_acceptance"] = acceptance
	receipt := firstReceipt()
	receipt.Reason = "r"
	all["receipt"] = receipt
	all["missing"] = &Missing{OrderID: "allegro/1", Party: "allegro", What: MissingPlaced, State: StateCame, Share: 80, Since: 1, Due: 2, At: 3, Reason: "r"}
	all["shipment"] = firstShipment()
	lines := []ShipmentLine{{LineRef: "l", SKU: "s", Quantity: 2, UnitRefs: []string{"u"}}}
	all["order_shipping"] = &OrderShipping{Order: Text("{}"), OrderRef: "SO1", Leaving: &Expectation{What: MissingHandedOver, Since: 1, Due: 2, Told: 20}, Shipments: []ShipmentStanding{{
		Ref: "17", Told: ERPReady, Revision: "r", Packed: []PackedParcel{{"7", 1200, 300, 200, 100}}, Articles: []PackedArticle{{"s", 2}}, State: ShipmentHeld,
		Reason: HeldNoWeight, Generation: 1, Lines: lines, Content: "00", Destination: "00", Voided: true, Again: true, Parts: []string{ShipmentBooked}, Carrier: "dhl", MissedSince: millis(1),
	}}}
	all["order_dispatch"] = &OrderDispatch{Parts: []DispatchedPart{{Ref: "17", Part: 1, Generation: 2, Carrier: "dhl", Numbers: []string{"N"}, Voided: true, Parcel: 1}}}
	all["order_booking"] = &OrderBooking{Shipments: []ShipmentBooking{{
		Ref: "17", Generation: 1, Recalled: true, Carrier: "dhl", Parts: []BookingPart{{State: ShipmentBooked, BookingRef: "b"}},
		Choice: &Choice{Request: *Text("{}"), Asked: []string{"ups"}, Offers: []ShipmentQuote{{Carrier: "dhl", Service: "V01PAK", Price: Money{499, "EUR"}}}, Until: 3},
	}}}
	all["erp_raw"] = &ERPRaw{
		Party: "erp", Kind: ERPReady, Ref: "17", OrderID: "allegro/1", Revision: "r", ReceivedAt: 1, Origin: OriginPoll, Body: Body{Bytes: []byte("{}")},
	}
}

func firstShipment() *Shipment {
	parcel := ShipmentParcel{Ref: "7", Grams: 1200, Length: 300, Width: 200, Height: 100, Number: "00340434", LabelSHA256: "00", LabelFormat: LabelPDF, LabelBytes: 5}
	lines := []ShipmentLine{{LineRef: "l", SKU: "s", Quantity: 2, UnitRefs: []string{"u"}}}
	return &Shipment{
		ShipmentID: "allegro/1#17", OrderID: "allegro/1", Party: "allegro", Ref: "17", Revision: "r", State: ShipmentLabelled, Reason: HeldNoWeight, Text: "t",
		Generation: 1, Part: 1, Parts: 2, Lines: lines, Parcels: []ShipmentParcel{parcel}, Carrier: "dhl", Service: "V01PAK", BookingRef: "b", Reference: "WB-1",
		Cost: &Money{499, "EUR"}, Quotes: []ShipmentQuote{{Carrier: "dhl", Service: "V01PAK", Price: Money{499, "EUR"}}}, Goods: &Money{1000, "EUR"},
		Warnings: []string{"w"}, To: &Person{Name: "n", City: "c"}, Point: "POZ08A", Destination: "00", OrderRef: "SO1", ShipBy: millis(3), At: 2, By: "b", Why: "y",
	}
}

func firstReceipt() *Receipt {
	return &Receipt{
		TaskID: "t", Party: "erp", Kind: "order", OrderID: "allegro/1", Attempt: 2, Asked: true, Outcome: CallFailed, Class: "transient", Code: "502", TheirRef: "S-1",
		Release: "v1", At: 1, TookMS: 2, Exchanges: []Exchange{{
			Method: "POST", Path: "/orders", Query: Body{Bytes: []byte("a=b")}, Headers: "Accept: */*", Sent: Body{Bytes: []byte("{}")}, SentBytes: 2, SentSHA256: "44",
			Status: 502, Said: Body{Bytes: []byte("no")}, SaidBytes: 2, At: 1, TookMS: 1,
		}},
	}
}

// addTracking adds what the way of parcels is told by.
func addTracking(all map[string]any) {
	raw := &RawTracking{
		Party: "dhl", Carrier: "dhl", Number: "0034", Origin: OriginWebhook, ReceivedAt: 1, Proven: true, DeliveryID: "d", ContentType: "text/xml", Body: Body{Bytes: []byte("{}")},
	}
	all["raw_tracking"] = raw
	all["parcel_event"] = &ParcelEvent{
		OrderID: "allegro/1", ShipmentID: "allegro/1#17", Party: "dhl", Carrier: "dhl", Number: "0034", Origin: OriginCron, Status: ParcelDelivered, At: 2, HeardAt: 3,
		Zone: "Europe/Berlin", Code: "ZU", Known: true, Reason: "OTHER", Said: Text("s"), Location: "Bonn", Terminal: true, Returning: true, Linked: "l", EventRef: "e",
		Receiver: &Person{Name: "Zażółć"}, Trouble: TroubleLost, ExpectedAt: millis(5), Proofs: []KeptProof{{ProofPhoto, "image/png", "00", 7}}, Counts: true, Why: "w", Standing: ParcelDelivered, StandingAt: 2, Ended: true, Sequence: 4,
	}
	all["parcel_track"] = &ParcelTrack{
		Lives: []ParcelLife{{
			OrderID: "allegro/1", ShipmentID: "allegro/1#17", Since: 1, Sequence: 2, Decision: DecisionVoided, AskedAt: 3, AnsweredAt: 6, FollowedAt: 4, ExpectedAt: millis(7), ExpectedSince: 9, NotedAt: 10, Legs: []string{"n"}, LegOf: "m", ProofAt: 8,
			Expected: &Expectation{What: MissingScan, Since: 1, Due: 2, Told: 3},
			Sightings: []Sighting{{
				Status: ParcelDelivered, At: 2, Zone: "z", Code: "c", Known: true, Reason: "r", Said: Text("s"), Location: "l", Terminal: true, Returning: true,
				Linked: "n", EventRef: "e", ShipmentRef: "s", Receiver: &Person{Name: "n"}, Times: 2, Origin: OriginCron, HeardAt: 3,
			}},
		}},
		Early: []EarlyWord{{Raw: *raw, Until: 5}},
	}
	due := ParcelDue{Party: "dhl", Number: "0034", OrderID: "allegro/1", Why: DueInterval, Worth: 3, At: 1}
	all["parcel_due"], all["asking_round"] = &due, &AskingRound{Due: []ParcelDue{due}, Round: 7, AskedAt: 8}
	all["delivery"] = &Delivery{OrderID: "allegro/1", Party: "allegro", Status: ParcelDelivered, Parcels: 2, Delivered: 1, Returned: 1, Ended: true, At: 1, Sequence: 2}
	all["order_care"] = &OrderCare{DeliverBy: millis(1), Parcels: []CaredParcel{{Party: "dhl", Number: "0034", Troubles: []string{TroubleLost}, Ended: true}}}
	all["order_announcing"] = &OrderAnnouncing{Party: "allegro", OrderRef: "SO1", Status: ParcelInTransit, Sequence: 1, Parcels: []AnnouncedParcel{{
		Ref: "17", Part: 1, Generation: 2, Carrier: "dhl", Number: "0034", Status: ParcelInTransit, At: 3, Ended: true, Sequence: 4, ToldAt: 5, Void: true,
	}}}
}

func firstAcknowledgement() *Acknowledgement {
	return &Acknowledgement{
		OrderID: "allegro/1", Party: "allegro", State: AckRejected, Reason: "r", Pieces: 2, Provisional: true, Due: millis(1), At: 2, By: "b",
	}
}

func firstEntry() *CatalogueEntry {
	eur := &Money{Minor: 1999, Currency: "EUR"}
	return &CatalogueEntry{
		Party: "allegro", OfferRef: "o", SKU: "A", Quantity: "12", Unit: UnitPiece, StockUnit: "g", Price: eur, Title: "t", EANs: []string{"4006381333931"},
		Components: []BundlePart{{SKU: "B", Quantity: "0.5", Unit: "kg", StockUnit: "g", Price: eur}}, At: 1, By: "b", Reason: "r",
	}
}

func firstAcceptance() *OrderAcceptance {
	return &OrderAcceptance{
		TaskID: "t", Ref: "1", Party: "allegro", Due: millis(1), Placed: true, Over: true, Expected: &Expectation{What: MissingAccepted, Since: 1, Due: 2, Told: 50},
	}
}

// firstExamples are of the first version of each schema that has grown since.
func firstExamples() map[string]any {
	pln := func(minor int64) Money { return Money{Minor: minor, Currency: "PLN"} }
	person := &Person{Name: "Zażółć Gęślą", Street: "Łąkowa 1", PostalCode: "00-001", City: "Łódź", Country: "PL", Email: "a@b.example"}
	return map[string]any{
		"order_booking": &OrderBooking{Shipments: []ShipmentBooking{{
			Ref: "17", Generation: 1, Recalled: true, Carrier: "dhl", Parts: []BookingPart{{State: ShipmentBooked, BookingRef: "b"}},
		}}},
		"catalogue_entry":  firstEntry(),
		"acknowledgement":  firstAcknowledgement(),
		"order_acceptance": firstAcceptance(),
		"order_shipping": &OrderShipping{Order: Text("{}"), OrderRef: "SO1", Shipments: []ShipmentStanding{{
			Ref: "17", Told: ERPReady, Revision: "r", Packed: []PackedParcel{{"7", 1200, 300, 200, 100}}, Articles: []PackedArticle{{"s", 2}}, State: ShipmentHeld,
			Reason: HeldNoWeight, Generation: 1, Lines: []ShipmentLine{{LineRef: "l", SKU: "s", Quantity: 2, UnitRefs: []string{"u"}}}, Content: "00", Destination: "00", Voided: true,
			Again: true, Parts: []string{ShipmentBooked}, Carrier: "dhl", MissedSince: millis(1),
		}}},
		"order_placing": &OrderPlacing{TaskID: "customer/allegro/1", Revision: "r"},
		"receipt":       firstReceipt(),
		"shipment":      firstShipment(),
		"raw_order": &RawOrder{
			OrderID: "allegro/1", Party: "allegro", Seller: "s", Channel: "allegro", Ref: "1", Origin: OriginFeed,
			ReceivedAt: 1750000000000, ContentType: "application/json", Headers: []Header{{"x-a", "b"}}, Body: Body{Bytes: []byte{0, 255, '{'}},
		},
		"order": &Order{
			OrderID: "allegro/1", Party: "allegro", Seller: "s", Channel: "allegro", Marketplace: "allegro-pl", Ref: "1", Revision: "r",
			Change: ChangeReceived, Status: StatusReady, ChannelStatus: "READY_FOR_PROCESSING", FulfilledBy: FulfilledBySeller,
			PlacedAt: 1, UpdatedAt: millis(2), ShipBy: millis(3), DeliverFrom: millis(4), DeliverBy: millis(5), Total: pln(53414),
			Lines: []Line{{
				LineRef: "l", OfferRef: "o", SKU: "007", Title: "t", Quantity: 2, UnitPrice: pln(100), ListPrice: pln(120),
				LineTotal: pln(200), TaxRate: "23.00", FulfilledBy: FulfilledBySeller, Discounts: []string{"COUPON"},
			}},
			Charges:  []Charge{{Kind: ChargeShipping, Title: "courier", Quantity: 1, Amount: pln(53214)}},
			Payments: []Payment{{Ref: "p", Kind: PaymentOrder, Method: MethodOnline, Provider: "PAYU", Paid: &Money{53414, "PLN"}, PaidAt: millis(6)}},
			BuyerRef: "b", Buyer: person, ShipTo: person, BillTo: person, InvoiceRequired: true, DeliveryMethodRef: "d", DeliveryMethod: "e",
			PickupPoint: &PickupPoint{Ref: "POZ08A", Name: "n"}, Packages: 1, BuyerNote: Text("a"), SellerNote: Text("b"), GiftNote: Text("c"),
			Mapping: "allegro/1", Warnings: []Fault{{"code", "$.a", "text"}},
		},
		"trash_entry": &TrashEntry{
			TrashID: "normalize/orders.raw/0/1", Step: "normalize", State: TrashOpen, Class: ClassInvalid, Reason: "r",
			Faults: []Fault{{"c", "$", "t"}}, Fingerprint: "f", Attempts: 1, FirstAt: 1, OrderID: "allegro/1", Party: "allegro", Seller: "s",
			Topic: "orders.raw", Partition: 0, Offset: 1, Key: "allegro/1", Headers: []Header{{"a", "b"}}, Value: &Body{Bytes: []byte("v")},
			ValueSHA256: "00", Resolution: "x",
		},
		"trash_job": &TrashJob{
			JobID: "j", State: JobRunning, Does: DidRetry, By: "b", Why: "w", Chosen: "all", Rate: 5, At: 1, Items: []TrashItem{{TrashID: "t", Attempts: 2}},
		},
		"ledger_row": &LedgerRow{
			Task: Task{
				TaskID: "erp/place:allegro/1", Party: "erp", Kind: "place", OrderID: "allegro/1", Holds: []string{"allegro/1"}, Lane: "l", Sequence: 2,
				Deadline: new(Millis(3)), Payload: Body{Bytes: []byte("{}")},
			},
			Offset: 7, State: TaskWaiting, Attempts: 1, NotBefore: new(Millis(4)), Class: "transient", Code: "503", Reason: "r",
			TheirRef: "SO1", Receipt: &Body{Bytes: []byte("{}")}, At: 5,
		},
		"gateway_status": &GatewayStatus{
			Party: "erp", Instance: "1", Since: 1, At: 2, Paused: true, PausedBy: "b", PausedWhy: "w", PerHour: 3600, Breaker: "open", BreakerReason: "r",
			BreakerUntil: new(Millis(3)), Calls: 1, Held: 5, Stuck: 1, InDoubt: 1, Trashed: 2, DrainSeconds: 60, WillMiss: 1, FirstMiss: new(Millis(4)),
			Operations: []GatewayOperation{{
				Kind: "place", Priority: "normal", PerHour: 3600, Burst: 5, SeenPerHour: 1800, ShutUntil: new(Millis(5)), NextAt: new(Millis(6)), Held: 5, Peak: 9,
				Oldest: new(Millis(1)), Breaker: "closed", DrainSeconds: 60, WillMiss: 1,
			}},
		},
		"row": &Row{
			State: []byte("s"), Trash: &OpenTrash{TrashID: "t", Attempts: 2}, WaitsFor: "pair", WakeAt: millis(9), WakeWhat: "again",
			Held: []Held{{Topic: "a", Offset: 1, At: 2, Headers: []Header{{"a", "b"}}, Value: Body{Bytes: []byte("v")}}},
		},
		"order_versions": &OrderVersions{
			Hash: []byte("h"), Revision: "r", Status: StatusReady, UpdatedAt: millis(1), Revisions: []string{"q"}, Failed: [][]byte{[]byte("f")}, Events: 1, Duplicates: 2,
		},
	}
}

func TestEveryTypeSurvivesItsDefinition(t *testing.T) {
	for _, s := range All() {
		want := examples()[s.Name()]
		b, err := s.Append([]byte("front"), want)
		if err != nil {
			t.Fatal(err)
		}
		got := s.New()
		if err := s.Decode(s.Current(), b[len("front"):], got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name(), diff)
		}
	}
}

func TestTheGoTypeHasTheFieldsOfItsDefinition(t *testing.T) {
	for _, s := range All() {
		compareFields(t, s.Name(), s.Fields(), reflect.TypeOf(s.New()).Elem())
	}
}

func compareFields(t *testing.T, path string, fields []Field, typ reflect.Type) {
	tags := map[string]reflect.Type{}
	for i := range typ.NumField() {
		tags[typ.Field(i).Tag.Get("avro")] = typ.Field(i).Type
	}
	for _, f := range fields {
		at := path + "." + f.Name
		goType, ok := tags[f.Name]
		delete(tags, f.Name)
		switch {
		case !ok:
			t.Errorf("%s is missing in %s", at, typ)
		case f.Optional != (goType.Kind() == reflect.Pointer):
			t.Errorf("%s: optional is %v, but the Go type is %s", at, f.Optional, goType)
		}
		if ok && f.Fields != nil {
			for goType.Kind() == reflect.Pointer || goType.Kind() == reflect.Slice {
				goType = goType.Elem()
			}
			compareFields(t, at, f.Fields, goType)
		}
	}
	for tag := range tags {
		t.Errorf("%s.%s stands in %s, but not in the definition", path, tag, typ)
	}
}

func TestReleasedVersionsAreCompatibleWithEachOther(t *testing.T) {
	for _, s := range All() {
		versions := append(releasedTexts(s.Name()), s.Text())
		if len(versions) < 2 {
			t.Errorf("%s was never released: copy its definition to released/%s.1.avsc", s.Name(), s.Name())
		}
		for i, a := range versions {
			for _, b := range versions[:i] {
				if err := Compatible(a, b); err != nil {
					t.Errorf("%s: %v", s.Name(), err)
				}
			}
		}
		if s.Text() != versions[len(versions)-2] {
			t.Errorf("%s changed: release it as the next released/%s.N.avsc", s.Name(), s.Name())
		}
	}
}

// The bytes in testdata were written by the version of their name. They are added to, never rewritten.
func TestReleasedBytesStayReadable(t *testing.T) {
	for _, s := range All() {
		versions := releasedTexts(s.Name())
		for i, text := range versions {
			example := exampleOf(s.Name(), i+1, len(versions))
			golden := filepath.Join("testdata", fmt.Sprintf("%s.%d.hex", s.Name(), i+1))
			if *update && i == len(versions)-1 {
				b, err := s.Append(nil, example)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(hex.EncodeToString(b)+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := hexOf(golden)
			if err != nil {
				t.Fatal(err)
			}
			v := s.New()
			if err := s.Decode(mustParse(text).Fingerprint(), b, v); err != nil {
				t.Fatalf("%s: %v", golden, err)
			}
			if diff := cmp.Diff(example, v, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		}
	}
}

func hexOf(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(strings.TrimSpace(string(text)))
}

func TestOlderAndNewerVersionsReadEachOther(t *testing.T) {
	const v1 = `{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}`
	const v3 = `{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":"long","default":7},{"name":"c","type":"string","default":""}]}`
	type old struct {
		A string `avro:"a"`
	}
	type new struct {
		A string `avro:"a"`
		B int64  `avro:"b"`
		C string `avro:"c"`
	}
	if err := Compatible(v1, v3); err != nil {
		t.Fatal(err)
	}
	writer := mustParse(v3)
	reader, err := avro.NewSchemaCompatibility().Resolve(mustParse(v1), writer)
	if err != nil {
		t.Fatal(err)
	}
	s := &Schema[old]{name: "r", versions: map[[32]byte]version{writer.Fingerprint(): {writer, reader}}}
	b, err := codec.Marshal(mustParse(v3), &new{"x", 1, "y"})
	if err != nil {
		t.Fatal(err)
	}
	var v old
	if err := s.Decode(mustParse(v3).Fingerprint(), b, &v); err != nil || v.A != "x" {
		t.Fatalf("got %+v, %v", v, err)
	}
}

func TestIncompatibleChangesAreNamed(t *testing.T) {
	const base = `{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"long"}]}}}]}`
	for name, c := range map[string]struct{ text, field string }{
		"a new field without default": {`{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"long"},{"name":"y","type":"long"}]}}}]}`, ".b[].y"},
		"another type":                {`{"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"long"}]}}}]}`, ".a"},
		"a removed field":             {`{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}`, ".b"},
		"another meaning":             {`{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":{"type":"long","logicalType":"timestamp-millis"}}]}}}]}`, ".b[].x"},
		"a field that may be null":    {`{"type":"record","name":"R","fields":[{"name":"a","type":["null","string"]},{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"long"}]}}}]}`, ".a"},
	} {
		if err := Compatible(base, c.text); err == nil || !strings.Contains(err.Error(), `"`+c.field+`"`) {
			t.Errorf("%s: got %v, want an error that names %s", name, err, c.field)
		}
	}
}

// Personal data stands only in Person and Body: any other field with such a name is a mistake.
func TestPersonalDataStandsOnlyWhereItMay(t *testing.T) {
	personal := map[string]bool{
		"name": true, "first_name": true, "last_name": true, "street": true, "email": true, "phone": true, "tax_id": true,
		"login": true, "address": true, "birthday": true, "iban": true, "note": true,
	}
	var walk func(path, record string, fields []Field)
	walk = func(path, record string, fields []Field) {
		for _, f := range fields {
			at := path + "." + f.Name
			// A pickup point is a shop or a locker, a header belongs to a machine.
			if personal[f.Name] && record != "Person" && record != "PickupPoint" && record != "Header" {
				t.Errorf("%s: personal data may stand in Person and Body only", at)
			}
			if f.Kind == KindBytes && f.Name == "bytes" && record != "Body" {
				t.Errorf("%s: a payload may stand in Body only", at)
			}
			if (f.Record == "Person" || f.Record == "Body") && f.Fields[0].Name != "key_id" {
				t.Errorf("%s: %s has no key_id", at, f.Record)
			}
			walk(at, f.Record, f.Fields)
		}
	}
	for _, s := range All() {
		walk(s.Name(), "", s.Fields())
	}
}

func TestNoArrayHasItemsWithoutBytes(t *testing.T) {
	for _, s := range All() {
		if strings.Contains(s.Text(), `"items": "null"`) || strings.Contains(s.Text(), `"fields": []`) {
			t.Errorf("%s has items that take no bytes: a hostile count would never end", s.Name())
		}
	}
}

func TestBytesThatAreNotAValueAreRefused(t *testing.T) {
	for _, s := range All() {
		b, err := s.Append(nil, examples()[s.Name()])
		if err != nil {
			t.Fatal(err)
		}
		for n := range b {
			if err := s.Decode(s.Current(), b[:n], s.New()); !errors.Is(err, ErrMalformed) {
				t.Fatalf("%s cut at %d of %d: got %v, want ErrMalformed", s.Name(), n, len(b), err)
			}
		}
		if err := s.Decode(s.Current(), append(bytes.Clone(b), 0), s.New()); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s with a byte too many: got %v, want ErrMalformed", s.Name(), err)
		}
		if err := s.Decode([32]byte{1}, b, s.New()); !errors.Is(err, ErrForeignSchema) {
			t.Errorf("%s from a stranger: got %v, want ErrForeignSchema", s.Name(), err)
		}
	}
}
