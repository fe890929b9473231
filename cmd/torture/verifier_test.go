package main

import (
	"slices"
	"strings"
	"testing"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

func TestAFaultlessPipelineIsFoundToBeSo(t *testing.T) {
	tl := told(t)
	for _, d := range tl.check(tl.records) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}

// Rows are written once a transaction, which may hold many events of an order.
func TestRowsThatATransactionWroteOverAreNotMissed(t *testing.T) {
	tl := told(t)
	last := map[string]*record{}
	for _, r := range tl.records {
		if r.Topic == topics.TableNormalize {
			last[r.Key] = r
		}
	}
	kept := slices.DeleteFunc(slices.Clone(tl.records), func(r *record) bool { return r.Topic == topics.TableNormalize && last[r.Key] != r })
	if len(kept) == len(tl.records) {
		t.Fatal("no order has two rows")
	}
	for _, d := range tl.check(kept) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}

func TestEachRecordThatIsMissingIsFound(t *testing.T) {
	tl := told(t)
	tried := map[string]int{}
	for i, r := range tl.records {
		name := r.Topic.Name
		if r.Topic == topics.IDCatalogue || r.Topic == topics.StepNormalize || tried[name] > 12 {
			continue // a second word of a pair that came is one too many
		}
		if r.Topic == topics.TableNormalize && slices.ContainsFunc(tl.records[i+1:], func(l *record) bool { return l.Topic == r.Topic && l.Key == r.Key }) {
			continue // it was written over
		}
		tried[name]++
		if len(tl.checkOrder(r.order(), slices.Delete(slices.Clone(tl.records), i, i+1))) == 0 {
			t.Errorf("nobody misses %s", r.position())
		}
	}
	for _, topic := range []*topics.Topic{topics.OrdersRaw, topics.OrdersNormalized, topics.Trash, topics.TableNormalize, topics.IDMap} {
		if tried[topic.Name] == 0 {
			t.Errorf("no record of %s was taken away", topic.Name)
		}
	}
}

func TestEachRecordThatIsThereTwiceIsFound(t *testing.T) {
	tl := told(t)
	tried := map[string]int{}
	for i, r := range tl.records {
		if r.Topic == topics.IDCatalogue || r.Topic == topics.StepNormalize || tried[r.Topic.Name] > 12 {
			continue
		}
		tried[r.Topic.Name]++
		if len(tl.checkOrder(r.order(), slices.Insert(slices.Clone(tl.records), i, r))) == 0 {
			t.Errorf("nobody minds that %s is there twice", r.position())
		}
	}
}

func TestTwoEventsOfAnOrderThatChangedPlacesAreFound(t *testing.T) {
	tl := told(t)
	swapped := 0
	at := map[string]int{}
	for i, r := range tl.records {
		if r.Topic != topics.OrdersNormalized {
			continue
		}
		j, before := at[r.Key]
		at[r.Key] = i
		if !before {
			continue
		}
		swapped++
		records := slices.Clone(tl.records)
		records[i], records[j] = records[j], records[i]
		if len(tl.checkOrder(r.order(), records)) == 0 {
			t.Errorf("nobody minds that %s stands before %s", r.position(), tl.records[j].position())
		}
		if swapped == 10 {
			break
		}
	}
	if swapped == 0 {
		t.Error("no order has two events")
	}
}

func TestAnOrderThatSleepsThoughItsPairHasComeIsFound(t *testing.T) {
	tl := newTale(t)
	p := parties[3]
	tl.tell(p, 10, 1)
	for i, r := range tl.records {
		if r.Topic != topics.StepNormalize {
			continue
		}
		differences := tl.check(tl.records[:i])
		if !slices.ContainsFunc(differences, func(d difference) bool { return strings.HasPrefix(d.Why, "asleep:") }) {
			t.Errorf("nobody says that %s sleeps: %v", r.Key, differences)
		}
		return
	}
	t.Fatal("no order waited")
}

// Each line's pair may have been seen missing, faulty or good: that are 3^8 ways for each snapshot, and their product for two that
// waited. Seed 7701, round 3 of 2026-11-22: the search gave up.
func TestAnOrderOfManyLinesWhoseSnapshotsAllWaitedIsExplained(t *testing.T) {
	tl := newTale(t)
	channel, err := channels()
	if err != nil {
		t.Fatal(err)
	}
	const lines = 7
	var snapshots []*schemas.RawOrder
	var order *schemas.Order
	for raw := range tl.payloads(parties[3], 20_000, 1) {
		read, err := channel[raw.Party].Normalize(raw)
		if err != nil || read.Status == schemas.StatusCancelled || len(read.Lines) < lines || len(snapshots) > 0 && raw.OrderID != snapshots[0].OrderID {
			continue
		}
		if len(snapshots) == 0 || read.Revision != order.Revision {
			snapshots, order = append(snapshots, raw), read
		}
		if len(snapshots) == 2 {
			break
		}
	}
	if len(snapshots) < 2 {
		t.Fatal("no order of many lines was amended")
	}
	pair := func(line int, quantity string) {
		offer := processors.OfferOf(&order.Lines[line])
		entry := &schemas.CatalogueEntry{Party: order.Party, OfferRef: offer, SKU: "SKU", Quantity: quantity, Unit: schemas.UnitPiece}
		tl.verifier.offers.add(tl.put(topics.IDCatalogue, schemas.OfferKey(order.Party, offer), entry))
	}
	for i := range order.Lines[1:] {
		pair(1+i, "0")
		if i%2 == 0 {
			pair(1+i, "1")
		}
	}
	for _, raw := range snapshots {
		tl.comesIn(raw)
	}
	for i := range order.Lines {
		pair(i, "1")
	}
	row := tl.known[order.OrderID].row
	if len(row.Held) != 2 {
		t.Fatalf("%d wait", len(row.Held))
	}
	tl.comes(order.OrderID, row.WaitsFor)
	for _, d := range tl.check(tl.records) {
		t.Errorf("%s: %s", d.Order, d.Why)
	}
}
