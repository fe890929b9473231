package processors

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// stand is a shop whose documents say what matters here, whole or in parts. It runs deliveries of one order through the step.
type stand struct {
	t         *testing.T
	step      Processor
	state     *schemas.OrderVersions
	catalogue shelf
	offset    int64
}

// shelf is a catalogue in memory.
type shelf map[string]*schemas.CatalogueEntry

func (s shelf) Offer(key string) (*schemas.CatalogueEntry, error) { return s[key], nil }

// sheet is a document of the stand.
type sheet struct {
	Parts    map[string]sheet
	Status   string
	Revision string
	Total    int64
	Updated  int64
	Note     string
	Street   string
	City     string
	Offers   []string
	Units    []string
}

func (*stand) Mapping() string { return "stand/1" }

func (*stand) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	var s sheet
	if err := json.Unmarshal(raw.Body.Bytes, &s); err != nil {
		return nil, schemas.Faults{{Code: "not_json", Path: "$", Text: "not JSON"}}
	}
	if s.Parts != nil {
		head, hasHead := s.Parts["head"]
		lines, hasLines := s.Parts["lines"]
		if !hasHead || !hasLines {
			return nil, schemas.Faults{{Code: schemas.FaultIncomplete, Path: "$.parts", Text: "half an order"}}
		}
		head.Offers = lines.Offers
		s = head
	}
	order := &schemas.Order{
		Status: s.Status, Revision: s.Revision, Total: schemas.Money{Minor: s.Total, Currency: "EUR"}, BuyerNote: schemas.Text(s.Note), FulfilledBy: schemas.FulfilledBySeller,
	}
	if order.Status == "" {
		order.Status = schemas.StatusReady
	}
	if s.Updated > 0 {
		order.UpdatedAt = new(schemas.Millis(s.Updated))
	}
	if s.City != "" {
		order.ShipTo = &schemas.Person{Street: s.Street, City: s.City}
	}
	for i, offer := range s.Offers {
		order.Lines = append(order.Lines, schemas.Line{
			LineRef: fmt.Sprint(i + 1), OfferRef: offer, SKU: offer, Quantity: 2, FulfilledBy: schemas.FulfilledBySeller,
			UnitPrice: schemas.Money{Minor: 100, Currency: "EUR"}, LineTotal: schemas.Money{Minor: 200, Currency: "EUR"}, UnitRefs: s.Units,
		})
	}
	return order, nil
}

func newStand(t *testing.T, terms Terms) *stand {
	s := &stand{t: t, state: &schemas.OrderVersions{}, catalogue: shelf{}}
	s.step = Normalize(Sources{
		Channels: Parties{"stand": s}, Catalogue: s.catalogue, Terms: func(string) Terms { return terms },
	})
	return s
}

// send hands one delivery to the step.
func (s *stand) send(raw schemas.RawOrder, body string) (Result, error) {
	s.t.Helper()
	raw.OrderID, raw.Party, raw.Ref, raw.Body.Bytes, raw.ReceivedAt = "stand/1", "stand", "1", []byte(body), 1000
	s.offset++
	return s.step.Handle(&topics.Event{Topic: topics.OrdersRaw, Offset: s.offset, Key: raw.OrderID, Value: &raw}, s.state)
}

// says is the order that comes of a delivery.
func (s *stand) says(raw schemas.RawOrder, body string) *schemas.Order {
	s.t.Helper()
	result, err := s.send(raw, body)
	if err != nil {
		s.t.Fatalf("%s: %v", body, err)
	}
	order := orderOf(result)
	if order == nil {
		s.t.Fatalf("%s: no order of it, %+v", body, result)
	}
	return order
}

func orderOf(result Result) *schemas.Order {
	for _, m := range result.Messages {
		if order, is := m.Value.(*schemas.Order); is {
			return order
		}
	}
	return nil
}

var whole = schemas.RawOrder{}

