package processors

import (
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// announced is the step with what it remembers of one order.
type announced struct {
	*testing.T
	step    Processor
	orderID string
	known   schemas.OrderAnnouncing
}

func startAnnounce(t *testing.T, orderID string) *announced {
	topics.Call([]string{"shopify"})
	t.Cleanup(func() { topics.Call(nil) })
	return &announced{T: t, step: Announce(watching()), orderID: orderID}
}

// hear is who is told what.
func (a *announced) hear(value any) string {
	a.Helper()
	result, err := a.step.Handle(&topics.Event{Key: a.orderID, Value: value, At: trackedAt}, &a.known)
	if err != nil {
		a.Fatal(err)
	}
	var told []string
	for _, m := range result.Messages {
		switch v := m.Value.(type) {
		case *schemas.Task:
			told = append(told, a.task(v))
		case *schemas.Receipt:
			told = append(told, v.Party+" not "+v.Code+": "+v.Reason)
		case *schemas.Delivery:
			told = append(told, fmt.Sprintf("all %s %d/%d", v.Status, v.Delivered, v.Parcels))
		case *schemas.RawTracking:
			told = append(told, "decided "+v.Number+" "+string(v.Body.Bytes))
		}
	}
	return strings.Join(told, ", ")
}

func (a *announced) task(v *schemas.Task) string {
	if v.Kind == KindTracking {
		said, err := schemas.ParseTracking(v.Payload)
		if err != nil || v.Sequence != int64(said.At) {
			a.Errorf("%+v: %v", v, err)
		}
		if said.Done {
			return "erp " + said.Number + " done"
		}
		return "erp " + said.Number + " " + said.Status
	}
	said, err := schemas.ParseStanding(v.Payload)
	if err != nil || v.Lane == "" || len(v.Holds) != 1 {
		a.Errorf("%+v: %v", v, err)
	}
	return v.Party + " " + said.Number + " " + said.Word
}

func labelledPart(orderID string, generation, part int64, numbers ...string) *schemas.Shipment {
	party, _, _ := schemas.SplitOrderID(orderID)
	s := &schemas.Shipment{ShipmentID: orderID + "#17", OrderID: orderID, Party: party, OrderRef: "SO1", Ref: "17", State: schemas.ShipmentLabelled, Generation: generation, Part: part, Carrier: "dhl", At: trackedAt}
	for _, number := range numbers {
		s.Parcels = append(s.Parcels, schemas.ShipmentParcel{Number: number})
	}
	return s
}

func stands(orderID, number, status string, sequence int64) *schemas.ParcelEvent {
	return &schemas.ParcelEvent{
		OrderID: orderID, ShipmentID: orderID + "#17", Party: "dhl", Carrier: "dhl", Number: number, Status: status, Standing: status, Sequence: sequence, Counts: true,
		Ended: status == schemas.ParcelDelivered || status == schemas.ParcelReturned, StandingAt: trackedAt,
	}
}

func TestEveryStandingIsToldOnceInEachSystemsOwnWords(t *testing.T) {
	a := startAnnounce(t, "shopify/1")
	for i, c := range []struct {
		said any
		want string
	}{
		{labelledPart("shopify/1", 1, 1, "A", "B"), ""},
		{stands("shopify/1", "A", schemas.ParcelInTransit, 1), "erp A in_transit, shopify not in_transit: covered, all created 0/2"},
		{stands("shopify/1", "A", schemas.ParcelInTransit, 1), ""},
		{stands("shopify/1", "A", schemas.ParcelInTransit, 2), ""}, // another scan of the same status
		{stands("shopify/1", "A", schemas.ParcelDelivered, 3), "erp A delivered, shopify A DELIVERED"},
		{stands("shopify/1", "A", schemas.ParcelInTransit, 2), ""}, // late
		{stands("shopify/1", "B", schemas.ParcelFailedAttempt, 1), "erp B failed_attempt, shopify not failed_attempt: the channel is not called, all failed_attempt 1/2"},
		{stands("shopify/1", "B", schemas.ParcelFailedAttempt, 2), "erp B failed_attempt, shopify not failed_attempt: the channel is not called"},
		{stands("shopify/1", "B", schemas.ParcelDelivered, 3), "erp B done, shopify B DELIVERED, all delivered 2/2"},
		{stands("shopify/1", "B", schemas.ParcelReturned, 4), "erp B returned, shopify not returned: the channel is not called, all exception 1/2"},
	} {
		if got := a.hear(c.said); got != c.want {
			t.Errorf("%d: %s; want %s", i, got, c.want)
		}
	}
}

func TestANumberThatIsGoodNoMoreIsGivenUpAndNobodyHearsOfIt(t *testing.T) {
	a := startAnnounce(t, "allegro/1")
	a.hear(labelledPart("allegro/1", 1, 1, "A"))
	decided := `decided A {"decision":"voided","shipment_id":"allegro/1#17","why":"its label was taken back"}`
	if got := a.hear(labelledPart("allegro/1", 2, 1, "B")); got != decided {
		t.Errorf("replaced: %s", got)
	}
	if got := a.hear(stands("allegro/1", "A", schemas.ParcelInTransit, 1)); got != "" {
		t.Errorf("the old number: %s", got)
	}
	if got := a.hear(stands("allegro/1", "B", schemas.ParcelDelivered, 1)); got != "erp B done, allegro not delivered: the channel is not called, all delivered 1/1" {
		t.Errorf("the new one: %s", got)
	}
	void := labelledPart("allegro/1", 2, 1)
	void.State = schemas.ShipmentVoided
	if got := a.hear(void); !strings.HasPrefix(got, "decided B ") {
		t.Errorf("taken back: %s", got)
	}
}

// A carrier that tells minutes has seen the parcel before its label was made: the ERP, which keeps the latest, hears of it all the same.
func TestTheERPHearsOfWhatIsOlderThanTheLabel(t *testing.T) {
	a := startAnnounce(t, "allegro/1")
	part := labelledPart("allegro/1", 1, 1, "A")
	part.At = trackedAt + 30_000
	a.hear(part)
	a.hear(stands("allegro/1", "A", schemas.ParcelPickedUp, 1))
	if at := a.known.Parcels[0].ToldAt; at != part.At+1 {
		t.Errorf("told with %d", at-part.At)
	}
}

// Whatever the order in which its scans are heard of, and however often, a parcel ends the same for everybody, and no word goes to anybody
// that a parcel can not come to from the word before (item 109).
func TestInEachOrderOfSixScansEverybodyEndsWithTheSameWord(t *testing.T) {
	scans := []string{"0 created", "10 picked_up", "20 out_for_delivery", "30 failed_attempt", "40 out_for_delivery", "50 delivered"}
	permutations(len(scans), func(order []int) {
		track, announce := startTrack(t), startAnnounce(t, "allegro/1")
		if _, err := track.handle(topics.IDMap, trackedAt, link("allegro/1#17", trackedAt)); err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, i := range append(append([]int{}, order...), order[0]) {
			said, err := track.handle(topics.TrackingRaw, trackedAt, word(schemas.OriginWebhook, scans[i]))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range said {
				event, is := m.Value.(*schemas.ParcelEvent)
				if !is {
					continue
				}
				if words := announce.hear(event); words != "" {
					told = append(told, words)
				}
			}
		}
		if announce.known.Status != schemas.ParcelDelivered || !strings.Contains(told[len(told)-1], "erp 1 done") {
			t.Fatalf("in the order %v: %s, told %q", order, announce.known.Status, told)
		}
	})
}
