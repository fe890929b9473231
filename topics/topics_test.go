package topics_test

import (
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

func TestNoTopicIsMissingInTheCatalogue(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, file := range files {
		declared = append(declared, topicVariables(t, file)...)
	}
	if len(declared) == 0 || len(declared) != len(topics.All()) {
		t.Errorf("%d topics are declared (%s), %d stand in the catalogue", len(declared), strings.Join(declared, ", "), len(topics.All()))
	}
}

// topicVariables are the exported variables of a file that hold a topic.
func topicVariables(t *testing.T, file string) (names []string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range parsed.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			if v := spec.(*ast.ValueSpec); v.Names[0].IsExported() {
				names = append(names, v.Names[0].Name)
			}
		}
	}
	return names
}

func TestEveryTopicSaysAllThatIsNeededToUseIt(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(\.[a-z]+)*$`)
	subjects, tables := map[string]string{}, map[string]string{}
	for _, topic := range topics.All() {
		switch {
		case !name.MatchString(topic.Name):
			t.Errorf("%q is no name of a topic", topic.Name)
		case topic.Doc == "" || topic.Key == "" || topic.Schema == nil:
			t.Errorf("%s lacks its doc, its key or its schema", topic.Name)
		case topic.MessageBytes <= 0 || topic.MessageBytes > schemas.ValueBytesMax:
			t.Errorf("%s takes records of %d bytes", topic.Name, topic.MessageBytes)
		case topic.Compacted == (topic.Retention > 0):
			t.Errorf("%s is kept for ever, by time and by key, or neither", topic.Name)
		case topic.Lands != (topic.Line != nil):
			t.Errorf("%s lands (%v) and needs a line then, and only then", topic.Name, topic.Lands)
		case topics.Named(topic.Name) != topic:
			t.Errorf("%s is not found by its name", topic.Name)
		}
		if other, taken := subjects[topic.Subject()]; taken {
			t.Errorf("%s has the subject of %s", topic.Name, other)
		}
		if other, taken := tables[topic.Table()]; taken {
			t.Errorf("%s has the table of %s", topic.Name, other)
		}
		subjects[topic.Subject()], tables[topic.Table()] = topic.Name, topic.Name
	}
	if topics.Named("orders.lost") != nil {
		t.Error("a topic was found that is not there")
	}
}

func TestATableIsCalledAsItsTopic(t *testing.T) {
	for topic, want := range map[string]string{"orders.raw": "orders_raw", "outbox.amazon-jp": "outbox_amazon_jp", "trash": "trash"} {
		if got := (&topics.Topic{Name: topic}).Table(); got != want {
			t.Errorf("%s lands in %s, want %s", topic, got, want)
		}
	}
	if got := topics.OrdersNormalized.Subject(); got != "orders.normalized-value" {
		t.Errorf("the subject is %s", got)
	}
}

func TestWhatLandsIsWhatIsMarked(t *testing.T) {
	landing := topics.Landing()
	for _, topic := range topics.All() {
		if slices.Contains(landing, topic) != topic.Lands {
			t.Errorf("%s: lands is %v", topic.Name, topic.Lands)
		}
	}
}

func TestAStepsTopicsHaveItsInputsValuesAndItsOwnRows(t *testing.T) {
	back, table := topics.Step("place", topics.OrdersNormalized), topics.Table("place")
	if back.Name != "step.place" || back.Schema != topics.OrdersNormalized.Schema || back.MessageBytes != topics.OrdersNormalized.MessageBytes || back.Compacted {
		t.Errorf("what comes back: %+v", back)
	}
	if table.Name != "table.place" || table.Schema != schemas.Any(schemas.RowSchema) || !table.Compacted || table.Lands {
		t.Errorf("the memory: %+v", table)
	}
}

// The key's bytes decide the partition, by the hash that every Kafka client has. If one of these changes, the events of an order
// part at the next release.
func TestAKeyHasTheBytesItHadAtTheLastRelease(t *testing.T) {
	for id, want := range map[string]string{
		schemas.OrderID("allegro", "29738e61-7f6a"): "616c6c6567726f2f32393733386536312d37663661",
		schemas.OrderID("amazon-jp", "503-1234567"): "616d617a6f6e2d6a702f3530332d31323334353637",
		schemas.OrderID("sklep", "zamówienie 1"):    "736b6c65702f7a616dc3b37769656e69652031",
	} {
		if got := hex.EncodeToString([]byte(id)); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// private is a Person and a Body that must show up nowhere but in themselves.
func private() (*schemas.Person, *schemas.Body, []string) {
	p := &schemas.Person{
		Name: "Grażyna Brzęczyszczykiewicz", Company: "Chrząszcz i Synowie", Street: "Szczebrzeszyńska 17", PostalCode: "22-460",
		City: "Szczebrzeszyn", Region: "Lubelskie", Phone: "+48600700800", Email: "grazyna@chrzaszcz.example", TaxID: "PL5260250274", Login: "grazynka60",
	}
	words := []string{p.Name, p.Company, p.Street, p.PostalCode, p.City, p.Region, p.Phone, p.Email, p.TaxID, p.Login, "Brzęczyszczykiewicz", "Szczebrzeszyn"}
	return p, &schemas.Body{Bytes: []byte(strings.Join(words, " "))}, words
}

func everythingMissing() (all []any) {
	for _, what := range []string{schemas.MissingReady, schemas.MissingConfirmed, schemas.MissingOrders} {
		for _, state := range []string{schemas.StateMissing, schemas.StateCame} {
			all = append(all, &schemas.Missing{OrderID: "allegro/1", Party: "allegro", What: what, State: state, Share: 100, Reason: "r"})
		}
	}
	return all
}

var shipmentStates = []string{
	schemas.ShipmentHeld, schemas.ShipmentRequested, schemas.ShipmentRecalled, schemas.ShipmentCancelled, schemas.ShipmentKept, schemas.ShipmentAgain, schemas.ShipmentScanned, schemas.ShipmentPrinted, schemas.ShipmentHandedOver,
	schemas.ShipmentBooked, schemas.ShipmentLabelled, schemas.ShipmentWithdrawn, schemas.ShipmentVoided, schemas.ShipmentRefused,
}

func everyERPRaw(body schemas.Body) (all []any) {
	for _, kind := range []string{schemas.ERPReady, schemas.ERPGone, schemas.ERPUnready} {
		all = append(all, &schemas.ERPRaw{Party: "allegro", Kind: kind, Ref: "17", OrderID: "allegro/1", Origin: schemas.OriginPoll, Body: body})
	}
	return all
}

func everyShipment(to *schemas.Person) (all []any) {
	for _, state := range shipmentStates {
		all = append(all, &schemas.Shipment{
			OrderID: "allegro/1", Party: "allegro", Ref: "17", State: state, Part: 1, Parts: 2, Carrier: "dhl", BookingRef: "b", To: to, By: "anna",
			Parcels: []schemas.ShipmentParcel{{Number: "00340434"}}, Reason: schemas.HeldNoWeight,
		})
	}
	return all
}

func TestNoLineOfAnAuditHasPersonalData(t *testing.T) {
	person, body, words := private()
	pln := schemas.Money{Minor: 53414, Currency: "PLN"}
	values := map[*topics.Topic][]any{
		topics.OrdersRaw: {&schemas.RawOrder{OrderID: "allegro/1", Party: "allegro", Seller: "s", Channel: "allegro", Ref: "1", Origin: schemas.OriginFeed, Body: *body}},
		topics.Trash: {
			&schemas.TrashEntry{OrderID: "allegro/1", Party: "allegro", Step: "normalize", State: schemas.TrashOpen, Reason: "missing_country at $.a: none", Value: body},
			&schemas.TrashEntry{OrderID: "allegro/1", Party: "allegro", Step: "normalize", State: schemas.TrashWaiting, Reason: "waits for a pair", Value: body},
			&schemas.TrashEntry{OrderID: "allegro/1", Party: "allegro", Step: "normalize", State: schemas.TrashDismissed, Resolution: "overtaken", Value: body},
		},
	}
	values[topics.StepNormalize] = values[topics.OrdersRaw]
	values[topics.OrdersFetch] = []any{
		&schemas.FetchTask{TaskID: "allegro/1", Party: "allegro", Kind: schemas.FetchOrder, Ref: "1", State: schemas.FetchOpen},
		&schemas.FetchTask{TaskID: "allegro/1", Party: "allegro", Kind: schemas.FetchOrder, Ref: "1", State: schemas.FetchDone},
	}
	values[topics.IDCatalogue] = []any{
		&schemas.CatalogueEntry{Party: "allegro", OfferRef: "o", SKU: "A", Quantity: "1", Unit: "piece"},
		&schemas.CatalogueEntry{Party: "allegro", OfferRef: "o", Components: make([]schemas.BundlePart, 2)},
	}
	values[topics.IDMap] = []any{&schemas.Link{Party: "allegro", Kind: schemas.LinkOrder, Ref: "1", OurID: "allegro/1"}}
	values[topics.Mappings] = []any{&schemas.MappingChoice{Channel: "allegro", Mapping: "allegro/1"}, &schemas.MappingChoice{Channel: "allegro"}}
	values[topics.Versions] = []any{&schemas.VersionChoice{Subject: "orders.raw-value", Version: 2}}
	for _, change := range []string{schemas.ChangeReceived, schemas.ChangeAmended, schemas.ChangeCancelled} {
		values[topics.OrdersNormalized] = append(values[topics.OrdersNormalized], &schemas.Order{
			OrderID: "allegro/1", Party: "allegro", Ref: "1", Change: change, Status: schemas.StatusReady, Total: pln, Buyer: person, ShipTo: person, BillTo: person,
			BuyerNote: body, SellerNote: body, GiftNote: body, Lines: []schemas.Line{{LineRef: "l"}},
		})
	}
	values[topics.StepAcknowledge] = values[topics.OrdersNormalized]
	for _, state := range []string{schemas.AckAsked, schemas.AckAccepted, schemas.AckRejected, schemas.AckNotAsked} {
		values[topics.OrdersAcknowledged] = append(values[topics.OrdersAcknowledged], &schemas.Acknowledgement{OrderID: "allegro/1", Party: "allegro", State: state, Pieces: 2, Reason: "r"})
	}
	values[topics.Receipts] = everyOutcome(body)
	values[topics.Missing] = everythingMissing()
	values[topics.StepPlace] = values[topics.OrdersNormalized]
	values[topics.ERPRaw] = everyERPRaw(*body)
	addShipping(values, person, body)
	task := schemas.Task{TaskID: "customer/allegro/1", Party: "allegro", Kind: "customer", OrderID: "allegro/1", Payload: *body}
	values[topics.OutboxERP] = []any{&task}
	values[topics.LedgerERP] = []any{
		&schemas.LedgerRow{Task: task, State: schemas.TaskTrashed, Class: "business", Code: "blocked_customer", Reason: "no", Receipt: body},
		&schemas.LedgerRow{Task: task, State: schemas.TaskDone, TheirRef: "C-1", Receipt: body},
	}
	values[topics.TrashNotes] = everyNote()
	values[topics.OrdersPlaced] = []any{&schemas.Order{
		OrderID: "allegro/1", Party: "allegro", Buyer: person, ShipTo: person, Placement: &schemas.Placement{Party: "erp", CustomerRef: "C-1", OrderRef: "O-1"},
	}}
	for _, topic := range topics.Landing() {
		if len(values[topic]) == 0 {
			t.Errorf("%s has no example here", topic.Name)
		}
		for _, value := range values[topic] {
			line := topic.Line(value)
			ofAll := topic == topics.IDCatalogue || topic == topics.Mappings || topic == topics.Versions || topic == topics.TrackingRaw || topic == topics.StepTrack // of no order
			if !ofAll && (line.OrderID != "allegro/1" || line.Party != "allegro") || line.Kind == "" || strings.Contains(line.Kind, " ") || line.Summary == "" {
				t.Errorf("%s says too little: %+v", topic.Name, line)
			}
			said := strings.Join([]string{line.OrderID, line.Party, line.Seller, line.Kind, line.Summary}, " ")
			for _, word := range words {
				if strings.Contains(said, word) {
					t.Errorf("%s says %q: %s", topic.Name, word, said)
				}
			}
		}
	}
}

func TestALineSaysInOneGlanceWhatHappened(t *testing.T) {
	order := &schemas.Order{Change: schemas.ChangeReceived, Status: schemas.StatusReady, Total: schemas.Money{Minor: 1200, Currency: "JPY"}, Lines: make([]schemas.Line, 2)}
	for want, line := range map[string]topics.Line{
		"received: allegro by feed, 2 bytes":   topics.OrdersRaw.Line(&schemas.RawOrder{Channel: "allegro", Origin: schemas.OriginFeed, Body: schemas.Body{Bytes: []byte("{}")}}),
		"normalized: ready, 2 lines, 1200 JPY": topics.OrdersNormalized.Line(order),
		"trashed: normalize: no country":       topics.Trash.Line(&schemas.TrashEntry{Step: "normalize", State: schemas.TrashOpen, Reason: "no country"}),
		"assigned: trash t: to anna by ben: w": topics.TrashNotes.Line(&schemas.TrashNote{TrashID: "t", Kind: schemas.NoteAssigned, Owner: "anna", By: "ben", Text: "w"}),
		"erp_ready: shipment 17 at erp is ready for a carrier, 2 bytes": topics.ERPRaw.Line(&schemas.ERPRaw{
			Party: "erp", Kind: schemas.ERPReady, Ref: "17", Body: schemas.Body{Bytes: []byte("{}")},
		}),
		"dismissed: normalize: overtaken": topics.Trash.Line(&schemas.TrashEntry{Step: "normalize", State: schemas.TrashDismissed, Resolution: "overtaken"}),
	} {
		if got := line.Kind + ": " + line.Summary; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestABlockIsKnownByItsRange(t *testing.T) {
	block := topics.Block{Topic: topics.OrdersRaw, Partition: 3, From: 500, To: 731}
	if got := block.Token(); got != "orders.raw/3/500-731" {
		t.Errorf("the token is %q", got)
	}
}

func TestAnEventKnowsItsPositionAndItsHeaders(t *testing.T) {
	event := topics.Event{Topic: topics.OrdersRaw, Partition: 1, Offset: 2, Headers: []topics.Header{{Key: topics.HeaderMode, Value: []byte("live")}}}
	if got := event.Position(); got != "orders.raw/1/2" {
		t.Errorf("it stands at %q", got)
	}
	if mode, origin := topics.Find(event.Headers, topics.HeaderMode), topics.Find(event.Headers, topics.HeaderOrigin); mode != topics.ModeLive || origin != "" {
		t.Errorf("the mode is %q, the origin %q", mode, origin)
	}
}

// everyOutcome are receipts of calls that ended so, whose every byte is about a person.
func addShipping(values map[*topics.Topic][]any, person *schemas.Person, body *schemas.Body) {
	values[topics.TrackingRaw] = []any{&schemas.RawTracking{Party: "dhl", Carrier: "dhl", Number: "0034", Origin: schemas.OriginCron, Body: *body}}
	values[topics.StepTrack] = values[topics.TrackingRaw]
	values[topics.TrackingEvents] = []any{&schemas.ParcelEvent{
		OrderID: "allegro/1", Party: "allegro", Number: "0034", Origin: schemas.OriginCron, Status: schemas.ParcelDelivered, Said: body, Receiver: person, Why: "w", Standing: schemas.ParcelReturned,
	}}
	values[topics.StepAnnounce] = values[topics.TrackingEvents]
	values[topics.StepCare] = values[topics.TrackingEvents]
	values[topics.OrdersDelivery] = []any{&schemas.Delivery{OrderID: "allegro/1", Party: "allegro", Status: schemas.ParcelDelivered, Parcels: 2, Delivered: 2}}
	values[topics.StepRequest] = values[topics.ERPRaw]
	values[topics.Shipments] = everyShipment(person)
	values[topics.StepBook] = values[topics.Shipments]
	values[topics.StepDispatch] = values[topics.Shipments]
}

func everyOutcome(body *schemas.Body) (all []any) {
	for _, outcome := range []string{schemas.CallDone, schemas.CallAbsent, schemas.CallNeedless, schemas.CallFailed, schemas.CallNotAccepted} {
		all = append(all, &schemas.Receipt{
			TaskID: "order/allegro/1", Party: "allegro", Kind: "order", OrderID: "allegro/1", Attempt: 1, Asked: outcome == schemas.CallAbsent, Outcome: outcome,
			Exchanges: []schemas.Exchange{{Method: "POST", Path: "/orders", Query: *body, Sent: *body, Said: *body}},
		})
	}
	return all
}

func everyNote() []any {
	note := schemas.TrashNote{NoteID: "t/owner", TrashID: "t", Kind: schemas.NoteAssigned, Owner: "anna", By: "ben", OrderID: "allegro/1", Party: "allegro"}
	nobodys := note
	nobodys.Owner = ""
	return []any{&note, &nobodys, &schemas.TrashNote{Kind: schemas.NoteCommented, Text: "the shop was asked", OrderID: "allegro/1", Party: "allegro"}}
}