func TestAnAddressThatIsHiddenLaterIsKept(t *testing.T) {
	for name, hidden := range map[string]string{
		"there is none":            `{"total":1,"updated":20}`,
		"the street is taken away": `{"total":1,"updated":20,"city":"Remagen"}`,
	} {
		s := newStand(t, Terms{})
		s.says(whole, `{"total":2,"updated":10,"street":"Musterstr 1a","city":"Remagen"}`)
		order := s.says(whole, hidden)
		if order.ShipTo == nil || order.ShipTo.Street != "Musterstr 1a" {
			t.Errorf("%s: goes to %+v", name, order.ShipTo)
		}
		if len(order.Warnings) != 1 || order.Warnings[0].Code != "address_kept" {
			t.Errorf("%s: warnings %v", name, order.Warnings)
		}
		result, err := s.send(whole, hidden)
		if err != nil || !result.Repeat {
			t.Errorf("%s: the same again is news: %+v, %v", name, result, err)
		}
		if order := s.says(whole, `{"total":1,"updated":40,"city":"Bonn"}`); order.ShipTo.Street != "" || order.ShipTo.City != "Bonn" {
			t.Errorf("%s: another city with the old street: %+v", name, order.ShipTo)
		}
	}
}

func TestAnOldDeliveryDoesNotBringItsAddressBack(t *testing.T) {
	s := newStand(t, Terms{})
	s.says(whole, `{"total":1,"updated":10,"street":"Old 1","city":"Remagen"}`)
	s.says(whole, `{"total":1,"updated":20,"street":"New 2","city":"Bonn"}`)
	if result, err := s.send(whole, `{"total":1,"updated":5,"street":"Older 0","city":"Remagen"}`); err != nil || !result.Repeat {
		t.Fatalf("%+v, %v", result, err)
	}
	if order := s.says(whole, `{"total":2,"updated":30}`); order.ShipTo.Street != "New 2" {
		t.Errorf("goes to %+v", order.ShipTo)
	}
}

func TestAnOrderInPartsWaitsUntilTheyAreThere(t *testing.T) {
	part := func(name string) schemas.RawOrder { return schemas.RawOrder{Form: schemas.FormPart, Part: name} }
	for _, first := range []string{"head", "lines"} {
		s := newStand(t, Terms{})
		bodies := map[string]string{"head": `{"total":400}`, "lines": `{"offers":["a","b"]}`}
		_, err := s.send(part(first), bodies[first])
		_, wait := Outcome(err)
		if wait == nil || wait.Class != schemas.ClassIncomplete || wait.Until != 1000+incompleteMillisMax {
			t.Fatalf("%s first: %v", first, err)
		}
		second := map[string]string{"head": "lines", "lines": "head"}[first]
		order := s.says(part(second), bodies[second])
		if order.Total.Minor != 400 || len(order.Lines) != 2 {
			t.Errorf("%s first: %+v", first, order)
		}
		if result, err := s.send(part(first), bodies[first]); err != nil || !result.Repeat {
			t.Errorf("%s again: %+v, %v", first, result, err)
		}
		if order := s.says(part("head"), `{"total":500}`); order.Change != schemas.ChangeAmended || order.Total.Minor != 500 || len(order.Lines) != 2 {
			t.Errorf("a new head: %+v", order)
		}
	}
}

func TestAFaultyPartIsNotKept(t *testing.T) {
	s := newStand(t, Terms{})
	part := func(name string) schemas.RawOrder { return schemas.RawOrder{Form: schemas.FormPart, Part: name} }
	if _, err := s.send(part("head"), `{"total":400}`); err == nil {
		t.Fatal("half an order")
	}
	if _, err := s.send(part("lines"), `{"offers":7}`); err == nil {
		t.Fatal("faulty lines were taken")
	}
	if order := s.says(part("lines"), `{"offers":["a"]}`); len(order.Lines) != 1 || order.Total.Minor != 400 {
		t.Errorf("%+v", order)
	}
}

