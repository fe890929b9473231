package processors

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waybill/schemas"
)

// minute is a scan of a parcel, so many minutes after it was announced.
func minute(minutes int, status string) schemas.Scan {
	return schemas.Scan{
		Carrier: "dhl", Number: "1", Status: status, At: schemas.Millis(1_767_600_000_000 + minutes*60_000), Code: status, Known: status != schemas.ParcelUnknown,
		Terminal: status == schemas.ParcelDelivered || status == schemas.ParcelReturned,
	}
}

func historyOf(scans ...schemas.Scan) (h History) {
	for i := range scans {
		h, _ = h.Take(&scans[i], "", 0)
	}
	return h
}

// permutations are all orders of n things.
func permutations(n int, do func(order []int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var place func(k int)
	place = func(k int) {
		if k == n {
			do(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			place(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	place(0)
}

func TestAHistoryOfSixScansStandsTheSameInEachOfItsOrders(t *testing.T) {
	for name, c := range map[string]struct {
		scans []schemas.Scan
		want  string
	}{
		"delivered at the second attempt": {[]schemas.Scan{
			minute(0, schemas.ParcelCreated), minute(10, schemas.ParcelPickedUp), minute(20, schemas.ParcelOutForDelivery), minute(30, schemas.ParcelFailedAttempt),
			minute(40, schemas.ParcelOutForDelivery), minute(50, schemas.ParcelDelivered),
		}, schemas.ParcelDelivered},
		"delivered, and sent back": {[]schemas.Scan{
			minute(0, schemas.ParcelCreated), minute(10, schemas.ParcelInTransit), minute(20, schemas.ParcelAtPickupPoint), minute(30, schemas.ParcelDelivered),
			minute(40, schemas.ParcelInTransit), minute(50, schemas.ParcelReturned),
		}, schemas.ParcelReturned},
		"told in transit after it was delivered": {[]schemas.Scan{
			minute(0, schemas.ParcelCreated), minute(10, schemas.ParcelInTransit), minute(20, schemas.ParcelOutForDelivery), minute(30, schemas.ParcelDelivered),
			minute(35, schemas.ParcelInTransit), minute(36, schemas.ParcelUnknown),
		}, schemas.ParcelDelivered},
		"all of one minute": {[]schemas.Scan{
			minute(0, schemas.ParcelDelivered), minute(0, schemas.ParcelCreated), minute(0, schemas.ParcelInTransit), minute(0, schemas.ParcelOutForDelivery),
			minute(0, schemas.ParcelPickedUp), minute(0, schemas.ParcelIgnored),
		}, schemas.ParcelDelivered},
	} {
		t.Run(name, func(t *testing.T) {
			orders := 0
			first := historyOf(c.scans...)
			permutations(len(c.scans), func(order []int) {
				orders++
				var h History
				for _, i := range order {
					h, _ = h.Take(&c.scans[i], "", 0)
					h, _ = h.Take(&c.scans[order[0]], "", 0) // once more
				}
				if stand := h.Stand(nil); stand == nil || stand.Status != c.want {
					t.Fatalf("%v: %+v, want %s", order, stand, c.want)
				}
				for i := range h {
					if diff := cmp.Diff(first[i].Scan, h[i].Scan); diff != "" {
						t.Fatalf("%v: (-want +got):\n%s", order, diff)
					}
				}
			})
			if orders != 720 {
				t.Errorf("%d orders", orders)
			}
		})
	}
}

func TestAStatusIsFollowedByThese(t *testing.T) {
	for _, before := range schemas.ParcelStatuses[:9] {
		var follow []string
		for _, next := range schemas.ParcelStatuses {
			b, n := minute(0, before), minute(1, next)
			b.Code, n.Code = "A", "A"
			if follows, why := Follows(&b, &n, nil); follows != (why == "") {
				t.Errorf("%s, %s: %v because of %q", before, next, follows, why)
			} else if follows {
				follow = append(follow, next)
			}
		}
		want := map[string][]string{
			"created":          {"picked_up", "in_transit", "out_for_delivery", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"picked_up":        {"in_transit", "out_for_delivery", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"in_transit":       {"out_for_delivery", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"out_for_delivery": {"in_transit", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"at_pickup_point":  {"in_transit", "out_for_delivery", "failed_attempt", "exception", "delivered", "returned"},
			"failed_attempt":   {"in_transit", "out_for_delivery", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"exception":        {"picked_up", "in_transit", "out_for_delivery", "at_pickup_point", "failed_attempt", "exception", "delivered", "returned"},
			"delivered":        {"returned"},
			"returned":         nil,
		}[before]
		if diff := cmp.Diff(want, follow); diff != "" {
			t.Errorf("%s (-want +got):\n%s", before, diff)
		}
	}
}

func TestACarrierThatIsKnownToGoOnReopensAParcel(t *testing.T) {
	goesOn := func(carrier, status string) bool { return carrier == "inpost" && status == schemas.ParcelReturned }
	for _, carrier := range []string{"inpost", "dpd"} {
		scans := []schemas.Scan{minute(0, schemas.ParcelReturned), minute(10, schemas.ParcelDelivered)}
		for i := range scans {
			scans[i].Carrier = carrier
		}
		want := map[string]string{"inpost": schemas.ParcelDelivered, "dpd": schemas.ParcelReturned}[carrier]
		if stand := historyOf(scans...).Stand(goesOn); stand.Status != want {
			t.Errorf("%s: %s, want %s", carrier, stand.Status, want)
		}
	}
	older := minute(-10, schemas.ParcelDelivered)
	returned := minute(0, schemas.ParcelReturned)
	if follows, _ := Follows(&returned, &older, func(string, string) bool { return true }); follows {
		t.Error("what is older reopened it")
	}
}

func TestAScanThatIsToldThreeTimesIsOneAndSaysTheMostThatWasTold(t *testing.T) {
	push, answer := minute(0, schemas.ParcelDelivered), minute(0, schemas.ParcelDelivered)
	answer.Location, answer.Receiver = "Bonn", &schemas.Person{Name: "A"}
	for _, told := range [][]schemas.Scan{{push, answer, push}, {answer, push, push}} {
		h := historyOf(told...)
		if len(h) != 1 || h[0].Times != 3 || h[0].Scan.Location != "Bonn" || h[0].Scan.Receiver == nil {
			t.Errorf("%+v", h)
		}
	}
	other := minute(0, schemas.ParcelDelivered)
	other.Number = "2" // of a carrier who took it over
	if h := historyOf(push, other); len(h) != 2 {
		t.Errorf("%+v", h)
	}
}

func TestHoweverScansArriveTheyAreOneHistory(t *testing.T) {
	scan := rapid.Custom(func(t *rapid.T) schemas.Scan {
		s := minute(rapid.IntRange(0, 5).Draw(t, "minute"), rapid.SampledFrom(schemas.ParcelStatuses).Draw(t, "status"))
		s.Code = rapid.SampledFrom([]string{"A", "B", s.Status}).Draw(t, "code")
		s.Returning = rapid.Bool().Draw(t, "returning")
		s.Location = rapid.SampledFrom([]string{"", "Bonn", "Ulm"}).Draw(t, "place")
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		scans := rapid.SliceOfN(scan, 1, 12).Draw(t, "scans")
		h := historyOf(scans...)
		shuffled := rapid.Permutation(scans).Draw(t, "shuffled")
		if diff := cmp.Diff(h, historyOf(shuffled...)); diff != "" {
			t.Fatalf("in another order (-one +other):\n%s", diff)
		}
		told := 0
		for i, s := range h {
			told += int(s.Times)
			if i > 0 && s.Scan.At < h[i-1].Scan.At {
				t.Fatal("out of order")
			}
		}
		if told != len(scans) {
			t.Fatalf("%d tellings of %d", told, len(scans))
		}
		before := slices.Clone(h)
		more, _ := h.Take(&scans[0], "", 0)
		if diff := cmp.Diff(before, h); diff != "" || len(more) != len(h) {
			t.Fatalf("taking it again changed the history it was taken to:\n%s", diff)
		}
		checkStand(t, h)
	})
}

// checkStand: a parcel stands as one of its scans says; where one says that it is at its end, it is, unless the carrier goes on.
func checkStand(t *rapid.T, h History) {
	stand := h.Stand(nil)
	ended, says := false, false
	for _, s := range h {
		ended = ended || s.Scan.Terminal
		says = says || stageOf(s.Scan.Status) >= 0
	}
	if (stand != nil) != says {
		t.Fatalf("%+v of %+v", stand, h)
	}
	if stand != nil && ended != stand.Terminal {
		t.Fatalf("ended: %v, and it stands %+v", ended, stand)
	}
}

func TestAShipmentStandsAsItsParcelsDo(t *testing.T) {
	for _, c := range []struct {
		parcels  []string
		want     string
		terminal bool
	}{
		{nil, "", false},
		{[]string{""}, "", false},
		{[]string{"", "in_transit"}, "created", false},
		{[]string{"delivered"}, "delivered", true},
		{[]string{"delivered", "delivered"}, "delivered", true},
		{[]string{"delivered", "in_transit"}, "in_transit", false},
		{[]string{"out_for_delivery", "picked_up"}, "picked_up", false},
		{[]string{"delivered", "failed_attempt", "created"}, "failed_attempt", false},
		{[]string{"failed_attempt", "exception"}, "exception", false},
		{[]string{"returned", "returned"}, "returned", true},
		{[]string{"returned", "delivered"}, "exception", true},
		{[]string{"returned", "in_transit"}, "exception", false},
	} {
		permutations(len(c.parcels), func(order []int) {
			var parcels []*schemas.Scan
			for _, i := range order {
				var p *schemas.Scan
				if status := c.parcels[i]; status != "" {
					s := minute(0, status)
					p = &s
				}
				parcels = append(parcels, p)
			}
			if s := StandOfShipment(parcels); s.Status != c.want || s.Terminal != c.terminal || s.Parcels != len(c.parcels) {
				t.Error(fmt.Sprint(c.parcels), s)
			}
		})
	}
}