func TestANoticeOfSomethingElseIsNothingToFetch(t *testing.T) {
	s := newStand(t, Terms{})
	raw := &schemas.RawOrder{OrderID: "stand/unidentified-00", Party: "stand", Ref: schemas.Unidentified + "00", Form: schemas.FormNotice}
	result, err := s.step.Handle(&topics.Event{Topic: topics.OrdersRaw, Key: raw.OrderID, Value: raw}, s.state)
	if err != nil || len(result.Messages) != 0 || result.Repeat {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestAPatchChangesWhatItNamesAndNothingElse(t *testing.T) {
	s := newStand(t, Terms{Patches: true})
	post := schemas.RawOrder{IdempotencyKey: "k1", Origin: schemas.OriginAPI}
	patch := func(key string) schemas.RawOrder {
		return schemas.RawOrder{IdempotencyKey: key, Form: schemas.FormPatch}
	}
	if _, err := s.send(patch("k0"), `{"note":"x"}`); err == nil || !strings.Contains(err.Error(), "send the whole order first") {
		t.Errorf("a change to nothing: %v", err)
	}
	if order := s.says(post, `{"total":400,"note":"ring","city":"Bonn"}`); order.SourceKind != "api" {
		t.Errorf("it came by %q", order.SourceKind)
	}
	order := s.says(patch("k2"), `{"note":"knock"}`)
	if order.Change != schemas.ChangeAmended || order.Total.Minor != 400 || string(order.BuyerNote.Bytes) != "knock" || order.ShipTo.City != "Bonn" {
		t.Errorf("amended to %+v", order)
	}
	if order := s.says(patch("k3"), `{"note":null,"total":500}`); order.BuyerNote != nil || order.Total.Minor != 500 {
		t.Errorf("amended to %+v", order)
	}
	// A → B → A: the first change, delivered late once more, must not undo the second.
	if result, err := s.send(patch("k2"), `{"note":"knock"}`); err != nil || !result.Repeat {
		t.Errorf("the first change again: %+v, %v", result, err)
	}
	if result, err := s.send(post, `{"total":400,"note":"ring","city":"Bonn"}`); err != nil || !result.Repeat {
		t.Errorf("the order again: %+v, %v", result, err)
	}
}

func TestAKeyThatComesWithAnotherBodyKeepsTheFirst(t *testing.T) {
	s := newStand(t, Terms{Patches: true})
	post := schemas.RawOrder{IdempotencyKey: "k"}
	result, err := s.send(post, `{"total":1}`)
	if err != nil || !slices.ContainsFunc(result.Messages, func(m topics.Message) bool { return m.Topic == topics.OrdersKeys && m.Key == "stand/k" }) {
		t.Fatalf("%+v, %v", result, err)
	}
	_, err = s.send(post, `{"total":2}`)
	if dead, _ := Outcome(err); dead == nil || dead.Class != schemas.ClassConflict {
		t.Fatalf("another body: %v", err)
	}
	if result, err := s.send(post, `{"total":1}`); err != nil || !result.Repeat {
		t.Errorf("the first body again: %+v, %v", result, err)
	}
}

func TestANoticeBecomesATaskToFetchOnceAndIsDoneWhenTheOrderComes(t *testing.T) {
	s := newStand(t, Terms{})
	notice := func(id string) schemas.RawOrder {
		return schemas.RawOrder{Form: schemas.FormNotice, DeliveryID: id}
	}
	task := func(result Result) *schemas.FetchTask {
		for _, m := range result.Messages {
			if task, is := m.Value.(*schemas.FetchTask); is {
				return task
			}
		}
		return nil
	}
	for i, id := range []string{"a", "b"} {
		result, err := s.send(notice(id), `{}`)
		if got := task(result); err != nil || got == nil || got.State != schemas.FetchOpen || got.Notices != int64(i+1) || got.Kind != schemas.FetchOrder {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if result, err := s.send(notice("a"), `{}`); err != nil || !result.Repeat {
		t.Fatalf("the same notice again: %+v, %v", result, err)
	}
	result, err := s.send(whole, `{"total":1}`)
	if got := task(result); err != nil || got == nil || got.State != schemas.FetchDone || orderOf(result) == nil {
		t.Fatalf("%+v, %v", result, err)
	}
	result, err = s.send(whole, `{"total":2,"updated":5}`)
	if err != nil || task(result) != nil {
		t.Errorf("nothing was to be fetched: %+v, %v", result, err)
	}
}

func TestAFetchThatBroughtNothingNewIsDone(t *testing.T) {
	s := newStand(t, Terms{})
	s.says(whole, `{"total":1,"updated":5}`)
	if _, err := s.send(schemas.RawOrder{Form: schemas.FormNotice, DeliveryID: "a"}, `{}`); err != nil {
		t.Fatal(err)
	}
	open := func(result Result) bool {
		return !slices.ContainsFunc(result.Messages, func(m topics.Message) bool {
			task, is := m.Value.(*schemas.FetchTask)
			return is && task.State == schemas.FetchDone
		})
	}
	if result, err := s.send(whole, `{"total":2,"updated":4}`); err != nil || !open(result) || orderOf(result) != nil {
		t.Errorf("an older version ends it: %+v, %v", result, err)
	}
	if result, err := s.send(whole, `{"total":1,"updated":5}`); err != nil || open(result) || orderOf(result) != nil {
		t.Errorf("it is fetched for ever: %+v, %v", result, err)
	}
	if result, err := s.send(whole, `{"total":1,"updated":5}`); err != nil || !result.Repeat {
		t.Errorf("once more: %+v, %v", result, err)
	}
}

func TestWhatIsOlderIsNoDocumentToChange(t *testing.T) {
	s := newStand(t, Terms{Patches: true})
	s.says(whole, `{"total":400,"updated":5,"note":"new"}`)
	if result, err := s.send(whole, `{"total":300,"updated":4,"note":"old"}`); err != nil || !result.Repeat {
		t.Fatalf("%+v, %v", result, err)
	}
	order := s.says(schemas.RawOrder{IdempotencyKey: "k", Form: schemas.FormPatch}, `{"city":"Bonn","updated":6}`)
	if order.Total.Minor != 400 || string(order.BuyerNote.Bytes) != "new" {
		t.Errorf("the change went into what was older: %+v", order)
	}
}

func TestAnOlderPartDoesNotTakeThePlaceOfANewerOne(t *testing.T) {
	s := newStand(t, Terms{})
	part := func(name string) schemas.RawOrder { return schemas.RawOrder{Form: schemas.FormPart, Part: name} }
	if _, err := s.send(part("lines"), `{"offers":["a"]}`); err == nil {
		t.Fatal("half an order is one")
	}
	s.says(part("head"), `{"total":400,"updated":5}`)
	if result, err := s.send(part("head"), `{"total":300,"updated":4}`); err != nil || !result.Repeat {
		t.Fatalf("%+v, %v", result, err)
	}
	if order := s.says(part("lines"), `{"offers":["a","b"]}`); len(order.Lines) != 2 || order.Total.Minor != 400 {
		t.Errorf("the lines went into what was older: %+v", order)
	}
}

func TestAMendedRequestIsCarriedOut(t *testing.T) {
	s := newStand(t, Terms{Patches: true})
	post, patch := schemas.RawOrder{IdempotencyKey: "k1"}, schemas.RawOrder{IdempotencyKey: "k2", Form: schemas.FormPatch}
	s.says(post, `{"total":400}`)
	if _, err := s.send(patch, `{"total":"much"}`); err == nil {
		t.Fatal("it is no total")
	}
	if order := s.says(patch, `{"total":500}`); order.Total.Minor != 500 {
		t.Errorf("mended to %+v", order)
	}
}

func TestWhatFailsAgainWhenItIsTriedAgainIsNotTakenForARepeat(t *testing.T) {
	s := newStand(t, Terms{})
	if _, err := s.send(whole, `no`); err == nil {
		t.Fatal("it is no JSON")
	}
	if result, err := s.send(whole, `no`); err != nil || !result.Repeat {
		t.Fatalf("from the channel: %+v, %v", result, err)
	}
	raw := schemas.RawOrder{OrderID: "stand/1", Party: "stand", Body: schemas.Body{Bytes: []byte(`no`)}}
	_, err := s.step.Handle(&topics.Event{Topic: topics.StepNormalize, Key: raw.OrderID, Value: &raw}, s.state)
	if dead, _ := Outcome(err); dead == nil {
		t.Errorf("out of the trash: %v; its entry is closed as repaired, and the order is lost", err)
	}
}

func TestReadingAnOrderAgainLeavesWhatCameSince(t *testing.T) {
	again := func(s *stand, raw schemas.RawOrder, body string) *schemas.Order {
		raw.OrderID, raw.Party, raw.Ref, raw.Body.Bytes = "stand/1", "stand", "1", []byte(body)
		event := &topics.Event{Topic: topics.StepNormalize, Key: raw.OrderID, Value: &raw}
		event.Headers = []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginReplay)}}
		result, err := s.step.Handle(event, s.state)
		if err != nil {
			t.Fatal(err)
		}
		return orderOf(result)
	}
	patched := newStand(t, Terms{Patches: true})
	patched.says(whole, `{"total":400,"note":"ring"}`) // of a file: without a key
	patched.says(schemas.RawOrder{IdempotencyKey: "k", Form: schemas.FormPatch}, `{"total":500}`)
	if order := again(patched, whole, `{"total":400,"note":"ring"}`); order != nil {
		t.Errorf("the change is lost: %+v", order)
	}
	parts, part := newStand(t, Terms{}), func(name string) schemas.RawOrder { return schemas.RawOrder{Form: schemas.FormPart, Part: name} }
	if _, err := parts.send(part("lines"), `{"offers":["a"]}`); err == nil {
		t.Fatal("half an order is one")
	}
	parts.says(part("head"), `{"total":400,"updated":5}`)
	parts.says(part("lines"), `{"offers":["a","b"]}`)
	if order := again(parts, part("lines"), `{"offers":["a"]}`); order != nil {
		t.Errorf("older lines are back: %+v", order)
	}
	if order := parts.says(part("lines"), `{"offers":["a","b","c"]}`); len(order.Lines) != 3 || order.Total.Minor != 400 {
		t.Errorf("amended to %+v", order)
	}
}

func TestAPieceWithAReferenceOfItsOwnLeadsToItsOrder(t *testing.T) {
	s := newStand(t, Terms{})
	links := func(body string) (refs []string) {
		result, err := s.send(whole, body)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range result.Messages {
			if l, is := m.Value.(*schemas.Link); is && m.Key == schemas.LinkKey("stand", schemas.LinkUnit, l.Ref) && l.OurID == "stand/1" {
				refs = append(refs, l.Ref)
			}
		}
		return refs
	}
	if got := links(`{"total":400,"updated":1,"offers":["a"],"units":["u1","u2"]}`); !slices.Equal(got, []string{"u1", "u2"}) {
		t.Errorf("linked %q", got)
	}
	if got := links(`{"total":401,"updated":2,"offers":["a"],"units":["u1","u2"]}`); got != nil {
		t.Errorf("linked again %q", got)
	}
	if got := links(`{"total":402,"updated":3,"offers":["a"],"units":["u1","u2","u3"]}`); len(got) != 3 {
		t.Errorf("linked %q", got)
	}
}

func TestAMissingPairParksItsOrderAndSaysWhich(t *testing.T) {
	s := newStand(t, Terms{PairsRequired: true})
	s.catalogue["stand/a"] = &schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: schemas.UnitPiece}
	const body = `{"total":600,"updated":1,"offers":["a","b","c"]}`
	_, err := s.send(whole, body)
	_, wait := Outcome(err)
	var faults schemas.Faults
	if wait == nil || wait.Class != schemas.ClassMissingPair || !errors.As(wait.Err, &faults) || len(faults) != 2 || faults[0].Path != "$.lines[1]" {
		t.Fatalf("%v", err)
	}
	if came, err := s.step.Came(wait.What); came || err != nil {
		t.Errorf("it came: %v, %v", came, err)
	}
	s.catalogue["stand/b"] = &schemas.CatalogueEntry{SKU: "B", Quantity: "12", Unit: schemas.UnitPiece}
	if came, err := s.step.Came(wait.What); !came || err != nil {
		t.Errorf("it did not come: %v, %v", came, err)
	}
	s.catalogue["stand/c"] = &schemas.CatalogueEntry{Components: []schemas.BundlePart{{SKU: "X", Quantity: "1", Unit: "piece"}, {SKU: "Y", Quantity: "3", Unit: "piece"}}}
	order := s.says(whole, body)
	var got []string
	for _, l := range order.Lines {
		for _, c := range l.Components {
			got = append(got, c.Quantity+" "+c.SKU)
		}
	}
	if want := []string{"2 A", "24 B", "2 X", "6 Y"}; !slices.Equal(got, want) {
		t.Errorf("what leaves is %q, want %q", got, want)
	}
	if order.Change != schemas.ChangeReceived {
		t.Errorf("change is %s", order.Change)
	}
}

func TestACancelledOrderWaitsForNoPair(t *testing.T) {
	s := newStand(t, Terms{PairsRequired: true})
	if order := s.says(whole, `{"total":200,"status":"cancelled","offers":["a"]}`); order.Change != schemas.ChangeCancelled {
		t.Errorf("change is %s", order.Change)
	}
}

func TestAnOfferWithoutAPairGoesOnWhereNoneIsRequired(t *testing.T) {
	s := newStand(t, Terms{})
	if order := s.says(whole, `{"total":200,"offers":["a"]}`); order.Lines[0].Components != nil || order.Lines[0].SKU != "a" {
		t.Errorf("%+v", order.Lines[0])
	}
}

func TestACataloguesPriceThatDiffersIsSaid(t *testing.T) {
	s := newStand(t, Terms{})
	s.catalogue["stand/a"] = &schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: schemas.UnitPiece, Price: &schemas.Money{Minor: 101, Currency: "EUR"}}
	if order := s.says(whole, `{"total":200,"offers":["a"]}`); len(order.Warnings) != 1 || order.Warnings[0].Code != "price_differs" {
		t.Errorf("warnings %v", order.Warnings)
	}
}

func TestAMergePatchIsThatOfTheRFC(t *testing.T) {
	// RFC 7396, appendix A.
	for _, c := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"id":9007199254740993}`, `{"a":1e400}`, `{"a":1e400,"id":9007199254740993}`},
	} {
		got, err := merge(json.RawMessage(c[0]), json.RawMessage(c[1]), patchDepthMax)
		if err != nil || string(got) != c[2] {
			t.Errorf("%s patched with %s is %s, %v; want %s", c[0], c[1], got, err, c[2])
		}
	}
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	if _, err := merge(json.RawMessage(`{}`), json.RawMessage(deep), patchDepthMax); err == nil {
		t.Error("a patch without an end is taken")
	}
}

func TestAFaultyPairParksItsOrderUntilItIsAnother(t *testing.T) {
	s := newStand(t, Terms{})
	s.catalogue["stand/a"] = &schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: "stone", At: 1}
	_, err := s.send(whole, `{"total":200,"offers":["a"]}`)
	_, wait := Outcome(err)
	if wait == nil || !strings.Contains(wait.Error(), "faulty_pair") {
		t.Fatalf("%v", err)
	}
	if came, err := s.step.Came(wait.What); came || err != nil {
		t.Errorf("the same pair has come: %v, %v", came, err)
	}
	s.catalogue["stand/a"] = &schemas.CatalogueEntry{SKU: "A", Quantity: "1", Unit: schemas.UnitPiece, At: 2}
	if came, err := s.step.Came(wait.What); !came || err != nil {
		t.Errorf("another pair has not come: %v, %v", came, err)
	}
	if order := s.says(whole, `{"total":200,"offers":["a"]}`); order.Lines[0].Components[0].SKU != "A" {
		t.Errorf("%+v", order.Lines[0])
	}
}
